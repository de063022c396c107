"""How the output of one layer for one sample is best drawn: as maps, strips, bars or numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Presentation", "Scaled", "is_attention", "present", "scale"]

FEW_NUMBERS = 4
FEW_LINES = 6
MOST_BARS = 4096


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
    values = np.nan_to_num(np.asarray(values, dtype="float32"), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = span or ((float(values.min()), float(values.max())) if values.size else (0.0, 0.0))
    signed = low < 0
    high = max(-low, high) if signed else high
    low = -high if signed else 0.0
    spread = (high - low) or 1.0
    pixels = np.rint(np.clip((values - low) * (255 / spread), 0, 255)).astype("uint8")
    return Scaled(np.ascontiguousarray(pixels), low, high, signed)


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
