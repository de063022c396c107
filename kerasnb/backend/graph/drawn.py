"""First values of variables: random numbers in an array, drawn piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

__all__ = ["drawn"]

_PIECE = 1 << 15  # numbers: what numpy draws stays in a core's cache


def drawn(draw: Callable[[int], np.ndarray], shape: Sequence[int], dtype: str) -> np.ndarray:
    """An array of the numbers that `draw(count)` gives, call after call: those that one call for all would give.

    numpy draws float64: at once, a float32 array would need three times its memory, new to the process, and four
    times as long.
    """
    values = np.empty(shape, dtype)
    flat = values.reshape(-1)
    for first in range(0, flat.size, _PIECE):
        piece = flat[first : first + _PIECE]
        piece[...] = draw(len(piece))
    return values
