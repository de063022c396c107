"""Units of a layer that are zero for every sample of a set."""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import dim_ordering_of, layer_output, rows_of
from .presentation import present

__all__ = ["SAMPLES_LOOKED_AT", "dead_units"]

SAMPLES_LOOKED_AT = 512
BATCH = 64


def dead_units(model: Any, layer: Any, x: Any, limit: int = SAMPLES_LOOKED_AT) -> tuple[list[int], int]:
    """Indices of the units that are exactly 0 for the first `limit` samples, and how many were looked at."""
    samples = min(limit, len(x[0] if isinstance(x, (list, tuple)) else x))
    ordering = dim_ordering_of(layer)
    alive = None
    for start in range(0, samples, BATCH):
        output = layer_output(model, layer, rows_of(x, start, min(start + BATCH, samples)))
        active = _active_units(output, ordering)
        alive = active if alive is None else alive | active
        if alive.all():
            return [], samples
    return ([] if alive is None else np.flatnonzero(~alive).tolist()), samples


def _active_units(output: np.ndarray, ordering: str) -> np.ndarray:
    nonzero = (output != 0).any(axis=0)
    units = present(nonzero, ordering).values
    return np.asarray(units.reshape(len(units), -1).any(axis=1))
