"""The curves of several runs in one matplotlib picture, a colour for each."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from .history import Run, metric_title
from .history_picture import DPI, FINENESS, INK, LINE, MUTED, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["comparison_png"]

# Okabe and Ito, Color Universal Design (2008): told apart by every eye
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000")
HEIGHT = 3.0


def comparison_png(named: dict[str, Run]) -> bytes:
    """Loss beside the first metric that all have, as PNG; validation curves where there are some."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = ["loss", *_shared_metric(list(named.values()))]
    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    figure.subplots_adjust(left=0.055, right=0.988, bottom=0.1, top=0.9 - 0.06 * len(named), wspace=0.14)
    axes = figure.subplots(1, len(names), squeeze=False)[0]
    for axis, name in zip(axes, names, strict=True):
        _draw(axis, name, named)
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper left", frameon=False, fontsize=8, labelcolor=MUTED)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=FINENESS * DPI, metadata={"Software": None})
    return buffer.getvalue()


def _shared_metric(runs: list[Run]) -> list[str]:
    metric = runs[0].metric if runs else None
    return [metric] if metric and all(metric in run.logs for run in runs) else []


def _draw(axis: Axes, name: str, named: dict[str, Run]) -> None:
    drawn: list[float] = []
    for place, (label, run) in enumerate(named.items()):
        validated = "val_" + name in run.logs
        values = run.logs.get("val_" + name if validated else name, [])
        colour = COLOURS[place % len(COLOURS)]
        axis.plot(
            range(1, len(values) + 1),
            values,
            color=colour,
            linewidth=1.5,
            label=f"{label}{' (validation)' if validated else ''}",
            marker="o" if len(values) == 1 else None,
        )
        drawn += [value for value in values if math.isfinite(value)]
    logarithmic = name == "loss" and bool(drawn) and min(drawn) > 0
    if logarithmic:
        axis.set_yscale("log")
    axis.set_title(
        "Loss, log scale" if logarithmic else metric_title(name),
        loc="left",
        fontsize=9,
        fontweight="bold",
        color=INK,
    )
    axis.grid(axis="y", color=LINE, linewidth=0.8)
    axis.spines[:].set_visible(False)
    axis.tick_params(labelsize=8, labelcolor=MUTED, length=0, which="both")
