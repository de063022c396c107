"""Layers made from their descriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ArgumentError, KerasnbError
from .fields import fields_of
from .graph import LayerSpec
from .registry import layer_class
from .values import resolve

__all__ = ["MissingArgument", "make_layer"]


class MissingArgument(ArgumentError):
    """An argument that the layer cannot do without has no value yet."""


def make_layer(spec: LayerSpec, extra: Mapping[str, Any] | None = None) -> Any:
    """The layer itself, with `extra` arguments besides its own; a constructor that refuses them names the layer."""
    cls = layer_class(spec.class_name)
    missing = [field.name for field in fields_of(cls) if field.is_required and field.name not in spec.arguments]
    if missing:
        raise MissingArgument(f"needs {' and '.join(missing)}.", arguments=missing).named(spec.class_name, spec.name)
    arguments = {name: resolve(value) for name, value in spec.arguments.items()}
    try:
        layer = cls(name=spec.name, **arguments, **(extra or {}))
    except KerasnbError as error:
        raise error.named(spec.class_name, spec.name) from None
    except (TypeError, ValueError) as error:
        raise ArgumentError(f"{error}").named(spec.class_name, spec.name) from error
    # not every constructor takes it (Merge does not)
    layer.trainable = spec.trainable
    return layer
