"""`%kerasnb move`: layers put elsewhere."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..variables import Variables
from .add import told

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layers", nargs="+", metavar="LAYER", offers="layers", help="the layers to move")
    add(parser, "--after", metavar="NAME", offers="layers", help="what they read from then on")
    add(parser, "--before", metavar="NAME", offers="layers", help="with --after: between these two only")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--up", action="store_true", help="past the layer before")
    way.add_argument("--down", action="store_true", help="past the next layer")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Take layers out of their line and put them in elsewhere, as one step.

    %kerasnb move digits_cnn drop_1 --after flatten_1
    %kerasnb move digits_cnn conv_2 drop_1 --up
    """
    is_step = options.up or options.down
    if is_step == (options.after is not None):
        raise UsageError("say where: --after NAME, or --up, or --down.\nSee %kerasnb move -h.")
    subject = variables.editable(options.model)
    document = subject.document
    if is_step:
        subject.edit(lambda: document.shift(*options.layers, by=1 if options.down else -1))
    else:
        subject.edit(lambda: document.move(*options.layers, after=options.after, before=options.before))
    end = next(spec.name for spec in reversed(document.graph.ordered) if spec.name in options.layers)
    return Text(f"{options.model}: moved {', '.join(options.layers)}{told(document, end)}")
