"""How often a costly thing may be done beside training."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

__all__ = ["Pace"]


class Pace:
    """Lets a thing be done every `seconds` at most, first after as many, and for no more than a share of the time.

    Args:
        seconds: from the end of one to the beginning of the next, at least.
        share: fraction of the time, 0 to 1, that may be spent on it.
        clock: seconds, rising.
    """

    def __init__(self, seconds: float, share: float, clock: Callable[[], float]):
        self.seconds, self.share, self.clock = seconds, share, clock
        self._next = clock() + seconds

    @property
    def is_due(self) -> bool:
        """Whether it is time for the next one."""
        return self.clock() >= self._next

    @contextlib.contextmanager
    def spending(self) -> Iterator[None]:
        """Inside, the thing is done."""
        began = self.clock()
        try:
            yield
        finally:
            now = self.clock()
            self._next = now + max(self.seconds, (now - began) / self.share)
