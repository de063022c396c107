"""What damaged files and configs do to code that reads them, as errors by name.

What a file says may be of any type and size, and each line that reads it may stumble over that. Such a line is not to
blame; so the doors through which files and configs come say it, once for all.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import ArgumentError, FileError, KerasnbError, KindError

__all__ = ["config_damage_named", "damage_named", "reads_config", "is_of_the_user", "read_json", "check_unpacked_size"]

_STUMBLES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, AssertionError, RuntimeError, OSError)
_STUMBLES += (MemoryError, EOFError, struct.error, zlib.error, SyntaxError, ImportError)
_LONGEST = 300  # characters of another error's text
# who is not to be blamed for what their code is given: this package, Python, and what they read files with
_LIBRARIES = {__name__.split(".")[0], *sys.stdlib_module_names, "numpy", "h5py", "yaml", "PIL", "contextlib"}

# packed files may be small and fill the memory: how often larger what is in them may be, and what is never too large
_LARGEST_RATIO, _HARMLESS = 200, 1 << 26


@contextlib.contextmanager
def damage_named(what: str, advice: str = "", kind: type[KerasnbError] = ArgumentError) -> Iterator[None]:
    """Inside, code of this package that stumbles raises an error that says over what.

    Errors of kerasnb's own pass as they are, and so do those raised while code of the user's was running.
    """
    try:
        yield
    except KerasnbError:
        raise
    except _STUMBLES as error:
        if is_of_the_user(error):
            raise
        if kind is ArgumentError and isinstance(error, TypeError):
            kind = KindError
        raise kind(f"{what} cannot be read ({_said(error)}).", advice) from error


def config_damage_named(cls: type) -> contextlib.AbstractContextManager[None]:
    """`damage_named` for the config of a class; of a class of the user's own, its get_config is most often at fault."""
    advice = "It is damaged, or was written by a later Keras."
    if cls.__module__.split(".")[0] not in _LIBRARIES:
        advice = f"{cls.__name__}.get_config must return each argument of its __init__ that has no default."
    return damage_named(f"the config of {cls.__name__}", advice)


def reads_config(method: Callable) -> classmethod:
    """A class's `from_config`, where a damaged config is an ArgumentError."""

    @functools.wraps(method)
    def from_config(cls, *args, **kwargs):
        with config_damage_named(cls):
            return method(cls, *args, **kwargs)

    return classmethod(from_config)


def is_of_the_user(error: BaseException) -> bool:
    """Whether code of the user's was running when the error was raised."""
    trace = error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        if name.split(".")[0] not in _LIBRARIES:
            return True
        trace = trace.tb_next
    return False


def _said(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, MemoryError):
        return "it asks for more memory than there is"
    text = str(error)
    return f"{type(error).__name__}: {text[:_LONGEST]}{'...' if len(text) > _LONGEST else ''}"


def read_json(text: Any, what: str, advice: str = "", kind: type[KerasnbError] = ArgumentError) -> Any:
    """The data that JSON text describes.

    Raises:
        ArgumentError: it is no JSON; or an error of another kind.
    """
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise kind(f"{what} ({_said(error)}).", advice) from error


def check_unpacked_size(path: Any, size: int) -> None:
    """Refuse a packed file of which so many bytes were, or would be, unpacked, when that is far too many for it.

    Raises:
        FileError: it is.
    """
    if size > max(_HARMLESS, _LARGEST_RATIO * os.path.getsize(path)):
        raise FileError(
            f'"{path}" of {os.path.getsize(path):,} bytes would fill {size:,} bytes or more.',
            "It is damaged, or made to fill the memory; do not use it.",
        )
