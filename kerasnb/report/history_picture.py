"""The curves of a training as one matplotlib picture, drawn without pyplot so that any thread may do it."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING

from .history import Best, Run, best_epoch, metric_title
from .numbers import three_decimals

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["figure_png", "history_figure"]

INK, MUTED, LINE = "#212121", "#575757", "#dedede"
TRAIN, VALIDATION, EARLIER = "#176dc1", "#a8590b", "#949494"
WIDTH, HEIGHT, DPI = 9.6, 2.5, 100
FINENESS = 1.75


def history_figure(run: Run, earlier: Run | None = None) -> Figure:
    """Loss on a log axis beside the first metric; the best epoch is dotted, an earlier run grey, changes have flags."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor="white")
    # margins by hand: matplotlib's own layouts draw everything twice to find them
    figure.subplots_adjust(left=0.045, right=0.988, bottom=0.11, top=0.885, wspace=0.13)
    names = ["loss"] + ([run.metric] if run.metric in run.logs else [])
    axes = figure.subplots(1, len(names), squeeze=False)[0]
    best = best_epoch(run)
    for axis, name in zip(axes, names, strict=True):
        _draw(axis, name, run, earlier, best)
        for place in sorted({max(mark.at, 1) for mark in run.marks}):
            axis.axvline(place, color=MUTED, linestyle=(0, (3, 3)), linewidth=0.9, alpha=0.6)
            axis.plot([place], [1], "v", color=MUTED, markersize=5, transform=axis.get_xaxis_transform(), clip_on=False)
    return figure


def figure_png(run: Run, earlier: Run | None = None) -> bytes:
    """The picture as PNG bytes, finer than it is shown."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    figure = history_figure(run, earlier)
    buffer = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(buffer, format="png", dpi=FINENESS * DPI, metadata={"Software": None})
    return buffer.getvalue()


def _draw(axis: Axes, name: str, run: Run, earlier: Run | None, best: Best | None) -> None:
    if earlier is not None:
        _curve(axis, earlier.logs.get("val_" + name) or earlier.logs.get(name), EARLIER, "-", f"run {earlier.number}")
    _curve(axis, run.logs.get(name), TRAIN, "-", "train")
    _curve(axis, run.logs.get("val_" + name), VALIDATION, (0, (4, 2)), "validation")
    if best is not None:
        _mark_best(axis, name, run, best)
    _dress(axis, name, run)


def _curve(axis: Axes, values: list[float] | None, colour: str, style: object, label: str) -> None:
    if values:
        lone = "o" if len(values) == 1 else None
        axis.plot(
            range(1, len(values) + 1),
            values,
            color=colour,
            linestyle=style,
            linewidth=1.5,
            label=label,
            marker=lone,
            markersize=4,
        )


def _mark_best(axis: Axes, name: str, run: Run, best: Best) -> None:
    validated = "val_" + name in run.logs
    value = run.logs["val_" + name if validated else name][best.epoch - 1]
    if not math.isfinite(value):
        return
    axis.axvline(best.epoch, color=INK, linestyle=(0, (1, 2)), linewidth=0.9)
    axis.plot(
        [best.epoch],
        [value],
        "o",
        color=VALIDATION if validated else TRAIN,
        markersize=6,
        markeredgecolor="white",
        clip_on=False,
        zorder=5,
    )
    left = best.epoch > (run.epochs + 1) / 2
    offset, side = (-6, "right") if left else (6, "left")
    axis.annotate(
        f"best: epoch {best.epoch}, {three_decimals(value)}",
        xy=(best.epoch, 0.5),
        xycoords=("data", "axes fraction"),
        xytext=(offset, 0),
        textcoords="offset points",
        ha=side,
        va="center",
        fontsize=8,
        color=INK,
        annotation_clip=False,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.85},
    )


def _dress(axis: Axes, name: str, run: Run) -> None:
    logarithmic = name == "loss" and _is_positive(run.logs, name)
    if logarithmic:
        _log_scale(axis)
    title = "Loss, log scale" if logarithmic else metric_title(name)
    axis.set_title(title, loc="left", fontsize=9, fontweight="bold", color=INK)
    axis.grid(axis="y", color=LINE, linewidth=0.8)
    axis.spines[:].set_visible(False)
    axis.tick_params(labelsize=8, labelcolor=MUTED, length=0, which="both")
    axis.set_xticks(_epoch_ticks(max(run.epochs, 1)))
    axis.set_xlim(1 if run.epochs > 1 else 0.5, max(run.epochs, 1.5))
    if axis.get_legend_handles_labels()[0]:
        axis.legend(
            loc="lower right",
            bbox_to_anchor=(1, 1),
            ncols=3,
            frameon=False,
            fontsize=8,
            labelcolor=MUTED,
            borderaxespad=0.2,
            handlelength=1.8,
            columnspacing=1.4,
        )


def _epoch_ticks(epochs: int) -> list[int]:
    step = next(size for size in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, epochs) if epochs / size <= 6)
    return sorted({1, *range(step, epochs + 1, step)} - ({2} if step == 2 else set()))


def _is_positive(logs: dict[str, list[float]], name: str) -> bool:
    finite = [value for each in (name, "val_" + name) for value in logs.get(each, ()) if math.isfinite(value)]
    return bool(finite) and min(finite) > 0


def _log_scale(axis: Axes) -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    axis.set_yscale("log")
    low, high = axis.get_ylim()
    axis.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)) if high > 5 * low else MaxNLocator(4))
    axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.yaxis.set_minor_formatter(NullFormatter())
