"""The choices of a Fit panel: what may be chosen, what a model was compiled with, what a typed value means."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Mapping
from typing import Any

from ... import optimizers
from ...errors import ArgumentError

__all__ = [
    "also_given",
    "compiled_choice",
    "last_activation",
    "loss_names",
    "name_of",
    "optimizer_names",
    "read_class_weight",
    "read_fraction",
    "read_number",
]

WHOLE = ("batch_size", "nb_epoch", "steps_per_epoch", "samples_per_epoch", "validation_steps", "nb_val_samples")
USUAL_LOSSES = [
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "mse",
    "mae",
    "mape",
    "msle",
    "hinge",
    "squared_hinge",
    "kullback_leibler_divergence",
    "poisson",
    "cosine_proximity",
    "categorical_hinge",
    "huber_loss",
    "logcosh",
    "binary_focal_crossentropy",
    "categorical_focal_crossentropy",
    "dice",
    "tversky",
]


def optimizer_names() -> list[str]:
    """Every optimizer there is, by the name that compile takes."""
    found = (value for value in vars(optimizers).values() if inspect.isclass(value))
    return sorted(
        {
            value.__name__.lower()
            for value in found
            if issubclass(value, optimizers.Optimizer) and value is not optimizers.Optimizer
        }
    )


def loss_names() -> list[str]:
    """The losses there are, the usual ones first."""
    return list(USUAL_LOSSES)


def name_of(choice: Any) -> str:
    """How compile's argument is called: a name, or the name of a class or function."""
    if isinstance(choice, str):
        return choice.lower()
    if isinstance(choice, (list, tuple)):
        return ", ".join(name_of(each) for each in choice)
    if isinstance(choice, dict):
        return ", ".join(name_of(each) for each in choice.values())
    return getattr(choice, "__name__", None) or type(choice).__name__.lower()


def compiled_choice(model: Any, argument: str) -> str | None:
    """What a compiled model has for `optimizer` or `loss`."""
    given = (model.compile_arguments or {}).get(argument) if model.is_compiled else None
    return None if given is None else name_of(given)


def last_activation(model: Any) -> str | None:
    """The name of the activation that gives the model's output, None where none is named."""
    activation = getattr(model.layers[-1], "activation", None)
    return getattr(activation, "__name__", None)


def read_number(name: str, value: Any) -> float | int:
    """A typed value as the number that an option needs.

    Raises:
        ArgumentError: it is not a number above 0, or not whole where it must be.
    """
    whole = name in WHOLE
    try:
        number = float(value)
        if number > 0 and number != float("inf") and (not whole or number == int(number)):
            return int(number) if whole else number
    except (TypeError, ValueError):
        pass
    kind = "a whole number above 0" if whole else "a number above 0"
    raise ArgumentError(
        f"{name} needs {kind}, got {value!r}.", f"For example {name}={32 if whole else 0.001}.", arguments=[name]
    )


def read_fraction(name: str, value: Any) -> float:
    """A typed value as a fraction; nothing typed is 0.

    Raises:
        ArgumentError: it is no number from 0 up to 1.
    """
    try:
        fraction = float(value or 0)
    except (TypeError, ValueError):
        fraction = -1.0
    if not 0 <= fraction < 1:
        raise ArgumentError(
            f"{name} needs a fraction from 0 up to 1, got {value!r}.", f"For example {name}=0.2.", arguments=[name]
        )
    return fraction


def read_class_weight(value: Any) -> dict:
    """`0=1, 1=5` as `{0: 1.0, 1: 5.0}`; a dict as it is, nothing as an empty one.

    Raises:
        ArgumentError: it is neither.
    """
    if value is None or isinstance(value, dict):
        return value or {}
    words = [word for word in re.split(r"[,\s]+", str(value)) if word]
    try:
        weights = {int(name): float(weight) for name, weight in (word.split("=") for word in words)}
    except ValueError:
        weights = {0: math.nan}
    if not all(0 <= weight < math.inf for weight in weights.values()):
        raise ArgumentError(
            f"class_weight needs a number from 0 for each class, got {value!r}.",
            "For example 0=1 1=5.",
            arguments=["class_weight"],
        )
    return weights


# what the panel shows in places of its own
_SHOWN = ("steps_per_epoch", "samples_per_epoch", "validation_steps", "nb_val_samples", "machines")


def also_given(arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What else fit is given, in words; weights of classes can be typed."""
    return [
        {"name": name, "text": _in_words(value), "is_editable": _can_be_typed(name, value)}
        for name, value in arguments.items()
        if name not in _SHOWN and value is not None and not (isinstance(value, (list, tuple, dict)) and not value)
    ]


def _can_be_typed(name: str, value: Any) -> bool:
    is_plain = isinstance(value, dict) and not any(isinstance(weight, dict) for weight in value.values())
    return name == "class_weight" and is_plain


def _in_words(value: Any) -> str:
    if hasattr(value, "shape"):
        return f"array {tuple(value.shape)}"
    if isinstance(value, dict):
        return " ".join(
            f"{name}={weight:g}" if isinstance(weight, (int, float)) else str(name) for name, weight in value.items()
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(type(each).__name__ for each in value)
    return str(value)
