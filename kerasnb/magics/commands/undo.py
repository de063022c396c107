"""`%kerasnb undo`: steps taken back."""

from __future__ import annotations

import argparse

from ..kinds import add, whole
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "moved", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "steps", nargs="?", type=whole, default=1, metavar="N", help="how many (default: 1)")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Take back the last steps of editing a model, in its Builder or by commands.

    %kerasnb undo digits_cnn
    %kerasnb undo digits_cnn 3
    """
    return moved(variables, options, "undo", "taken back")


def moved(variables: Variables, options: argparse.Namespace, way: str, said: str) -> Text:
    """Go through the document's steps, by its method `undo` or `redo`, and say which they were."""
    subject = variables.editable(options.model)
    steps = [subject.edit(getattr(subject.document, way)) for _ in range(options.steps)]
    done = ", ".join(step for step in steps if step)
    return Text(f"{options.model}: {said}: {done}" if done else f"{options.model}: there is nothing to {way}")
