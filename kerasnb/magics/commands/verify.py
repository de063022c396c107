"""`%kerasnb verify`: proof that frozen weights stayed as they were."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..workspace import Workspace
from .freeze import panel_of

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def run(workspace: Workspace, options: argparse.Namespace) -> Text:
    """Compare all frozen weights with those at the moment of freezing, by SHA-256 of their bytes.

    Weights that moved are an error.

    %kerasnb verify digits_cnn
    """
    panel = panel_of(workspace.whole(options.model))
    if not panel.verify():
        raise UsageError(f"{options.model}: {panel.error['message']}")
    return Text(f"{options.model}: {panel.status['text']}")
