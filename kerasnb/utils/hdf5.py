"""The HDF5 library, and files of it opened to read, with errors that say what to do."""

from __future__ import annotations

import os
from typing import Any

from ..errors import FileError, MissingFileError

__all__ = ["hdf5_library", "opened"]


def hdf5_library() -> Any:
    """The package h5py.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import h5py
    except ImportError as error:
        raise ImportError('HDF5 files need the package h5py. Install it: pip install "kerasnb[files]".') from error
    return h5py


def opened(path: str) -> Any:
    """The HDF5 file at this path, to read.

    Raises:
        MissingFileError: there is none; those beside it are named.
        FileError: it is no HDF5 file, or a damaged one.
    """
    library = hdf5_library()
    if not os.path.exists(path):
        raise MissingFileError(f'there is no file "{path}".', _neighbours(path))
    try:
        return library.File(path, "r")
    except OSError as error:
        raise FileError(f'"{path}" is no HDF5 file, or a damaged one ({error}).', _other_kind(path)) from error


def _neighbours(path: str) -> str:
    """Which files of the same kind lie beside the missing one."""
    folder, ending = os.path.dirname(path) or ".", os.path.splitext(path)[1]
    if not os.path.isdir(folder):
        return f'There is no folder "{folder}" either.'
    beside = sorted(name for name in os.listdir(folder) if ending and name.endswith(ending))[:5]
    return f"Beside it there are {', '.join(beside)}." if beside else ""


def _other_kind(path: str) -> str:
    if os.path.isdir(path):
        return "It is a folder."
    try:
        with open(path, "rb") as file:
            start = file.read(4)
    except OSError:
        return ""
    if start.startswith(b"PK"):
        return 'It looks like an archive such as Keras 3 writes; save it there as HDF5: model.save("model.h5").'
    return "" if start else "It is empty."
