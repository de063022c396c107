"""`%kerasnb summary`: a model as a table, one row for each layer."""

from __future__ import annotations

import argparse

from ..kinds import add
from ..results import Rows
from ..variables import Variables

__all__ = ["arguments", "run"]

HEADING = ("name", "class", "output shape", "parameters", "", "multiply-adds")


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")


def run(variables: Variables, options: argparse.Namespace) -> Rows:
    """List the layers: output shapes, parameters, what is frozen, multiply-adds.

    Returns the rows: `rows = %kerasnb summary digits_cnn`, then `rows[1].params` or `rows["conv_1"].params`.

    %kerasnb summary digits_cnn
    """
    from ...report.numbers import count
    from ...views import view_of

    rows = view_of(variables.model(options.model)).rows()
    params, trainable = sum(row.params for row in rows), sum(row.trainable_params for row in rows)
    title = f"{options.model}: {len(rows)} layers, {count(params)} parameters, {count(trainable)} trainable"
    return Rows(rows, title, [HEADING, *(_cells(row) for row in rows)], right=(3, 5))


def _cells(row: object) -> tuple[str, ...]:
    from ...report.numbers import count, shape_text

    return (
        row.name,
        row.class_name,
        shape_text(row.output_shape),
        count(row.params),
        "" if row.trainable else "frozen",
        count(row.multiply_adds),
    )
