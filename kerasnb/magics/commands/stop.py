"""`%kerasnb stop`: end a training after its current step; weights and History are kept."""

from __future__ import annotations

import argparse

from ..results import Text
from ..steering import arguments, steer
from ..variables import Variables

__all__ = ["arguments", "run"]


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """End a training after its current step; weights and History are kept.

    %kerasnb stop digits_cnn
    """
    return steer(variables, options.model, "stop")
