"""`%kerasnb verify`: proof that frozen weights stayed as they were."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..variables import Variables
from .freeze import panel_of

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Compare all frozen weights with those at the moment of freezing, by SHA-256 of their bytes.

    Weights that moved are an error.

    %kerasnb verify digits_cnn
    """
    panel = panel_of(variables.whole(options.model))
    if not panel.verify():
        raise UsageError(f"{options.model}: {panel.error['message']}")
    return Text(f"{options.model}: {panel.status['text']}")
