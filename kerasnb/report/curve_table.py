"""Curves as a table of text, every figure with all its digits."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping

from .history import Run

__all__ = ["curves_csv"]


def curves_csv(runs: Mapping[str, Run]) -> str:
    """One line for each epoch of each run: its name, the epoch (from 1), loss, metrics and `val_*`.

    A figure that is not known is empty; reading a figure gives the very number that training gave.
    """
    names = list(dict.fromkeys(name for run in runs.values() for name in run.logs))
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["run", "epoch", *names])
    for title, run in runs.items():
        for place in range(run.epochs):
            rows.writerow([title, place + 1, *(_figure(run.logs.get(name, ()), place) for name in names)])
    return text.getvalue()


def _figure(values: list[float] | tuple, place: int) -> str:
    value = values[place] if place < len(values) else math.nan
    return "" if math.isnan(value) else repr(float(value))
