"""TensorFlow's functions in the graphs of tf.keras (`tf.reduce_mean(x)`), as configs of our layer for operations."""

from __future__ import annotations

from typing import Any, NamedTuple

from ....errors import ArgumentError
from .operators import OPERATOR

__all__ = ["function_as_layer", "is_function"]

_CLASSES = ("TFOpLambda", "SlicingOpLambda")
_CONSTANT = "_CONSTANT_VALUE"  # stands in the place of a layer's name where the first argument is a number
_NUMPY, _NN, _CORE = "keras.src.ops.numpy", "keras.src.ops.nn", "keras.src.ops.core"


class _Meaning(NamedTuple):
    """Keras 3's operation, which arguments come by their place, and its word for the others."""

    operation: str
    places: tuple[str, ...] = ()
    words: dict[str, str] = {}
    module: str = _NUMPY


_AXES = {"axis": "axis", "keepdims": "keepdims"}
_MEANINGS: dict[str, _Meaning] = {
    **{
        f"math.{name}": _Meaning(operation, ("y",))
        for name, operation in {
            "add": "Add",
            "subtract": "Subtract",
            "multiply": "Multiply",
            "truediv": "TrueDivide",
            "divide": "TrueDivide",
            "pow": "Power",
            "maximum": "Maximum",
            "minimum": "Minimum",
            "mod": "Mod",
            "equal": "Equal",
            "not_equal": "NotEqual",
            "greater": "Greater",
            "less": "Less",
            "greater_equal": "GreaterEqual",
            "less_equal": "LessEqual",
            "logical_and": "LogicalAnd",
            "logical_or": "LogicalOr",
        }.items()
    },
    **{
        f"math.{name}": _Meaning(operation)
        for name, operation in {
            "negative": "Negative",
            "abs": "Absolute",
            "exp": "Exp",
            "log": "Log",
            "sqrt": "Sqrt",
            "tan": "Tan",
            "square": "Square",
            "sin": "Sin",
            "cos": "Cos",
            "sign": "Sign",
            "round": "Round",
            "log1p": "Log1p",
            "reciprocal": "Reciprocal",
            "rsqrt": "Rsqrt",
            "expm1": "Expm1",
            "logical_not": "LogicalNot",
        }.items()
    },
    **{
        f"math.reduce_{name}": _Meaning(name.capitalize(), (), _AXES)
        for name in ("mean", "sum", "max", "min", "prod", "std", "any", "all")
    },
    "math.reduce_variance": _Meaning("Var", (), _AXES),
    **{f"math.arg{name}": _Meaning(f"Arg{name}", (), {"axis": "axis"}) for name in ("max", "min")},
    **{
        f"{place}.{name}": _Meaning(operation, (), {}, _NN)
        for place, name, operation in (
            *(("nn", "relu", "Relu"), ("nn", "relu6", "Relu6"), ("nn", "silu", "Silu"), ("math", "tanh", "Tanh")),
            *(("math", "sigmoid", "Sigmoid"), ("nn", "sigmoid", "Sigmoid"), ("nn", "tanh", "Tanh")),
            *(("math", "softplus", "Softplus"), ("nn", "softsign", "Softsign"), ("nn", "elu", "Elu")),
        )
    },
    "nn.softmax": _Meaning("Softmax", (), {"axis": "axis"}, _NN),
    "nn.gelu": _Meaning("Gelu", (), {"approximate": "approximate"}, _NN),
    "__operators__.add": _Meaning("Add", ("y",)),
    "linalg.matmul": _Meaning("Matmul", ("b",), {"transpose_a": "transpose_a", "transpose_b": "transpose_b"}),
    "concat": _Meaning("Concatenate", (), {"axis": "axis"}),
    "stack": _Meaning("Stack", (), {"axis": "axis"}),
    "where": _Meaning("Where", ("x", "y")),
    "expand_dims": _Meaning("ExpandDims", (), {"axis": "axis"}),
    "squeeze": _Meaning("Squeeze", (), {"axis": "axis"}),
    "compat.v1.squeeze": _Meaning("Squeeze", (), {"axis": "axis"}),
    "reshape": _Meaning("Reshape", (), {"shape": "newshape"}),
    "transpose": _Meaning("Transpose", (), {"perm": "axes"}),
    "compat.v1.transpose": _Meaning("Transpose", (), {"perm": "axes"}),
    "cast": _Meaning("Cast", (), {"dtype": "dtype"}, _CORE),
    "clip_by_value": _Meaning("Clip", (), {"clip_value_min": "x_min", "clip_value_max": "x_max"}),
    "tile": _Meaning("Tile", (), {"multiples": "repeats"}),
    "stop_gradient": _Meaning("StopGradient", (), {}, _CORE),
}


def is_function(described: Any) -> bool:
    """Whether what a graph lists is a function of TensorFlow's."""
    return isinstance(described, dict) and described.get("class_name") in _CLASSES


def function_as_layer(described: dict) -> dict:
    """The function as a layer, called on the tensors among its arguments.

    Raises:
        ArgumentError: there is no counterpart, or it is called in a way that there is not here.
    """
    name, function = described["config"]["name"], described["config"]["function"]
    calls = described.get("inbound_nodes") or []
    if len(calls) != 1:
        raise ArgumentError(f'"tf.{function}" ({name}) was called {len(calls)} times in the file, not once.')
    ends: list = []
    listed = calls[0] and isinstance(calls[0][0], list)
    first, *more = calls[0] if listed else [calls[0]]
    beside = {key: one for key, one in (first[3] if len(first) > 3 else {}).items() if one is not None}
    given = [_argument(end[:3], ends) for end in (first, *more)]
    operation, places, words, module = _meaning_of(function, name)
    arguments: list = [given] if listed else given
    if operation == "GetItem":
        arguments.append([_key(one) for one in beside.pop("slice_spec")])
    arguments += [_argument(beside.pop(place), ends) for place in places if place in beside]
    unknown = [key for key, one in beside.items() if key not in words and key != "name" and one is not False]
    if unknown or len(arguments) < 1 + len(places) or any(_is_end(beside.get(word)) for word in words):
        raise _refused(function, name, f"called with {', '.join(unknown or beside) or 'too little'}")
    settings = {word: beside[key] for key, word in words.items() if beside.get(key, False) is not False}
    if any(word.startswith("transpose_") for word in settings):
        module = "tensorflow"  # Keras 3's operation cannot be told to
    config = {"name": name, "operation": operation, "given": arguments, "settings": settings, "module": module}
    return {"class_name": OPERATOR, "config": config, "name": name, "inbound_nodes": [ends]}


def _meaning_of(function: str, name: str) -> _Meaning:
    if function == "__operators__.getitem":
        return _Meaning("GetItem", ())
    if function not in _MEANINGS:
        raise _refused(function, name, "not among those that are read")
    return _MEANINGS[function]


def _argument(value: Any, ends: list) -> Any:
    """A number for each tensor, whose ends are collected; other values as they are."""
    if isinstance(value, list) and value and value[0] == _CONSTANT:
        return value[2]
    if _is_end(value):
        ends.append(value[:3])
        return {"tensor": len(ends) - 1}
    return value


def _is_end(value: Any) -> bool:
    return isinstance(value, list) and len(value) >= 3 and isinstance(value[0], str)


def _key(one: Any) -> Any:
    """One place of `x[...]`, as Keras 3 writes slices."""
    if isinstance(one, dict):
        return {"class_name": "__slice__", "config": {key: one.get(key) for key in ("start", "stop", "step")}}
    return one


def _refused(function: str, name: str, why: str) -> ArgumentError:
    return ArgumentError(
        f'"tf.{function}" ({name}) in this file is {why}.',
        "Build the model here and load its weights: model.load_weights(...).",
    )
