"""What a layer of a model gives for a sample, compiled once for each layer looked at."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..views import class_of, view_of

__all__ = ["dim_ordering_of", "is_input", "layer_output", "model_outputs", "rows_of", "viewable_layers"]


def viewable_layers(model: Any) -> list[Any]:
    """The model's layers in order, those that feed it included even where `Sequential` hides them."""
    return view_of(model).viewable


def is_input(layer: Any) -> bool:
    """Whether the layer only hands the data in."""
    return class_of(layer).__name__ == "InputLayer"


def layer_output(model: Any, layer: Any, x: list[np.ndarray], phase: int = 0) -> np.ndarray:
    """The output of `layer` for the rows of `x`, as the line that the Inspector shows computes it.

    Shape: each of `x` `(batch, ...)` -> `(batch, ...)`.

    Args:
        x: one array for each input of the model.
        phase: the learning phase, 0 to test and 1 to train.
    """
    return view_of(model).layer_output(layer, x, phase)


def model_outputs(model: Any, x: list[np.ndarray], phase: int = 0) -> list[np.ndarray]:
    """What the model gives for the rows of `x`, one array for each of its outputs."""
    return view_of(model).outputs(x, phase)


def rows_of(x: Any, start: int, stop: int) -> list[np.ndarray]:
    """Samples `start` to `stop` of the one or several arrays in `x`."""
    return [np.asarray(part[start:stop]) for part in (x if isinstance(x, (list, tuple)) else [x])]


def dim_ordering_of(layer: Any) -> str:
    """`th` or `tf`: the ordering of the nearest layer at or before this one that has a say."""
    seen, waiting = set(), [layer]
    while waiting:
        layer = waiting.pop(0)
        ordering = getattr(layer, "dim_ordering", None)
        if ordering in ("th", "tf"):
            return ordering
        seen.add(id(layer))
        for node in layer.inbound_nodes[:1]:
            waiting += [before for before in node.inbound_layers if id(before) not in seen]
    return K.image_dim_ordering()
