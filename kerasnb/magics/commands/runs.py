"""`%kerasnb runs`: the trainings that were kept beside this notebook."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add, sample_index
from ..needs import place_of_runs
from ..results import Rows, Text
from ..variables import Variables

__all__ = ["arguments", "run"]

HEADING = ("run", "began (UTC)", "model", "how it ended", "best epoch", "", "backend")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "name", nargs="?", metavar="MODEL", offers="models", help="only runs of the model of this name")
    add(
        parser,
        "--prune",
        type=sample_index,
        metavar="KEEP",
        help="remove all but the newest KEEP; those that are running stay",
    )


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """List the trainings that were kept: when, of which model, how they ended.

    Each fit of a Fit panel or with LiveHistory is one, with its curve and weights, in a folder beside the notebook.
    Returns the records: `found = %kerasnb runs`, then `found[0].curve`, `.configuration`, `.restore(model, "best")`.

    %kerasnb runs
    %kerasnb runs digits_cnn
    %kerasnb runs --prune 20
    """
    from ... import runs

    place = place_of_runs()
    if options.prune is not None:
        removed = runs.prune(options.prune, name=options.name)
        return Text(f"removed {len(removed)} run{'s' * (len(removed) != 1)}, kept the newest {options.prune}")
    records = runs.all(name=options.name)
    of = f" of {options.name}" if options.name else ""
    title = f"{len(records)} run{'s' * (len(records) != 1)}{of} in {place}"
    return Rows(records, title, [HEADING, *map(_cells, records)] if records else [], right=(4,))


def _cells(record: Any) -> tuple[str, ...]:
    best = record.best
    damaged = f", {record.damaged} damaged lines" if record.damaged else ""
    return (
        record.id,
        record.began[:16].replace("T", " "),
        record.name,
        record.describe() + damaged,
        str(record.best_epoch or ""),
        f"{best[0]} {best[1]:.4g}" if best else "",
        record.backend,
    )
