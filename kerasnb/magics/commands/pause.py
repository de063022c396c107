"""`%kerasnb pause`: hold a training after its current step."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Text
from ..steering import steer
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Hold a training after its current step.

    %kerasnb pause digits_cnn
    """
    return steer(variables, options.model, "pause")
