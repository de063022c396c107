"""Summary figures of one array: range, mean, zeros, histogram."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Histogram", "Statistics", "histogram", "statistics"]

BINS = 20


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
    values = np.asarray(array)
    finite = _finite(values)
    zeros, bad = int(np.count_nonzero(values == 0)), values.size - finite.size
    if finite.size == 0:
        return Statistics(values.size, None, None, None, None, zeros, bad)
    low, mean, high = float(finite.min()), float(finite.mean()), float(finite.max())
    return Statistics(values.size, low, mean, high, float(finite.std()), zeros, bad)


def histogram(array: np.ndarray, title: str = "Values", bins: int = BINS) -> Histogram:
    """Counts of the values; where zeros pile up under none below, only those above 0 are counted."""
    finite = _finite(np.asarray(array))
    size = int(np.asarray(array).size)
    shown = finite[finite > 0] if _is_rectified(finite) else finite
    if shown.size == 0:
        return Histogram(title, (0,) * bins, 0.0, 1.0, 0, size)
    low = 0.0 if shown is not finite else float(shown.min())
    high = float(shown.max())
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(shown, bins=bins, range=(low, high))
    name = f"{title} above 0" if shown is not finite else title
    return Histogram(name, tuple(int(each) for each in counts), low, high, int(shown.size), size)


def _finite(values: np.ndarray) -> np.ndarray:
    values = values.astype("float64", copy=False).ravel()
    return values[np.isfinite(values)]


def _is_rectified(values: np.ndarray) -> bool:
    return values.size > 0 and values.min() == 0 and bool(np.count_nonzero(values == 0) > values.size // 10)
