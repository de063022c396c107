"""`%kerasnb check`: what speaks against training a model on these arrays, before it is tried."""

from __future__ import annotations

import argparse

from ..kinds import add, fraction, whole
from ..named import by_name
from ..results import Rows
from ..workspace import Workspace

__all__ = ["arguments", "run"]

HEADING = ("", "about", "what speaks against it", "what mends it")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "--x", default="x_train", metavar="ARRAY", offers="arrays", help="the samples (default: x_train)")
    add(parser, "--y", default="y_train", metavar="ARRAY", offers="arrays", help="their targets (default: y_train)")
    add(
        parser,
        "--loss",
        nargs="+",
        metavar="NAME",
        offers="losses",
        help="for several outputs a=mse b=mae (default: as compiled, else what suits the targets)",
    )
    add(parser, "--batch-size", type=whole, default=32, metavar="N", help="samples per update (default: 32)")
    add(parser, "--split", type=fraction, default=0.0, metavar="FRACTION", help="held out at the end for validation")


def run(workspace: Workspace, options: argparse.Namespace) -> Rows:
    """Say what speaks against a training before it begins: last layer, loss, targets, range of the data, batches.

    The Fit panel shows the same, with a button for each thing that mends it. Returns the rows: `found[0].text`.

    %kerasnb check digits_cnn
    %kerasnb check digits_cnn --x x --y y --loss mse
    """
    from ...report.advice import check_training
    from ...widgets.fit.compiling import FitCompiling

    model, x, y = workspace.model(options.model), workspace.array(options.x), workspace.array(options.y)
    losses = FitCompiling(model, y, {"loss": by_name("--loss", options.loss)}).loss.split(", ")
    found = check_training(model, x, y, losses, batch_size=options.batch_size, validation_split=options.split)
    told = f"{len(found)} things speak" if len(found) > 1 else "one thing speaks" if found else "nothing speaks"
    title = f"{options.model}: {told} against training it on {options.x} and {options.y} with {', '.join(losses)}"
    cells = [(a.severity, a.about, a.text, " or ".join(fix.code() for fix in a.fixes)) for a in found]
    return Rows(found, title, [HEADING, *cells] if cells else [])
