"""Units of a layer that are zero for every sample of a set."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from .activations import dim_ordering_of, layer_output, rows_of
from .pieces import between_pieces
from .presentation import present

__all__ = ["SAMPLES_LOOKED_AT", "dead_units"]

SAMPLES_LOOKED_AT = 512
FIRST, BATCH = 8, 64  # samples at a time: few at first, for models that take long
MOST_BYTES = 16 << 20  # of outputs at a time: those of VGG16's first layer take 13 MB a sample
MOST_SECONDS = 2.0


def dead_units(model: Any, layer: Any, x: Any, limit: int = SAMPLES_LOOKED_AT) -> tuple[list[int], int]:
    """Indices of the units that are exactly 0 for the first samples, and how many were looked at.

    That is `limit`, or as many as can be computed in `MOST_SECONDS`.
    """
    samples = min(limit, len(x[0] if isinstance(x, (list, tuple)) else x))
    ordering = dim_ordering_of(layer)
    alive, start = None, 0
    of_one = layer_output(model, layer, rows_of(x, 0, 1)).nbytes
    most = min(BATCH, max(1, MOST_BYTES // max(1, of_one)))
    size, began = min(FIRST, most), time.perf_counter()
    while start < samples and time.perf_counter() - began < MOST_SECONDS:
        between_pieces()
        stop = min(start + size, samples)
        active = _active_units(layer_output(model, layer, rows_of(x, start, stop)), ordering)
        alive = active if alive is None else alive | active
        if alive.all():
            return [], samples
        start, size = stop, min(2 * size, most)
    return ([] if alive is None else np.flatnonzero(~alive).tolist()), start


def _active_units(output: np.ndarray, ordering: str) -> np.ndarray:
    nonzero = (output != 0).any(axis=0)
    units = present(nonzero, ordering).values
    return np.asarray(units.reshape(len(units), -1).any(axis=1))
