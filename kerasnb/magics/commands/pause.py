"""`%kerasnb pause`: hold a training after its current step."""

from __future__ import annotations

import argparse

from ..results import Text
from ..steering import arguments, steer
from ..variables import Variables

__all__ = ["arguments", "run"]


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Hold a training after its current step.

    %kerasnb pause digits_cnn
    """
    return steer(variables, options.model, "pause")
