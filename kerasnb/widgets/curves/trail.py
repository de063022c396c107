"""The course inside epochs: what the batches since the last message gave, kept as few points however long it trains."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["Trail"]

MOST = 600  # points; of twice as many every second is dropped

Figures = dict[str, float]


class Trail:
    """Points `(at, figures)`: `at` in epochs, figures the averages over the batches since the point before.

    fit tells running averages of the epoch; a point is the difference of two of them, by the samples they are over.
    """

    def __init__(self) -> None:
        self.points: list[tuple[float, Figures]] = []
        self.begin_epoch()

    def begin_epoch(self) -> None:
        """Averages begin anew."""
        self._seen, self._sums = 0, dict[str, float]()

    @property
    def has_begun(self) -> bool:
        """Whether a point was taken in this epoch."""
        return self._seen > 0

    def add(self, at: float, averages: Mapping[str, float], seen: int) -> tuple[float, Figures] | None:
        """Take the averages over the `seen` samples of the epoch so far; gives the point they make, if there is one."""
        if seen <= self._seen:
            return None
        sums = {name: value * seen for name, value in averages.items()}
        new = seen - self._seen
        point = at, {name: (total - self._sums.get(name, 0.0)) / new for name, total in sums.items()}
        self._seen, self._sums = seen, sums
        self.points.append(point)
        if len(self.points) >= 2 * MOST:
            self.points = self.points[1::2]
        return point
