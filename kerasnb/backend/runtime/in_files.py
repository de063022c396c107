"""Arrays that lie in files of the user's, as `np.memmap` and `np.load(mmap_mode="r")` make them."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

__all__ = ["Place", "place_in_file"]


class Place(NamedTuple):
    """Where an array begins in a file."""

    path: str
    offset: int


def place_in_file(array: np.ndarray) -> Place | None:
    """Where the values of an array lie in a file, one after the other; None of one that lies in memory."""
    if not isinstance(array, np.memmap) or not array.filename or not array.flags.c_contiguous:
        return None
    whole = array
    while isinstance(whole.base, np.memmap):  # a part of it has the offset of the whole
        whole = whole.base
    path = Path(array.filename).resolve()
    # with mode "c" the values in memory may be others than those in the file
    if array.mode == "c" or not path.is_file():
        return None
    return Place(str(path), whole.offset + array.ctypes.data - whole.ctypes.data)
