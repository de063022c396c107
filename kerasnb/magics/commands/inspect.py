"""`%kerasnb inspect`: what a layer makes of one sample."""

from __future__ import annotations

import argparse
from typing import Any

from IPython.core.error import UsageError

from ...errors import unknown_name
from ..kinds import add, sample_index
from ..needs import widget
from ..panels import open_one
from ..variables import Variables

__all__ = ["arguments", "run"]

TABS = ("output", "weights", "gradients", "saliency", "maximizes", "epochs")
# samples that the model has not seen in training come first
SAMPLES = (("x_val", "y_val"), ("x_test", "y_test"), ("x_train", "y_train"), ("x", "y"))


def arguments(parser: argparse.ArgumentParser) -> None:
    add(parser, "model", metavar="MODEL", offers="models", help="a variable that holds a model")
    add(parser, "layer", nargs="?", metavar="LAYER", offers="paths", help="the layer to look at first")
    add(parser, "--sample", type=sample_index, default=0, metavar="INDEX", help="of the samples, from 0 (default: 0)")
    add(
        parser,
        "--train",
        action="store_true",
        help="in the learning phase: dropout drops, batch normalization uses the batch",
    )
    add(parser, "--tab", choices=TABS, help="what to show first (default: output)")
    add(
        parser,
        "--unit",
        type=sample_index,
        metavar="N",
        help="from 0: of the layer (--tab maximizes) or of the outputs (--tab saliency)",
    )
    add(parser, "--beside", metavar="LAYER", offers="layers", help="another layer to compare with")
    add(parser, "--beside-sample", type=sample_index, metavar="INDEX", help="another sample to compare with")
    add(parser, "--vocabulary", metavar="NAME", help="a variable with the words of samples that are word numbers")
    add(parser, "--x", metavar="ARRAY", offers="arrays", help="the samples (default: x_val, x_test, x_train or x)")
    add(parser, "--y", metavar="ARRAY", offers="arrays", help="their targets")


def run(variables: Variables, options: argparse.Namespace) -> Any:
    """Look at the output, the weights and the gradients of a layer for one sample.

    Returns the Inspector: `.output` holds the array, `.layer`, `.sample` and `.phase` may be set.

    %kerasnb inspect digits_cnn conv_1 --sample 3
    %kerasnb inspect digits_cnn drop_1 --train
    %kerasnb inspect net backbone/conv_1
    %kerasnb inspect digits_cnn conv_1 --beside-sample 7
    %kerasnb inspect digits_cnn conv_1 --tab maximizes --unit 3
    %kerasnb inspect digits_cnn --tab saliency --unit 7
    """
    subject = variables.whole(options.model)
    _check_layer(subject.model, options)
    x, y = _samples(variables, options)
    inspector = widget("Inspector")(subject, x, y, options.layer, _vocabulary(variables, options))
    inspector.sample, inspector.phase = options.sample, int(options.train)
    if options.tab:
        inspector.tab = options.tab.capitalize()
    if options.unit is not None:
        setattr(inspector, "answer" if inspector.tab == "Saliency" else "unit", options.unit)
    if options.beside is not None or options.beside_sample is not None:
        inspector.compare(options.beside, options.beside_sample)
    builder = open_one("Builder", subject)
    if builder is not None:
        inspector.follow(builder)
    return inspector


def _check_layer(model: Any, options: argparse.Namespace) -> None:
    from ...report import placed_layers, viewable_layers

    names = [placed.path for placed in placed_layers(model, viewable_layers(model))]
    for name in (options.layer, options.beside):
        if name is not None and name not in names:
            raise UsageError(str(unknown_name("layer", name, names, f"See %kerasnb summary {options.model}.")))


def _vocabulary(variables: Variables, options: argparse.Namespace) -> Any:
    if options.vocabulary is not None and options.vocabulary not in variables.names:
        raise UsageError(f'there is no variable "{options.vocabulary}" for --vocabulary.')
    return variables.names.get(options.vocabulary)


def _samples(variables: Variables, options: argparse.Namespace) -> tuple[Any, Any]:
    if options.x is not None:
        return variables.array(options.x), variables.array(options.y) if options.y else None
    for x, y in SAMPLES:
        if variables.has(x):
            y = options.y or (y if variables.has(y) else None)
            return variables.names[x], variables.array(y) if y else None
    raise UsageError(
        "there are no samples to look at: none of x_val, x_test, x_train, x holds an array.\n"
        "Name them with --x, or load some: %kerasnb data digits"
    )
