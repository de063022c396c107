"""`%kerasnb shapes`: what goes into each layer and what comes out, also of a model that does not fit together yet."""

from __future__ import annotations

import argparse
from typing import Any

from ..kinds import add
from ..results import Rows
from ..variables import Variables

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model or a Builder")


def run(variables: Variables, options: argparse.Namespace) -> Rows:
    """Follow the shapes from layer to layer; no backend is needed.

    Works while a Builder's model does not fit together yet: the layer that breaks tells its error, those after it wait.

    %kerasnb shapes digits_cnn
    """
    document = variables.document(options.model)
    if document is not None and not document.is_good:
        return _unfinished(options.model, document)
    from ...report.cards import layer_phrase
    from ...views import view_of

    rows = view_of(variables.model(options.model)).rows()
    return Rows(
        rows,
        f"{options.model}: shapes of {len(rows)} layers",
        [(row.name, *_through(row.input_shape, row.output_shape), layer_phrase(row.layer)) for row in rows],
    )


def _unfinished(name: str, document: Any) -> Rows:
    specs = document.graph.ordered
    failed = f"{len(document.failed)} of {len(specs)} layers do not fit"
    return Rows(
        specs,
        f"{name}: {failed if document.failed else 'no layers yet'}",
        [_cells(spec, document.results[spec.name]) for spec in specs],
    )


def _cells(spec: Any, result: Any) -> tuple[str, ...]:
    if result.error is not None:
        told = f"{spec.class_name}: {result.error.message}"
    else:
        told = f"{spec.class_name}, waiting for {result.waits_for}" if result.is_waiting else spec.class_name
    shapes = [signal.shape for signal in result.inputs]
    into = shapes[0] if len(shapes) == 1 else shapes
    return (spec.name, *_through(into or None, result.output.shape if result.output else None), told)


def _through(into: Any, out: Any) -> tuple[str, str]:
    from ...report.numbers import shape_text

    return shape_text(into), f"-> {shape_text(out)}"
