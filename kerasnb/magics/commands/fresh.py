"""`%kerasnb fresh`: the same net with new weights."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "--undo", action="store_true", help="give back the weights that it had, and what its optimizer knew")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Give a model new weights, as when it was made: a fresh start of the same net.

    Its optimizer begins anew, too, with the learning rate that it has; the next fit begins at epoch 1. What is frozen
    keeps its weights. Kept runs stay.

    %kerasnb fresh digits_cnn
    %kerasnb fresh digits_cnn --undo
    """
    from ...widgets.fit.run_traits import fresh_start_text

    subject = variables.whole(options.model)
    if options.undo:
        subject.take_back_fresh_start()
        return Text(f"{options.model}: has the weights that it had before the fresh start")
    made = subject.begin_anew()
    return Text(f"{options.model}: {fresh_start_text(made.kept)}\nTake it back: %kerasnb fresh {options.model} --undo")
