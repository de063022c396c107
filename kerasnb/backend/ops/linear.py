"""Products of matrices."""

from __future__ import annotations

from typing import NamedTuple

from ...errors import ShapeError
from ..graph.tensor import OPERATORS
from ..runtime.chosen import backend
from . import shapes
from .reduce import sum
from .registry import op
from .shaping import expand_dims, permute_dimensions
from .state import ndim

__all__ = ["dot", "batch_dot", "matmul", "transpose"]


@op(shape=shapes.dot_shape, inputs="x y", promote=True, operator=True, counts=True)
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


@op(shape=_batch_dot_shape, inputs="x y", promote=True, counts=True)
def _by_sample(x, y, axes):
    """Product of each sample of `x` with the same sample of `y`, over one axis of each."""


def _letters(x_rank: int, y_rank: int, left: int, right: int) -> str:
    """The einsum expression of a product per sample."""
    names = iter("bcdefghijklmnopqrst")
    x_letters = ["a" if axis == 0 else "z" if axis == left else next(names) for axis in range(x_rank)]
    y_letters = ["a" if axis == 0 else "z" if axis == right else next(names) for axis in range(y_rank)]
    rest = [letter for letter in x_letters[1:] + y_letters[1:] if letter != "z"]
    return f"{''.join(x_letters)},{''.join(y_letters)}->a{''.join(rest)}"


@_by_sample.tensorflow
def _(tf, x, y, axes):
    product = tf.einsum(_letters(len(x.shape), len(y.shape), *_batch_axes(x, y, axes)), x, y)
    return product if len(product.shape) > 1 else tf.expand_dims(product, 1)


@_by_sample.theano
def _(pt, x, y, axes):
    left, right = _batch_axes(x.type, y.type, axes)
    rest = [axis for axis in range(1, x.ndim) if axis != left], [axis for axis in range(1, y.ndim) if axis != right]
    rows = pt.transpose(x, (0, *rest[0], left)).reshape((x.shape[0], -1, x.shape[left]))
    cols = pt.transpose(y, (0, right, *rest[1])).reshape((y.shape[0], y.shape[right], -1))
    sizes = [x.shape[axis] for axis in rest[0]] + [y.shape[axis] for axis in rest[1]]
    return pt.matmul(rows, cols).reshape((x.shape[0], *(sizes or [1])))


def batch_dot(x, y, axes=None):
    """Product of each sample of `x` with the same sample of `y`, over one axis of each.

    Shape: `(batch, ..., n, ...)`, `(batch, ..., n, ...)`
        -> `(batch, the rest of x, the rest of y)`; `(batch, 1)` if nothing is left. On TensorFlow two tensors of four
        axes or more give, as they always did there, the products of the matrices in their last two axes.

    Args:
        axes: the axis, or the two axes, summed over; by default the last of `x` and the second to last of `y`.
    """
    rank = ndim(x)
    if rank != ndim(y) or rank == 3:
        return _by_sample(x, y, axes)
    left, right = _places(rank, (rank - 1, max(rank - 2, 1)) if axes is None else axes)
    # no sum within a sample, but over the batch, which Keras 1.2 computes as it stands
    if rank == 2 and 0 in (left, right):
        return expand_dims(sum((x if left == right else transpose(x)) * y, axis=right), 1)
    # Keras's two backends have always differed here, and models of either are to mean what they did
    if rank >= 4 and backend() == "tensorflow":
        return matmul(x if left == rank - 1 else _sides_swapped(x), _sides_swapped(y) if right == rank - 1 else y)
    return _by_sample(x, y, axes)


def _places(rank: int, axes) -> list[int]:
    both = (axes, axes) if isinstance(axes, int) else axes
    return [shapes.normalized_axis(axis, rank) for axis in both]


def _sides_swapped(x):
    rank = ndim(x)
    return permute_dimensions(x, (*range(rank - 2), rank - 1, rank - 2))


def _matmul_shape(x, y):
    if None not in (x.shape[-1], y.shape[-2]) and x.shape[-1] != y.shape[-2]:
        raise ShapeError(f"the matrices of {tuple(x.shape)} and {tuple(y.shape)} do not go together.")
    return (*shapes.broadcast(Outer(x.shape[:-2]), Outer(y.shape[:-2])), x.shape[-2], y.shape[-1])


class Outer(NamedTuple):
    """The axes before a matrix's two."""

    shape: tuple


@op(shape=_matmul_shape, inputs="x y", promote=True)
def _matrices(x, y):
    """The products of the matrices in the last two axes."""


@_matrices.tensorflow
def _(tf, x, y):
    return tf.matmul(x, y)


@_matrices.theano
def _(pt, x, y):
    return pt.matmul(x, y)


def matmul(x, y):
    """`x @ y`: the products of the matrices in the last two axes; of two matrices, or with a vector, as `dot`.

    Shape: `(..., n, m)`, `(..., m, k)` -> `(..., n, k)`.
    """
    ranks = ndim(x), ndim(y)
    return _matrices(x, y) if max(ranks) > 2 and min(ranks) > 1 else dot(x, y)


OPERATORS["matmul"] = matmul


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
