"""`%kerasnb compare`: runs side by side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Pictured, aligned
from ..workspace import Workspace

__all__ = ["arguments", "run"]

WIDEST = 60  # characters of one cell


def arguments(parser: argparse.ArgumentParser) -> None:
    add(
        parser,
        "runs",
        nargs="*",
        metavar="RUN",
        offers="runs",
        help="ids, parts that only one id has, or last; left out, the newest two",
    )


def run(workspace: Workspace, options: argparse.Namespace) -> Pictured:
    """Say in what runs differ, and draw their curves in one picture.

    Compared are results, model, optimizer, arguments of fit, data and libraries.

    %kerasnb compare
    %kerasnb compare 20261130-162734.120-digits_cnn-4711 last
    """
    from ... import runs
    from ...report.comparison_picture import comparison_png
    from ...report.history_picture import DPI, WIDTH

    names = list(dict.fromkeys(options.runs)) or runs.run_ids()[-2:]
    records = [runs.open(name) for name in names]
    if len({record.id for record in records}) < 2:
        raise UsageError("needs two runs or more.\nList them: %kerasnb runs")
    drawn = {record.id: record.curve for record in records if record.epochs}
    png = comparison_png(drawn) if drawn else None
    return Pictured(png, _text(records, runs.differences(records)), int(WIDTH * DPI))


def _text(records: Sequence[Any], found: Sequence[Any]) -> str:
    rows = [("", *(record.id for record in records))]
    rows += [(each.what, *(_short(value) for value in each.values)) for each in found]
    return "\n".join([f"{len(records)} runs; what is not listed is the same in all", *aligned(rows)])


def _short(value: str) -> str:
    return value if len(value) <= WIDEST else value[: WIDEST - 3] + "..."
