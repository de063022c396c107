"""The curves of a panel as the browser needs them, and as the picture that stays."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from ...report.history import Run, best_epoch, history_text, metric_title
from ...report.history_drawing import history_svg
from ..base.snapshot import Picture
from .feed import json_number, plain_point

__all__ = ["curve_picture", "curve_state"]


def curve_state(runs: list[Run], overlaid: dict[str, Run] | None = None) -> dict[str, Any]:
    """The last run in full, the one before it, and those laid beside, as JSON can carry them."""
    if not runs:
        return {}
    earlier = runs[-2] if len(runs) > 1 else None
    beside = [{"name": name, "logs": _logs(run)} for name, run in (overlaid or {}).items()]
    return {"run": _run_state(runs[-1]), "earlier": earlier and _run_state(earlier), "beside": beside}


def curve_picture(title: str, runs: list[Run], parameters: int | None, frozen: int = 0) -> Picture:
    """The curves as SVG, with one line of text."""
    run = runs[-1] if runs else None
    text = history_text(title, run, parameters, frozen)
    if run is None or run.epochs == 0:
        return Picture(text)
    return Picture(text, svg=history_svg(run, runs[-2] if len(runs) > 1 else None, text))


def _run_state(run: Run) -> dict[str, Any]:
    best = best_epoch(run)
    return {
        "number": run.number,
        "planned": run.planned,
        "learning_rate": run.learning_rate,
        "outcome": run.outcome,
        "logs": _logs(run),
        "metric": run.metric,
        "metric_title": run.metric and metric_title(run.metric),
        "best": best and best.epoch,
        "marks": [asdict(mark) for mark in run.marks],
        "epoch_batches": run.epoch_batches,
        "trail": [plain_point(point) for point in run.trail],
    }


def _logs(run: Run) -> dict[str, list[float | None]]:
    return {name: [json_number(value) for value in values] for name, values in run.logs.items()}
