"""Which layers a layer holds."""

from __future__ import annotations

from typing import Any

from .connected import Connected

__all__ = ["layers_held_by"]


def layers_held_by(layer: Any) -> list:
    """The layers in the attributes of a layer, and in lists and dictionaries there, in order.

    One that is called in a graph by itself is the model's own, unless this layer calls it, too.
    """
    found: dict = {}
    _look(vars(layer), found, set())
    return [one for one in found if one is not layer and _is_inside(one, layer)]


def _look(value: Any, found: dict, seen: set[int]) -> None:
    if isinstance(value, Connected):
        found.setdefault(value)
    elif isinstance(value, dict | list | tuple) and id(value) not in seen:
        seen.add(id(value))
        for part in value.values() if isinstance(value, dict) else value:
            _look(part, found, seen)


def _is_inside(one: Any, layer: Any) -> bool:
    is_called_outside = any(node.inbound_layers for node in one.inbound_nodes)
    return (not is_called_outside or one in layer.calls_inside) and not _has(one, layer)


def _has(model: Any, layer: Any) -> bool:
    return any(one is layer or _has(one, layer) for one in getattr(model, "layers", None) or [])
