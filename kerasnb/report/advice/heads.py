"""The last layer that a model needs for given targets: how many units, and which activation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...errors import ArgumentError, DataError
from .ends import OutputEnd
from .facts import TargetFacts, target_facts
from .loss_checks import BINARY, CATEGORICAL, SPARSE, check_output

__all__ = ["ACTIVATIONS", "Head", "head_for", "suited_head"]

ACTIVATIONS = ("softmax", "sigmoid", "linear")


@dataclass(frozen=True)
class Head:
    """A last layer, and the loss that goes with it and the targets.

    Attributes:
        why: the targets in words, empty where there were none.
    """

    units: int
    activation: str
    loss: str
    why: str = ""


def head_for(y: Any) -> Head:
    """The head that suits targets: softmax over classes, sigmoid for yes or no, linear for amounts."""
    return _suggested(_facts(y))


def suited_head(units: int | None = None, activation: str | None = None, y: Any = None) -> Head:
    """The head that is asked for, what is left out taken from the targets.

    Raises:
        ArgumentError: units are not given and there are no targets, or either cannot be.
        DataError: it does not fit the targets.
    """
    if units is not None and (type(units) is not int or units < 1):
        raise ArgumentError(f"a head needs units as a whole number from 1, got {units!r}.", "For example units=10.")
    if activation is not None and activation not in ACTIVATIONS:
        known = ", ".join(ACTIVATIONS)
        raise ArgumentError(f"a head ends with {known}, got {activation!r}.", 'For example activation="softmax".')
    if y is None:
        return _without_targets(units, activation)
    facts = _facts(y)
    fitting = _suggested(facts)
    if activation is None:
        # class numbers 0 and 1 may be yes or no, or the first two of several classes
        activation = "softmax" if units not in (None, fitting.units) and facts.kind == "0 or 1" else fitting.activation
    if units is None:
        units = 2 if activation == "softmax" and facts.kind == "0 or 1" else fitting.units
    head = Head(units, activation, _loss(facts, activation), fitting.why)
    _check(head, facts, fitting)
    return head


def _without_targets(units: int | None, activation: str | None) -> Head:
    if units is None:
        raise ArgumentError("a head needs the number of its units, or targets to count them.", "For example units=10.")
    activation = activation or ("sigmoid" if units == 1 else "softmax")
    if activation == "softmax" and units == 1:
        raise ArgumentError(
            "a softmax of one unit is always 1: it can learn nothing.", 'Write activation="sigmoid", or more units.'
        )
    return Head(units, activation, {"softmax": CATEGORICAL, "sigmoid": BINARY, "linear": "mse"}[activation])


def _facts(y: Any) -> TargetFacts:
    facts = target_facts("y", y)
    if facts.low is None or facts.missing:
        raise DataError("y holds no targets that can be counted.", "Give an array of finite numbers.")
    return facts


def _suggested(y: TargetFacts) -> Head:
    width = (y.shape or (1,))[-1]
    if y.kind == "one-hot":
        return Head(width, "softmax", CATEGORICAL, f"one-hot rows of {width} classes")
    if y.kind.startswith("several"):
        return Head(width, "sigmoid", BINARY, f"{width} times yes or no, several at once")
    if y.kind == "0 or 1":
        return Head(1, "sigmoid", BINARY, "0 or 1")
    if y.classes is not None:
        return Head(y.classes, "softmax", SPARSE, f"class numbers 0 to {y.classes - 1}")
    return Head(width, "linear", "mse", f"amounts from {y.low:.4g} to {y.high:.4g}")


def _loss(y: TargetFacts, activation: str) -> str:
    if activation == "softmax":
        return CATEGORICAL if y.kind == "one-hot" or y.kind.startswith("several") else SPARSE
    return BINARY if activation == "sigmoid" else "mse"


def _check(head: Head, facts: TargetFacts, fitting: Head) -> None:
    end = OutputEnd("head", (head.units,), head.activation, None, None, "")
    wrong = [advice.text for advice in check_output(facts, end, head.loss, None) if advice.severity == "error"]
    is_class = fitting.activation != "linear"
    if not wrong and (head.activation != "linear") != is_class:
        wrong = [f"The targets are {fitting.why}; {head.activation} does not give such."]
    if not wrong and head.activation == "softmax" and head.units == 1:
        wrong = ["A softmax of one unit is always 1."]
    if wrong:
        said = wrong[0].replace('The last layer "head"', "It")
        raise DataError(
            f"a head of {head.units} units with {head.activation} does not fit the targets: {said}",
            f"Write units={fitting.units}, activation={fitting.activation!r}.",
        )
