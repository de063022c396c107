"""Arguments as a document keeps them: read from a form or a call, checked by the constructor, without defaults."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Mapping
from typing import Any

from ....errors import ArgumentError, KerasnbError, unknown_name
from ....views import family_of
from .checking import TEXTS, checked
from .either_spelling import earlier_arguments
from .fields import Field, fields_of
from .graph import LayerSpec
from .making import MissingArgument, blaming, make_layer
from .registry import layer_class
from .values import key_of, parse

__all__ = [
    *("read_arguments", "check_arguments", "changed_arguments", "without_defaults", "check_constructor"),
    "refuse_live",
]


def read_arguments(cls: type, values: Mapping[str, Any], layer: str = "") -> dict[str, Any]:
    """The values, given in either spelling, as a document keeps them; one that its field cannot hold is refused."""
    try:
        return {name: _value_of(cls, name, value) for name, value in earlier_arguments(cls, values).items()}
    except KerasnbError as error:
        raise error.named(cls.__name__, layer) if layer else error from None


def check_arguments(spec: LayerSpec) -> LayerSpec:
    """The layer with the values that its form can hold; text in them is a value, and is not read."""
    if spec.live is not None:
        return spec
    cls = layer_class(spec.class_name)
    fields = {field.name: field for field in fields_of(cls)}
    with blaming(spec):
        arguments = {
            name: value if name not in fields or _is_free(cls, fields[name], value) else checked(fields[name], value)
            for name, value in spec.arguments.items()
        }
    held = spec.changed(arguments=arguments)
    if held.is_input:
        check_constructor(held)
    return held


def _value_of(cls: type, name: Any, value: Any) -> Any:
    fields = {field.name: field for field in fields_of(cls)}
    if name not in fields:
        raise unknown_name(f"argument of {cls.__name__}", name, fields)
    return value if _is_free(cls, fields[name], value) else _read(fields[name], value)


def _is_free(cls: type, field: Field, value: Any) -> bool:
    """Whether only a user's own layer knows what the value may be."""
    return family_of(cls) == "custom" and field.kind == "expression" and not isinstance(value, str)


# the shape of an input, with the batch size and without: the one that is given last holds
_RIVALS = {"input_shape": "batch_input_shape", "batch_input_shape": "input_shape"}


def changed_arguments(cls: type, before: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with some of them changed."""
    kept = {name: value for name, value in before.items() if read.get(_RIVALS.get(name, "")) is None}
    return without_defaults(cls, {**kept, **read})


def without_defaults(cls: type, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that say something: those that differ from the constructor's own."""
    defaults = {field.name: key_of(field.default) for field in fields_of(cls)}
    return {name: value for name, value in arguments.items() if name not in defaults or key_of(value) != defaults[name]}


def refuse_live(spec: LayerSpec) -> None:
    """Refuse a change of arguments that nobody knows."""
    if spec.live is not None:
        raise ArgumentError(
            "is shown as it is; no arguments describe it.",
            "Change it in a cell, or put another layer in its place.",
        ).named(spec.class_name, spec.layer_name)


def check_constructor(spec: LayerSpec) -> None:
    """Refuse arguments that the layer's own constructor refuses; a shape that does not fit shows later, as a state."""
    if spec.is_input:
        return _check_input(spec)
    with contextlib.suppress(MissingArgument):
        make_layer(spec)


def _check_input(spec: LayerSpec) -> None:
    for name, example in (("input_shape", "(8, 8, 1)"), ("batch_input_shape", "(32, 8, 8, 1)")):
        shape = spec.arguments.get(name)
        fits = isinstance(shape, tuple) and all(size is None or type(size) is int and size > 0 for size in shape)
        if shape is not None and not fits:
            kind = "shape of one sample" if name == "input_shape" else "shape with the batch size in front"
            raise ArgumentError(f"{name} is the {kind}, as {example}; got {shape!r}.", arguments=(name,)).named(
                "InputLayer", spec.name
            )


def _read(field: Field, value: Any) -> Any:
    """The value of a field: text from a form is read by the field's kind first."""
    if isinstance(value, str) and field.kind not in ("segments", "choice"):
        value = _parsed(field, value)
    return checked(field, value)


def _parsed(field: Field, text: str) -> Any:
    if field.name in TEXTS:
        return None if text == "None" else text.strip("'\"")
    if field.kind == "integers" and "(" not in text:
        text = f"({text.strip().rstrip(',')},)"
    read = parse(text)
    return _notebook_function(read) if field.name == "function" else read


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
