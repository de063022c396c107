"""The random numbers that transforms draw from: the batch's own where it has a seed, numpy's global ones otherwise.

Keras 1.2 seeds numpy's global generator before each batch. So do we, for the functions of the user; our own transforms
draw from a copy of it that belongs to the thread, so that several workers do not take each other's numbers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

__all__ = ["Seeding", "numbers", "drawing_from", "copy_of_global"]

_thread = threading.local()


def numbers() -> Any:
    """What to call `uniform`, `random_sample` and `randint` on."""
    return getattr(_thread, "numbers", None) or np.random


class Seeding(NamedTuple):
    """How a generator comes to where a batch draws from: by a seed, and by having drawn an order of so many."""

    seed: int
    permuted: int = 0


@contextmanager
def drawing_from(own: np.random.RandomState | Seeding | None) -> Iterator[None]:
    """Let this thread draw from `own`; None is numpy's global generator."""
    before = getattr(_thread, "numbers", None)
    _thread.numbers = _at(own, before) if isinstance(own, Seeding) else own
    try:
        yield
    finally:
        _thread.numbers = before


def _at(seeding: Seeding, in_use: Any) -> np.random.RandomState:
    """The thread's own generator: to make one takes as long as to flip ten pictures, to seed it next to nothing."""
    own = getattr(_thread, "own", None)
    if own is None or own is in_use:
        own = _thread.own = np.random.RandomState()
    own.seed(seeding.seed)
    if seeding.permuted:
        own.permutation(seeding.permuted)
    return own


def copy_of_global() -> np.random.RandomState:
    """A generator of its own that gives the numbers that numpy's global one would give next."""
    own = np.random.RandomState()
    own.set_state(np.random.get_state())
    return own
