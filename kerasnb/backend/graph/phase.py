"""What a runtime feeds by itself: the learning phase (0 test, 1 train) and the count of calls for random ops."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar

from ...errors import ArgumentError
from .tensor import Ambient, Placeholder

__all__ = ["learning_phase", "set_learning_phase", "clear_learning_phase", "phase_fixed_to", "tests_only"]
__all__ += ["PHASE", "CALLS", "Held"]

PHASE = Ambient((), "uint8", name="keras_learning_phase", uses_learning_phase=True)
CALLS = Ambient((), "int64", name="calls_so_far")
_fixed: int | None = None  # for all that is built, by `set_learning_phase`
# for what one thread builds now, by a call's `training=`; another one may build at the same time
_of_call: ContextVar[int | None] = ContextVar("phase_of_call", default=None)


class Held:
    """Whether a layer computes as for prediction while its model trains; read when a program is made."""

    is_on = False


def learning_phase() -> Placeholder | int:
    """The learning phase as a function input (0 test, 1 train), or the number it was fixed to.

    Shape: -> a number, `()`.
    """
    fixed = _fixed_now()
    return PHASE if fixed is None else fixed


def _fixed_now() -> int | None:
    """The number that the phase is fixed to for what this thread builds."""
    return _fixed if _of_call.get() is None else _of_call.get()


def set_learning_phase(value: int) -> None:
    """Fix the learning phase to 0 (test) or 1 (train) for everything built from now on."""
    global _fixed
    _fixed = _checked(value)


def _checked(value: int) -> int:
    if value not in (0, 1):
        raise ArgumentError(
            f"the learning phase is 0 (test) or 1 (train), got {value!r}.", "Call K.set_learning_phase(0)."
        )
    return int(value)


@contextlib.contextmanager
def phase_fixed_to(value: int | None) -> Iterator[None]:
    """The learning phase is this number for what is built inside; None leaves it as it is."""
    token = None if value is None else _of_call.set(_checked(value))
    try:
        yield
    finally:
        if token is not None:
            _of_call.reset(token)


def tests_only() -> bool:
    """Whether what is built now only tests, also while the rest trains: by `training=False`, or a phase fixed to 0."""
    return _fixed_now() == 0


def clear_learning_phase() -> None:
    """Make the learning phase an input again."""
    global _fixed
    _fixed = None
