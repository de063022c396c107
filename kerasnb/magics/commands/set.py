"""`%kerasnb set`: other arguments for a layer."""

from __future__ import annotations

import argparse

from IPython.core.error import UsageError

from ..kinds import add
from ..results import Text
from ..variables import Variables
from .add import told

__all__ = ["arguments", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layer", metavar="LAYER", offers="layers", help="the layer")
    add(
        parser,
        "values",
        nargs="+",
        metavar="ARGUMENT=VALUE",
        offers="layer arguments",
        help="as output_dim=64 activation=relu",
    )


def run(variables: Variables, options: argparse.Namespace) -> Text:
    """Give arguments of a layer other values, as one step; in either spelling.

    %kerasnb set digits_cnn dense_1 output_dim=64 activation=relu
    """
    from ...widgets.builder.document.edits import known
    from ...widgets.builder.document.either_spelling import earlier_arguments
    from ...widgets.builder.document.registry import class_of

    subject = variables.editable(options.model)
    document, values = subject.document, {}
    for each in options.values:
        argument, is_given, value = each.partition("=")
        if not is_given or not argument.strip():
            raise UsageError(f'"{each}" is no ARGUMENT=VALUE.\nWrite for example units=64.')
        values[argument.strip()] = value
    known(document.graph, options.layer)
    spelt = earlier_arguments(class_of(document.graph[options.layer]), values)
    subject.edit(lambda: document.set_arguments(options.layer, spelt))
    return Text(f"{options.model}: set {', '.join(spelt)} of {options.layer}{told(document, options.layer)}")
