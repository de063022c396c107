"""A training steered from another cell: by its panel, so that what the panel shows follows."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from .kinds import add
from .results import Text
from .variables import Variables

__all__ = ["arguments", "steer"]

_DONE = {"pause": "pauses after the current step", "resume": "goes on", "stop": "stops after the current step"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What each command that steers takes."""
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def steer(variables: Variables, name: str, action: str) -> Text:
    """Pause, resume or stop the training of a variable's model.

    Raises:
        UsageError: it does not train.
    """
    subject = variables.whole(name)
    if not subject.is_training:
        raise UsageError(f'"{name}" does not train at this moment.\nStart it: %kerasnb fit {name}')
    job = subject.job
    steered = job.panel if job is not None and job.is_running else subject.view.control
    getattr(steered, action)()
    return Text(f"{name} {_DONE[action]}")
