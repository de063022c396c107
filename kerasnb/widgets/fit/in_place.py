"""Layers of a Sequential that only a variable holds get other arguments; the object stays, so the variable holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...engine.sequential import Sequential

__all__ = ["can_edit_in_place", "edit_in_place", "put_in_place"]


def can_edit_in_place(model: Any) -> bool:
    """Whether layers of this model can be taken off its end and put on again."""
    return isinstance(model, Sequential)


def edit_in_place(model: Any, arguments: Mapping[str, Mapping[str, Any]]) -> None:
    """Give layers other arguments, by their names; weights stay where their shapes do.

    All of it is done, or nothing where a layer refuses.
    """
    first = min(place for place, layer in enumerate(model.layers) if layer.name in arguments)
    before = list(model.layers[first:])
    after = [_changed(layer, arguments[layer.name]) if layer.name in arguments else layer for layer in before]
    try:
        _put(model, first, after)
    except Exception:
        _put(model, first, before)
        raise
    for old, new in zip(before, after, strict=True):
        weights = old.get_weights()
        if new is not old and [w.shape for w in weights] == [w.shape for w in new.get_weights()]:
            new.set_weights(weights)


def put_in_place(model: Any, layer: Any, before: str) -> None:
    """Put a layer before another; that one and those behind it are made anew, for the shapes they get now.

    All of it is done, or nothing where a layer refuses.
    """
    first = next(place for place, each in enumerate(model.layers) if each.name == before)
    behind = list(model.layers[first:])
    try:
        _put(model, first, [layer, *(_changed(each, {}) for each in behind)])
    except Exception:
        _put(model, first, behind)
        raise


def _changed(layer: Any, arguments: Mapping[str, Any]) -> Any:
    made = type(layer).from_config({**layer.get_config(), **arguments})
    made.trainable = layer.trainable
    return made


def _put(model: Any, first: int, layers: list[Any]) -> None:
    while len(model.layers) > first:
        model.pop()
    for layer in layers:
        model.add(layer)
