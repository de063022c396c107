"""`%kerasnb undo`: steps taken back."""

from __future__ import annotations

import argparse

from ..kinds import add, whole
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "steps", nargs="?", type=whole, default=1, metavar="N", help="how many (default: 1)")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Take back the last steps of editing a model, in its Builder or by commands.

    %kerasnb undo digits_cnn
    %kerasnb undo digits_cnn 3
    """
    subject = variables.editable(options.model)
    steps = [subject.edit(subject.document.undo) for _ in range(options.steps)]
    done = [step for step in steps if step]
    return Text(
        f"{options.model}: taken back: {', '.join(done)}" if done else f"{options.model}: there is nothing to undo"
    )
