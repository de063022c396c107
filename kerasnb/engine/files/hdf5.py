"""HDF5 files: opened, or written whole or not at all; and what is read from them, checked."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from ...errors import FileError
from ...utils.damage import damage_named
from ...utils.hdf5 import created, dataset, file_name, hdf5_library, opened, subgroup, values_of
from ...utils.writing import said_by_name

__all__ = [
    "reading",
    "writing",
    "file_name",
    "subgroup",
    "dataset",
    "values_of",
    "write_text",
    "read_text",
    "write_names",
    "read_names",
]

# the largest attribute in the header of an HDF5 object, in bytes (64 KiB less what the header itself takes)
_LARGEST_ATTRIBUTE = 64512


@contextlib.contextmanager
def reading(source: Any) -> Iterator[Any]:
    """The open file of this path; a file or group that is open already is given as it is.

    Raises:
        MissingFileError: there is none.
        FileError: it is no HDF5 file, or a damaged one.
    """
    is_open = isinstance(source, hdf5_library().Group)
    with contextlib.nullcontext(source) if is_open else opened(os.fspath(source)) as file:
        with damage_named(file_name(file), "It is damaged.", FileError):
            yield file


@contextlib.contextmanager
def writing(target: Any) -> Iterator[Any]:
    """A new file that takes the place of this path only once it is whole; until then the old one stays.

    A file or group that is open already is given as it is.

    Raises:
        MissingFileError: its folder does not exist.
        FileError: it cannot be written.
    """
    if isinstance(target, hdf5_library().Group):
        with said_by_name(target.file.filename):
            yield target
            target.file.flush()
        return
    with created(target) as file:
        yield file


# ---- what is in it


def write_text(group: Any, name: str, text: str) -> None:
    """Text as an attribute, as bytes; a very long one is kept outside the header, which is short."""
    data = text.encode("utf8")
    if len(data) > _LARGEST_ATTRIBUTE:
        group.attrs.create(name, data, dtype=hdf5_library().string_dtype("utf-8"))
    else:
        group.attrs[name] = np.bytes_(data)


def read_text(group: Any, name: str) -> str | None:
    """The text of an attribute, whichever way it was written; None if there is none."""
    value = group.attrs.get(name)
    if value is not None and not isinstance(value, str | bytes):
        raise FileError(f'{file_name(group)}: attribute "{name}" of "{group.name}" is no text.', "It is damaged.")
    return value.decode("utf8") if isinstance(value, bytes) else value


def write_names(group: Any, name: str, names: Sequence[str]) -> None:
    """A list of names as an attribute, or as several (`name0`, `name1`, ...) where one would be too large."""
    data = np.asarray([one.encode("utf8") for one in names] or np.zeros(0, "S1"))
    pieces = -(-data.nbytes // _LARGEST_ATTRIBUTE)
    if pieces <= 1:
        group.attrs[name] = data
        return
    size = _LARGEST_ATTRIBUTE // data.itemsize
    for number, start in enumerate(range(0, len(data), size)):
        group.attrs[f"{name}{number}"] = data[start : start + size]


def read_names(group: Any, name: str) -> list[str] | None:
    """The list of names that `write_names` (or Keras) wrote; None if there is none."""
    if name in group.attrs:
        return _decoded(group.attrs[name])
    found, number = [], 0
    while f"{name}{number}" in group.attrs:
        found += _decoded(group.attrs[f"{name}{number}"])
        number += 1
    return found if number else None


def _decoded(names: Any) -> list[str]:
    return [one.decode("utf8") if isinstance(one, bytes) else str(one) for one in names]
