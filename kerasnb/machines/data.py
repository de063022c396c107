"""Arrays that several processes look at without a copy for each: files that are mapped into memory."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["Piece", "mapped", "written", "removed"]


class Piece(NamedTuple):
    """Where an array lies in a file."""

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]


def written(arrays: Sequence[np.ndarray]) -> list[Piece]:
    """The arrays in one new file."""
    handle, path = tempfile.mkstemp(prefix="kerasnb-data-")
    pieces = []
    with os.fdopen(handle, "wb") as file:
        for array in arrays:
            file.write(bytes(-file.tell() % 64))  # backends take memory as it is where it begins at such places
            pieces.append(Piece(path, file.tell(), array.dtype.str, array.shape))
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
    return pieces


def mapped(pieces: Sequence[Piece]) -> list[np.ndarray]:
    """The arrays, to be read only; they stay when the file is removed."""
    return [
        np.memmap(piece.path, piece.dtype, "r", piece.offset, piece.shape)
        if all(piece.shape)
        else np.zeros(piece.shape, piece.dtype)
        for piece in pieces
    ]


def removed(pieces: Sequence[Piece]) -> None:
    """Remove the files: who has mapped them keeps them, and nothing is left behind by a process that is killed."""
    for path in {piece.path for piece in pieces}:
        with contextlib.suppress(OSError):
            Path(path).unlink()
