"""Ops that work on each value by itself."""

from __future__ import annotations

from ...errors import ArgumentError, ShapeError
from ..graph.dtypes import named
from ..graph.tensor import Constant, Tensor
from ..runtime import chosen
from . import shapes
from .registry import in_float, is_number, is_whole, op, promoted

__all__ = [
    "abs",
    "sqrt",
    "square",
    "exp",
    "log",
    "round",
    "sign",
    "sin",
    "cos",
    "tanh",
    "sigmoid",
    "erf",
    "negative",
    "clip",
    "cast",
    "add",
    "subtract",
    "multiply",
    "divide",
    "floor_divide",
    "mod",
    "pow",
    "maximum",
    "minimum",
    "equal",
    "not_equal",
    "greater",
    "greater_equal",
    "lesser",
    "lesser_equal",
    "switch",
    "less",
    "less_equal",
    "logical_and",
    "logical_or",
    "logical_not",
    "is_finite",
]


def _each(name: str, docstring: str, tensorflow, theano, dtype: str = "first", operator: bool = False):
    """Declare an op on one tensor that keeps its shape and counts."""

    def function(x):
        """Replaced below."""

    function.__name__, function.__doc__ = name, docstring + "\n\nShape: `x` any -> same."
    declared = op(shape=shapes.like_first, dtype=dtype, operator=operator, counts=True)(function)
    declared.tensorflow(tensorflow)
    declared.theano(theano)
    return declared


abs = _each(
    "abs",
    "Absolute value.",
    lambda tf, x: x if x.dtype.is_unsigned else tf.abs(x),
    lambda pt, x: pt.abs(x),
    operator=True,
)
negative = _each("negative", "Minus `x`.", lambda tf, x: -x, lambda pt, x: -x, operator=True)
# values below zero count as zero, as in Keras 1.2
sqrt = _each(
    "sqrt",
    "Square root of `x`, negative values taken as 0.",
    lambda tf, x: tf.sqrt(tf.maximum(x, tf.zeros((), x.dtype))),
    lambda pt, x: pt.sqrt(pt.maximum(x, pt.zeros_like(x))),
    dtype="float",
)
square = _each("square", "`x` times itself.", lambda tf, x: tf.square(x), lambda pt, x: pt.sqr(x))
exp = _each("exp", "e to the power `x`.", lambda tf, x: tf.exp(x), lambda pt, x: pt.exp(x), "float")
log = _each("log", "Natural logarithm.", lambda tf, x: tf.math.log(x), lambda pt, x: pt.log(x), "float")
round = _each(
    "round",
    "The nearest whole number, halves to the even one.",
    lambda tf, x: tf.round(x),
    lambda pt, x: x if is_whole(x.dtype) else pt.round(x, mode="half_to_even"),
)
sign = _each("sign", "-1, 0 or 1.", lambda tf, x: tf.sign(x), lambda pt, x: pt.sign(x))
sin = _each("sin", "Sine, `x` in radians.", lambda tf, x: tf.sin(x), lambda pt, x: pt.sin(x), "float")
cos = _each("cos", "Cosine, `x` in radians.", lambda tf, x: tf.cos(x), lambda pt, x: pt.cos(x), "float")
tanh = _each("tanh", "Hyperbolic tangent.", lambda tf, x: tf.tanh(x), lambda pt, x: pt.tanh(x), "float")
sigmoid = _each("sigmoid", "1 / (1 + exp(-x)).", lambda tf, x: tf.sigmoid(x), lambda pt, x: pt.sigmoid(x), "float")
erf = _each(
    "erf",
    "The error function: the share of a normal distribution of variance 1/2 within `x`.",
    lambda tf, x: tf.math.erf(x),
    lambda pt, x: pt.erf(x),
    "float",
)
is_finite = _each(
    "is_finite",
    "Whether each value is neither infinite nor NaN.",
    lambda tf, x: tf.math.is_finite(x),
    lambda pt, x: pt.invert(pt.or_(pt.isnan(x), pt.isinf(x))),
    dtype="bool",
)


@op(shape=shapes.like_first, counts=True)
def _clip(x, min_value, max_value):
    """`x` between two numbers."""


def _upper_bound(min_value, max_value):
    return max_value if None in (min_value, max_value) else max_value if max_value > min_value else min_value


@_clip.tensorflow
def _(tf, x, min_value, max_value):
    upper = _upper_bound(min_value, max_value)
    x = x if upper is None else tf.minimum(x, tf.cast(upper, x.dtype))
    return x if min_value is None else tf.maximum(x, tf.cast(min_value, x.dtype))


@_clip.theano
def _(pt, x, min_value, max_value):
    upper = _upper_bound(min_value, max_value)
    x = x if upper is None else pt.minimum(x, pt.cast(upper, x.dtype))
    return x if min_value is None else pt.maximum(x, pt.cast(min_value, x.dtype))


def clip(x, min_value, max_value):
    """`x` with values outside `[min_value, max_value]` moved to the nearer bound.

    Shape: `x` any -> same.

    Args:
        min_value: a number, a tensor or None for no bound; whole numbers stay whole between whole bounds.
        max_value: likewise.
    """
    bounds = [bound for bound in (min_value, max_value) if bound is not None]
    if not all(map(is_number, bounds)):
        x = x if max_value is None else minimum(x, max_value)
        return x if min_value is None else maximum(x, min_value)
    if hasattr(x, "dtype") and not all(float(bound).is_integer() for bound in bounds):
        x = in_float(x)
    return _clip(x, min_value, max_value)


@op(shape=shapes.like_first, dtype=lambda x, dtype: named(dtype))
def cast(x, dtype):
    """`x` as another dtype, such as 'float32' or 'int32'.

    Shape: `x` any -> same.
    """


cast.gives_sparse = lambda inputs: True


@cast.tensorflow
def _(tf, x, dtype):
    return tf.cast(x, named(dtype))


@cast.theano
def _(pt, x, dtype):
    return pt.cast(x, str(named(dtype)))


def _pair(name: str, docstring: str, tensorflow, theano, dtype="first", operator: bool = True, counts: bool = True):
    """Declare an op on two tensors that stretch to one shape."""

    def function(x, y):
        """Replaced below."""

    function.__name__ = name
    function.__doc__ = docstring + "\n\nShape: `x`, `y` stretch to one shape, as in numpy -> that shape."
    declared = op(shape=shapes.broadcast, dtype=dtype, inputs="x y", promote=True, operator=operator, counts=counts)(
        function
    )
    declared.tensorflow(tensorflow)
    declared.theano(theano)
    return declared


def _added(tf, x, y):
    return tf.nn.bias_add(x, y) if _is_bias(tf, x, y) else x + y  # whose gradient is the faster one


def _is_bias(tf, x, y) -> bool:
    """Whether `y` holds a number for each feature of `x`."""
    if not (tf.is_tensor(x) and tf.is_tensor(y)) or y.shape.rank != 1 or (x.shape.rank or 0) < 2:
        return False
    return y.shape[0] is not None and x.shape[-1] == y.shape[0] and x.dtype.is_floating


add = _pair("add", "x + y.", _added, lambda pt, x, y: x + y)
subtract = _pair("subtract", "x - y.", lambda tf, x, y: x - y, lambda pt, x, y: x - y)
multiply = _pair("multiply", "x * y.", lambda tf, x, y: x * y, lambda pt, x, y: x * y)
floor_divide = _pair("floor_divide", "x / y, rounded down.", lambda tf, x, y: x // y, lambda pt, x, y: x // y)
mod = _pair(
    "mod", "What remains of x after division by y.", lambda tf, x, y: tf.math.floormod(x, y), lambda pt, x, y: x % y
)
maximum = _pair(
    "maximum",
    "The larger of the two, value by value.",
    lambda tf, x, y: tf.maximum(x, y),
    lambda pt, x, y: pt.maximum(x, y),
)
minimum = _pair(
    "minimum",
    "The smaller of the two, value by value.",
    lambda tf, x, y: tf.minimum(x, y),
    lambda pt, x, y: pt.minimum(x, y),
)
divide = _pair(
    "divide",
    "x / y.",
    lambda tf, x, y: x / y,
    lambda pt, x, y: x / y,
    dtype="float",
)
logical_and = _pair(
    "logical_and",
    "Whether both are true.",
    lambda tf, x, y: tf.logical_and(tf.cast(x, "bool"), tf.cast(y, "bool")),
    lambda pt, x, y: pt.and_(pt.neq(x, 0), pt.neq(y, 0)),
    dtype="bool",
    counts=False,
)

logical_or = _pair(
    "logical_or",
    "Whether one or both are true.",
    lambda tf, x, y: tf.logical_or(tf.cast(x, "bool"), tf.cast(y, "bool")),
    lambda pt, x, y: pt.or_(pt.neq(x, 0), pt.neq(y, 0)),
    dtype="bool",
    counts=False,
)
logical_not = _each(
    "logical_not",
    "Whether it is false.",
    lambda tf, x: tf.logical_not(tf.cast(x, "bool")),
    lambda pt, x: pt.eq(x, 0),
    dtype="bool",
    operator=True,
)


equal = _pair(
    "equal",
    "Whether x equals y, value by value.",
    lambda tf, x, y: tf.equal(x, y),
    lambda pt, x, y: pt.eq(x, y),
    "bool",
    counts=False,
)
not_equal = _pair(
    "not_equal",
    "Whether x differs from y.",
    lambda tf, x, y: tf.not_equal(x, y),
    lambda pt, x, y: pt.neq(x, y),
    "bool",
    counts=False,
)
greater = _pair("greater", "Whether x > y.", lambda tf, x, y: tf.greater(x, y), lambda pt, x, y: pt.gt(x, y), "bool")
greater_equal = _pair(
    "greater_equal", "Whether x >= y.", lambda tf, x, y: tf.greater_equal(x, y), lambda pt, x, y: pt.ge(x, y), "bool"
)
lesser = _pair("lesser", "Whether x < y.", lambda tf, x, y: tf.less(x, y), lambda pt, x, y: pt.lt(x, y), "bool")
lesser_equal = _pair(
    "lesser_equal", "Whether x <= y.", lambda tf, x, y: tf.less_equal(x, y), lambda pt, x, y: pt.le(x, y), "bool"
)
less, less_equal = lesser, lesser_equal


def _power_dtype(x, a):
    if is_whole(x.dtype) and isinstance(a, Constant) and (a.value < 0).any():
        raise ArgumentError(
            f"{x!r} holds whole numbers, whose negative powers are none.",
            'Write K.cast(x, "float32") ** -1.',
            arguments=("a",),
        )
    return x.dtype


@op(shape=shapes.broadcast, dtype=_power_dtype, inputs="x a", promote=True, operator=True, counts=True)
def pow(x, a):
    """`x` to the power `a`.

    Shape: `x`, `a` stretch to one shape -> that shape.
    """


@pow.tensorflow
def _(tf, x, a):
    return tf.pow(x, a)


@pow.theano
def _(pt, x, a):
    if not pt.is_computed(a):
        return pt.pow(x, a)
    # no logarithm of what is not above 0, as on TensorFlow
    is_positive = x > 0
    power = pt.pow(pt.switch(is_positive, x, pt.ones_like(x)), a)
    return pt.switch(is_positive, power, pt.pow(x, pt.stop_gradient(a)))


def _switch_shape(condition, then_expression, else_expression):
    rank = len(condition.shape)
    if rank < len(then_expression.shape):
        result = shapes.broadcast(then_expression, else_expression)
        pairs = zip(condition.shape, result, strict=False)
        if any(one != other for one, other in pairs if not {one, other} & {None, 1}):
            raise ShapeError(
                f"switch: a condition {tuple(condition.shape)} does not choose among the first axes of {result}.",
                "Give it the shape of the expressions, or of their first axes.",
            )
        return result
    return shapes.broadcast(condition, then_expression, else_expression)


@op(
    shape=_switch_shape,
    dtype=lambda condition, then_expression, else_expression: then_expression.dtype,
    inputs="condition then_expression else_expression",
)
def _choose(condition, then_expression, else_expression):
    """`then_expression` where the condition holds, else `else_expression`."""


@_choose.tensorflow
def _(tf, condition, then_expression, else_expression):
    return tf.where(
        _stretched(condition, then_expression, tf.expand_dims, tf.cast(condition, "bool")),
        then_expression,
        else_expression,
    )


@_choose.theano
def _(pt, condition, then_expression, else_expression):
    return pt.switch(
        _stretched(condition, then_expression, pt.expand_dims, pt.neq(condition, 0)), then_expression, else_expression
    )


def _stretched(condition, like, expand_dims, truth):
    """The condition with axes added at the end: it chooses among the first axes."""
    missing = len(like.shape) if hasattr(like.shape, "__len__") else like.ndim
    rank = len(condition.shape) if hasattr(condition.shape, "__len__") else condition.ndim
    for _ in range(missing - rank if rank else 0):
        truth = expand_dims(truth, -1)
    return truth


def switch(condition, then_expression, else_expression):
    """`then_expression` where the condition holds, else `else_expression`.

    Shape: condition a scalar, or the first axes of the expressions -> the expressions' shape.

    Args:
        condition: a tensor of truth values.
        then_expression: a tensor, or a function that gives one.
        else_expression: like `then_expression`.
    """
    values = [value() if callable(value) else value for value in (then_expression, else_expression)]
    if not hasattr(values[0], "dtype"):
        values[0] = values[1] * 0 + values[0]
    if not hasattr(values[1], "dtype"):
        values[1] = values[0] * 0 + values[1]
    are_symbolic = any(isinstance(value, Tensor) for value in values) and not any(map(chosen.is_native, values))
    return _choose(condition, *(promoted(values) if are_symbolic else values))
