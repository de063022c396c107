"""`%kerasnb graph`: a model as a drawing."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add
from ..results import Drawing
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "--save", metavar="FILE", help="write the SVG to this file too")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Draw the layers and their connections, with shapes and parameters.

    Returns the drawing; `.svg` is its text.

    %kerasnb graph digits_cnn --save digits_cnn.svg
    """
    from ...report.graph_svg import model_svg
    from ...report.numbers import count
    from ...views import view_of

    model = variables.model(options.model)
    rows = view_of(model).rows()
    text = f"{options.model}: {len(rows)} layers, {count(sum(row.params for row in rows))} parameters"
    drawing = Drawing(model_svg(model), text)
    if options.save:
        drawing.save(options.save)
    return drawing
