"""`%kerasnb rm`: layers taken away."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layers", nargs="+", metavar="LAYER", offers="layers", help="the layers to take away")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Take layers away and join their neighbours; `undo` brings them back one by one.

    %kerasnb rm digits_cnn drop_1
    """
    from ...widgets.builder.document.edits import known

    subject = variables.editable(options.model)
    for name in options.layers:  # all are there, or none is removed
        known(subject.document.graph, name)
    for name in options.layers:
        subject.edit(lambda name=name: subject.document.remove(name))
    return Text(f"{options.model}: removed {', '.join(options.layers)}; {len(subject.document.graph)} layers are left")
