"""`%kerasnb code`: a model as the Python that builds it."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Answer, Code
from ..variables import Variables

__all__ = ["arguments", "run"]

STYLES = ("keras1", "keras2")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(
        parser,
        "--style",
        choices=STYLES,
        default="keras1",
        help="keras1: for kerasnb (default); keras2: for Keras 2 and 3",
    )
    add(parser, "--insert", action="store_true", help="put the code into a new cell below")


def run(variables: Variables, options: argparse.Namespace) -> Code | Answer:
    """Write the Python that builds the same model, with new weights.

    %kerasnb code digits_cnn
    %kerasnb code digits_cnn --style keras2 --insert
    """
    text = _written(variables, options)
    if not options.insert:
        return Code(text)
    variables.shell.set_next_input(text)
    return Answer(text, f"{options.model} as code, {len(text.splitlines())} lines, is in the cell below.")


def _written(variables: Variables, options: argparse.Namespace) -> str:
    model, document = variables.model(options.model), variables.document(options.model)
    if document is not None:
        return document.to_code(options.style, last_good=True)
    from ...views import as_kerasnb, is_foreign
    from ...widgets.builder import Document

    return Document.from_model(as_kerasnb(model) if is_foreign(model) else model).to_code(options.style)
