"""Random numbers: each op has a seed of its own and draws anew in every call."""

from __future__ import annotations

import math

import numpy as np

from .. import config
from ..graph.dtypes import named
from ..graph.phase import CALLS
from ..graph.tensor import Seed, Tensor
from ..runtime.machines import machines
from .elementwise import cast, less
from .known_sizes import in_parts, is_computed, is_of_batch
from .registry import op

__all__ = ["random_uniform", "random_normal", "random_binomial", "truncated_normal"]


def _drawn_shape(sizes, calls, seed, template, **_):
    return template


def _draw(name: str, docstring: str):
    def function(sizes, calls, seed, template, dtype, by_sample):
        """Replaced below."""

    function.__name__, function.__doc__ = name, docstring
    return op(shape=_drawn_shape, dtype=lambda *_, dtype, **__: dtype, inputs="*sizes calls seed")(function)


_uniform = _draw("_uniform", "Numbers spread evenly over [0, 1).")
_normal = _draw("_normal", "Numbers of the normal distribution with mean 0 and deviation 1.")


def _sizes(sizes, template):
    rest = iter(sizes or [])
    return [next(rest) if size is None else size for size in template]


def _spread(tf, sizes, calls, seed, dtype, by_sample, planes=()):
    """Numbers spread evenly over [0, 1), the same bits by XLA and by TensorFlow's own kernels.

    Their words are the same for one key and counter; what TensorFlow makes of a seed, and of words, differs. So the key
    is the seed and the counter's upper half the count of calls, and as many bits as the dtype holds exactly are taken.
    Source: Salmon et al. 2011, doi:10.1145/2063384.2063405 (Philox-4x32-10).
    """
    digits = _DIGITS.get(dtype, 24)
    kind = tf.uint64 if digits > 32 else tf.uint32

    def words(shape, begin=0):
        return tf.raw_ops.StatelessRandomUniformFullIntV2(
            shape=shape,
            key=[tf.cast(seed, tf.uint64)],
            counter=[begin, tf.cast(calls, tf.uint64)],
            alg=_PHILOX,
            dtype=kind,
        )

    if by_sample and machines().parts > 1:
        drawn = _own_words(tf, words, _BLOCK // kind.size, sizes, planes)
    else:
        drawn = words([*planes, *sizes])
    return tf.cast(tf.bitwise.right_shift(drawn, tf.constant(8 * kind.size - digits, kind)), dtype) * 2.0**-digits


def _own_words(tf, words, block, sizes, planes):
    """Those words for the whole batch that belong to this machine's samples; `block` of them come of each count."""
    count = tf.reduce_prod(tf.cast(tf.stack(sizes), tf.int64))
    drawn = []
    for plane in range(math.prod(planes)):
        begin = (plane * machines().parts + machines().rank) * count
        around = words([count + block], tf.cast(begin // block, tf.uint64))
        drawn.append(tf.slice(around, [begin % block], [count]))
    return tf.reshape(tf.concat(drawn, axis=0), [*planes, *sizes])


def _precise(dtype):
    return dtype if dtype == "float64" else "float32"


_PHILOX = 1  # TensorFlow's number for it
_BLOCK = 16  # bytes that it makes of one count
_DIGITS = {"bfloat16": 8, "float16": 11, "float64": 53}  # bits of a float's mantissa


@_uniform.tensorflow
def _(tf, sizes, calls, seed, template, dtype, by_sample):
    return _spread(tf, _sizes(sizes, template), calls, seed, dtype, by_sample)


@_normal.tensorflow
def _(tf, sizes, calls, seed, template, dtype, by_sample):
    """Source: Box and Muller 1958, doi:10.1214/aoms/1177706645. XLA rounds log and cos otherwise in the last place."""
    sizes = _sizes(sizes, template)
    share, turn = tf.unstack(_spread(tf, sizes, calls, seed, _precise(dtype), by_sample, planes=(2,)))
    return tf.cast(tf.sqrt(-2 * tf.math.log(1 - share)) * tf.cos(2 * math.pi * turn), dtype)


def _draw_on_theano(distribution):
    def draw(pt, sizes, calls, seed, template, dtype, by_sample):
        sizes, those = _sizes(sizes, template), machines()
        if not by_sample or those.parts == 1:
            return pt.draw(distribution, sizes, calls, seed, dtype)
        first, *others = sizes
        whole = pt.draw(distribution, [first * those.parts, *others], calls, seed, dtype)
        return whole[those.rank * first : (those.rank + 1) * first]

    return draw


_uniform.theano(_draw_on_theano("uniform"))
_normal.theano(_draw_on_theano("normal"))


def _record(distribution, shape, dtype, seed) -> Tensor:
    shape = in_parts(shape)
    sizes = [size for size in shape if is_computed(size)]
    template = tuple(None if is_computed(size) else int(size) for size in shape)
    # numpy's generator, so that np.random.seed fixes a whole program, as in Keras 1
    number = np.random.randint(10_000_000) if seed is None else int(seed)
    drawn_by = Seed(number, is_given=seed is not None)
    by_sample = bool(shape) and is_of_batch(shape[0])
    return distribution(sizes or None, CALLS, drawn_by, template, named(dtype or config.floatx()), by_sample)


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
    return tf.cast(tf.math.ndtri(tf.cast(x, _precise(x.dtype.name))), x.dtype)


@_inverse_normal.theano
def _(pt, x):
    return math.sqrt(2) * pt.erfinv(2 * x - 1)
