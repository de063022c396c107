"""Activations: functions that layers put on their output."""

from __future__ import annotations

import functools
import math

from . import backend as K
from .backend.ops.registry import in_float
from .carried import carry
from .errors import ShapeError
from .spelling.door import accepts
from .utils.custom_objects import get_from_module, registry

__all__ = [
    "softmax",
    "elu",
    "softplus",
    "softsign",
    "relu",
    "tanh",
    "sigmoid",
    "hard_sigmoid",
    "linear",
    "get",
    "selu",
    "exponential",
    "swish",
    "silu",
    "relu6",
    "mish",
    "log_softmax",
    "leaky_relu",
    "gelu",
]


def _along_axis(function):
    """Let later programs name the axis: `softmax(x, axis=1)`; the signature stays Keras 1.2's."""

    @functools.wraps(function)
    def spelt(x, *axis, **later):
        (axis,) = axis or (later.pop("axis", -1),)
        if later:
            raise TypeError(f"{function.__name__} has no argument {next(iter(later))!r}; it takes x, axis")
        if axis in (-1, K.ndim(x) - 1):
            return function(x)
        return K.exp(_log_softmax(x, axis))

    return spelt


@_along_axis
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


@accepts({"negative_slope": "alpha"})
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


# ---- later ones


def selu(x):
    """Scaled exponential linear unit, which brings mean and deviation to 0 and 1 from layer to layer.

    Shape: `x` any -> same.
    Source: Klambauer et al. 2017, arXiv:1706.02515, equation 2.
    """
    return 1.0507009873554805 * K.elu(x, 1.6732632423543772)


def exponential(x):
    """`exp(x)`.

    Shape: `x` any -> same.
    """
    return K.exp(x)


def swish(x):
    """`x * sigmoid(x)`.

    Shape: `x` any -> same.
    Source: Ramachandran et al. 2017, arXiv:1710.05941.
    """
    return x * K.sigmoid(x)


def relu6(x):
    """`x` cut to between 0 and 6.

    Shape: `x` any -> same.
    """
    return K.relu(x, max_value=6.0)


def mish(x):
    """`x * tanh(softplus(x))`.

    Shape: `x` any -> same.
    Source: Misra 2019, arXiv:1908.08681.
    """
    return x * K.tanh(K.softplus(x))


def log_softmax(x):
    """The logarithm of softmax, over the last axis.

    Shape: `x` any -> same.
    """
    return _log_softmax(x, -1)


def _log_softmax(x, axis):
    x = in_float(x)
    below = x - K.stop_gradient(K.max(x, axis=axis, keepdims=True))  # whose gradients cancel
    return below - K.log(K.sum(K.exp(below), axis=axis, keepdims=True))


def leaky_relu(x):
    """`x` above zero, `0.2 * x` below.

    Shape: `x` any -> same.
    """
    return K.relu(x, alpha=0.2)


def gelu(x, approximate=False):
    """`x` times the share of the normal distribution below it.

    Shape: `x` any -> same.
    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.

    Args:
        approximate: by tanh, a little faster.
    """
    if approximate:
        return 0.5 * x * (1 + K.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * K.pow(x, 3))))
    return 0.5 * x * (1 + K.erf(x / math.sqrt(2)))


silu = swish


def get(identifier):
    """The function that a name stands for; None is `linear`, a function is given back as it is.

    Raises:
        UnknownNameError: no such name.
    """
    if identifier is None:
        return linear
    return get_from_module(identifier, globals(), "activation function")


serialize, deserialize = registry(get)
carry(__name__)
