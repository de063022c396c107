"""Argument values as text and back: literals, and calls such as `l2(0.01)`, read without ever running code."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....engine.layer import LAYERS
from ....errors import ArgumentError, unknown_name

__all__ = ["Call", "parse", "write", "resolve", "find_function", "key_of", "safe_repr", "shorten"]


@dataclass(frozen=True)
class Call:
    """A call as somebody wrote it, made into an object only when its layer is made."""

    function: str
    positional: tuple = ()
    named: tuple[tuple[str, Any], ...] = ()

    def __str__(self) -> str:
        parts = [write(value) for value in self.positional]
        parts += [f"{name}={write(value)}" for name, value in self.named]
        return f"{self.function}({', '.join(parts)})"


def parse(text: str) -> Any:
    """The value a text stands for: a number, name, tuple, None, or a call of a known function on such values.

    >>> parse("(3, 3)"), parse("relu"), parse("l2(0.01)")
    ((3, 3), 'relu', Call(function='l2', positional=(0.01,), named=()))
    """
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):  # the last two: thousands of brackets or signs
        raise ArgumentError(
            f"cannot read {shorten(text)!r} as a value.", "Write a number, a name, a tuple or a call such as l2(0.01)."
        ) from None
    return _value(tree, text)


def shorten(text: str, most: int = 80) -> str:
    """The text, its end left out where it is long."""
    return text if len(text) <= most else f"{text[:most]}..."


def _value(node: ast.expr, text: str) -> Any:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and all(word.arg for word in node.keywords):
        named = tuple((word.arg, _value(word.value, text)) for word in node.keywords if word.arg)
        return Call(node.func.id, tuple(_value(value, text) for value in node.args), named)
    if isinstance(node, ast.Tuple | ast.List):
        values = [_value(value, text) for value in node.elts]
        return values if isinstance(node, ast.List) else tuple(values)
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError):
        raise ArgumentError(
            f"{shorten(text)!r} holds more than a value.",
            "Only numbers, names, tuples and calls such as l2(0.01) are read.",
        ) from None


def write(value: Any) -> str:
    """The value as code."""
    if isinstance(value, Call):
        return str(value)
    if isinstance(value, tuple | list):
        inner = ", ".join(write(item) for item in value)
        comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{comma})"
    if isinstance(value, np.generic):
        return repr(value.item())
    if isinstance(value, np.ndarray):
        return f"<array {value.shape}>"
    if callable(value):
        return getattr(value, "__name__", type(value).__name__)
    return safe_repr(value)


def safe_repr(value: Any) -> str:
    """The value's `repr`, shortened; of one that has none, its class."""
    try:
        return shorten(repr(value), 1000)
    except Exception:  # noqa: BLE001 - a user's own __repr__ may raise anything, and this only tells of the value
        return f"<{type(value).__name__}>"


# where the functions of calls are found, in this order
_NO_CALL = {"get", "get_fans", "make_variable", "Input", "merge"}
_MODULES = ("kerasnb.regularizers", "kerasnb.constraints", "kerasnb.initializations", "kerasnb.layers")


def resolve(value: Any) -> Any:
    """The object itself: every call in the value is made."""
    if isinstance(value, Call):
        function = find_function(value.function)
        return function(*map(resolve, value.positional), **{name: resolve(item) for name, item in value.named})
    if isinstance(value, tuple | list):
        return type(value)(map(resolve, value))
    return value


def find_function(name: str) -> Any:
    """The regularizer, constraint, initialization or layer of that name."""
    for module_name in _MODULES:
        module = importlib.import_module(module_name)
        if name in getattr(module, "__all__", ()) and name not in _NO_CALL:
            return getattr(module, name)
    if name in LAYERS:
        return LAYERS[name]
    known = {name for module_name in _MODULES for name in importlib.import_module(module_name).__all__}
    raise unknown_name("regularizer, constraint or layer", name, known - _NO_CALL, "For example l2(0.01) or Dense(32).")


def key_of(value: Any) -> Any:
    """A hashable stand-in, equal for values that make equal layers."""
    if isinstance(value, Mapping):
        return tuple((name, key_of(item)) for name, item in sorted(value.items(), key=lambda pair: str(pair[0])))
    if isinstance(value, tuple | list):
        return tuple(map(key_of, value))
    if isinstance(value, Call):
        return str(value)
    if isinstance(value, str | int | float | bool | type(None)):
        return type(value).__name__, value
    return id(value)
