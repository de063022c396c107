"""The HDF5 library, and files of it opened to read or written whole, with errors that say what to do."""

from __future__ import annotations

import contextlib
import io
import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..errors import FileError, MissingFileError
from .writing import whole_file

__all__ = ["hdf5_library", "opened", "created", "file_name", "subgroup", "dataset", "values_of"]

# a compressed array that would fill more bytes than this, and so much more than it takes in the file, is not read
_HARMLESS, _LARGEST_RATIO = 1 << 26, 200


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
    except (OSError, RuntimeError, ValueError, KeyError) as error:
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
        return "It looks like an archive such as Keras 3 writes: models.load_model reads it."
    if path.endswith(".weights.json"):
        return "It is the list of files into which Keras 3 has divided a model's weights: model.load_weights reads it."
    if start.startswith(b"{"):
        return "It looks like JSON: model_from_json(open(path).read()) builds a model of it, without weights."
    return "" if start else "It is empty."


# ---- what is in them


def file_name(group: Any) -> str:
    """The file that a group is in, for messages."""
    return f'file "{group.file.filename}"'


def subgroup(group: Any, name: str) -> Any:
    """The group of this name in a group.

    Raises:
        FileError: there is none in this file.
    """
    return _member(group, name, "group", lambda found: hasattr(found, "keys"))


def dataset(group: Any, name: str) -> Any:
    """The dataset of numbers of this name in a group.

    Raises:
        FileError: there is none in this file, or it holds something else than numbers.
    """
    found = _member(group, name, "dataset", lambda one: hasattr(one, "shape"))
    if found.dtype.kind not in "biuf":
        raise FileError(f'{file_name(group)}: "{found.name}" holds {found.dtype}, not numbers.')
    if found.external:
        raise FileError(f'{file_name(group)}: "{found.name}" takes its values from another file, which is not read.')
    return found


def _member(group: Any, name: str, kind: str, is_right: Any) -> Any:
    try:
        found = group[name]
    except (KeyError, OSError, RuntimeError, ValueError, TypeError) as error:
        raise FileError(f'{file_name(group)} has no {kind} "{name}" in "{group.name}".', "It is damaged.") from error
    if not is_right(found) or found.file.filename != group.file.filename:
        raise FileError(f'{file_name(group)}: "{name}" in "{group.name}" is no {kind} of this file.')
    return found


def values_of(found: Any) -> np.ndarray:
    """The numbers of a dataset.

    Raises:
        FileError: it says that it holds far more than there is of it in the file.
    """
    size = math.prod(found.shape) * found.dtype.itemsize
    stored = found.id.get_storage_size()
    if size > _HARMLESS and size > _LARGEST_RATIO * stored:
        raise FileError(
            f'{file_name(found)}: "{found.name}" of shape {found.shape} takes {stored:,} bytes of the file '
            f"and would fill {size:,}.",
            "It is damaged, or made to fill the memory.",
        )
    return np.asarray(found[()])
