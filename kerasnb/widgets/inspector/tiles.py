"""Arrays as the browser draws them: bytes on one scale, or few numbers, with the words that go with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...report.figures import Histogram, Statistics
from ...report.numbers import count, writer_for
from ...report.presentation import Presentation, scale

__all__ = ["coloured", "drawing", "histogram_view", "statistics_rows"]

TITLES = {
    "maps": "Feature maps",
    "strip": "Features over time",
    "lines": "Features over time",
    "bars": "Units",
    "numbers": "Values",
}
ONE = {"maps": "Map", "strip": "Feature", "lines": "Feature", "bars": "Unit", "numbers": "Unit"}
MOST_SIDE = 512


def drawing(
    shown: Presentation,
    title: str | None = None,
    labels: list[str] | None = None,
    one: str | None = None,
    span: tuple[float, float] | None = None,
    first: int = 0,
) -> dict[str, Any]:
    """One arranged array: its kind, its pixels and a caption; numbers too where they are few enough to be read.

    Args:
        one: what a single row or tile is called.
        span: lowest and highest of all that shares its scale, where this is a part of more.
        first: the number of the first row or tile.
    """
    values = _thinned(shown.values)
    scaled = scale(values, span)
    view = {
        "kind": shown.kind,
        "title": title or shown.title or TITLES[shown.kind],
        "caption": _caption(shown, scaled),
        "size": list(values.shape),
        "pixels": scaled.pixels.tobytes(),
        "low": scaled.low,
        "high": scaled.high,
        "signed": scaled.signed,
        "labels": labels or [str(first + unit) for unit in range(len(values))],
        "texts": _texts(one or shown.one or ONE[shown.kind], shown.values, first),
    }
    if shown.kind in ("bars", "numbers"):
        view["numbers"] = [float(value) for value in np.nan_to_num(shown.values)]
    return view


def coloured(values: np.ndarray) -> dict[str, Any]:
    """Three maps as one picture in colours, from the lowest value to the highest."""
    finite = np.nan_to_num(np.moveaxis(_thinned(values), 0, -1).astype("float32"))
    low, high = float(finite.min()), float(finite.max())
    pixels = np.rint((finite - low) * (255 / ((high - low) or 1.0))).astype("uint8")
    caption = f"colours from {low:.3g} to {high:.3g}"
    return {"kind": "image", "size": list(finite.shape), "pixels": pixels.tobytes(), "caption": caption}


def statistics_rows(figures: Statistics) -> list[list[str]]:
    """Words and numbers of an array, one pair a row."""
    if figures.mean is None or figures.minimum is None or figures.maximum is None:
        return [["not finite", f"{count(figures.not_finite)} of {count(figures.size)}"]]
    write = writer_for(figures.minimum, figures.maximum)
    rows = [
        ["min", write(figures.minimum)],
        ["mean", write(figures.mean)],
        ["max", write(figures.maximum)],
        ["exactly 0", f"{count(figures.zeros)} of {count(figures.size)}"],
    ]
    if figures.not_finite:
        rows.append(["not finite", f"{count(figures.not_finite)} of {count(figures.size)}"])
    return rows


def histogram_view(bars: Histogram) -> dict[str, Any]:
    """A histogram with its title and the labels of its axis."""
    middle = (bars.low + bars.high) / 2
    if abs(middle) < 0.005 * (bars.high - bars.low):
        middle = 0.0
    return {
        "title": bars.title,
        "counts": list(bars.counts),
        "of": f"{count(bars.counted)} of {count(bars.size)}",
        "ticks": [f"{value:.3g}" for value in (bars.low, middle, bars.high)],
    }


def _caption(shown: Presentation, scaled: Any) -> str:
    low, high = f"{scaled.low:.3g}", f"{scaled.high:.3g}"
    several = f", one scale for all {'maps' if shown.kind == 'maps' else 'rows'}" if shown.units > 1 else ""
    words = {"maps": f"white = {high}, black = {low}" + several, "strip": f"light = {high}, dark = {low}" + several}
    if scaled.signed:
        words["maps"] = words["strip"] = f"orange = {high}, blue = {low}{several}"
    words["lines"] = f"from {low} to {high}"
    words["bars"] = f"{'largest magnitude' if scaled.signed else 'largest'} {high}"
    text = words.get(shown.kind, "")
    return ", ".join(part for part in (text, shown.note) if part)


def _texts(one: str, values: np.ndarray, first: int) -> list[str]:
    write = writer_for(values.min(), values.max())
    if values.size == len(values):
        return [f"{one} {unit}: {write(value)}" for unit, value in enumerate(values.reshape(-1), first)]
    rest = tuple(range(1, values.ndim))
    figures = zip(values.min(axis=rest), values.mean(axis=rest), values.max(axis=rest), strict=True)
    return [
        f"{one} {unit}: min {write(low)}, mean {write(mean)}, max {write(high)}"
        for unit, (low, mean, high) in enumerate(figures, first)
    ]


def _thinned(values: np.ndarray) -> np.ndarray:
    # a screen shows no more than this; every n-th row or column is enough
    for axis in range(1, values.ndim):
        step = -(-values.shape[axis] // MOST_SIDE)
        values = values[(slice(None),) * axis + (slice(None, None, step),)]
    return values
