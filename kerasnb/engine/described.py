"""A layer as the class and the config that make it again."""

from __future__ import annotations

from typing import Any

from ..utils.custom_objects import class_name_of

__all__ = ["described", "as_described"]


def described(layer: Any, config: Any) -> dict:
    """`{"class_name": ..., "config": ...}`, and that a model is frozen as a whole, for which its config has no word."""
    frozen = {"trainable": False} if layer.is_graph and not layer.trainable else {}
    return {"class_name": class_name_of(layer), "config": config, **frozen}


def as_described(layer: Any, description: dict) -> Any:
    """The layer that was made by a description's class and config, frozen if the description says so."""
    if layer.is_graph and description.get("trainable") is False:
        layer.trainable = False
    return layer
