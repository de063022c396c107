"""A copy of the data that backends use as it is, in one of a few sizes.

TensorFlow and JAX copy an array that begins anywhere but at their places, and both first copy what numpy may still
change. XLA compiles a loop over the data for their size, so a few samples more or less must not make another size.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["Taken", "aligned_copy", "rows_held"]

_ALIGNED = 64  # bytes


def rows_held(count: int) -> int:
    """The number of samples rounded up, by at most a 16th: 1,000 and 1,010 both to 1,024."""
    step = 1 << max(count.bit_length() - 5, 0)
    return -(-count // step) * step


def aligned_copy(array: np.ndarray) -> np.ndarray:
    """The same values, beginning at a multiple of 64 bytes, with zeros after them up to `rows_held` samples."""
    shape = rows_held(len(array)), *array.shape[1:]
    size = math.prod(shape) * array.itemsize
    room = np.empty(size + _ALIGNED, "uint8")
    start = -room.ctypes.data % _ALIGNED
    copy = room[start : start + size].view(array.dtype).reshape(shape)
    copy[: len(array)], copy[len(array) :] = array, 0
    return copy


class Taken:
    """An aligned array that TensorFlow uses as it is; one of numpy's own it would copy."""

    def __init__(self, array: np.ndarray):
        self.array = array

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.array
