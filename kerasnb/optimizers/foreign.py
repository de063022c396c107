"""Optimizers of Keras 3, `tf.keras` and `tf.compat.v1.train` as ours, where they mean the same."""

from __future__ import annotations

import math
from typing import Any

from ..errors import ArgumentError
from . import rules
from .base import Optimizer
from .meanings import meaning_of, no_counterpart

__all__ = ["TFOptimizer", "as_ours", "is_foreign"]

_LIBRARIES = {"keras", "tf_keras", "tensorflow"}

# tf.compat.v1.train's class -> ours, and its attributes for our arguments
_SESSION_AGE: dict[str, tuple[type[Optimizer], dict]] = {
    "GradientDescentOptimizer": (rules.SGD, {"lr": "_learning_rate"}),
    "MomentumOptimizer": (
        rules.SGD,
        {"lr": "_learning_rate", "momentum": "_momentum", "nesterov": "_use_nesterov"},
    ),
    "AdamOptimizer": (
        rules.Adam,
        {"lr": "_lr", "beta_1": "_beta1", "beta_2": "_beta2", "epsilon": "_epsilon"},
    ),
    "AdadeltaOptimizer": (rules.Adadelta, {"lr": "_lr", "rho": "_rho", "epsilon": "_epsilon"}),
}


def is_foreign(thing: Any) -> bool:
    """Whether it is an optimizer of another library, by its class alone: the library is not imported for this."""
    roots = {cls.__module__.split(".")[0] for cls in type(thing).__mro__}
    return bool(roots & _LIBRARIES) and (hasattr(thing, "apply_gradients") or hasattr(thing, "get_config"))


def as_ours(optimizer: Any) -> Optimizer:
    """Our optimizer that computes the same steps.

    Raises:
        ArgumentError: none does, or it was given an argument that ours do not have.
    """
    name = type(optimizer).__name__
    if name in _SESSION_AGE and hasattr(optimizer, "compute_gradients"):
        cls, attributes = _SESSION_AGE[name]
        return cls(**{ours: _value(getattr(optimizer, theirs), name) for ours, theirs in attributes.items()})
    if not hasattr(optimizer, "get_config"):
        raise no_counterpart(f"{type(optimizer).__module__.split('.')[0]}'s {name}")
    cls, arguments = meaning_of(name, optimizer.get_config())
    return cls(**arguments)


def _value(value: Any, name: str) -> float | bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and math.isfinite(value):
        return value
    raise ArgumentError(
        f"{name}: its settings must be numbers, got {type(value).__name__}.",
        "Make it from numbers.",
        arguments=("optimizer",),
    )


def _itself(optimizer: Optimizer) -> Optimizer:
    return optimizer


class TFOptimizer(Optimizer):
    """An optimizer of TensorFlow's, as ours that computes the same steps; on either backend.

    Args:
        optimizer: an optimizer of `tf.compat.v1.train`, `tf.keras` or Keras 3.

    Raises:
        ArgumentError: it computes something that none of ours does.
    """

    def __init__(self, optimizer):
        super().__init__()
        self.optimizer = optimizer
        self.inner = as_ours(optimizer)

    def __getattr__(self, name: str) -> Any:
        if name == "inner":
            raise AttributeError(name)
        return getattr(self.inner, name)

    def get_updates(self, params, constraints, loss):
        self.updates = self.inner.get_updates(params, constraints, loss)
        self.weights = self.inner.weights
        return self.updates

    def forget(self) -> None:
        self.inner.forget()

    def get_config(self):
        """Refused, as in Keras: the other library's optimizer says nothing of itself that could be read back."""
        raise NotImplementedError(
            "TFOptimizer has no config; use the optimizer of kerasnb that it stands for: "
            f"{type(self.inner).__name__}({self.inner.get_config()})"
        )

    def __reduce__(self):
        """A copy is the optimizer of ours that computes the same steps."""
        return _itself, (self.inner,)

    @classmethod
    def from_config(cls, config):
        """Refused, as in Keras 1.2: an optimizer of TensorFlow has no configuration."""
        raise NotImplementedError("TFOptimizer has no config; make it from the optimizer again")
