"""Reading files of data from the network without running anything that is in them.

A pickle names functions that are called while it is read. Here only those are known that make arrays and the plain
containers of Python; a file that names another one is refused.
"""

from __future__ import annotations

import contextlib
import gzip
import importlib
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError
from ..utils.damage import check_unpacked_size, damage_named, read_json

__all__ = ["read_pickles", "read_arrays", "read_json_file", "unreadable_named"]

CONTAINERS = {"set", "frozenset", "bytearray", "complex", "list", "dict", "tuple", "int", "float", "str", "bytes"}
# numpy moved its insides: the same three functions under each of its names
NUMPY = {"numpy": {"ndarray", "dtype"}}
for _home in ("numpy.core", "numpy._core"):
    NUMPY[f"{_home}.multiarray"] = {"_reconstruct", "scalar"}
    NUMPY[f"{_home}.numeric"] = {"_frombuffer"}
ADVICE = "Remove it, so that it is fetched again."


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if module in ("builtins", "__builtin__") and name in CONTAINERS:
            return super().find_class(module, name)
        if name in NUMPY.get(module, ()):
            # under today's name: asking for the old one warns
            return getattr(importlib.import_module(module.replace("numpy.core", "numpy._core")), name)
        if (module, name) == ("collections", "OrderedDict"):
            return dict
        if (module, name) == ("_codecs", "encode"):
            return _latin1
        raise FileError(
            f'the file wants to call "{module}.{name}", which could run any code.',
            "Files of data hold arrays, lists, numbers and text only. Nothing of it was run.",
        )


def _latin1(text: str, encoding: str = "latin1") -> bytes:
    """How Python 3 writes bytes for Python 2."""
    return text.encode("latin1")


def read_pickles(path: str | Path) -> list[Any]:
    """All objects pickled in a file, one after the other; a name ending in .gz is unpacked. Text of Python 2 is latin1.

    Raises:
        FileError: the file is damaged, or would run code.
    """
    objects = []
    opened = gzip.open if str(path).endswith(".gz") else open
    with unreadable_named(path), opened(path, "rb") as file:
        measured = _Measured(file, path)
        while file.peek(1):
            objects.append(_Unpickler(measured, encoding="latin1").load())
    return objects


class _Measured:
    """A packed file that is read no further than it may fill the memory."""

    def __init__(self, file: Any, path: str | Path):
        self._file, self._path = file, path

    def read(self, size: int = -1) -> bytes:
        return self._checked(self._file.read(size))

    def readline(self) -> bytes:
        return self._checked(self._file.readline())

    def _checked(self, data: bytes) -> bytes:
        check_unpacked_size(self._path, self._file.tell())
        return data


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file, also those of lists.

    Raises:
        FileError: the file is damaged, or would run code.
    """
    with unreadable_named(path), zipfile.ZipFile(path) as packed:
        check_unpacked_size(path, sum(member.file_size for member in packed.infolist()))
        return {name.removesuffix(".npy"): _read_array(packed.open(name)) for name in packed.namelist()}


def read_json_file(path: str | Path) -> dict[str, Any]:
    """The dictionary in a file of JSON.

    Raises:
        FileError: the file is damaged.
    """
    with unreadable_named(path):
        found = read_json(Path(path).read_text(encoding="utf-8"), "it is no JSON", kind=FileError)
    if not isinstance(found, dict):
        raise FileError(f'"{path}" holds no dictionary.', ADVICE)
    return found


def _read_array(file: Any) -> np.ndarray:
    with file:
        version = np.lib.format.read_magic(file)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, is_fortran, dtype = header[version](file)
        if dtype.hasobject:
            return _Unpickler(file, encoding="latin1").load()
        flat = np.frombuffer(file.read(), dtype).copy()
    return flat.reshape(shape, order="F" if is_fortran else "C")


@contextlib.contextmanager
def unreadable_named(path: str | Path) -> Iterator[None]:
    """Inside, a damaged file is a FileError that names it."""
    try:
        with damage_named(f'the file "{path}"', ADVICE, FileError):
            yield
    except (pickle.UnpicklingError, zipfile.BadZipFile) as error:
        raise FileError(f'the file "{path}" cannot be read ({error}).', ADVICE) from error
    except FileError as error:
        error.message = error.message if str(path) in error.message else f'"{path}": {error.message}'
        raise
