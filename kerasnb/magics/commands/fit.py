"""`%kerasnb fit`: train a model, with live curves, in the background or as a plain call."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add, fraction, positive, whole
from ..needs import widget
from ..panels import keep
from ..workspace import Workspace

__all__ = ["arguments", "run"]

DATA = ("x_train", "y_train")
VALIDATION = ("x_val", "y_val")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "--epochs",
        "--nb-epoch",
        type=whole,
        default=10,
        metavar="N",
        help="how often to go through the data (default: 10)",
    )
    add(parser, "--batch-size", type=whole, default=32, metavar="N", help="samples per update (default: 32)")
    add(parser, "--x", default=DATA[0], metavar="ARRAY", offers="arrays", help="the samples (default: x_train)")
    add(parser, "--y", default=DATA[1], metavar="ARRAY", offers="arrays", help="their targets (default: y_train)")
    held_out = parser.add_mutually_exclusive_group()
    add(
        held_out,
        "--validation",
        nargs=2,
        metavar=("X", "Y"),
        offers="arrays",
        help="arrays to validate on (default: x_val y_val where they are and x is x_train)",
    )
    add(held_out, "--split", type=fraction, metavar="FRACTION", help="validate on the last part of the samples instead")
    add(parser, "--optimizer", metavar="NAME", offers="optimizers", help="default: as compiled, else adam")
    add(parser, "--loss", metavar="NAME", offers="losses", help="default: as compiled, else what suits the targets")
    add(
        parser,
        "--metrics",
        nargs="+",
        metavar="NAME",
        offers="metrics",
        help="default: as compiled, else accuracy for classes",
    )
    add(parser, "--lr", type=positive, metavar="RATE", help="learning rate (default: the optimizer's)")
    how = parser.add_mutually_exclusive_group()
    add(how, "--wait", action="store_true", help="return the History when training is over")
    add(how, "--plain", action="store_true", help="a model.fit that blocks, with live curves; returns the History")
    add(how, "--open", action="store_true", help="only open the panel; its Fit button starts")


def run(workspace: Workspace, options: argparse.Namespace) -> Any:
    """Train a model, with live curves, Pause and Stop.

    Training runs in the background, other cells stay usable. Where other cells are queued behind it (Run All) or
    nobody watches (nbconvert, papermill), the cell lasts until training is over.
    A model that is not compiled yet is compiled with Adam and a loss that suits the targets.
    Returns the Fit panel: `.stop()`, `.pause()`, `.resume()`, and `.history`, which waits.

    %kerasnb fit digits_cnn --epochs 20
    %kerasnb fit digits_cnn --x x --y y --split 0.1 --optimizer sgd --lr 0.1
    """
    subject = workspace.whole(options.model)
    if options.plain:
        return _plain(workspace, subject.model, options)
    x, y = workspace.array(options.x), workspace.array(options.y)
    panel = widget("FitPanel")(
        subject,
        x,
        y,
        **_held_out(workspace, options),
        batch_size=options.batch_size,
        nb_epoch=options.epochs,
        optimizer=options.optimizer,
        loss=options.loss,
        metrics=options.metrics,
        learning_rate=options.lr,
    )
    keep("FitPanel", panel)
    if options.open:
        return panel
    _show(workspace, panel)
    history = panel.fit(wait=True if options.wait else None)
    return history if options.wait else panel


def _held_out(workspace: Workspace, options: argparse.Namespace) -> dict[str, Any]:
    if options.split is not None:
        return {"validation_split": options.split}
    if options.validation is not None:
        return {"validation_data": tuple(workspace.array(name) for name in options.validation)}
    is_usual = (options.x, options.y) == DATA and workspace.has(*VALIDATION)
    return {"validation_data": tuple(workspace.array(name) for name in VALIDATION)} if is_usual else {}


def _show(workspace: Workspace, panel: Any) -> None:
    """Show the panel now, since its curves are wanted while the cell runs, and not again as the cell's value."""
    from IPython.display import display

    display(panel)
    cell = workspace.shell.execution_count

    def show_elsewhere() -> None:
        if workspace.shell.execution_count != cell:
            type(panel)._ipython_display_(panel)

    panel._ipython_display_ = show_elsewhere


def _plain(workspace: Workspace, model: Any, options: argparse.Namespace) -> Any:
    """What a user would write; a model that is not compiled is compiled as the panel does it."""
    live = widget("LiveHistory")()
    from ...report import data_summary
    from ...widgets.fit.compiling import FitCompiling

    x, y = workspace.array(options.x), workspace.array(options.y)
    given = {name: getattr(options, name) for name in ("optimizer", "loss", "metrics")}
    compiling = FitCompiling(model, y, given, data_summary(x, y).classes)
    compiling.prepare(*(compiling.first_choice(name) for name in ("optimizer", "loss")), options.lr)
    return model.fit(
        x,
        y,
        batch_size=options.batch_size,
        nb_epoch=options.epochs,
        verbose=0,
        callbacks=[live],
        **_held_out(workspace, options),
    )
