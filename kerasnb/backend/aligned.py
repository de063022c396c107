"""A copy of an array that begins where backends want their tensors to, so that they use it as it is.

TensorFlow and JAX copy an array that lies anywhere else, and both first copy what numpy may still change.
"""

from __future__ import annotations

import numpy as np

__all__ = ["aligned_copy"]

_ALIGNED = 64  # bytes


def aligned_copy(array: np.ndarray) -> np.ndarray:
    """The same values, beginning at a multiple of 64 bytes."""
    room = np.empty(array.nbytes + _ALIGNED, "uint8")
    start = -room.ctypes.data % _ALIGNED
    copy = room[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    np.copyto(copy, array)
    return copy
