"""`%kerasnb resume`: let a training that was paused go on."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Text
from ..steering import steer
from ..workspace import Workspace

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def run(workspace: Workspace, options: argparse.Namespace) -> Text:
    """Let a training that was paused go on.

    %kerasnb resume digits_cnn
    """
    return steer(workspace, options.model, "resume")
