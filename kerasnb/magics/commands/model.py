"""`%%kerasnb model`: a model written as text, one layer a line."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..variables import Variables
from .build import checked_variable, sample_shape

__all__ = ["TAKES_CELL", "arguments", "run"]

TAKES_CELL = True


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="the variable")


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Build a model from the lines of the cell, one layer each; the cell begins with two % signs.

    A line is a layer class with its arguments, in either spelling; nothing is run. `name = ` before it names it,
    `< a, b` after it says what it reads where that is not the line before; `#` begins a comment. Without an Input the
    shape is that of x_train. A model that is there becomes what the lines say, as one step that `undo` takes back;
    layers that did not change keep their weights, and its widgets follow.

    %%kerasnb model digits_cnn
    """
    from ...report.numbers import shape_text
    from ...widgets.builder.document.document import Document
    from ...widgets.builder.model.lines import graph_of_lines
    from ...workspace import here

    name = checked_variable(options.model)
    if not (options.cell or "").strip():
        raise UsageError(
            "the cell has no lines.\nWrite one layer a line below it, as Input(8, 8, 1), Flatten, Dense(10)."
        )
    graph = graph_of_lines(options.cell, sample_shape(variables, None))
    if name in variables.names or name in variables.model_names():
        subject = variables.editable(name)
        subject.edit(lambda: subject.document.restore(graph, "model cell"))
    else:
        subject = here.begun(Document.from_graph(graph, name))
        variables.follow(name, subject)
    document = subject.document
    rows = [f"  {spec.name}  {_shape(document, spec.name, shape_text)}" for spec in document.graph.ordered]
    return Text("\n".join([f"{name}: {len(rows)} layers" + ("" if document.is_good else ", not whole yet"), *rows]))


def _shape(document: object, name: str, written: object) -> str:
    result = document.results[name]
    if result.output is not None:
        return written(result.output.shape)
    return str(result.error or f"waiting for {result.waits_for}").partition("\n")[0]
