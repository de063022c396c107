"""Ops that take many values to one along some axes."""

from __future__ import annotations

from .. import config
from . import shapes
from .elementwise import exp, log, maximum, sqrt, square
from .registry import counted, in_float, op
from .shaping import stop_gradient

__all__ = [
    "sum",
    "mean",
    "max",
    "min",
    "prod",
    "var",
    "std",
    "any",
    "all",
    "argmax",
    "argmin",
    "cumsum",
    "sort",
    "logsumexp",
    "l2_normalize",
]


def _axis(axis):
    return tuple(axis) if isinstance(axis, list) else axis


def _reduction(name: str, docstring: str, tensorflow, theano, dtype="first", counts: bool = False):
    def function(x, axis=None, keepdims=False):
        """Replaced below."""

    function.__name__ = name
    function.__doc__ = (
        docstring + "\n\nShape: `x` any -> `x` without `axis` (all axes if None), or with 1 there if `keepdims`."
    )
    declared = op(shape=shapes.reduced, dtype=dtype, counts=counts)(function)
    declared.tensorflow(lambda tf, x, axis=None, keepdims=False: tensorflow(tf, x, _axis(axis), keepdims))
    declared.theano(lambda pt, x, axis=None, keepdims=False: theano(pt, x, _axis(axis), keepdims))
    return declared


def _summed_dtype(x, **_):
    return config.floatx() if x.dtype == "bool" else counted(x).dtype


def _number(tf, x):
    return tf.cast(x, config.floatx()) if x.dtype == "bool" else counted(x)


def _is_float(x) -> bool:
    return str(x.dtype).startswith("float")


def _largest(pt, x, axis, keepdims):
    """The largest value in PyTensor, whose own gives the whole gradient to each of equal ones."""
    if not _is_float(x):
        return pt.max(x, axis=axis, keepdims=keepdims)
    axes = shapes.axes_of(axis, x.type)
    largest = pt.largest(x, axes)
    return pt.expand_dims(largest, axes) if keepdims else largest


sum = _reduction(
    "sum",
    "The sum.",
    lambda tf, x, axis, keepdims: tf.reduce_sum(_number(tf, x), axis, keepdims),
    lambda pt, x, axis, keepdims: pt.sum(_number(pt, x), axis=axis, keepdims=keepdims, dtype=_number(pt, x).dtype),
    _summed_dtype,
)
prod = _reduction(
    "prod",
    "The product.",
    lambda tf, x, axis, keepdims: tf.reduce_prod(_number(tf, x), axis, keepdims),
    lambda pt, x, axis, keepdims: pt.prod(_number(pt, x), axis=axis, keepdims=keepdims, dtype=_number(pt, x).dtype),
    _summed_dtype,
)
mean = _reduction(
    "mean",
    "The mean.",
    lambda tf, x, axis, keepdims: tf.reduce_mean(x, axis, keepdims),
    lambda pt, x, axis, keepdims: pt.mean(x, axis=axis, keepdims=keepdims, dtype=x.dtype),
    "float",
)
max = _reduction(
    "max",
    "The largest value.",
    lambda tf, x, axis, keepdims: tf.reduce_max(x, axis, keepdims),
    lambda pt, x, axis, keepdims: _largest(pt, x, axis, keepdims),
    counts=True,
)
min = _reduction(
    "min",
    "The smallest value.",
    lambda tf, x, axis, keepdims: tf.reduce_min(x, axis, keepdims),
    lambda pt, x, axis, keepdims: (
        -_largest(pt, -x, axis, keepdims) if _is_float(x) else pt.min(x, axis=axis, keepdims=keepdims)
    ),
    counts=True,
)
any = _reduction(
    "any",
    "1 where any value is true, else 0 (uint8).",
    lambda tf, x, axis, keepdims: tf.cast(tf.reduce_any(tf.cast(x, "bool"), axis, keepdims), "uint8"),
    lambda pt, x, axis, keepdims: pt.cast(pt.any(pt.neq(x, 0), axis=axis, keepdims=keepdims), "uint8"),
    "uint8",
)
all = _reduction(
    "all",
    "1 where all values are true, else 0 (uint8).",
    lambda tf, x, axis, keepdims: tf.cast(tf.reduce_all(tf.cast(x, "bool"), axis, keepdims), "uint8"),
    lambda pt, x, axis, keepdims: pt.cast(pt.all(pt.neq(x, 0), axis=axis, keepdims=keepdims), "uint8"),
    "uint8",
)


def var(x, axis=None, keepdims=False):
    """The variance (divided by n).

    Shape: as `sum`.
    """
    return mean(square(x - mean(x, axis=axis, keepdims=True)), axis=axis, keepdims=keepdims)


def std(x, axis=None, keepdims=False):
    """The standard deviation (divided by n).

    Shape: as `sum`.
    """
    return sqrt(var(x, axis=axis, keepdims=keepdims))


def logsumexp(x, axis=None, keepdims=False):
    """log(sum(exp(x))), without overflow.

    Shape: as `sum`.
    """
    x = in_float(x)
    top = stop_gradient(max(x, axis=axis, keepdims=True))  # whose gradients cancel
    total = log(sum(exp(x - top), axis=axis, keepdims=True)) + top
    return total if keepdims else sum(total, axis=axis)


@op(shape=shapes.without_axis, dtype="int64")
def argmax(x, axis=-1):
    """The index of the largest value along one axis.

    Shape: `x` any -> `x` without `axis`.
    """


@argmax.tensorflow
def _(tf, x, axis=-1):
    return tf.argmax(x, axis)


@argmax.theano
def _(pt, x, axis=-1):
    return pt.argmax(x, axis=axis)


@op(shape=shapes.without_axis, dtype="int64")
def argmin(x, axis=-1):
    """The index of the smallest value along one axis.

    Shape: `x` any -> `x` without `axis`.
    """


@argmin.tensorflow
def _(tf, x, axis=-1):
    return tf.argmin(x, axis)


@argmin.theano
def _(pt, x, axis=-1):
    return pt.argmin(x, axis=axis)


@op(shape=shapes.like_first, counts=True)
def cumsum(x, axis=0):
    """The running sum along one axis.

    Shape: `x` any -> same.
    """


@cumsum.tensorflow
def _(tf, x, axis=0):
    return tf.cumsum(x, axis)


@cumsum.theano
def _(pt, x, axis=0):
    return pt.cumsum(x, axis=axis)


def l2_normalize(x, axis):
    """`x` divided by its Euclidean length along one axis (at least the square root of 1e-12).

    Shape: `x` any -> same.
    """
    x = in_float(x)
    return x / sqrt(maximum(sum(square(x), axis=axis, keepdims=True), 1e-12))


@op(shape=shapes.like_first)
def sort(x, axis=-1):
    """The values along an axis in rising order.

    Shape: `x` any -> same.
    """


@sort.tensorflow
def _(tf, x, axis=-1):
    return tf.sort(x, axis)


@sort.theano
def _(pt, x, axis=-1):
    return pt.sort(x, axis)
