"""What this thread is doing for a runtime: lowering a program, or running the backend's own code."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

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


@contextlib.contextmanager
def lowering_for_xla(is_so: bool) -> Iterator[None]:
    """While a program is lowered for TensorFlow's compiler, `is_for_xla` says so."""
    outer = is_for_xla()
    _progress.for_xla = is_so
    try:
        yield
    finally:
        _progress.for_xla = outer


def is_for_xla() -> bool:
    """Whether XLA compiles what is being lowered for TensorFlow, whose own kernels it then replaces by others."""
    return getattr(_progress, "for_xla", False)


@contextlib.contextmanager
def values_in_progress(find: Callable[[Any], Any]) -> Iterator[None]:
    """While the backend's own code runs, `find` gives the native value of a symbolic tensor it meets."""
    outer = getattr(_progress, "find", None)
    _progress.find = find
    try:
        yield
    finally:
        _progress.find = outer


def value_in_progress(tensor: Any) -> Any:
    """The native value of the tensor while the backend's own code runs, else None."""
    find = getattr(_progress, "find", None)
    return find(tensor) if find else None
