"""`%kerasnb lr`: the learning rate, told or changed, also while the model trains."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add, positive
from ..results import Text
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a compiled model")
    add(parser, "rate", nargs="?", type=positive, metavar="RATE", help="the new one; left out, it is only told")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Tell the learning rate of a compiled model, or change it; a training that runs goes on with it at once.

    %kerasnb lr digits_cnn
    %kerasnb lr digits_cnn 0.0003
    """
    from ... import backend as K
    from ...callbacks.watching import learning_rate
    from ...views import is_foreign, view_of

    model = variables.model(options.model)
    if is_foreign(model):
        return _of_keras(view_of(model), options)
    if not model.is_compiled or not hasattr(model.optimizer, "lr"):
        raise UsageError(f'"{options.model}" has no optimizer with a learning rate yet.\nFit it, or call its compile.')
    if options.rate is None:
        return Text(f"{options.model}: learning rate {float(K.get_value(model.optimizer.lr)):g}")
    K.set_value(learning_rate(model, "%kerasnb lr"), options.rate)
    return Text(f"{options.model}: learning rate {options.rate:g} from now on")


def _of_keras(view: Any, options: argparse.Namespace) -> Text:
    if view.learning_rate is None:
        raise UsageError(f'"{options.model}" has no optimizer with a learning rate of its own.\nCompile it with one.')
    if options.rate is not None:
        view.learning_rate = options.rate
    return Text(f"{options.model}: learning rate {view.learning_rate:g}" + (" from now on" if options.rate else ""))
