"""Whether a value fits its field: the one check of every door, whether it was typed, passed by a call, or opened."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .... import backend as K
from ....engine.layer import Layer
from ....errors import ArgumentError, unknown_name
from ..model.opening import as_call
from .fields import HELD, Field
from .registry import is_layer
from .values import Call, safe_repr

__all__ = ["checked", "TEXTS"]

# numbers in the form, but one for each axis where somebody writes several
_ONE_OR_MANY = {"axis", "axes", "dot_axes", "padding", "cropping", "kernel_size", "size", "pool_size", "strides"}
_ONE_OR_MANY |= {"output_size", "dilation_rate"}
# likewise, but with fractions
_NUMBERS = {"factor", "height_factor", "width_factor", "scale", "offset", "mean", "variance"}
_NUMBERS |= {"value_range", "bin_boundaries"}
# text that is no code
TEXTS = {"equation", "bias_axes", "operation", "module"}
# what follows from the input where it is None
_FOLLOWS = {"output_shape"}
# what only the layer itself can check
_FREE = {"given", "settings"}


def checked(field: Field, value: Any) -> Any:
    """The value as a document keeps it.

    Raises:
        ArgumentError: the field cannot hold it.
    """
    value = _plain(value)
    if value is None and (field.default is None or None in field.choices or field.name in _FOLLOWS):
        return None
    return _CHECKS[field.kind](field, value)


def _plain(value: Any) -> Any:
    """Numbers and sequences of numpy as Python's own; lists are copied, since a document's values never change."""
    if isinstance(value, np.ndarray) and value.dtype.kind in "iufb":
        return tuple(_plain(item) for item in value) if value.ndim else value.item()
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    return dict(value) if type(value) is dict else value


def _choice(field: Field, value: Any) -> Any:
    for choice in field.choices:
        if type(value) is type(choice) and value == choice or isinstance(value, str) and value == str(choice):
            return choice
    if field.default is None and isinstance(value, str) and value == "None":
        return None
    names_functions = field.name == "activation" or field.name.endswith(("_activation", "init", "initializer", "mode"))
    is_constant = _is_number(value) and _is_number(field.default) and field.default not in field.choices
    is_described = isinstance(value, dict) and "class_name" in value  # an initializer with arguments
    if is_constant or (names_functions and (callable(value) or is_described)):
        return value
    if field.name == "input_dtype":
        return _dtype(value)
    error = unknown_name(field.name, safe_repr(value).strip("'"), [str(choice) for choice in field.choices])
    error.arguments = (field.name,)
    raise error


def _integer(field: Field, value: Any) -> Any:
    if type(value) is int or (field.name in _ONE_OR_MANY and _is_nest(value)):
        return value
    raise _refused(field, "is a whole number", value)


def _number(field: Field, value: Any) -> Any:
    if _is_number(value) and not math.isnan(value):
        return value
    if field.name in _NUMBERS and _are_numbers(value):
        return tuple(value)
    raise _refused(field, "is a number", value)


def _are_numbers(value: Any) -> bool:
    """Numbers, in sequences that may hold sequences."""
    return isinstance(value, tuple | list) and all(_is_number(item) or _are_numbers(item) for item in value)


def _boolean(field: Field, value: Any) -> bool:
    if type(value) is bool or type(value) is int and value in (0, 1):
        return bool(value)
    raise _refused(field, "is True or False", value)


def _integers(field: Field, value: Any) -> Any:
    if type(value) is list:
        value = tuple(value)
    if type(value) is int or _is_nest(value) or (isinstance(value, dict) and _is_nest(tuple(value.values()))):
        return value
    raise _refused(field, "is a tuple of whole numbers", value)


def _expression(field: Field, value: Any) -> Any:
    name = field.name
    if name.endswith(("regularizer", "constraint")):
        return _penalty(field, value)
    if name == "function":
        return _function(field, value)
    if name in HELD:
        return _wrapped(field, value)
    if name == "max_value" or name in _NUMBERS:
        return _number(field, value)
    if (name in TEXTS and isinstance(value, str)) or (name in _FREE and isinstance(value, dict | list | tuple)):
        return value
    return _shape(field, value)


def _penalty(field: Field, value: Any) -> Any:
    if isinstance(value, Call) and is_layer(value.function):
        raise _refused(field, "cannot be a layer", str(value), "Try l2(0.01).")
    if isinstance(value, Call | str) or callable(value):
        return value
    kind = "regularizer, as l2(0.01)" if field.name.endswith("regularizer") else "constraint, as maxnorm(2)"
    raise _refused(field, f"is a {kind}", value)


def _function(field: Field, value: Any) -> Callable:
    if callable(value):
        return value
    raise _refused(field, "is a function", value, "Define it in a cell, then name it here.")


def _wrapped(field: Field, value: Any) -> Any:
    if isinstance(value, list | tuple) and field.name != "layer":
        return [_wrapped(field, one) for one in value]
    if isinstance(value, Layer):
        return as_call(value)  # its description: each edit makes the layer anew
    if isinstance(value, Call):
        return value
    raise _refused(field, HELD[field.name], value)


def _shape(field: Field, value: Any) -> Any:
    value = tuple(value) if type(value) is list else value
    if _is_nest(value) or type(value) is int or callable(value):
        return value
    raise _refused(field, "is a tuple of whole numbers", value)


def _dtype(value: Any) -> Any:
    if not isinstance(value, str):
        raise ArgumentError(f"input_dtype is a name, as 'int32'; got {safe_repr(value)}.", arguments=("input_dtype",))
    K.placeholder((1,), dtype=value)  # refuses a name that nobody knows
    return value


def _is_number(value: Any) -> bool:
    return type(value) in (int, float)


def _is_nest(value: Any) -> bool:
    """Whole numbers and None, in tuples that may hold tuples."""
    is_sequence = isinstance(value, tuple | list)
    return is_sequence and all(item is None or type(item) is int or _is_nest(item) for item in value)


def _refused(field: Field, wanted: str, value: Any, advice: str = "") -> ArgumentError:
    return ArgumentError(f"{field.name} {wanted}; got {safe_repr(value)}.", advice, arguments=(field.name,))


_CHECKS: Mapping[str, Callable[[Field, Any], Any]] = {
    "segments": _choice,
    "choice": _choice,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "integers": _integers,
    "expression": _expression,
}
