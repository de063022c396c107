"""`%kerasnb plan`: how a model's step is run, and why so."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Rows
from ..variables import Variables

__all__ = ["arguments", "run"]

STEPS = ("train", "test", "predict")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    parser.add_argument("--step", choices=STEPS, default="train", help="which of its steps; by default the train step")


def run(variables: Variables, options: argparse.Namespace) -> Rows:
    """Say how a step runs on the backend that is chosen: compiled by what, when, how many in a call, and why so.

    Returns the rows: `rows = %kerasnb plan digits_cnn`, then `rows[0].chosen` and `rows[0].reason`.

    %kerasnb plan digits_cnn
    %kerasnb plan digits_cnn --step predict --json
    """
    model = variables.model(options.model)
    if not hasattr(model, "explain_plan"):
        raise UsageError(f"{options.model} is a model of Keras, which decides by itself how its steps run.")
    plan = model.explain_plan(options.step)
    table = [("", "chosen", "because"), *((one.about, one.chosen, one.reason) for one in plan.choices)]
    return Rows(plan.choices, f"{options.model}: the {options.step} step on {plan.backend}", table)
