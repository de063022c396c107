"""`%kerasnb redo`: steps taken again."""

from __future__ import annotations

import argparse

from ..results import Text
from ..variables import Variables
from .undo import arguments, moved

__all__ = ["arguments", "run"]


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Take again the last steps of editing a model, in its Builder or by commands.

    %kerasnb redo digits_cnn
    %kerasnb redo digits_cnn 3
    """
    return moved(variables, options, "redo", "taken again")
