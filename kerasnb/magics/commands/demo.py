"""`%kerasnb demo`: data and a model to try everything with."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add
from ..needs import widget
from ..panels import keep
from ..variables import Variables
from .build import checked_variable

__all__ = ["arguments", "run"]

LINES = """
Input(8, 8, 1)
Conv2D(16, 3, activation=relu)
MaxPooling2D
Flatten
Dense(32, activation=relu)
Dense(10, activation=softmax)
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", nargs="?", default="demo", metavar="MODEL", help="the variable (default: demo)")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Load the digits and open a small network for them in a Builder, to try everything with.

    %kerasnb demo
    %kerasnb fit demo
    """
    from ...widgets.builder.document.document import Document
    from ...widgets.builder.model.lines import graph_of_lines
    from ...workspace import here

    name = checked_variable(options.model)
    taken = [each for each in (name, "x_train", "y_train", "x_val", "y_val") if each in variables.names]
    if name in taken:
        raise UsageError(f'"{name}" is taken.\nSay another variable: %kerasnb demo my_demo')
    if not taken:
        variables.shell.run_line_magic("kerasnb", "data digits")
    subject = here.begun(Document.from_graph(graph_of_lines(LINES), name))
    builder = widget("Builder")(subject)
    keep("Builder", builder)
    variables.follow(name, subject)
    return builder
