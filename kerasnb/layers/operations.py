"""What the operations of Keras 3's graphs compute, by their names there."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any

from .. import activations
from .. import backend as K

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


_OF_TWO: dict[str, Callable] = {
    "Add": operator.add,
    "Subtract": operator.sub,
    "Multiply": operator.mul,
    "Divide": operator.truediv,
    "TrueDivide": operator.truediv,
    "Power": operator.pow,
    "Maximum": K.maximum,
    "Minimum": K.minimum,
    "Matmul": K.matmul,
    "Equal": K.equal,
    "NotEqual": K.not_equal,
    "Greater": K.greater,
    "GreaterEqual": K.greater_equal,
    "Less": K.less,
    "LessEqual": K.less_equal,
    "LogicalAnd": K.logical_and,
    "LogicalOr": K.logical_or,
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
_FORMS: dict[str, Callable] = {
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
}
# Keras 3's name -> the function of its arguments
OPERATIONS: dict[str, Callable] = {
    **_OF_TWO,
    **_OF_ONE,
    **{name: _reduced(function) for name, function in _REDUCING.items()},
    **_FORMS,
}
