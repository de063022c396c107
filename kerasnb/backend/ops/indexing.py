"""Ops that pick values by their place."""

from __future__ import annotations

import numpy as np

from ...errors import ArgumentError, ShapeError
from .. import config
from ..graph.tensor import Constant, as_tensor
from .elementwise import cast
from .known_sizes import is_computed, known_size
from .registry import op

__all__ = ["gather", "one_hot", "in_top_k", "arange", "split"]


def _gathered(reference, indices):
    if not reference.shape:
        raise ShapeError("gather needs a tensor with a first axis to pick from, got a scalar.")
    return tuple(indices.shape) + tuple(reference.shape[1:])


@op(shape=_gathered, inputs="reference indices")
def gather(reference, indices):
    """The slices of `reference` at these places of its first axis.

    Shape: `(n, ...)`, `indices` any -> `indices.shape + (...)`.
    """


@gather.tensorflow
def _(tf, reference, indices):
    return tf.gather(reference, tf.cast(indices, "int32"))


@gather.theano
def _(pt, reference, indices):
    return reference[pt.cast(indices, "int32")]


def _one_hot_shape(indices, nb_classes):
    if nb_classes < 1:
        raise ArgumentError(f"one_hot needs at least one class, got {nb_classes}.", arguments=("nb_classes",))
    return (*indices.shape, nb_classes)


@op(
    shape=_one_hot_shape,
    dtype=lambda *_, **__: config.floatx(),
    inputs="indices",
)
def one_hot(indices, nb_classes):
    """1 at the place that each index says, 0 elsewhere.

    Shape: `(a, b)` -> `(a, b, nb_classes)`.
    """


@one_hot.tensorflow
def _(tf, indices, nb_classes):
    return tf.one_hot(tf.cast(indices, "int32"), nb_classes, dtype=config.floatx())


@one_hot.theano
def _(pt, indices, nb_classes):
    places = pt.arange(nb_classes, dtype="int32")
    return pt.cast(pt.eq(pt.expand_dims(pt.cast(indices, "int32"), -1), places), config.floatx())


@op(shape=lambda predictions, targets, k: (predictions.shape[0],), dtype="bool", inputs="predictions targets")
def in_top_k(predictions, targets, k):
    """Whether each target class is among the k largest predictions of its sample.

    Shape: `(batch, classes)`, `(batch,)` -> `(batch,)`.
    """


@in_top_k.tensorflow
def _(tf, predictions, targets, k):
    targets = tf.cast(targets, "int32")
    if predictions.dtype == tf.float32:  # the only one that TensorFlow's own takes
        return tf.math.in_top_k(targets, predictions, k)
    predictions = tf.cast(predictions, tf.float64)
    chosen = tf.gather(predictions, targets, batch_dims=1)
    larger = tf.cast(predictions > chosen[:, None], "int32")
    return (tf.reduce_sum(larger, 1) < k) & tf.reduce_all(tf.math.is_finite(predictions), 1)


@in_top_k.theano
def _(pt, predictions, targets, k):
    rows = pt.arange(predictions.shape[0])
    chosen = predictions[rows, pt.cast(targets, "int32")]
    is_among = pt.lt(pt.sum(pt.gt(predictions, pt.expand_dims(chosen, 1)), axis=1), k)
    is_odd = pt.any(pt.or_(pt.isnan(predictions), pt.isinf(predictions)), axis=1)  # such rows are none on TensorFlow
    return pt.and_(is_among, pt.invert(is_odd))


@op(shape=lambda bounds, dtype: (None,), dtype=lambda bounds, dtype: dtype, inputs="*bounds")
def _range(bounds, dtype):
    """Numbers in a row, `bounds` being (start, stop, step)."""


@_range.tensorflow
def _(tf, bounds, dtype):
    return tf.range(*bounds, dtype=dtype)


@_range.theano
def _(pt, bounds, dtype):
    return pt.arange(*bounds, dtype=dtype)


def arange(start, stop=None, step=1, dtype="int32"):
    """Numbers from `start` up to, not including, `stop`; from 0 up to `start` if there is no `stop`.

    Shape: -> `(n,)`, known where the bounds are numbers.
    """
    bounds = [known_size(bound) for bound in ((0, start, step) if stop is None else (start, stop, step))]
    if not any(is_computed(bound) for bound in bounds):
        return Constant(np.arange(*bounds, dtype=dtype))
    return _range([cast(bound if is_computed(bound) else as_tensor(bound), dtype) for bound in bounds], dtype)


@op(
    shape=lambda x, parts: [(*x.shape[:-1], x.shape[-1] // parts)] * parts,
    dtype=lambda x, parts: [x.dtype] * parts,
)
def split(x, parts):
    """The last axis cut into equal parts.

    Shape: `(..., n)` -> a list of `parts` tensors `(..., n / parts)`.
    """


@split.tensorflow
def _(tf, x, parts):
    return tf.split(x, parts, axis=-1)


@split.theano
def _(pt, x, parts):
    size = x.type.shape[-1] // parts
    return [x[..., part * size : (part + 1) * size] for part in range(parts)]
