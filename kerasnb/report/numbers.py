"""How numbers, counts and shapes are written for people."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["count", "shape_text", "three_decimals", "writer_for"]


def count(number: int | None) -> str:
    """`7210` -> `7,210`; what is not known yet is a question mark."""
    return "?" if number is None else f"{int(number):,}"


def shape_text(shape: tuple | list | None) -> str:
    """A shape as Python writes it; a list of shapes, one after the other."""
    if shape is None:
        return "?"
    if isinstance(shape, list):
        return " and ".join(shape_text(one) for one in shape)
    return str(tuple(shape))


def three_decimals(value: float) -> str:
    """`0.0614` -> `0.061`; large values have fewer decimals, very small ones keep three significant digits."""
    value = float(value)
    if not math.isfinite(value) or value == 0 or 0.001 <= abs(value) < 100:
        return f"{value:.3f}"
    if 100 <= abs(value) < 1e7:
        return f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return f"{value:.2e}"


def writer_for(low: float, high: float) -> Callable[[float], str]:
    """Writes values from `low` to `high` with the decimals that tell them apart: three, more where all are small."""
    largest = max(abs(float(low)), abs(float(high)))
    if not math.isfinite(largest) or largest >= 0.1 or largest < 1e-7:
        return three_decimals
    decimals = 2 - math.floor(math.log10(largest))
    return lambda value: f"{float(value):.{decimals}f}"
