"""`%kerasnb build`: the Builder on a new model, or on one that a variable holds."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ..kinds import add, input_shape
from ..needs import widget
from ..panels import keep, one_of
from ..variables import Variables

__all__ = ["arguments", "checked_variable", "run", "sample_shape"]

TABS = ("canvas", "table", "code")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(
        parser,
        "model",
        nargs="?",
        default="model",
        metavar="MODEL",
        offers="models",
        help="the variable (default: model)",
    )
    add(
        parser,
        "--input",
        type=input_shape,
        metavar="SHAPE",
        offers="arrays",
        help="of a new model: the shape of one sample, as 8,8,1, or an array of samples (default: x_train if there)",
    )
    add(parser, "--dtype", choices=("float32", "int32"), help="of a new model's input: int32 for words")
    add(parser, "--tab", choices=TABS, help="what to show first (default: canvas)")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Open a Builder: add and change layers, and see every shape.

    From then on the variable holds the model as it last fitted together, brought up to date whenever a cell starts.
    Layers that were not changed keep their weights. The command returns the Builder. Of a model of Keras a copy is
    edited; one with layers that kerasnb does not have stays in its variable, and they are grey boxes.

    %kerasnb build digits_cnn --input 8,8,1
    %kerasnb build digits_cnn --tab table
    """
    name = checked_variable(options.model)
    held = variables.names.get(name)
    builder = held if isinstance(held, widget("Builder")) else _opened(variables, name, options)
    if builder is not held and not _keeps_own(held, builder):
        variables.follow(name, builder.subject)
    if options.tab:
        builder.tab = options.tab.capitalize()
    return builder


def _keeps_own(held: Any, builder: Any) -> bool:
    """Whether the variable goes on holding its model, of which the Builder can only show what there is."""
    return held is not None and builder.subject.model is None


def _opened(variables: Variables, name: str, options: argparse.Namespace) -> Any:
    Builder = widget("Builder")
    if name in variables.names or name in variables.model_names():
        if options.input is not None and name in variables.names:
            raise UsageError(
                f'--input is for a new model, and "{name}" exists.\nChange it in its Builder: %kerasnb build {name}'
            )
        return one_of("Builder", variables.subject(name), Builder)
    builder = Builder(input_shape=sample_shape(variables, options.input), name=name, input_dtype=options.dtype)
    keep("Builder", builder)
    return builder


def checked_variable(name: str) -> str:
    """The name, which a variable can have."""
    if not name.isidentifier():
        raise UsageError(f'"{name}" cannot name a variable.\nUse letters, digits and "_", a letter first.')
    return name


def sample_shape(variables: Variables, asked: Any) -> tuple | None:
    """The shape of one sample: as asked for, that of an array, or of x_train where there is one."""
    if isinstance(asked, tuple):
        return asked
    if asked is None and not variables.has("x_train"):
        return None
    samples = variables.array(asked or "x_train")
    return None if isinstance(samples, (list, tuple)) else tuple(samples.shape[1:])
