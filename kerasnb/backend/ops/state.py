"""Variables and placeholders: made, read, written; and what can be asked of any tensor."""

from __future__ import annotations

import builtins
import itertools
from collections import defaultdict

import numpy as np

from ...errors import ArgumentError, DataError, ShapeError
from .. import config
from ..graph.drawn import drawn
from ..graph.dtypes import named
from ..graph.tensor import Constant, Placeholder, SparseConstant, Tensor, Variable
from ..on_keras.tensors import is_variable
from ..runtime import chosen
from . import shapes
from .known_sizes import in_parts, is_computed, known_size
from .registry import op
from .tiling import tile

__all__ = [
    "variable",
    "placeholder",
    "zeros",
    "ones",
    "eye",
    "zeros_like",
    "ones_like",
    "random_uniform_variable",
    "random_normal_variable",
    "constant",
    "Update",
    "update",
    "update_add",
    "update_sub",
    "moving_average_update",
    "get_value",
    "set_value",
    "batch_get_value",
    "batch_set_value",
    "int_shape",
    "get_variable_shape",
    "ndim",
    "dtype",
    "count_params",
    "is_keras_tensor",
    "is_sparse",
    "to_dense",
    "get_uid",
    "reset_uids",
    "print_tensor",
    "identity",
    "is_explicit_shape",
    "pattern_broadcast",
]

_uids: dict[str, int] = defaultdict(int)
_names = itertools.count(1)


def variable(value, dtype=None, name=None) -> Variable | SparseConstant:
    """A tensor that keeps its value between calls; of a scipy matrix, a sparse tensor with that value.

    Shape: `value` any -> same.

    Args:
        value: an array or number, the first value.
        dtype: by default the default float type.
    """
    if isinstance(value, Variable):
        value = value.get_value()
    dtype = named(dtype or config.floatx())
    name = name or f"variable_{next(_names)}"
    if hasattr(value, "tocsr"):
        return SparseConstant(value, dtype, name)
    array = np.asarray(value, dtype=dtype)
    return Variable(array.copy(), array.shape, dtype, name)


def _lazy(make, shape, dtype, name) -> Variable:
    shape = (shape,) if isinstance(shape, int | np.integer) else shape
    if any(size is None or isinstance(size, Tensor) for size in shape):
        raise ShapeError(f"a variable needs known sizes, got {tuple(shape)}.", "For unknown ones: K.zeros_like(x).")
    shape = tuple(int(size) for size in shape)
    dtype = named(dtype or config.floatx())
    return Variable(lambda: make(shape, dtype), shape, dtype, name or f"variable_{next(_names)}")


def zeros(shape, dtype=None, name=None) -> Tensor:
    """A variable of zeros; a plain tensor where a size is not known yet, such as `K.shape(x)[0]`.

    Shape: -> `shape`.
    """
    return _filled(np.zeros, shape, dtype, name)


def ones(shape, dtype=None, name=None) -> Tensor:
    """A variable of ones; a plain tensor where a size is not known yet, such as `K.shape(x)[0]`.

    Shape: -> `shape`.
    """
    return _filled(np.ones, shape, dtype, name)


def _filled(make, shape, dtype, name) -> Tensor:
    shape = in_parts(shape)
    sizes = [known_size(size) for size in shape] if isinstance(shape, tuple | list) else shape
    if isinstance(sizes, list) and any(is_computed(size) for size in sizes):
        return tile(constant(make((1,) * len(sizes)), dtype), sizes)
    return _lazy(make, sizes, dtype, name)


def eye(size, dtype=None, name=None) -> Variable:
    """A variable that holds the identity matrix `(size, size)`.

    Shape: -> `(size, size)`.
    """
    return _lazy(lambda shape, dtype: np.eye(size, dtype=dtype), (size, size), dtype, name)


def constant(value, dtype=None, shape=None, name=None) -> Constant:
    """A tensor with a fixed value.

    Shape: `value` any -> same; a number `shape`.
    """
    array = np.asarray(value, dtype=named(dtype or config.floatx()))
    return Constant(np.full(shape, array) if shape is not None else array)


def _drawn(draw, shape, dtype, name, seed) -> Variable:
    seed = np.random.randint(10_000_000) if seed is None else seed

    def make(shape, dtype):
        random = np.random.RandomState(seed)
        return drawn(lambda count: draw(random, count), shape, dtype)

    return _lazy(make, shape, dtype, name)


def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None) -> Variable:
    """A variable whose first value is spread evenly over `[low, high)`.

    Shape: -> `shape`.
    """
    return _drawn(lambda random, count: random.uniform(low, high, count), shape, dtype, name, seed)


def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None) -> Variable:
    """A variable whose first value is drawn from the normal distribution with deviation `scale`.

    Shape: -> `shape`.
    """
    return _drawn(lambda random, count: random.normal(mean, scale, count), shape, dtype, name, seed)


def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None) -> Placeholder:
    """A tensor whose value a function is given.

    Shape: -> `shape`, or `ndim` sizes that are not known.

    Args:
        shape: sizes, None where any size will do.
        ndim: the number of axes, when no shape is given.
        sparse: it is given scipy matrices; K.dot, K.concatenate and K.to_dense take it.
    """
    if shape is None and ndim is None:
        raise ArgumentError("placeholder needs a shape or a number of axes.", "Write K.placeholder(shape=(None, 10)).")
    shape = (None,) * ndim if shape is None else tuple(shape)
    if sparse and len(shape) != 2:
        raise ShapeError(f"a sparse placeholder has two axes, asked for {shape}.", "Write shape=(None, features).")
    made = Placeholder(shape, named(dtype or config.floatx()), name=name or f"placeholder_{next(_names)}")
    made.is_sparse = bool(sparse)
    return made


@op(shape=shapes.like_first, dtype=lambda x, dtype, value: dtype or x.dtype)
def _filled_like(x, dtype, value):
    """`value` everywhere, in the shape of `x`."""


@_filled_like.tensorflow
def _(tf, x, dtype, value):
    return tf.fill(tf.shape(x), tf.cast(value, dtype or x.dtype))


@_filled_like.theano
def _(pt, x, dtype, value):
    return pt.full_like(x, value, dtype=dtype or x.dtype)


def zeros_like(x, dtype=None, name=None):
    """Zeros in the shape of `x`.

    Shape: `x` any -> same.
    """
    return _filled_like(x, dtype, 0)


def ones_like(x, dtype=None, name=None):
    """Ones in the shape of `x`.

    Shape: `x` any -> same.
    """
    return _filled_like(x, dtype, 1)


@op(shape=shapes.like_first)
def identity(x):
    """A new tensor with the values of `x`.

    Shape: `x` any -> same.
    """


@identity.tensorflow
def _(tf, x):
    return tf.identity(x)


@identity.theano
def _(pt, x):
    return pt.identity(x)


@op(shape=shapes.like_first)
def print_tensor(x, message=""):
    """`x` itself; its value is printed after `message` whenever it is computed.

    Shape: `x` any -> same.
    """


@print_tensor.tensorflow
def _(tf, x, message=""):
    with tf.control_dependencies([tf.print(message, x)]):
        return tf.identity(x)


@print_tensor.theano
def _(pt, x, message=""):
    return pt.printed(x, message)


# ---- updates: pairs (variable, new value)


class Update(tuple):
    """A pair (variable, new value)."""


def update(x, new_x):
    """The pair that a function's `updates` takes: `x` becomes `new_x`.

    Shape: `new_x` as `x`.
    """
    return Update((x, new_x))


def update_add(x, increment):
    """The pair by which `x` grows by `increment`.

    Shape: `increment` as `x`, or what spreads to it.
    """
    return Update((x, x + increment))


def update_sub(x, decrement):
    """The pair by which `x` shrinks by `decrement`.

    Shape: `decrement` as `x`, or what spreads to it.
    """
    return Update((x, x - decrement))


def moving_average_update(variable, value, momentum):
    """The pair by which `variable` becomes `variable * momentum + value * (1 - momentum)`.

    Shape: `value` as `variable`.
    """
    return Update((variable, variable * momentum + value * (1.0 - momentum)))


# ---- values


def get_value(x) -> np.ndarray:
    """The value of a variable as an array.

    Shape: `x` any -> same.
    """
    if isinstance(x, SparseConstant):
        return x.value.copy()
    if not isinstance(x, Variable) and is_variable(x):
        return np.array(x.numpy())
    if not isinstance(x, Variable):
        raise DataError(f"get_value needs a variable, got {x!r}.", "Use K.eval(x).")
    return x.get_value()


def set_value(x, value) -> None:
    """Give a variable another value of the same shape.

    Shape: `value` as `x`.
    """
    if not isinstance(x, Variable) and is_variable(x):
        x.assign(value)
    else:
        x.set_value(value)


def batch_get_value(xs) -> list[np.ndarray]:
    """The values of several variables.

    Shape: each of `xs` any -> same.
    """
    return [get_value(x) for x in xs]


def batch_set_value(tuples) -> None:
    """Give several variables other values: pairs (variable, array).

    Shape: each array as its variable.
    """
    for x, value in tuples:
        set_value(x, value)


# ---- questions


def int_shape(x) -> tuple:
    """The sizes of `x`, None where not known yet.

    Shape: `x` any -> a tuple with a size for each axis.
    """
    if isinstance(x, Tensor):
        return tuple(x._keras_shape)
    if chosen.is_native(x):
        return tuple(chosen.active().static_shape(x))
    return tuple(np.shape(x))


def get_variable_shape(x) -> tuple:
    """The sizes of a variable.

    Shape: `x` any -> a tuple with a size for each axis.
    """
    return int_shape(x)


def ndim(x) -> int:
    """The number of axes.

    Shape: `x` any -> a whole number, 0 for a single value.
    """
    return len(int_shape(x))


def dtype(x) -> str:
    """The dtype as a name, such as 'float32'.

    Shape: `x` any -> a name.
    """
    return chosen.active().dtype_of(x) if chosen.is_native(x) else str(x.dtype)


def count_params(x) -> int:
    """How many values a variable holds.

    Shape: `x` any, all sizes known -> a whole number.

    Raises:
        ShapeError: a size of `x` is not known.
    """
    size = shapes.known_product(int_shape(x))
    if size is None:
        raise ShapeError(f"{x!r} has sizes that are not known, so its values cannot be counted.")
    return size


def is_keras_tensor(x) -> bool:
    """Whether a model can start from this tensor or end with it: a layer made it, or it is a placeholder.

    Shape: `x` any -> True or False.
    """
    return hasattr(x, "_keras_history") or isinstance(x, Placeholder)


def is_sparse(tensor) -> bool:
    """Whether the tensor holds the places and values of what is not zero.

    Shape: `tensor` any -> True or False.
    """
    return getattr(tensor, "is_sparse", False) is True or hasattr(tensor, "tocsr")


@op(shape=shapes.like_first)
def _to_dense(x):
    """A sparse tensor as a dense one."""


_to_dense.gives_sparse = lambda inputs: False


@_to_dense.tensorflow
def _(tf, x):
    return tf.sparse.to_dense(x)


@_to_dense.theano
def _(pt, x):
    return pt.identity(x)


def to_dense(tensor):
    """A sparse tensor (or scipy matrix) with all its zeros; a dense one itself.

    Shape: any -> same.
    """
    if not is_sparse(tensor):
        return tensor
    return _to_dense(tensor) if isinstance(tensor, Tensor) else tensor.toarray()


# ---- names and sessions


def get_uid(prefix="") -> int:
    """The next number for names with this prefix, from 1."""
    _uids[prefix] += 1
    return _uids[prefix]


def reset_uids() -> None:
    """Count names from 1 again."""
    _uids.clear()


def is_explicit_shape(shape) -> bool:
    """Whether every size is a whole number or None, none of them symbolic."""
    return hasattr(shape, "__iter__") and builtins.all(size is None or isinstance(size, int) for size in shape)


def pattern_broadcast(x, broatcastable):
    """`x` with its sizes known to be 1 where the pattern says so, so that it stretches there.

    Shape: `x` any -> same, 1 where `broatcastable` is true.
    """
    x = identity(x)
    if len(broatcastable) != len(x.shape):
        raise ShapeError(f"{len(broatcastable)} truth values for the {len(x.shape)} axes of {tuple(x.shape)}.")
    wrong = [size for size, is_one in zip(x.shape, broatcastable, strict=True) if is_one and size not in (1, None)]
    if wrong:
        raise ShapeError(f"pattern {tuple(broatcastable)} needs size 1 where true, got {tuple(x.shape)}.")
    x.set_shape([1 if is_one else size for size, is_one in zip(x.shape, broatcastable, strict=True)])
    return x
