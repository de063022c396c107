"""`%kerasnb compare`: runs side by side."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from string import ascii_uppercase
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add
from ..needs import place_of_runs
from ..results import Drawing, Text, aligned
from ..variables import Variables

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


def run(variables: Variables, options: argparse.Namespace) -> Drawing | Text:
    """Say in what runs differ, and draw their curves in one picture.

    Compared are results, model, optimizer, arguments of fit, data and libraries.

    %kerasnb compare
    %kerasnb compare 20261130-162734.120-digits_cnn-4711 last
    """
    from ... import runs
    from ...report.history_drawing import comparison_svg

    place_of_runs()  # raises where none are kept
    names = list(dict.fromkeys(options.runs)) or runs.run_ids()[-2:]
    records = [runs.open(name) for name in names]
    if len({record.id for record in records}) < 2:
        raise UsageError("needs two runs or more.\nList them: %kerasnb runs")
    letters = [ascii_uppercase[place % 26] for place in range(len(records))]
    drawn = {letter: record.curve for letter, record in zip(letters, records, strict=True) if record.epochs}
    text = _text(letters, records, runs.differences(records))
    return Drawing(comparison_svg(drawn, "curves of runs"), text) if drawn else Text(text)


def _text(letters: Sequence[str], records: Sequence[Any], found: Sequence[Any]) -> str:
    rows = [("", *(f"{letter}: {record.id}" for letter, record in zip(letters, records, strict=True)))]
    rows += [(each.what, *(_short(value) for value in each.values)) for each in found]
    return "\n".join([f"{len(records)} runs; what is not listed is the same in all", *aligned(rows)])


def _short(value: str) -> str:
    return value if len(value) <= WIDEST else value[: WIDEST - 3] + "..."
