"""`%kerasnb why`: which layers break a model, and what mends them."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add, sample_index
from ..results import Rows, Text
from ..variables import Variables

__all__ = ["arguments", "run"]

HEADING = ("", "layer", "what mends it")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "--fix", type=sample_index, metavar="N", help="take the fix of this number")


def run(variables: Variables, options: argparse.Namespace) -> Rows | Text:
    """Say which layer of a model breaks, why, and which edits make it work; --fix takes one.

    %kerasnb why digits_cnn
    %kerasnb why digits_cnn --fix 0
    """
    subject = variables.editable(options.model)
    document = subject.document
    if not document.failed:
        return Text(f"{options.model}: all shapes fit. For loss and data: %kerasnb check {options.model}")
    name = document.failed[0]
    fixes = document.fixes(name)
    if options.fix is not None:
        if options.fix >= len(fixes):
            raise UsageError(f"there are {len(fixes)} fixes, numbered from 0; there is no {options.fix}.")
        fix = fixes[options.fix]
        subject.edit(lambda: document.apply(fix))
        then = "all shapes fit" if not document.failed else f"now {document.failed[0]} breaks"
        return Text(f"{options.model}: {fix.label}; {then}")
    table = [HEADING, *((str(place), name, fix.label) for place, fix in enumerate(fixes))] if fixes else []
    return Rows(fixes, f"{options.model}: {document.results[name].error}", table)
