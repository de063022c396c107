"""`%kerasnb add`: one more layer."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Answer
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "layer",
        metavar="LAYER",
        offers="classes",
        help="a class with its arguments, as Dense(32)",
    )
    add(parser, "--after", metavar="NAME", offers="layers", help="what it reads (default: the last layer)")
    add(parser, "--before", metavar="NAME", offers="layers", help="with --after: between these two only")
    add(parser, "--branch", action="store_true", help="read --after without taking its place towards others")
    add(parser, "--name", metavar="NAME", help="its name (default: a short word and a number)")


def run(variables: Variables, options: argparse.Namespace) -> Answer:
    """Add a layer; every widget of the model follows. Returns its name.

    %kerasnb add digits_cnn Dropout(0.25) --after conv_1
    %kerasnb add digits_cnn "Conv2D(16, 3, padding=same)"
    """
    from ...widgets.builder.model.lines import layer_of_line

    subject = variables.editable(options.model)
    document, spec = subject.document, layer_of_line(options.layer)
    name = subject.edit(
        lambda: document.add(
            spec.class_name, options.after, options.before, options.branch, options.name, **spec.arguments
        )
    )
    return Answer(name, f"{options.model}: added {name}{told(document, name)}")


def told(document: object, name: str) -> str:
    """What became of a layer: its shape, or what is wrong."""
    from ...report.numbers import shape_text

    result = document.results[name]
    if result.output is not None:
        return f", which gives {shape_text(result.output.shape)}"
    return f"; {result.error or 'it waits for ' + str(result.waits_for)}"
