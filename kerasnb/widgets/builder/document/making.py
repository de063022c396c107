"""Layers made from their descriptions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from ....engine.twins import twin_of
from ....errors import ArgumentError, KerasnbError
from .fields import fields_of
from .graph import LayerSpec
from .naming import on_canvas
from .registry import layer_class
from .values import resolve

__all__ = ["MissingArgument", "make_layer", "blaming"]

# whose words say enough without the name of their class
_ORDINARY = (TypeError, ValueError, IndexError, AssertionError)


class MissingArgument(ArgumentError):
    """An argument that the layer cannot do without has no value yet."""


def make_layer(spec: LayerSpec, extra: Mapping[str, Any] | None = None) -> Any:
    """The layer itself, with `extra` arguments besides its own; a constructor that refuses them names the layer.

    Of a live one, a twin that shares its weights.
    """
    if spec.live is not None:
        layer = twin_of(spec.live)
        layer.name, layer.trainable = spec.layer_name, spec.trainable
        return layer
    cls = layer_class(spec.class_name)
    missing = [field.name for field in fields_of(cls) if field.is_required and field.name not in spec.arguments]
    if missing:
        raise MissingArgument(f"needs {' and '.join(missing)}.", arguments=missing).named(spec.class_name, spec.name)
    with blaming(spec):
        arguments = {name: resolve(value) for name, value in spec.arguments.items()}
        layer = cls(name=spec.layer_name, **arguments, **(extra or {}))
    # not every constructor takes it (Merge does not)
    layer.trainable = spec.trainable
    return layer


@contextlib.contextmanager
def blaming(spec: LayerSpec) -> Iterator[None]:
    """Around everything that runs a layer's code: whatever it raises becomes the error of that layer."""
    try:
        yield
    except KerasnbError as error:
        raise on_canvas(error, spec) from None
    except Exception as error:  # noqa: BLE001 - a user's layer or function may raise anything; it belongs to its layer
        is_ordinary = isinstance(error, _ORDINARY)
        told = str(error) if is_ordinary and str(error) else f"{type(error).__name__}: {error}"
        raise on_canvas(ArgumentError(told), spec) from error
