"""What this thread is doing for a runtime: lowering a program, or running the backend's own code."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

from .of_thread import set_in_thread

__all__ = [
    "hold_while_lowering",
    "is_differentiating",
    "is_for_xla",
    "lowering",
    "lowering_for_xla",
    "program_in_lowering",
    "value_in_progress",
    "values_in_progress",
]

_progress = threading.local()


@contextlib.contextmanager
def lowering(program: Any) -> Iterator[None]:
    """While a program is lowered, `program_in_lowering` gives it."""
    outer = program_in_lowering(), getattr(_progress, "held", [])
    _progress.program, _progress.held = program, []
    try:
        yield
    finally:
        for items in _progress.held:
            items.clear()
        _progress.program, _progress.held = outer


def program_in_lowering() -> Any:
    """The program that is being lowered in this thread."""
    return getattr(_progress, "program", None)


def hold_while_lowering(*items: Any) -> list:
    """A list of these, emptied when the program is lowered: for functions that the library keeps for ever."""
    held = list(items)
    _progress.held.append(held)
    return held


def is_differentiating() -> bool:
    """Whether the program that is being lowered holds gradients, which a lowering may have to prepare for."""
    program = program_in_lowering()
    return program is not None and program.uses("gradients")


def lowering_for_xla(is_so: bool) -> AbstractContextManager[None]:
    """While a program is lowered for TensorFlow's compiler, `is_for_xla` says so."""
    return set_in_thread(_progress, "for_xla", is_so)


def is_for_xla() -> bool:
    """Whether XLA compiles what is being lowered for TensorFlow, whose own kernels it then replaces by others."""
    return bool(getattr(_progress, "for_xla", False))


def values_in_progress(find: Callable[[Any], Any]) -> AbstractContextManager[None]:
    """While the backend's own code runs, `find` gives the native value of a symbolic tensor it meets."""
    return set_in_thread(_progress, "find", find)


def value_in_progress(tensor: Any) -> Any:
    """The native value of the tensor while the backend's own code runs, else None."""
    find = getattr(_progress, "find", None)
    return find(tensor) if find else None
