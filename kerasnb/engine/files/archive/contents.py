"""A `.keras` archive (or a folder of the same files) as data: nothing of it is run, no path in it is followed."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from ....errors import FileError, MissingFileError
from ....utils.damage import check_unpacked_size, damage_named, read_json
from ....utils.hdf5 import hdf5_library, opened

__all__ = ["Contents", "is_archive", "opened_archive", "CONFIG", "METADATA", "WEIGHTS"]

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"

# a model has three members and those of its text layers; its configuration describes layers, not weights
_MOST_MEMBERS, _LARGEST_CONFIG = 10_000, 1 << 28
# weights up to so many bytes are kept in memory while they are read, larger ones in a file without a name
_IN_MEMORY = 1 << 26


class Contents(NamedTuple):
    """What an archive holds: the model's description, what says who wrote it, and the open file of its weights."""

    name: str  # for messages
    config: dict
    metadata: dict
    weights: Any

    @property
    def version(self) -> str:
        """Of the Keras that wrote it."""
        return str(self.metadata.get("keras_version", "3"))


def is_archive(path: Any) -> bool:
    """Whether a file begins as a zip archive does, or a folder holds the files of one."""
    path = os.fspath(path)
    if os.path.isdir(path):
        return os.path.isfile(os.path.join(path, CONFIG))
    try:
        with open(path, "rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


@contextlib.contextmanager
def opened_archive(path: Any) -> Iterator[Contents]:
    """The contents of the archive at this path.

    Raises:
        MissingFileError: there is none.
        FileError: it is damaged, holds no model, or would fill the memory.
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        raise MissingFileError(f'there is no file "{path}".')
    with damage_named(f'archive "{path}"', "It is damaged.", FileError), contextlib.ExitStack() as stack:
        is_folder = os.path.isdir(path)
        read = _in_folder(path) if is_folder else _in_zip(path, stack)
        with damage_named(f'archive "{path}"', "It is damaged.", FileError):
            config = _dictionary(read(CONFIG), f'archive "{path}": its {CONFIG}')
            metadata = _dictionary(read(METADATA), f'archive "{path}": its {METADATA}')
            file = stack.enter_context(_weights(path, read, is_folder, stack))
        name = f'archive "{path}" of Keras {str(metadata.get("keras_version", "3"))[:20]}'
        yield Contents(name, config, metadata, file)


def _in_folder(path: str):
    def read(name: str) -> bytes:
        member = os.path.join(path, name)
        if not os.path.isfile(member):
            raise FileError(f'folder "{path}" has no {name}.', "Folders of models are what Keras 3 saves unzipped.")
        if os.path.getsize(member) > _LARGEST_CONFIG:
            raise FileError(f'"{member}" has {os.path.getsize(member):,} bytes, too many for a description.')
        with open(member, "rb") as file:
            return file.read()

    return read


def _in_zip(path: str, stack: contextlib.ExitStack):
    try:
        archive = stack.enter_context(zipfile.ZipFile(path))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileError(f'"{path}" is a damaged archive ({error}).', "Save the model anew.") from error
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise FileError(f'archive "{path}" has {len(members):,} members, far more than a model.')
    check_unpacked_size(path, sum(member.file_size for member in members))

    def read(name: str, into: Any = None) -> Any:
        try:
            with archive.open(name) as member:
                if into is not None:
                    return shutil.copyfileobj(member, into, 1 << 20)  # checks the sum of what was written
                if archive.getinfo(name).file_size > _LARGEST_CONFIG:
                    raise FileError(f'archive "{path}": its {name} is too large for a description.')
                return member.read()
        except KeyError:
            listed = ", ".join(sorted(one.filename[:40] for one in members)[:6]) or "nothing"
            raise FileError(
                f'archive "{path}" has no {name}, so it is no model of Keras 3; it holds {listed}.',
                "Models are what model.save writes.",
            ) from None
        # RuntimeError: it has a password; NotImplementedError: a compression that Python does not know
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise FileError(f'archive "{path}": its {name} is damaged ({error}).', "Save the model anew.") from error

    return read


def _dictionary(data: bytes, what: str) -> dict:
    value = read_json(data, f"{what} cannot be read", "It is damaged.", FileError)
    if not isinstance(value, dict):
        raise FileError(f"{what} describes no model.", "It is damaged.")
    return value


def _weights(path: str, read: Any, is_folder: bool, stack: contextlib.ExitStack) -> Any:
    """The HDF5 file of the weights, copied out of the archive, where its sum is checked and no seek takes long."""
    if is_folder:
        return opened(os.path.join(path, WEIGHTS))
    copy = stack.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))
    read(WEIGHTS, copy)
    copy.seek(0)
    try:
        return hdf5_library().File(_Named(copy, path), "r")
    except (OSError, RuntimeError, ValueError, KeyError) as error:
        raise FileError(f'archive "{path}": its {WEIGHTS} is damaged ({error}).', "Save the model anew.") from error


class _Named:
    """A file that HDF5 reads, by the name of the archive that it comes from: errors name what h5py takes for one."""

    def __init__(self, file: Any, name: str):
        self._file, self._name = file, name
        self.read, self.seek, self.tell = file.read, file.seek, file.tell

    def readinto(self, target: Any) -> int:
        data = self._file.read(len(target))
        target[: len(data)] = data
        return len(data)

    def flush(self) -> None:
        """There is nothing to write."""

    def __repr__(self) -> str:
        return self._name
