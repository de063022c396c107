"""The HDF5 library, and files of it opened to read or written whole, with errors that say what to do."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from typing import Any

from ..errors import FileError, MissingFileError
from .writing import whole_file

__all__ = ["hdf5_library", "opened", "created"]


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


@contextlib.contextmanager
def created(target: Any) -> Iterator[Any]:
    """A new HDF5 file that takes the place of this path only once it is whole.

    Raises:
        MissingFileError: its folder does not exist.
        FileError: it cannot be written.
    """
    library = hdf5_library()
    with whole_file(target) as temporary, open(temporary, "w+b", buffering=0) as raw:
        steady = _Steady(raw)
        with library.File(steady, "w") as file:
            yield file
        if steady.failure is not None:
            raise steady.failure


class _Steady:
    """A file to write to that goes on in memory when the disk is full, and keeps the failure for later.

    HDF5 itself does not outlive it: closing a file of which a part could not be written crashes the process.
    """

    def __init__(self, file: Any):
        self.failure: OSError | None = None
        self._use(file)

    def _use(self, file: Any) -> None:
        self.file = file
        self.seek, self.tell, self.read, self.readinto = file.seek, file.tell, file.read, file.readinto

    def write(self, data: Any) -> int:
        left = memoryview(data).cast("B")
        size = len(left)
        while left:
            left = left[self._tried("write", left) :]
        return size

    def truncate(self, size: int | None = None) -> int:
        return self._tried("truncate", size)

    def flush(self) -> None:
        self.file.flush()

    def _tried(self, method: str, value: Any) -> Any:
        try:
            return getattr(self.file, method)(value)
        except OSError as error:
            self.failure = error
            self._go_on_in_memory()
            return getattr(self.file, method)(value)

    def _go_on_in_memory(self) -> None:
        place = self.file.tell()
        self.file.seek(0)
        memory = io.BytesIO()
        while block := self.file.read(1 << 20):
            memory.write(block)
        memory.seek(place)
        self._use(memory)


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
