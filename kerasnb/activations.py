"""Activations: functions that layers put on their output."""

from __future__ import annotations

import functools

from . import backend as K
from . import later_activations
from .carried import carry
from .errors import ShapeError
from .later_activations import *  # noqa: F403
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
    *later_activations.__all__,
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
        return K.exp(later_activations.log_softmax(x, axis))

    return spelt


@_along_axis
def softmax(x):
    """`exp(x)` divided by its sum over the last axis.

    Shape: `(batch, ..., features)` -> same.
    Source: Bridle 1990, NATO ASI Series F68, pages 227 to 236.
    """
    if K.ndim(x) < 2:
        raise ShapeError(
            f"softmax needs (batch, ..., features), got {K.int_shape(x)}.",
            "Use K.softmax for a tensor without samples.",
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
    Source: Dugas et al. 2001, NIPS 13.
    """
    return K.softplus(x)


def softsign(x):
    """`x / (1 + |x|)`.

    Shape: `x` any -> same.
    Source: Turian, Bergstra and Bengio 2009, NAACL, pages 245 to 248.
    """
    return K.softsign(x)


@accepts({"negative_slope": "alpha"})
def relu(x, alpha=0.0, max_value=None, *, threshold=0.0):
    """Rectified linear unit: `x` above `threshold`, `alpha * (x - threshold)` below, at most `max_value`.

    Shape: `x` any -> same.
    Source: Nair and Hinton 2010, ICML.
    """
    if not threshold:
        return K.relu(x, alpha=alpha, max_value=max_value)
    above = K.cast(K.greater_equal(x, threshold), K.dtype(x))
    upper = x if max_value is None else K.minimum(x, max_value)
    return upper * above + alpha * (x - threshold) * (1.0 - above)


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
    Source: Theano's `nnet.hard_sigmoid`, which Keras 1.2 took over.
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
    return get_from_module(identifier, {name: globals()[name] for name in __all__}, "activation function")


serialize, deserialize = registry(get)
carry(__name__)
