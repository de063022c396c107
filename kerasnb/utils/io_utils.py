"""Data in HDF5 files: matrices that stay on disk, single arrays; and the question before a file is replaced."""

from __future__ import annotations

import math
import os
import select
import sys
import types
from collections import defaultdict
from typing import Any, ClassVar

import numpy as np

from ..caller import warn_user
from ..carried import carry
from ..errors import ArgumentError, DataError, FileError
from .damage import damage_named
from .hdf5 import created, dataset, file_name, opened, values_of

__all__ = ["HDF5Matrix", "save_array", "load_array", "ask_to_proceed_with_overwrite"]


class HDF5Matrix:
    """Rows of a dataset in an HDF5 file, to train on in place of an array; only the rows asked for are read.

    Train on it with shuffle='batch' or False: single rows in random order are slow to read.

    Args:
        datapath: the file.
        dataset: the dataset's name in it.
        start: the first row.
        end: the row after the last one; by default the dataset's end.
        normalizer: a function put on what is read.

    Raises:
        DataError: there is no such dataset, or it has no such rows.
    """

    refs: ClassVar[dict] = defaultdict(int)  # the open files by path

    def __init__(self, datapath, dataset, start=0, end=None, normalizer=None):
        self.data = self._dataset(os.fspath(datapath), dataset)
        rows = self.data.shape[0]
        self.start, self.end = start, rows if end is None else end
        if not 0 <= self.start <= self.end <= rows:
            raise DataError(f'HDF5Matrix: rows {start} to {end} of "{dataset}", which has {rows}.')
        self.normalizer = normalizer

    @classmethod
    def _dataset(cls, path: str, name: str) -> Any:
        file = cls._file(path)
        with damage_named(f'HDF5Matrix: "{path}"', "It is damaged.", FileError):
            found = file.get(name)
            if not getattr(found, "shape", ()):
                raise DataError(f'HDF5Matrix: "{path}" has no dataset "{name}"; there are {sorted(file)}.')
        return found

    @classmethod
    def _file(cls, path: str) -> Any:
        """The file, opened once for all matrices, and anew when another one has come to its place."""
        stamp = _stamp(path)
        known = cls.refs.get(path)
        if not known or known[1] != stamp or not known[0]:
            known = cls.refs[path] = (opened(path), stamp)
        return known[0]

    @classmethod
    def of_rows(cls, data: Any, start: int, stop: int) -> HDF5Matrix:
        """Rows of another matrix, or of a dataset of h5py, which are read when they are asked for."""
        rows = cls.__new__(cls)
        first, rows.data, rows.normalizer = 0, data, None
        if isinstance(data, HDF5Matrix):
            first, rows.data, rows.normalizer = data.start, data.data, data.normalizer
        rows.start, rows.end = first + start, first + stop
        return rows

    def __len__(self):
        return self.end - self.start

    def __getitem__(self, key):
        rows = self._rows(key)
        with damage_named(f'HDF5Matrix: "{self.data.name}" of {file_name(self.data)}', "It is damaged.", FileError):
            found = self._read(rows)
        return found if self.normalizer is None else self.normalizer(found)

    def _read(self, rows: Any) -> Any:
        if not isinstance(rows, np.ndarray):
            return self.data[rows]
        wanted, places = np.unique(rows, return_inverse=True)  # HDF5 wants each row once, in order
        return self.data[wanted][places] if len(wanted) else self.data[:0]

    def _rows(self, key) -> Any:
        """The rows of the dataset that a key of this matrix means.

        Raises:
            IndexError: there are none such.
        """
        if isinstance(key, slice):
            if key.stop is not None and key.stop > len(self):
                raise IndexError(f"rows up to {key.stop} of {len(self)}")
            first, last, step = key.indices(len(self))
            if step < 1:
                raise IndexError(f"step {step} of a slice; it must be positive")
            return slice(first + self.start, max(first, last) + self.start, step)
        if isinstance(key, int | np.integer):
            return int(self._checked(np.asarray([key]))[0])
        if isinstance(key, np.ndarray | list | tuple):
            keys = np.asarray(key)
            return self._checked(np.flatnonzero(keys) if keys.dtype == bool else keys.astype(int))
        raise IndexError(f"a row, a slice or a list of rows is needed, got {key!r}")

    def _checked(self, keys: np.ndarray) -> np.ndarray:
        if len(keys) and not -len(self) <= keys.min() <= keys.max() < len(self):
            raise IndexError(f"row {keys.max() if keys.max() >= len(self) else keys.min()} of {len(self)}")
        return np.where(keys < 0, keys + len(self), keys) + self.start

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype=dtype)

    @property
    def shape(self):
        """As of an array; a normalizer may change all but the first axis."""
        row = self.data.shape[1:] if self.normalizer is None else np.shape(self[:1])[1:]
        return (len(self), *row)

    @property
    def dtype(self):
        """The dtype of what it gives: after the normalizer, where there is one."""
        return self.data.dtype if self.normalizer is None else np.asarray(self[:1]).dtype

    @property
    def ndim(self):
        """How many axes there are."""
        return len(self.shape)

    @property
    def chunks(self):
        """The sizes of the pieces in the file; what has them, as datasets of h5py do, fit reads by batches."""
        return self.data.chunks

    @property
    def size(self):
        """How many values there are."""
        return math.prod(self.shape)


def _stamp(path: str) -> tuple | None:
    """What changes when another file comes to a path."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns


# one name for the array in the file
_ARRAY = "data"


def save_array(array, name) -> None:
    """Write an array to an HDF5 file of its own."""
    array = np.asarray(array)
    if array.dtype.kind not in "biuf":
        raise ArgumentError(f"save_array needs an array of numbers, got {array.dtype}.", arguments=("array",))
    with created(name) as file:
        file[_ARRAY] = array


def load_array(name) -> np.ndarray:
    """The array that `save_array` wrote.

    Raises:
        FileError: the file holds none.
    """
    with opened(os.fspath(name)) as file:
        advice = "It reads what save_array wrote."
        with damage_named(f'"{name}"', advice, FileError):
            if _ARRAY not in file:
                raise FileError(f'"{name}" holds no array; there are {sorted(file)}.', advice)
            return values_of(dataset(file, _ARRAY))


def ask_to_proceed_with_overwrite(filepath) -> bool:
    """Whether the user says that this file may be replaced; no, if there is nobody to ask."""
    question = f"[WARNING] {filepath} already exists - overwrite? [y/n]"
    answer = _answer(question)
    while answer not in ("y", "n", None):
        answer = _answer('Enter "y" (overwrite) or "n" (cancel).')
    if answer is None:
        warn_user(f"{filepath} exists and was kept: there is nobody to ask; write with overwrite=True")
    if answer == "y":
        print("[TIP] Next time specify overwrite=True!")
    return answer == "y"


def _answer(question: str) -> str | None:
    """What the user answers; None if there is nobody."""
    if isinstance(input, types.BuiltinFunctionType) and not _somebody_is_there():
        return None
    try:
        return input(question).strip().lower()
    except (EOFError, OSError, RuntimeError):  # no input, or a notebook that allows no questions
        return None


def _somebody_is_there() -> bool:
    """Whether reading from the standard input will not wait for ever."""
    if sys.stdin is None or sys.stdin.closed:
        return False
    try:
        return sys.stdin.isatty() or bool(select.select([sys.stdin], [], [], 1.0)[0])
    except (OSError, ValueError):  # no file behind it, so it does not wait
        return True


carry(__name__)
