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
    """Take layers away and join their neighbours, as one step.

    %kerasnb rm digits_cnn drop_1
    %kerasnb rm digits_cnn conv_2 drop_1
    """
    subject = variables.editable(options.model)
    subject.edit(lambda: subject.document.remove(*options.layers))
    return Text(f"{options.model}: removed {', '.join(options.layers)}; {len(subject.document.graph)} layers are left")
