"""`%kerasnb call`: a layer called once more."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Answer
from ..variables import Variables
from .add import told

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layer", metavar="LAYER", offers="layers", help="the layer to call again")
    add(parser, "--after", metavar="NAME", offers="layers", help="what the call reads (default: the layer itself)")
    add(parser, "--before", metavar="NAME", offers="layers", help="with --after: between these two only")
    add(parser, "--branch", action="store_true", help="read --after without taking its place towards others")


def run(variables: Variables, options: argparse.Namespace) -> Answer:
    """Call a layer once more; both calls share its weights. Returns the name of the call.

    %kerasnb call twins dense_1 --after input_2
    """
    subject = variables.editable(options.model)
    document, layer = subject.document, options.layer
    name = subject.edit(lambda: document.call_again(layer, options.after or layer, options.before, options.branch))
    return Answer(name, f"{options.model}: called {layer} as {name}{told(document, name)}")
