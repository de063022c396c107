"""Layers to and from dictionaries, as later programs call them."""

from __future__ import annotations

from ..engine.files.configs import layer_from_config
from ..engine.layer import Layer
from ..utils.custom_objects import class_name_of

__all__ = ["serialize", "deserialize"]


def serialize(layer: Layer) -> dict:
    """The class and arguments of a layer, as a dictionary that JSON can hold."""
    return {"class_name": class_name_of(layer), "config": layer.get_config()}


def deserialize(config: dict, custom_objects: dict | None = None) -> Layer:
    """The layer that such a dictionary describes.

    Raises:
        UnknownNameError: no such class, here or among the custom objects.
    """
    return layer_from_config(config, custom_objects)
