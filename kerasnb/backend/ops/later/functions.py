"""Functions of K that came with Keras 2 and are about any tensor: questions, slices, cumulated products, scopes."""

from __future__ import annotations

import builtins
import contextlib
from collections.abc import Iterator

from ....errors import ShapeError
from ...graph.tensor import Placeholder, Tensor, Variable, layer_scope
from ...runtime import chosen
from .. import shapes
from ..convolve import resolve_ordering
from ..elementwise import cast, clip, equal, switch
from ..reduce import cumsum, prod
from ..registry import op
from ..shaping import reshape, shape
from ..state import ones_like, zeros_like

__all__ = [
    "bias_add",
    "control_dependencies",
    "cumprod",
    "eager",
    "is_placeholder",
    "is_symbolic",
    "is_tensor",
    "is_variable",
    "name_scope",
    "normalize_data_format",
    "size",
    "slice",
    "symbolic",
    "v1_variable_initialization",
]


def bias_add(x, bias, data_format=None):
    """`x` plus a bias for each feature, or for each place and feature.

    Shape: `(batch, ..., features)` or features first, `(features,)` or `(..., features)` -> `x`'s shape.
    """
    spatial = len(x.shape) - 2
    if len(bias.shape) not in (1, spatial + 1):
        raise ShapeError(f"bias_add needs a bias of 1 or {spatial + 1} axes for {tuple(x.shape)}, got {bias.shape}.")
    if spatial < 1 or resolve_ordering(data_format) == "tf":
        return x + bias
    sizes = tuple(bias.shape)
    return x + reshape(bias, (1, sizes[-1], *(sizes[:-1] if len(sizes) > 1 else (1,) * spatial)))


@op(shape=shapes.like_first, counts=True)
def _cumprod(x, axis=0):
    """The running product, whose slopes are right where no value is 0."""


@_cumprod.tensorflow
def _(tf, x, axis=0):
    return tf.math.cumprod(x, axis)


@_cumprod.theano
def _(pt, x, axis=0):
    return pt.cumprod(x, axis=axis % x.ndim)


def cumprod(x, axis=0):
    """The running product along one axis.

    Shape: `x` any -> same.
    """
    if not x.dtype.startswith("float"):
        return _cumprod(x, axis)
    # backends divide by each value for its slope: the product of the others, times the only 0 so far or 0
    is_zero = equal(x, 0)
    others = _cumprod(switch(is_zero, ones_like(x), x), axis)
    zeros = cumsum(cast(is_zero, "int32"), axis)
    only_zero = cumsum(switch(is_zero, x, zeros_like(x)), axis) * cast(equal(zeros, 1), x.dtype)
    return switch(equal(zeros, 0), others, clip(others, -3e38, 3e38) * only_zero)


def size(x, name=None):
    """How many values `x` holds, as a tensor.

    Shape: `x` any -> `()`.
    """
    return prod(shape(x)) if len(x.shape) else prod(shape(reshape(x, (1,))))


def slice(x, start, size):  # noqa: A001 - Keras's name
    """The part of `x` that begins at `start` and has these sizes; a size of -1 goes to the end.

    Shape: `x` of n axes -> `size`.

    Args:
        start, size: whole numbers, or symbolic ones.
    """
    ends = [None if _is_rest(count) else at + count for at, count in zip(start, size, strict=True)]
    return x[tuple(builtins.slice(at, end) for at, end in zip(start, ends, strict=True))]


def _is_rest(count) -> bool:
    return not isinstance(count, Tensor) and count == -1


def is_tensor(x) -> bool:
    """Whether `x` is a tensor, K's or the backend's own.

    Shape: `x` any -> True or False.
    """
    return isinstance(x, Tensor) or chosen.is_native(x)


def is_variable(x) -> bool:
    """Whether `x` is a variable.

    Shape: `x` any -> True or False.
    """
    return isinstance(x, Variable)


def is_placeholder(x) -> bool:
    """Whether `x` is a placeholder.

    Shape: `x` any -> True or False.
    """
    return isinstance(x, Placeholder)


def is_symbolic(x) -> bool:
    """Whether `x` is a tensor whose value is not known before a function runs.

    Shape: `x` any -> True or False.
    """
    return is_tensor(x)


def normalize_data_format(value) -> str:
    """'channels_last' or 'channels_first'; None is the one set for all."""
    return {"tf": "channels_last", "th": "channels_first"}[resolve_ordering(value)]


@contextlib.contextmanager
def name_scope(name) -> Iterator[None]:
    """Operations recorded inside are said, in errors, to belong to `name`."""
    with layer_scope(str(name)):
        yield


@contextlib.contextmanager
def control_dependencies(control_inputs) -> Iterator[None]:
    """Accepted for Keras 2's sake: all outputs of a function are computed, in any order, before its updates."""
    yield


def symbolic(func):
    """The function itself: every function of tensors builds a graph."""
    return func


def eager(func):
    """The function itself: of arrays, K's functions compute at once."""
    return func


def v1_variable_initialization() -> None:
    """Accepted for Keras 2's sake: variables always have their first values by themselves."""
