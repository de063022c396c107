"""Activations: functions that layers put on their output."""

from __future__ import annotations

from . import backend as K
from .errors import ShapeError
from .utils.custom_objects import get_from_module

__all__ = ["softmax", "elu", "softplus", "softsign", "relu", "tanh", "sigmoid", "hard_sigmoid", "linear", "get"]


def softmax(x):
    """`exp(x)` divided by its sum over the last axis.

    Shape: `(batch, features)` or `(batch, time, features)` -> same.
    """
    if K.ndim(x) not in (2, 3):
        raise ShapeError(
            f"softmax needs (batch, features) or (batch, time, features), got {K.int_shape(x)}.",
            "Put Flatten() before it, or use K.softmax in a Lambda.",
            arguments=("activation",),
        )
    return K.softmax(x)


def elu(x, alpha=1.0):
    """Exponential linear unit: `x` above zero, `alpha * (exp(x) - 1)` below.

    Shape: `x` any -> same.
    Source: Clevert et al. 2015, arXiv:1511.07289, section 3.
    """
    return K.elu(x, alpha)


def softplus(x):
    """`log(1 + exp(x))`.

    Shape: `x` any -> same.
    """
    return K.softplus(x)


def softsign(x):
    """`x / (1 + |x|)`.

    Shape: `x` any -> same.
    """
    return K.softsign(x)


def relu(x, alpha=0.0, max_value=None):
    """Rectified linear unit: `x` above zero, `alpha * x` below, at most `max_value`.

    Shape: `x` any -> same.
    Source: Nair and Hinton 2010, ICML.
    """
    return K.relu(x, alpha=alpha, max_value=max_value)


def tanh(x):
    """Hyperbolic tangent.

    Shape: `x` any -> same.
    """
    return K.tanh(x)


def sigmoid(x):
    """`1 / (1 + exp(-x))`.

    Shape: `x` any -> same.
    """
    return K.sigmoid(x)


def hard_sigmoid(x):
    """`0.2 * x + 0.5`, cut to between 0 and 1: a quick stand-in for the sigmoid.

    Shape: `x` any -> same.
    """
    return K.hard_sigmoid(x)


def linear(x):
    """`x` as it is.

    Shape: `x` any -> same.
    """
    return x


def get(identifier):
    """The function that a name stands for; None is `linear`, a function is given back as it is.

    Raises:
        UnknownNameError: no such name.
    """
    if identifier is None:
        return linear
    return get_from_module(identifier, globals(), "activation function")
