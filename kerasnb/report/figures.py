"""Summary figures of one array: range, mean, zeros, histogram."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .pieces import between_pieces

__all__ = ["Histogram", "Statistics", "histogram", "statistics"]

BINS = 20
PIECE = 1 << 18  # values


@dataclass(frozen=True)
class Statistics:
    """Range and mean of the finite values, and how many are exactly zero or not finite."""

    size: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    deviation: float | None
    zeros: int
    not_finite: int


@dataclass(frozen=True)
class Histogram:
    """Counts in equal bins from `low` to `high`; `counted` of `size` values were in question."""

    title: str
    counts: tuple[int, ...]
    low: float
    high: float
    counted: int
    size: int


def statistics(array: np.ndarray) -> Statistics:
    """Figures over all values of an array."""
    span = _span(array)
    if span.finite == 0:
        return Statistics(span.size, None, None, None, None, span.zeros, span.size)
    mean = span.total / span.finite
    squares = sum(float(((piece - mean) ** 2).sum()) for piece in _finite_pieces(array))
    deviation = (squares / span.finite) ** 0.5
    return Statistics(span.size, span.low, mean, span.high, deviation, span.zeros, span.size - span.finite)


def histogram(array: np.ndarray, title: str = "Values", bins: int = BINS) -> Histogram:
    """Counts of the values; where zeros pile up under none below, only those above 0 are counted."""
    span = _span(array)
    is_rectified = span.finite > 0 and span.low == 0 and span.zeros > span.finite // 10
    shown = span.finite - (span.zeros if is_rectified else 0)
    if shown == 0:
        return Histogram(title, (0,) * bins, 0.0, 1.0, 0, span.size)
    low, high = span.low, span.high
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts = np.zeros(bins, "int64")
    for piece in _finite_pieces(array):
        counts += np.histogram(piece[piece > 0] if is_rectified else piece, bins=bins, range=(low, high))[0]
    name = f"{title} above 0" if is_rectified else title
    return Histogram(name, tuple(int(each) for each in counts), low, high, shown, span.size)


@dataclass
class _Span:
    size: int
    finite: int = 0
    zeros: int = 0
    total: float = 0.0
    low: float = math.inf
    high: float = -math.inf


def _span(array: np.ndarray) -> _Span:
    span = _Span(int(np.asarray(array).size))
    for piece in _finite_pieces(array):
        if piece.size:
            span.finite += piece.size
            span.zeros += int(np.count_nonzero(piece == 0))
            span.total += float(piece.sum())
            span.low, span.high = min(span.low, float(piece.min())), max(span.high, float(piece.max()))
    return span


def _finite_pieces(array: np.ndarray) -> Iterator[np.ndarray]:
    """The finite values as float64, so many at a time that neither time nor memory is felt."""
    flat = np.asarray(array).reshape(-1)
    for begin in range(0, flat.size, PIECE):
        between_pieces()
        piece = flat[begin : begin + PIECE].astype("float64", copy=False)
        yield piece[np.isfinite(piece)]
