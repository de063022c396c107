"""Products of matrices."""

from __future__ import annotations

from ...errors import ShapeError
from .. import shapes
from ..registry import op

__all__ = ["dot", "batch_dot", "transpose"]


@op(shape=shapes.dot_shape, inputs="x y", promote=True, operator=True)
def dot(x, y):
    """Product over the last axis of `x` and the second to last of `y` (its only one, if it has one).

    Shape: `(..., n)`, `(..., n, m)` -> `(..., ..., m)`.
    """


def _dense_product(inputs) -> bool:
    x, y = inputs
    if y.is_sparse or len(x.shape) != 2 or len(y.shape) != 2:
        raise ShapeError(
            f"dot of a sparse tensor needs a sparse matrix and a dense one, in this order, got {x!r} and {y!r}.",
            "Give it K.to_dense(x).",
        )
    return False


dot.gives_sparse = _dense_product


@dot.tensorflow
def _(tf, x, y):
    if isinstance(x, tf.SparseTensor):
        return tf.sparse.sparse_dense_matmul(x, y)
    if len(x.shape) == 2 and len(y.shape) == 2:
        return tf.matmul(x, y)
    return tf.tensordot(x, y, [[len(x.shape) - 1], [max(len(y.shape) - 2, 0)]])


@dot.theano
def _(pt, x, y):
    if x.ndim <= 2 and y.ndim <= 2:
        return pt.dot(x, y)
    return pt.tensordot(x, y, [[x.ndim - 1], [max(y.ndim - 2, 0)]])


def _batch_axes(x, y, axes) -> tuple[int, int]:
    axes = (
        (axes, axes)
        if isinstance(axes, int)
        else tuple(axes)
        if axes is not None
        else (len(x.shape) - 1, 1 if len(y.shape) == 2 else len(y.shape) - 2)
    )
    return shapes.normalized_axis(axes[0], len(x.shape), x), shapes.normalized_axis(axes[1], len(y.shape), y)


def _batch_dot_shape(x, y, axes=None):
    if len(x.shape) < 2 or len(y.shape) < 2:
        raise ShapeError(f"batch_dot needs tensors of 2 axes or more, got {tuple(x.shape)} and {tuple(y.shape)}.")
    left, right = _batch_axes(x, y, axes)
    if None not in (x.shape[left], y.shape[right]) and x.shape[left] != y.shape[right]:
        raise ShapeError(
            f"batch_dot of {tuple(x.shape)} and {tuple(y.shape)} over axes ({left}, {right}): "
            f"{x.shape[left]} and {y.shape[right]} differ."
        )
    rest = [size for axis, size in enumerate(x.shape) if axis not in (0, left)] + [
        size for axis, size in enumerate(y.shape) if axis not in (0, right)
    ]
    return (x.shape[0] if x.shape[0] is not None else y.shape[0], *(rest or [1]))


@op(shape=_batch_dot_shape, inputs="x y", promote=True)
def batch_dot(x, y, axes=None):
    """Product of each sample of `x` with the same sample of `y`, over one axis of each.

    Shape: `(batch, ..., n, ...)`, `(batch, ..., n, ...)`
        -> `(batch, the rest of x, the rest of y)`; `(batch, 1)` if nothing is left.

    Args:
        axes: the axis, or the two axes, summed over; by default the last of `x` and the second to last of `y`.
    """


def _letters(x_rank: int, y_rank: int, left: int, right: int) -> str:
    """The einsum expression of a product per sample."""
    names = iter("bcdefghijklmnopqrst")
    x_letters = ["a" if axis == 0 else "z" if axis == left else next(names) for axis in range(x_rank)]
    y_letters = ["a" if axis == 0 else "z" if axis == right else next(names) for axis in range(y_rank)]
    rest = [letter for letter in x_letters[1:] + y_letters[1:] if letter != "z"]
    return f"{''.join(x_letters)},{''.join(y_letters)}->a{''.join(rest)}"


@batch_dot.tensorflow
def _(tf, x, y, axes=None):
    product = tf.einsum(_letters(len(x.shape), len(y.shape), *_batch_axes(x, y, axes)), x, y)
    return product if len(product.shape) > 1 else tf.expand_dims(product, 1)


@batch_dot.theano
def _(pt, x, y, axes=None):
    left, right = _batch_axes(x.type, y.type, axes)
    product = pt.einsum(_letters(x.ndim, y.ndim, left, right), x, y)
    return product if product.ndim > 1 else pt.expand_dims(product, 1)


@op(shape=lambda x: tuple(reversed(x.shape)))
def transpose(x):
    """The axes in reversed order.

    Shape: `(a, ..., z)` -> `(z, ..., a)`.
    """


@transpose.tensorflow
def _(tf, x):
    return tf.transpose(x)


@transpose.theano
def _(pt, x):
    return pt.transpose(x)
