"""Layer classes by name."""

from __future__ import annotations

from typing import Any

from .... import layers
from ....engine.layer import LAYERS
from ....errors import unknown_name
from ....views import family_of

__all__ = ["own_name", "layer_class", "class_of", "is_layer", "is_custom"]


def own_name(class_name: Any) -> Any:
    """The name that a class itself has, where it was called by another of `kerasnb.layers`: Conv2D, Deconv2D."""
    if isinstance(class_name, str) and class_name not in LAYERS and class_name in layers.__all__:
        called = getattr(layers, class_name)
        return called.__name__ if isinstance(called, type) and is_layer(called.__name__) else class_name
    return class_name


def layer_class(class_name: str) -> type:
    """The layer class of that name."""
    if not isinstance(class_name, str) or class_name not in LAYERS:
        raise unknown_name("layer class", class_name, LAYERS)
    return LAYERS[class_name]


def class_of(spec: Any) -> type:
    """The class of a described layer; of a live one, its own, whatever its name means by now."""
    return layer_class(spec.class_name) if spec.live is None else type(spec.live)


def is_layer(name: str) -> bool:
    """Whether a layer class has that name."""
    return name in LAYERS


def is_custom(name: str) -> bool:
    """Whether a layer class of that name is a user's own."""
    return is_layer(name) and family_of(layer_class(name)) == "custom"
