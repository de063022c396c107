"""Weights that Keras 3 has divided into several files, found through the list of them."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from typing import Any

from ....errors import FileError
from ....utils.damage import damage_named
from ....utils.hdf5 import opened

__all__ = ["Shards", "is_list_of_shards", "opened_shards"]

_LARGEST_LIST, _MOST_FILES = 1 << 26, 1000


class Shards:
    """The open files of a model's weights.

    Args:
        path: of the list.
    """

    def __init__(self, path: str, files: list[Any]):
        self.path, self.files = path, files


def is_list_of_shards(path: Any) -> bool:
    """Whether a file is called as Keras 3 calls such lists, and is text."""
    path = os.fsdecode(path)
    if not path.lower().endswith(".weights.json") or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(1).strip() in (b"{", b"")


@contextlib.contextmanager
def opened_shards(path: Any) -> Iterator[Shards]:
    """The files that a list names, which lie beside it.

    Raises:
        FileError: the list is damaged, or names a file elsewhere.
        MissingFileError: one of them is missing.
    """
    path = os.fsdecode(path)
    with damage_named(f'list of weights "{path}"', "It is damaged.", FileError), contextlib.ExitStack() as stack:
        if os.path.getsize(path) > _LARGEST_LIST:
            raise FileError(f'"{path}" is too large for a list of files.', "It is damaged.")
        with open(path, "rb") as file:
            listed = json.load(file)["weight_map"].values()
        names = dict.fromkeys(name for one in listed for name in (one if isinstance(one, list) else [one]))
        for name in names:
            if not isinstance(name, str) or os.path.basename(name) != name or "\\" in name or len(names) > _MOST_FILES:
                raise FileError(
                    f'list of weights "{path}" names {str(name)[:80]!r}, no file beside it.', "It is damaged."
                )
        folder = os.path.dirname(path)
        yield Shards(path, [stack.enter_context(opened(os.path.join(folder, name))) for name in names])
