"""`%kerasnb curves`: how the curves of a Fit panel are drawn, and written into a file."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add, fraction
from ..panels import open_one
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model with a Fit panel")
    add(parser, "--axis", choices=("epoch", "batch"), help="over what the curves run")
    scale = parser.add_mutually_exclusive_group()
    add(scale, "--log", action="store_const", const=True, help="the loss on a log axis")
    add(scale, "--linear", dest="log", action="store_const", const=False, help="the loss on an even axis")
    add(parser, "--smoothing", type=fraction, metavar="SHARE", help="of the running average that is kept, 0 to 0.99")
    add(
        parser,
        "--metric",
        metavar="NAME",
        help="what is drawn beside the loss, as age_loss (default: the first metric)",
    )
    add(parser, "--beside", nargs="+", metavar="RUN", offers="runs", help="kept runs to draw dimly beside the curve")
    add(parser, "--alone", action="store_true", help="without runs beside it")
    add(parser, "--save", metavar="FILE", help=".csv: a table with all digits; .svg, .png: the picture")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Draw the curves of a model's Fit panel in another way, lay kept runs beside them, or write them into a file.

    %kerasnb curves digits_cnn --axis batch --smoothing 0.6
    %kerasnb curves digits_cnn --beside last
    %kerasnb curves digits_cnn --save digits.csv
    """
    panel = open_one("FitPanel", variables.whole(options.model))
    if panel is None:
        raise UsageError(f'"{options.model}" has no Fit panel yet.\nOpen one: %kerasnb fit {options.model} --open')
    panel.set_view(axis=options.axis, log=options.log, smoothing=options.smoothing, metric=options.metric)
    if options.alone:
        for name in list(panel.shown_runs):
            panel.show_run(name, shown=False)
    for name in options.beside or ():
        panel.show_run(name)
    if options.save:
        return Text(f"{options.model}: curves written to {panel.save_curves(options.save)}")
    view = panel.curve_view
    scale = "log" if view["log"] else "linear"
    beside = f", {len(panel.shown_runs)} runs beside" if panel.shown_runs else ""
    return Text(f"{options.model}: by {view['axis']}, {scale} axis, smoothing {view['smoothing']:g}{beside}")
