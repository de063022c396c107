"""`%kerasnb duplicate`: copies of layers."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Text
from ..variables import Variables
from .add import told

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layers", nargs="+", metavar="LAYER", offers="layers", help="the layers to copy")
    add(parser, "--after", metavar="NAME", offers="layers", help="where the copies go (default: after the layers)")
    add(parser, "--before", metavar="NAME", offers="layers", help="with --after: between these two only")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Copy layers with their arguments and the connections among them, as one step.

    The copies have weights of their own, which begin anew, and are not frozen.

    %kerasnb duplicate digits_cnn dense_1
    %kerasnb duplicate digits_cnn conv_1 pool_1 --after pool_2
    """
    subject = variables.editable(options.model)
    document = subject.document
    made = subject.edit(lambda: document.duplicate(*options.layers, after=options.after, before=options.before))
    return Text(f"{options.model}: added {', '.join(made)}{told(document, made[-1])}")
