"""`%kerasnb open`: a model out of a file, in a Builder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add
from ..needs import widget
from ..panels import keep
from ..variables import Variables
from .build import checked_variable

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "path", metavar="FILE", help="a saved model (.h5, .keras), or a Builder's document (.json)")
    add(parser, "model", nargs="?", metavar="MODEL", help="the variable (default: the file's name)")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Open a file in a Builder and say what it is; the variable holds its model from then on. Returns the Builder.

    Layers that kerasnb does not have are grey boxes, with the reason; the variable comes when none is left.

    %kerasnb open digits_cnn.json
    %kerasnb open trained.h5 net
    """
    name = options.model or Path(options.path).name.partition(".")[0]
    if Path(options.path).expanduser().is_file():  # else that is what is wrong, whatever the variable: it is said below
        _check_name(variables, checked_variable(name), options.path)
    builder = widget("Builder").from_file(options.path)
    if Path(options.path).suffix.lower() != ".json":
        from ...report import describe_file

        print(f"{Path(options.path).name}: {describe_file(options.path)}")
    _tell_stand_ins(builder.document)
    keep("Builder", builder)
    variables.follow(name, builder.subject)
    return builder


def _check_name(variables: Variables, name: str, path: str) -> None:
    if name in variables.names:
        raise UsageError(f'"{name}" is taken.\nSay another variable: %kerasnb open {path} {name}_2')


def _tell_stand_ins(document: Any) -> None:
    """Say which boxes are grey, and why."""
    from ...widgets.builder.document.standing import told

    for spec in document.stand_ins:
        print(f'grey: "{spec.name}", {told(spec)}')
