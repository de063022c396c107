"""Arrays that several processes look at without a copy for each: files that are mapped into memory."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..backend.runtime.in_files import place_in_file

__all__ = ["Piece", "mapped", "written", "removed"]


class Piece(NamedTuple):
    """Where an array lies in a file.

    Attributes:
        is_copy: whether the file was made for it, to be removed once it is mapped.
    """

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    is_copy: bool


def written(arrays: Sequence[np.ndarray]) -> list[Piece]:
    """The arrays in one new file, but for those that lie in files already."""
    places = list(map(place_in_file, arrays))
    copies = iter(_copied([array for array, place in zip(arrays, places, strict=True) if place is None]))
    pieces = []
    for array, place in zip(arrays, places, strict=True):
        if place is not None:
            array.flush()  # type: ignore[attr-defined]
        pieces.append(Piece(*place, array.dtype.str, array.shape, is_copy=False) if place else next(copies))
    return pieces


def _copied(arrays: Sequence[np.ndarray]) -> list[Piece]:
    if not arrays:
        return []
    handle, path = tempfile.mkstemp(prefix="kerasnb-data-")
    pieces = []
    with os.fdopen(handle, "wb") as file:
        for array in arrays:
            file.write(bytes(-file.tell() % 64))  # backends take memory as it is where it begins at such places
            pieces.append(Piece(path, file.tell(), array.dtype.str, array.shape, is_copy=True))
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
    for path in {piece.path for piece in pieces if piece.is_copy}:
        with contextlib.suppress(OSError):
            Path(path).unlink()
