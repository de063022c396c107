"""How the output of one layer for one sample is best drawn: as maps, strips, bars or numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["Presentation", "Scaled", "is_attention", "present", "scale"]

FEW_NUMBERS = 4
FEW_LINES = 6
MOST_BARS = 4096
AT_ONCE = 1 << 18  # values


@dataclass(frozen=True)
class Presentation:
    """One sample's values, arranged for drawing.

    Attributes:
        kind: `maps` (unit, rows, cols), `strip` or `lines` (unit, time), `bars` or `numbers` (unit,).
        values: float32 array of the shape that belongs to `kind`.
        note: what was left out or chosen, empty when all is shown.
        title: what the values are, where that is known better than by `kind`.
        one: what a single map or row is called then.
    """

    kind: str
    values: np.ndarray
    note: str = ""
    title: str = ""
    one: str = ""

    @property
    def units(self) -> int:
        """How many units are drawn: maps, lines or bars."""
        return self.values.shape[0]


@dataclass(frozen=True)
class Scaled:
    """Values as bytes 0 to 255: `low` is 0, `high` is 255; signed ones have zero in the middle."""

    pixels: np.ndarray
    low: float
    high: float
    signed: bool


def present(sample: np.ndarray, dim_ordering: str = "tf") -> Presentation:
    """Arrange the values of one sample (no batch axis)."""
    if is_attention(sample):
        return _attention(np.asarray(sample, dtype="float32"))
    sample = np.asarray(sample, dtype="float32")
    if sample.ndim >= 4:
        return _middle_plane(sample, dim_ordering)
    if sample.ndim == 3:
        return Presentation("maps", sample if dim_ordering == "th" else np.moveaxis(sample, -1, 0))
    if sample.ndim == 2:
        return Presentation("lines" if sample.shape[1] <= FEW_LINES else "strip", sample.T)
    return _flat(sample.ravel())


def is_attention(sample: np.ndarray) -> bool:
    """Whether it is the attention of each step to each: `(time, time)` or `(heads, time, time)`, rows of sum 1."""
    sample = np.asarray(sample)
    if sample.ndim not in (2, 3) or sample.dtype.kind != "f" or sample.shape[-1] != sample.shape[-2]:
        return False
    if sample.shape[-1] < 2 or not bool((sample >= 0).all()):
        return False
    return bool(np.abs(sample.sum(axis=-1, dtype="float64") - 1).max() < 1e-3)


def _attention(sample: np.ndarray) -> Presentation:
    heads = sample if sample.ndim == 3 else sample[np.newaxis]
    note = "each row adds up to 1: a step down looks at the steps across"
    return Presentation("maps", heads, note, "Attention", "Head")


def scale(values: np.ndarray, span: tuple[float, float] | None = None) -> Scaled:
    """One scale for all values: from 0 when none is negative, else symmetric about 0.

    Args:
        span: the lowest and highest value of all that is drawn on this scale, where these are a part of it.
    """
    low, high = span or _span(values)
    signed = low < 0
    high = max(-low, high) if signed else high
    low = -high if signed else 0.0
    spread = (high - low) or 1.0
    pixels = np.empty(np.shape(values), "uint8")
    for some, finite in _finite_parts(values):
        pixels[some] = np.rint(np.clip((finite - low) * (255 / spread), 0, 255))
    return Scaled(pixels, low, high, signed)


def _span(values: np.ndarray) -> tuple[float, float]:
    ends = [(float(part.min()), float(part.max())) for _, part in _finite_parts(values) if part.size]
    return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else (0.0, 0.0)


def _finite_parts(values: np.ndarray) -> Iterator[tuple[slice, np.ndarray]]:
    """The values a few units at a time, with 0 for what is not finite: copies of all would be many times their size."""
    values = np.asarray(values, dtype="float32")
    some = max(1, AT_ONCE * len(values) // max(values.size, 1))
    for start in range(0, len(values), some):
        part = slice(start, start + some)
        yield part, np.nan_to_num(values[part], nan=0.0, posinf=0.0, neginf=0.0)


def _middle_plane(sample: np.ndarray, dim_ordering: str) -> Presentation:
    if dim_ordering != "th":
        sample = np.moveaxis(sample, -1, 0)
    notes = []
    while sample.ndim > 3:
        planes = sample.shape[1]
        notes.append(f"plane {planes // 2 + 1} of {planes}")
        sample = sample[:, planes // 2]
    return Presentation("maps", sample, ", ".join(notes))


def _flat(values: np.ndarray) -> Presentation:
    if values.size <= FEW_NUMBERS:
        return Presentation("numbers", values)
    note = f"the first {MOST_BARS:,} of {values.size:,}" if values.size > MOST_BARS else ""
    return Presentation("bars", values[:MOST_BARS], note)
