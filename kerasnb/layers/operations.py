"""What the operations of Keras 3's graphs compute, by their names there."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from .. import activations
from .. import backend as K
from ..errors import ArgumentError

__all__ = ["OPERATIONS"]


def _stack(x: Sequence, axis: int = 0) -> Any:
    return K.concatenate([K.expand_dims(one, axis) for one in x], axis=axis)


def _transpose(x: Any, axes: Sequence[int] | None = None) -> Any:
    return K.permute_dimensions(x, tuple(axes) if axes else tuple(reversed(range(K.ndim(x)))))


def _swapped(x: Any, axis1: int, axis2: int) -> Any:
    order = list(range(K.ndim(x)))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return K.permute_dimensions(x, tuple(order))


def _squeeze(x: Any, axis: int | Sequence[int] | None = None) -> Any:
    sizes = K.int_shape(x)
    chosen = [place for place, size in enumerate(sizes) if size == 1] if axis is None else axis
    for one in sorted(
        (place % len(sizes) for place in ([chosen] if isinstance(chosen, int) else chosen)), reverse=True
    ):
        x = K.squeeze(x, one)
    return x


def _expand(x: Any, axis: int | Sequence[int]) -> Any:
    for one in [axis] if isinstance(axis, int) else sorted(axis):
        x = K.expand_dims(x, one)
    return x


def _reduced(function: Callable) -> Callable:
    def reduce(x, axis=None, keepdims=False, **_):
        return function(x, axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=keepdims)

    return reduce


def _clip(x: Any, x_min: float, x_max: float) -> Any:
    return K.clip(x, x_min, x_max)


def _where(condition: Any, x1: Any, x2: Any) -> Any:
    tensors = [one for one in (x1, x2) if K.is_tensor(one)] if hasattr(K, "is_tensor") else []
    rank = max([K.ndim(one) for one in tensors], default=0)
    if not tensors:
        return K.cast(condition, K.floatx()) * (x1 - x2) + x2
    for _ in range(rank - K.ndim(condition)):  # sizes meet from the last axis on
        condition = K.expand_dims(condition, 0)
    return K.switch(condition, x1, x2)


def _extreme(function: Callable) -> Callable:
    """The place of the largest or smallest along one axis; without one, of all in a row."""

    def find(x, axis=None, keepdims=False):
        found = K.cast(function(K.flatten(K.expand_dims(x, 0)), 1) if axis is None else function(x, axis), "int32")
        return K.expand_dims(found, axis) if keepdims and axis is not None else found

    return find


def _padded(x: Any, pad_width: Any, mode: str = "constant", constant_values: Any = None) -> Any:
    if mode != "constant" or constant_values:
        raise ArgumentError(f"ops.pad with mode={mode!r} and other values than 0 is not there.", "Pad with zeros.")
    return K.pad(x, [tuple(each) for each in pad_width])


def _taken(x: Any, indices: Any, axis: int | None = None) -> Any:
    if axis is None:
        return K.gather(K.flatten(x), indices)
    rank, axis = K.ndim(x), axis % K.ndim(x)
    first = K.permute_dimensions(x, (axis, *(place for place in range(rank) if place != axis)))
    if isinstance(indices, int):
        return K.squeeze(K.gather(first, [indices]), 0)
    chosen = K.gather(first, indices)
    others = K.ndim(chosen) - rank + 1  # axes of the indices, which take the place of the one
    order = [*range(others, others + axis), *range(others), *range(others + axis, K.ndim(chosen))]
    return K.permute_dimensions(chosen, order)


def _moved(x: Any, source: Any, destination: Any) -> Any:
    pairs = zip(*([one] if isinstance(one, int) else one for one in (source, destination)), strict=True)
    places = {end % K.ndim(x): begin % K.ndim(x) for begin, end in pairs}
    others = iter([place for place in range(K.ndim(x)) if place not in places.values()])
    return K.permute_dimensions(x, [places[at] if at in places else next(others) for at in range(K.ndim(x))])


def _normalized(x: Any, axis: int = -1, order: int = 2, epsilon: float | None = None) -> Any:
    if order != 2:
        raise ArgumentError(f"ops.normalize with order={order} is not there.", "Use order 2.")
    squares = K.sum(K.square(x), axis=axis, keepdims=True)
    return x / K.sqrt(K.maximum(squares, (epsilon or K.epsilon()) ** 2))


def _product(x1: Any, x2: Any, transpose_a: bool = False, transpose_b: bool = False) -> Any:
    """The last two axes as matrices; only TensorFlow's function turns them over by itself."""
    first, second = (_swapped(one, -2, -1) if turned else one for one, turned in ((x1, transpose_a), (x2, transpose_b)))
    return K.matmul(first, second)


def _repeated(x: Any, repeats: int, axis: int | None = None) -> Any:
    return K.repeat_elements(K.reshape(x, (-1,)) if axis is None else x, repeats, axis or 0)


_OF_TWO: dict[str, Callable] = {
    "Add": operator.add,
    "Subtract": operator.sub,
    "Multiply": operator.mul,
    "Divide": operator.truediv,
    "TrueDivide": operator.truediv,
    "Power": operator.pow,
    "Maximum": K.maximum,
    "Minimum": K.minimum,
    "Equal": K.equal,
    "NotEqual": K.not_equal,
    "Greater": K.greater,
    "GreaterEqual": K.greater_equal,
    "Less": K.less,
    "LessEqual": K.less_equal,
    "LogicalAnd": K.logical_and,
    "LogicalOr": K.logical_or,
    "Mod": K.mod,
}
_OF_ONE: dict[str, Callable] = {
    "Negative": operator.neg,
    "Absolute": K.abs,
    "Exp": K.exp,
    "Log": K.log,
    "Sqrt": K.sqrt,
    "Square": K.square,
    "Sin": K.sin,
    "Cos": K.cos,
    "Sign": K.sign,
    "Round": K.round,
    "Reciprocal": lambda x: 1.0 / x,
    "Rsqrt": lambda x: 1.0 / K.sqrt(x),
    "Abs": K.abs,
    "Expm1": lambda x: K.exp(x) - 1.0,
    "Log1p": lambda x: K.log(1.0 + x),
    "Log2": lambda x: K.log(x) / math.log(2.0),
    "Log10": lambda x: K.log(x) / math.log(10.0),
    "Tan": lambda x: K.sin(x) / K.cos(x),
    "Erf": K.erf,
    "LogicalNot": K.logical_not,
    "OnesLike": lambda x, dtype=None: K.ones_like(x, dtype),
    "ZerosLike": lambda x, dtype=None: K.zeros_like(x, dtype),
    "StopGradient": K.stop_gradient,
    "Ravel": lambda x: K.reshape(x, (-1,)),
    "LogSigmoid": activations.log_sigmoid,
    "HardSigmoid": activations.hard_sigmoid_later,
    "HardSilu": activations.hard_silu,
    "Selu": activations.selu,
    "Elu": lambda x, alpha=1.0: K.elu(x, alpha),
    "Celu": lambda x, alpha=1.0: activations.celu(x, alpha),
    "Gelu": lambda x, approximate=True: activations.gelu(x, approximate),
    "LeakyRelu": lambda x, negative_slope=0.2: K.relu(x, negative_slope),
    "LogSoftmax": lambda x, axis=-1: activations.log_softmax(x, axis),
    "Relu": K.relu,
    "Sigmoid": K.sigmoid,
    "Tanh": K.tanh,
    "Softplus": K.softplus,
    "Softsign": K.softsign,
    "Relu6": activations.relu6,
    "Silu": activations.silu,
    "Softmax": lambda x, axis=-1: (
        activations.softmax(x) if axis in (-1, K.ndim(x) - 1) else activations.softmax(x, axis)
    ),
}
_REDUCING = {"Mean": K.mean, "Sum": K.sum, "Max": K.max, "Min": K.min, "Prod": K.prod, "Std": K.std, "Var": K.var}
_REDUCING |= {"Amax": K.max, "Amin": K.min, "Logsumexp": K.logsumexp}
_FORMS: dict[str, Callable] = {
    "Matmul": _product,
    "Stack": _stack,
    "Concatenate": lambda xs, axis=-1: K.concatenate(list(xs), axis=-1 if axis is None else axis),
    "Transpose": _transpose,
    "Swapaxes": _swapped,
    "Squeeze": _squeeze,
    "ExpandDims": _expand,
    "Reshape": lambda x, newshape: K.reshape(x, tuple(-1 if size is None else size for size in newshape)),
    "Clip": _clip,
    "Cast": lambda x, dtype: K.cast(x, dtype),
    "GetItem": lambda x, key: x[key],
    "Where": _where,
    "Any": _reduced(K.any),
    "All": _reduced(K.all),
    "Argmax": _extreme(K.argmax),
    "Argmin": _extreme(K.argmin),
    "Cumsum": lambda x, axis=None, dtype=None: K.cumsum(K.reshape(x, (-1,)) if axis is None else x, axis or 0),
    "ConvertToTensor": lambda x, dtype=None, sparse=None, ragged=None: x if dtype is None else K.cast(x, dtype),
    "Flip": lambda x, axis=None: K.reverse(x, tuple(range(K.ndim(x))) if axis is None else axis),
    "Pad": _padded,
    "Take": _taken,
    "Moveaxis": _moved,
    "Normalize": _normalized,
    "Repeat": _repeated,
    "Tile": lambda x, repeats: K.tile(x, [repeats] if isinstance(repeats, int) else list(repeats)),
    "Einsum": lambda *x, subscripts: K.einsum(subscripts, *x),
    "OneHot": lambda x, num_classes, axis=-1, dtype=None, sparse=False: _moved(K.one_hot(x, num_classes), -1, axis),
}
# Keras 3's name -> the function of its arguments
OPERATIONS: dict[str, Callable] = {
    **_OF_TWO,
    **_OF_ONE,
    **{name: _reduced(function) for name, function in _REDUCING.items()},
    **_FORMS,
}
