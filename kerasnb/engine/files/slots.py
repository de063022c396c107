"""An optimizer's state taken apart: a count of steps, then a group of arrays for each kind of what it keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["layout", "places", "in_order_of"]


def layout(model: Any) -> tuple[int, int]:
    """How many arrays stand before the groups, and how many groups there are (an array for each trained weight)."""
    own = model.optimizer.weights
    first = int(bool(own) and own[0] is getattr(model.optimizer, "iterations", None))
    return first, (len(own) - first) // max(len(model._collected_trainable_weights), 1)


def places(model: Any) -> list[int]:
    """Where each trained weight, in the optimizer's order, is among all weights of the model, layer by layer.

    The optimizer's order is that of the weights' names; unnamed ones are called otherwise in each process.
    """
    place_of = {weight: place for place, weight in reversed(list(enumerate(model._weights_by_layer)))}
    return [place_of.get(weight, -1) for weight in model._collected_trainable_weights]


def in_order_of(model: Any, values: Sequence, saved: Sequence[int]) -> list:
    """A saved state in the order of the model's own optimizer.

    Args:
        saved: the `places` of the model that was saved.
    """
    own = places(model)
    first, groups = layout(model)
    if sorted(saved) != sorted(own) or len(values) != first + groups * len(own):
        return list(values)
    found = list(values[:first])
    for group in range(groups):
        start = first + group * len(own)
        by_place = dict(zip(saved, values[start : start + len(own)], strict=True))
        found += [by_place[place] for place in own]
    return found
