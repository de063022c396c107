"""`%kerasnb finetune`: a new head on a trained model, all else frozen."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add, whole
from ..variables import Variables
from .freeze import checked_layers, panel_of

__all__ = ["arguments", "run"]

ACTIVATIONS = ("softmax", "sigmoid", "linear")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "--units", type=whole, metavar="N", help="of the new head (default: as many as the targets need)")
    add(parser, "--activation", choices=ACTIVATIONS, help="of the new head (default: what suits the targets)")
    add(
        parser, "--y", metavar="ARRAY", offers="arrays", help="the targets (default: y_train if there, without --units)"
    )
    add(parser, "--at", metavar="LAYER", offers="layers", help="where the head begins (default: the last with weights)")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Cut the head of a model, put a new one, and freeze the rest, which keeps its weights.

    From then on the variable holds the new model; Undo in its Builder takes it back. Returns the Freeze panel.

    %kerasnb finetune digits_cnn --y y_train
    %kerasnb finetune digits_cnn --units 5 --activation softmax --at flatten_1
    """
    from ...widgets.freeze.fine_tuning import fine_tune

    subject = variables.whole(options.model)
    checked_layers(subject.model, [options.at] if options.at else [], options.model)
    y = _targets(variables, options)
    fine_tune(subject, options.units, options.activation, y, options.at)
    variables.follow(options.model, subject)
    panel = panel_of(subject)
    if y is not None:
        panel.take_targets(y)
    return panel


def _targets(variables: Variables, options: argparse.Namespace) -> Any:
    if options.y is not None:
        return variables.array(options.y)
    usual = options.units is None and variables.has("y_train")
    return variables.array("y_train") if usual else None
