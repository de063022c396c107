"""`%kerasnb check`: what speaks against training a model on these arrays, before it is tried."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add, add_batch_size, add_losses, fraction
from ..named import by_name
from ..results import Rows
from ..variables import Variables

__all__ = ["arguments", "run"]

WIDTH = 96  # characters of a line that a page shows without scrolling


class Findings(Rows):
    """What speaks against a training, each with what mends it as lines that can be copied."""

    def __init__(self, found: Sequence[Any], title: str):
        super().__init__(found, title, [])
        self._lines = [line for each in found for line in _paragraph(each)]


def _paragraph(advice: Any) -> list[str]:
    text = textwrap.wrap(f"{advice.severity}, {advice.about}: {advice.text}", WIDTH, subsequent_indent="  ")
    return text + [f"  to mend it: {fix.code()}" for fix in advice.fixes]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    several = {"nargs": "+", "metavar": "ARRAY", "offers": "arrays"}
    words = "(default: {}); for several {} several, or by name"
    add(parser, "--x", default=["x_train"], help="the samples " + words.format("x_train", "inputs"), **several)
    add(parser, "--y", default=["y_train"], help="their targets " + words.format("y_train", "outputs"), **several)
    add_losses(parser)
    add_batch_size(parser)
    add(parser, "--split", type=fraction, default=0.0, metavar="FRACTION", help="held out at the end for validation")


def run(variables: Variables, options: argparse.Namespace) -> Rows:
    """Say what speaks against a training before it begins: last layer, loss, targets, range of the data, batches.

    The Fit panel shows the same, with a button for each thing that mends it. Returns the rows: `found[0].text`.

    %kerasnb check digits_cnn
    %kerasnb check digits_cnn --x x --y y --loss mse
    %kerasnb check two_heads --y a=y_a b=y_b
    """
    from ...report.advice import check_training
    from ...views import is_foreign
    from ...widgets.fit.compiling import FitCompiling
    from ...widgets.fit.keras_compiling import KerasCompiling

    model = variables.model(options.model)
    x, y = _arrays(variables, "--x", options.x), _arrays(variables, "--y", options.y)
    compiling = KerasCompiling if is_foreign(model) else FitCompiling
    losses = compiling(model, y, {"loss": by_name("--loss", options.loss)}).loss.split(", ")
    found = check_training(model, x, y, losses, batch_size=options.batch_size, validation_split=options.split)
    told = f"{len(found)} things speak" if len(found) > 1 else "one thing speaks" if found else "nothing speaks"
    arrays = f"{' '.join(options.x)} and {' '.join(options.y)}"
    title = f"{options.model}: {told} against training it on {arrays} with {', '.join(losses)}"
    return Findings(found, title)


def _arrays(variables: Variables, option: str, words: list[str]) -> Any:
    data = variables.data(by_name(option, words))
    if variables.is_batches(data):
        raise UsageError(
            f"{option} {words[0]} makes batches, which are looked at where they are trained on.\n"
            f"Open the panel: %kerasnb fit MODEL --x {words[0]} --open"
        )
    return data
