"""Long work in pieces: between two of them whoever asked for it may give it up."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

__all__ = ["between_pieces", "given_up_by"]


def _goes_on() -> None:
    """Work that nobody can give up goes on."""


_asks: ContextVar[Callable[[], None]] = ContextVar("asks", default=_goes_on)


def between_pieces() -> None:
    """A place where work may end: raises what the one who asked for it raises to give it up."""
    _asks.get()()


@contextlib.contextmanager
def given_up_by(ask: Callable[[], None]) -> Iterator[None]:
    """Inside, work calls `ask` between its pieces."""
    token = _asks.set(ask)
    try:
        yield
    finally:
        _asks.reset(token)
