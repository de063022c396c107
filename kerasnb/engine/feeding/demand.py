"""How many batches of a generator are wanted: what is computed ahead and not used would be lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..fitting.later_arguments import Batches
from .datasets import END_OF_PASS

__all__ = ["Demand"]


class Demand:
    """Counts what was computed against what the epochs to come need, each up to the batch that reaches `count`.

    Args:
        count: samples of an epoch, or `Batches`.
        size_of: gives the number of samples of a batch, None where it cannot tell.
    """

    def __init__(self, count: int, size_of: Callable[[Any], int | None]):
        self.count, self.size_of = count, size_of
        self.in_batches = isinstance(count, Batches)
        self.epochs = self.seen = 0
        self.largest = 1 if self.in_batches else 0  # size of the largest batch so far

    def expect(self, epochs: int) -> None:
        """So many more epochs are to come."""
        self.epochs += epochs

    def took(self, batch: Any) -> None:
        """This batch, the next one in order, is computed; or it is the end of a pass."""
        if batch is END_OF_PASS:
            self.epochs, self.seen = self.epochs - 1, 0
            return
        size = 1 if self.in_batches else self.size_of(batch) or 0
        self.largest = max(self.largest, size)
        self.epochs, self.seen = self._after(size, self.epochs, self.seen)

    def allows(self, at_work: int) -> bool:
        """Whether one more batch is wanted, beside those at work, which are taken to be as large as the largest."""
        # nothing is known of sizes yet: one batch at a time, until the first has come
        if not self.largest:
            return self.epochs > 0 and at_work == 0
        epochs, seen = self.epochs, self.seen
        for _ in range(at_work):
            epochs, seen = self._after(self.largest, epochs, seen)
        return epochs > 0

    def _after(self, size: int, epochs: int, seen: int) -> tuple[int, int]:
        """Epochs to come, and samples seen of this one, after a batch of this size."""
        return (epochs, seen + size) if seen + size < self.count else (epochs - 1, 0)
