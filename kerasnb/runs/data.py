"""What a run was trained on: shapes, types, and a hash that costs little however large the data are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["array_hash", "describe_arrays"]

# bytes of an array that are hashed at most, in pieces spread evenly over it
MOST, PIECES = 4 << 20, 64


def describe_arrays(names: Sequence[str], arrays: Sequence[Any]) -> list[dict[str, Any]]:
    """Name, shape, type and hash of each array."""
    return [
        {
            "name": name,
            "shape": [int(size) for size in getattr(array, "shape", ())],
            "dtype": str(getattr(array, "dtype", type(array).__name__)),
            "hash": array_hash(array),
        }
        for name, array in zip(names, arrays, strict=False)
    ]


def array_hash(array: Any) -> str | None:
    """`sha256:...` of shape, type and values, or of `PIECES` pieces of a large array; None for what is no array."""
    if not isinstance(array, np.ndarray) or array.dtype.hasobject:
        return None
    digest = hashlib.sha256(f"{array.shape} {array.dtype.str} {MOST}".encode())
    for piece in _pieces(array):
        digest.update(np.ascontiguousarray(piece).view(np.uint8).data)
    return f"sha256:{digest.hexdigest()}"


def _pieces(array: np.ndarray) -> list[np.ndarray]:
    """Some samples here and there; of very large ones the beginning of each. All of a small array."""
    if array.nbytes <= MOST:
        return [array.reshape(-1)]
    sample, piece = max(array[:1].nbytes, 1), MOST // PIECES
    length = max(piece // sample, 1)
    starts = np.linspace(0, len(array) - length, min(PIECES, len(array))).astype(int)
    return [array[start : start + length].reshape(-1)[: piece // array.itemsize] for start in starts]
