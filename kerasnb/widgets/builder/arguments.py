"""Arguments as a document keeps them: read from a form or a call, checked by the constructor, without defaults."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ...errors import ArgumentError, unknown_name
from .fields import Field, fields_of
from .graph import LayerSpec
from .making import MissingArgument, make_layer
from .registry import is_layer
from .values import Call, parse

__all__ = ["read_arguments", "without_defaults", "check_constructor"]


def read_arguments(cls: type, values: Mapping[str, Any], layer: str = "") -> dict[str, Any]:
    fields = {field.name: field for field in fields_of(cls)}
    read = {}
    for name, value in values.items():
        if name not in fields:
            error = unknown_name(f"argument of {cls.__name__}", name, fields)
            raise error.named(cls.__name__, layer) if layer else error
        read[name] = _read(fields[name], value)
    return read


def without_defaults(cls: type, arguments: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {field.name: field.default for field in fields_of(cls)}
    return {
        name: value
        for name, value in arguments.items()
        if name not in defaults or type(value) is not type(defaults[name]) or value != defaults[name]
    }


def check_constructor(spec: LayerSpec) -> None:
    """Refuse arguments that the layer's own constructor refuses; a shape that does not fit shows later, as a state."""
    if spec.is_input:
        return _check_input(spec)
    with contextlib.suppress(MissingArgument):
        make_layer(spec)


def _check_input(spec: LayerSpec) -> None:
    shape = spec.arguments.get("input_shape")
    fits = isinstance(shape, tuple) and all(size is None or type(size) is int and size > 0 for size in shape)
    if shape is not None and not fits:
        raise ArgumentError(
            f"input_shape is the shape of one sample, as (8, 8, 1); got {shape!r}.", arguments=("input_shape",)
        ).named("InputLayer", spec.name)


def _read(field: Field, value: Any) -> Any:
    """The value of a field: text from a form is read by the field's kind, anything else is taken as it is."""
    if not isinstance(value, str):
        return tuple(value) if isinstance(value, list) and field.kind == "integers" else value
    if field.kind in ("segments", "choice"):
        return _choice(field, value)
    if field.kind == "integers" and "(" not in value:
        value = f"({value.strip().rstrip(',')},)"
    read = parse(value)
    if field.name == "function":
        return _notebook_function(read)
    if field.name.endswith(("regularizer", "constraint")) and isinstance(read, Call) and is_layer(read.function):
        raise ArgumentError(f"{field.name} cannot be a layer, got {value!r}.", "Try l2(0.01).", arguments=(field.name,))
    if field.kind == "integer" and not (read is None or type(read) is int):
        raise ArgumentError(f"{field.name} is a whole number, got {value!r}.", arguments=(field.name,))
    if field.kind == "number" and not (read is None or type(read) in (int, float)):
        raise ArgumentError(f"{field.name} is a number, got {value!r}.", arguments=(field.name,))
    return read


def _choice(field: Field, text: str) -> Any:
    for choice in field.choices:
        if text == str(choice):
            return choice
    if field.default is None and text == "None":
        return None
    raise unknown_name(field.name, text, [str(choice) for choice in field.choices])


def _notebook_function(name: Any) -> Callable:
    """The function of that name in the user's own program: a form names code, it never holds any."""
    known = {word: value for word, value in vars(sys.modules["__main__"]).items() if callable(value) and word[0] != "_"}
    if not isinstance(name, str) or name not in known:
        raise ArgumentError(
            f"no function {name!r} in this notebook.",
            "Define it in a cell, then name it here.",
            arguments=("function",),
        )
    return known[name]
