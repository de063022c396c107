"""`%kerasnb resume`: let a training that was paused go on."""

from __future__ import annotations

import argparse

from ..results import Text
from ..steering import arguments, steer
from ..variables import Variables

__all__ = ["arguments", "run"]


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Let a training that was paused go on.

    %kerasnb resume digits_cnn
    """
    return steer(variables, options.model, "resume")
