"""Random numbers: each op has a seed of its own and draws anew in every call."""

from __future__ import annotations

import math

import numpy as np

from .. import config
from ..dtypes import named
from ..phase import CALLS
from ..registry import op
from ..tensor import Seed, Tensor
from .elementwise import cast, less

__all__ = ["random_uniform", "random_normal", "random_binomial", "truncated_normal"]


def _drawn_shape(sizes, calls, seed, template, **_):
    return template


def _draw(name: str, docstring: str):
    def function(sizes, calls, seed, template, dtype):
        """Replaced below."""

    function.__name__, function.__doc__ = name, docstring
    return op(shape=_drawn_shape, dtype=lambda sizes, calls, seed, template, dtype: dtype, inputs="*sizes calls seed")(
        function
    )


_uniform = _draw("_uniform", "Numbers spread evenly over [0, 1).")
_normal = _draw("_normal", "Numbers of the normal distribution with mean 0 and deviation 1.")


def _sizes(sizes, template):
    rest = iter(sizes or [])
    return [next(rest) if size is None else size for size in template]


@_uniform.tensorflow
def _(tf, sizes, calls, seed, template, dtype):
    return tf.random.stateless_uniform(
        _sizes(sizes, template), tf.stack([seed, calls]), dtype=dtype
    )


@_normal.tensorflow
def _(tf, sizes, calls, seed, template, dtype):
    return tf.random.stateless_normal(
        _sizes(sizes, template), tf.stack([seed, calls]), dtype=dtype
    )


@_uniform.theano
def _(pt, sizes, calls, seed, template, dtype):
    return pt.draw("uniform", _sizes(sizes, template), calls, seed, dtype)


@_normal.theano
def _(pt, sizes, calls, seed, template, dtype):
    return pt.draw("normal", _sizes(sizes, template), calls, seed, dtype)


def _record(distribution, shape, dtype, seed) -> Tensor:
    sizes = [size for size in shape if isinstance(size, Tensor)]
    template = tuple(None if isinstance(size, Tensor) else int(size) for size in shape)
    # numpy's generator, so that np.random.seed fixes a whole program, as in Keras 1
    seed = np.random.randint(10_000_000) if seed is None else int(seed)
    return distribution(sizes or None, CALLS, Seed(seed), template, named(dtype or config.floatx()))


def random_uniform(shape, low=0.0, high=1.0, dtype=None, seed=None):
    """Numbers spread evenly over `[low, high)`.

    Shape: -> `shape`.
    """
    drawn = _record(_uniform, shape, dtype, seed)
    return drawn if (low, high) == (0.0, 1.0) else drawn * (high - low) + low


def random_normal(shape, mean=0.0, std=1.0, dtype=None, seed=None):
    """Numbers of the normal distribution.

    Shape: -> `shape`.
    """
    return _record(_normal, shape, dtype, seed) * std + mean


def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """1 with probability `p`, else 0.

    Shape: -> `shape`.
    """
    return cast(less(_record(_uniform, shape, None, seed), p), dtype or config.floatx())


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """Numbers of the normal distribution, none farther from the mean than two deviations.

    Shape: -> `shape`.
    """
    below = 0.5 * (1 + math.erf(-math.sqrt(2)))
    return _inverse_normal(random_uniform(shape, below, 1 - below, dtype, seed)) * stddev + mean


@op(shape=lambda x: tuple(x.shape), dtype="float")
def _inverse_normal(x):
    """The number below which the normal distribution has this share."""


@_inverse_normal.tensorflow
def _(tf, x):
    return tf.math.ndtri(x)


@_inverse_normal.theano
def _(pt, x):
    return math.sqrt(2) * pt.erfinv(2 * x - 1)
