"""Pooling: the largest or the mean value under a sliding window."""

from __future__ import annotations

import functools
import itertools
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import ShapeError, unknown_name
from . import shapes
from .convolve import check_window, resolve_ordering, shape_with, spatial_sizes
from .registry import op

__all__ = ["pool2d"]


def _pooled(x, pool_size, strides=(1, 1), border_mode="valid", dim_ordering="default", pool_mode="max"):
    if pool_mode not in ("max", "avg"):
        raise unknown_name("pool_mode", pool_mode, ("max", "avg"))
    if border_mode not in ("valid", "same"):
        raise unknown_name("border_mode", border_mode, ("valid", "same"))
    if len(x.shape) != 4:
        raise ShapeError(
            f"needs input (batch, rows, cols, features), got {tuple(x.shape)}.", "Reshape it to four axes."
        )
    ordering = resolve_ordering(dim_ordering)
    sizes = spatial_sizes(x, ordering)
    check_window("pool", pool_size, sizes, border_mode, (1, 1), ("pool_size",))
    spatial = [
        shapes.window_length(size, window, stride, border_mode)
        for size, window, stride in zip(sizes, pool_size, strides, strict=True)
    ]
    return shape_with(x, ordering, spatial, x.shape[1] if ordering == "th" else x.shape[3])


@op(shape=_pooled, dtype="float")
def pool2d(x, pool_size, strides=(1, 1), border_mode="valid", dim_ordering="default", pool_mode="max"):
    """The largest or mean value of each window over rows and columns.

    Shape: 'tf': `(batch, rows, cols, features)` -> `(batch, new rows, new cols, features)`; features first for 'th'.

    Args:
        pool_size: rows and cols of the window.
        strides: steps along rows and cols.
        border_mode: 'valid' or 'same' (values outside the image count neither for the maximum nor for the mean).
        pool_mode: 'max' or 'avg'.
    """


@pool2d.tensorflow
def _(tf, x, pool_size, strides, border_mode, dim_ordering, pool_mode):
    features_first = resolve_ordering(dim_ordering) == "th"
    x = tf.transpose(x, (0, 2, 3, 1)) if features_first else x
    pool = tf.nn.max_pool2d if pool_mode == "max" else tf.nn.avg_pool2d
    y = pool(x, pool_size, strides, border_mode.upper())
    return tf.transpose(y, (0, 3, 1, 2)) if features_first else y


@pool2d.theano
def _(pt, x, pool_size, strides, border_mode, dim_ordering, pool_mode):
    first = 2 if resolve_ordering(dim_ordering) == "th" else 1
    frame = list(zip((first, first + 1), pool_size, strides, strict=True))
    if pool_mode == "max":
        # the first of equal ones gets the gradient, as on TensorFlow
        return functools.reduce(
            lambda best, other: pt.switch(other > best, other, best), _slices(pt, x, frame, border_mode, -np.inf)
        )
    total = functools.reduce(operator.add, _slices(pt, x, frame, border_mode, 0))
    if border_mode == "valid":
        return total / np.asarray(pool_size[0] * pool_size[1], x.dtype)
    inside = pt.ones([_size(x, axis) if axis in (first, first + 1) else 1 for axis in range(x.ndim)], dtype=x.dtype)
    return total / functools.reduce(operator.add, _slices(pt, inside, frame, border_mode, 0))


def _slices(pt, x, frame: Sequence[tuple[int, int, int]], border_mode: str, outside: float) -> list:
    """For each place in the window, all values that it meets as the window slides; `frame`: (axis, window, stride)."""
    spans = {}
    for axis, window, stride in frame:
        size = _size(x, axis)
        places: Any = shapes.window_length(size, window, stride, border_mode)
        if border_mode == "same":
            missing = (places - 1) * stride + window - size
            x = _padded(pt, x, axis, max(missing, 0) if isinstance(missing, int) else pt.maximum(missing, 0), outside)
        spans[axis] = [slice(at, at + (places - 1) * stride + 1, stride) for at in range(window)]
    around = (slice(None),) * frame[0][0]
    return [x[(*around, *place)] for place in itertools.product(*spans.values())]


def _size(x, axis: int) -> Any:
    """The number of values along an axis, as a number where it is known."""
    return x.shape[axis] if x.type.shape[axis] is None else x.type.shape[axis]


def _padded(pt, x, axis: int, count, outside: float):
    """`count` values put around an axis, the odd one after it."""
    if isinstance(count, int):
        # not pt.full: to learn its shape, PyTensor would simplify all of the graph below, for seconds in a deep model
        edge = pt.full_like(x[(*(slice(None),) * axis, slice(0, 1))], outside)
        return pt.concatenate([*[edge] * (count // 2), x, *[edge] * (count - count // 2)], axis=axis)
    edges = [
        pt.full([_size(x, at) if at != axis else some for at in range(x.ndim)], outside, dtype=x.dtype)
        for some in (count // 2, count - count // 2)
    ]
    return pt.concatenate([edges[0], x, edges[1]], axis=axis)
