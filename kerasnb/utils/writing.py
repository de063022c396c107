"""Files written whole or not at all, and every failure to write said by name."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

from ..errors import FileError, MissingFileError

__all__ = ["is_running", "said_by_name", "whole_file"]

# the temporary files that this process is writing now
_writing: set[str] = set()
# seconds after which a temporary file of another machine, whose processes nobody can ask about, counts as left over
_A_DAY = 86400


@contextlib.contextmanager
def whole_file(target: Any, advice: str = "Make room, or write to another place.") -> Iterator[str]:
    """The path of a file beside the target, which takes its place once all is written; until then the old one stays.

    What a killed process left of the same file is removed.

    Raises:
        MissingFileError: the target's folder does not exist.
        FileError: it cannot be written.
    """
    path = os.path.realpath(os.fsdecode(target))  # through links: the file is replaced, not the link
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        raise MissingFileError(f'there is no folder "{folder}".', f"Make it first: os.makedirs({folder!r}).")
    if os.path.isdir(path):
        raise FileError(f'"{path}" is a folder.', "Give the name of a file, such as model.h5.")
    beginning = _beginning(path)
    _remove_left_over(folder, beginning)
    temporary = os.path.join(folder, f"{beginning}{_host()}.{os.getpid()}.{uuid.uuid4().hex[:8]}.tmp")
    _writing.add(temporary)
    try:
        with said_by_name(path, advice):
            yield temporary
            _put_in_place(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            os.remove(temporary)
        _writing.discard(temporary)


@contextlib.contextmanager
def said_by_name(path: Any, advice: str = "Make room, or write to another place.") -> Iterator[None]:
    """Inside, what the system refuses to write is a FileError that names the file."""
    try:
        yield
    except FileError:
        raise
    except (OSError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not _is_of_hdf5(error):
            raise
        raise _failure(os.fsdecode(path), error, advice) from error


def _failure(path: str, error: OSError | RuntimeError, advice: str) -> FileError:
    kind = MissingFileError if isinstance(error, FileNotFoundError) else FileError
    said = kind(f'"{path}" cannot be written ({_reason(error)}).', advice)
    said.errno = getattr(error, "errno", None)
    return said


def _is_of_hdf5(error: BaseException) -> bool:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__", "")).startswith("h5py")


def _reason(error: BaseException) -> str:
    """The system's words alone, out of HDF5's long ones."""
    found = re.search(r"error message = '([^']+)'", str(error))
    return found.group(1) if found else getattr(error, "strerror", None) or str(error)


def _put_in_place(temporary: str, path: str) -> None:
    if os.path.exists(path):
        shutil.copymode(path, temporary)
    descriptor = os.open(temporary, os.O_RDWR)
    try:
        os.fsync(descriptor)  # on disk before it replaces the old one
    finally:
        os.close(descriptor)
    os.replace(temporary, path)


# ---- what killed processes leave


def _beginning(path: str) -> str:
    return f".{os.path.basename(path)[:100]}."


def _host() -> str:
    return re.sub(r"\W", "-", socket.gethostname())[:40]


def _remove_left_over(folder: str, beginning: str) -> None:
    ending = re.compile(r"(?P<host>[\w-]*)\.(?P<process>\d+)\.[0-9a-f]{8}\.tmp")
    with contextlib.suppress(OSError):  # another process may be removing them too
        for name in os.listdir(folder):
            found = ending.fullmatch(name[len(beginning) :]) if name.startswith(beginning) else None
            path = os.path.join(folder, name)
            if found and _is_left_over(path, found["host"], int(found["process"])):
                os.remove(path)


def _is_left_over(path: str, host: str, process: int) -> bool:
    if host != _host() or os.name == "nt":  # where to ask about a process would interrupt it
        return time.time() - os.path.getmtime(path) > _A_DAY
    return path not in _writing if process == os.getpid() else not is_running(process)


def is_running(process: int) -> bool:
    """Whether there is a process of this number; not to be asked on Windows, where asking ends it."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # it is somebody else's
        return True
    return True
