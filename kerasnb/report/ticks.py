"""Where the axes of a chart have their numbers: the same places as in the browser (`frontend/history/ticks.js`)."""

from __future__ import annotations

import math

__all__ = ["epoch_ticks", "even_ticks", "log_ticks", "tick_text"]

EPOCH_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def log_ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 times powers of ten; evenly spaced round numbers where fewer than two of those lie inside."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    inside = [tick for tick in (step * 10.0**power for power in powers for step in (1, 2, 5)) if low <= tick <= high]
    if len(inside) > 6:
        return [tick for tick in inside if f"{tick:e}".startswith("1")]
    return inside if len(inside) > 1 else even_ticks(low, high)


def even_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """About as many round numbers as wanted, inside the range."""
    power = 10.0 ** math.floor(math.log10((high - low) / wanted))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= (high - low) / wanted * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [at * step for at in range(first, last + 1)]


def epoch_ticks(epochs: int) -> list[int]:
    """Whole epochs, at most about six, the first one among them."""
    step = next((size for size in EPOCH_STEPS if epochs / size <= 6), math.ceil(epochs / 6))
    return [1, *(tick for tick in range(step, epochs + 1, step) if tick > 1 + step / 2)]


def tick_text(value: float) -> str:
    """A number at an axis, three digits of it: `0.25`, `1200`, `1.5e-05`."""
    return f"{value:.3g}" if value and abs(value) < 1e-3 else f"{float(f'{value:.3g}'):g}"
