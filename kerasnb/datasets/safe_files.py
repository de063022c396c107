"""Reading files of data from the network without running anything that is in them.

A pickle names functions that are called while it is read. Here only those are known that make arrays and the plain
containers of Python; a file that names another one is refused.
"""

from __future__ import annotations

import gzip
import importlib
import pickle
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import FileError

__all__ = ["read_pickles", "read_arrays"]

CONTAINERS = {"set", "frozenset", "bytearray", "complex", "list", "dict", "tuple", "int", "float", "str", "bytes"}
# numpy moved its insides: the same three functions under each of its names
NUMPY = {"numpy": {"ndarray", "dtype"}}
for _home in ("numpy.core", "numpy._core"):
    NUMPY[f"{_home}.multiarray"] = {"_reconstruct", "scalar"}
    NUMPY[f"{_home}.numeric"] = {"_frombuffer"}
BROKEN = (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, IndexError, KeyError, OSError)
BROKEN += (ImportError, zlib.error, zipfile.BadZipFile, MemoryError)
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
    try:
        with opened(path, "rb") as file:
            while file.peek(1):
                objects.append(_Unpickler(file, encoding="latin1").load())
    except BROKEN as error:
        raise _unreadable(path, error) from error
    return objects


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file, also those of lists.

    Raises:
        FileError: the file is damaged, or would run code.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return {name.removesuffix(".npy"): _read_array(packed.open(name)) for name in packed.namelist()}
    except BROKEN as error:
        raise _unreadable(path, error) from error


def _read_array(file: Any) -> np.ndarray:
    with file:
        version = np.lib.format.read_magic(file)
        header = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
        shape, is_fortran, dtype = header[version](file)
        if dtype.hasobject:
            return _Unpickler(file, encoding="latin1").load()
        flat = np.frombuffer(file.read(), dtype).copy()
    return flat.reshape(shape, order="F" if is_fortran else "C")


def _unreadable(path: str | Path, error: BaseException) -> FileError:
    if isinstance(error, FileError):
        return FileError(f'"{path}": {error.message}', error.advice)
    return FileError(f'the file "{path}" cannot be read ({type(error).__name__}: {error}).', ADVICE)
