"""How the values of arrays spread from epoch to epoch: histograms that are cheap to take, and bounded in bytes."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

__all__ = ["EpochHistograms", "Spread"]

BINS = 32
MOST_EPOCHS = 64  # kept for each array; of more every second, fourth ... stays
MOST_ARRAYS = 64
MOST_VALUES = 1 << 16  # of an array are looked at, evenly spaced
PARTS = 8  # of a bin, when it is put on the scale of all epochs


@dataclass(frozen=True)
class Spread:
    """The histograms of one array over epochs, on one scale.

    Attributes:
        epochs: the epochs that were kept, from 1.
        low, high: the ends of the scale.
        shares: `(BINS, epochs)`, the share of the values in each bin, the highest values first.
    """

    epochs: tuple[int, ...]
    low: float
    high: float
    shares: np.ndarray


class EpochHistograms:
    """Keeps what `take` is given: at most 64 arrays of 64 epochs, of 144 bytes each, so 0.6 MB."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, dict[int, tuple[float, float, np.ndarray]]] = {}
        self._every = 1

    def wants(self, epoch: int) -> bool:
        """Whether an epoch is kept: of very many, only some are."""
        return (epoch - 1) % self._every == 0

    def take(self, epoch: int, name: Hashable, array: np.ndarray) -> None:
        """Keep the histogram of an array after an epoch, which counts from 1."""
        if name not in self._kept and len(self._kept) >= MOST_ARRAYS:
            return
        flat = np.asarray(array).reshape(-1)
        # evenly spaced, not drawn: the same weights give the same picture
        some = flat[:: -(-flat.size // MOST_VALUES) or 1].astype("float64")
        some = some[np.isfinite(some)]
        if not some.size:
            return
        low, high = float(some.min()), float(some.max())
        counts = np.histogram(some, BINS, (low, high) if low < high else (low - 0.5, low + 0.5))[0]
        self._kept.setdefault(name, {})[epoch] = (low, high, counts.astype("int32"))
        # every second epoch goes, of all arrays alike: their pictures stand beside each other
        if len(self._kept[name]) > MOST_EPOCHS:
            self._thin()

    def spread(self, name: Hashable) -> Spread | None:
        """The histograms of an array; None where none were taken."""
        kept = dict(self._kept.get(name) or {})  # a copy: the thread that trains may add to it
        if not kept:
            return None
        low, high = min(each[0] for each in kept.values()), max(each[1] for each in kept.values())
        if low == high:
            low, high = low - 0.5, high + 0.5
        columns = [_on_scale(*kept[epoch], low, high) for epoch in sorted(kept)]
        return Spread(tuple(sorted(kept)), low, high, np.stack(columns, axis=1)[::-1].astype("float32"))

    def _thin(self) -> None:
        self._every *= 2
        for name, kept in self._kept.items():
            self._kept[name] = {epoch: each for epoch, each in kept.items() if self.wants(epoch)}


def _on_scale(own_low: float, own_high: float, counts: np.ndarray, low: float, high: float) -> np.ndarray:
    """Counts over a range of their own as shares of bins of the whole range."""
    if own_low == own_high:
        places, weights = np.array([own_low]), np.array([1.0])
    else:
        step = (own_high - own_low) / (len(counts) * PARTS)
        # each bin counts as spread evenly over its width, since where its values lay is not kept
        places = own_low + step * (np.arange(len(counts) * PARTS) + 0.5)
        weights = np.repeat(counts / (counts.sum() * PARTS), PARTS)
    return np.histogram(places, BINS, (low, high), weights=weights)[0]
