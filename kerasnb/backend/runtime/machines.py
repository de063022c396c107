"""How many machines compute a program together, and into how many parts they cut a batch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from .of_thread import set_in_thread

__all__ = ["ALONE", "Machines", "machines", "together"]

_of_thread = threading.local()


@dataclass(frozen=True)
class Machines:
    """Those that compute what this thread lowers.

    Attributes:
        count: how many there are.
        parts: as many where each has its part of the batch, 1 where each computes all of it.
        rank: the number of this one, from 0 on.
        total: the sum of an array over all of them, for a backend whose own sums are not used.
    """

    count: int = 1
    parts: int = 1
    rank: int = 0
    total: Callable[[np.ndarray], np.ndarray] | None = None


ALONE = Machines()


def machines() -> Machines:
    """The machines that compute what this thread lowers; `ALONE` outside `together`."""
    return getattr(_of_thread, "machines", None) or ALONE


def together(those: Machines) -> AbstractContextManager[None]:
    """While inside, what this thread lowers and runs is computed by these machines."""
    return set_in_thread(_of_thread, "machines", those)
