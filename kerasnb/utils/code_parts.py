"""What functions are made of, as plain data for files, and back."""

from __future__ import annotations

import base64
import builtins
import functools
import importlib
import marshal
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .custom_objects import get_custom_objects
from .held_functions import bound_names, is_a_programs_own

__all__ = [
    "code_text",
    "code_of",
    "function_as_parts",
    "partial_as_parts",
    "function_of_parts",
    "partial_of_parts",
    "reference_to",
    "referred",
    "names_at_hand",
]


def code_text(function: types.FunctionType) -> str:
    """The code of a function as text, for the same version of Python."""
    return base64.b64encode(marshal.dumps(function.__code__)).decode("ascii")


def code_of(text: str) -> types.CodeType:
    """The code that `code_text` wrote.

    Raises:
        ArgumentError: it is none, or of another version of Python.
    """
    try:
        code = marshal.loads(base64.b64decode(text))
        if not isinstance(code, types.CodeType):
            raise ValueError(f"it is a {type(code).__name__}")
        return code
    except (ValueError, EOFError, TypeError) as error:
        raise ArgumentError(
            f"the code in this configuration cannot be read: {error}.",
            "It was probably written by another version of Python; name the function in custom_objects instead.",
        ) from error


def names_at_hand() -> dict[str, Any]:
    """What loaded code may call by name: K, np, and the custom objects."""
    return {"__builtins__": builtins, "K": K, "np": np, **get_custom_objects()}


# ---- to data


def _unkept(value: Any) -> dict:
    return {"type": "not kept", "value": type(value).__name__}


def function_as_parts(function: types.FunctionType, outer: tuple = (), other: Callable = _unkept) -> list:
    """Code, defaults, closure, and a dictionary with the name, global names and keyword defaults.

    Args:
        outer: the functions that this one is a part of.
        other: what to write for things without a plain form.
    """
    outer = (*outer, function)
    names = {
        name: value
        for name, value in bound_names(function).items()
        if not hasattr(builtins, name) and not any(_is_same(value, one) for one in outer)
    }
    closure = [_contents(cell, outer, other) for cell in function.__closure__ or ()]
    rest = {"name": function.__name__, "names": {name: _part(value, outer, other) for name, value in names.items()}}
    if function.__kwdefaults__:
        rest["keywords"] = {name: _part(value, outer, other) for name, value in function.__kwdefaults__.items()}
    defaults = [_part(one, outer, other) for one in function.__defaults__ or ()]
    return [code_text(function), defaults or None, closure or None, rest]


def _is_same(value: Any, function: types.FunctionType) -> bool:
    return getattr(value, "__code__", None) is function.__code__


def _contents(cell: types.CellType, outer: tuple, other: Callable) -> Any:
    try:
        value = cell.cell_contents
    except ValueError:
        return _unkept(None)
    return {"type": "itself"} if _is_same(value, outer[-1]) else _part(value, outer, other)


def partial_as_parts(function: functools.partial, outer: tuple = (), other: Callable = _unkept) -> dict:
    """The function inside, with the arguments that are settled."""
    keywords = {name: _part(one, outer, other) for name, one in function.keywords.items()}
    arguments = [_part(one, outer, other) for one in function.args]
    return {"type": "partial", "value": [_part(function.func, outer, other), arguments, keywords]}


def _part(value: Any, outer: tuple, other: Callable) -> Any:
    """A value as plain data, by its kind."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, np.ndarray | np.generic) and value.dtype.kind in "biuf":
        return {
            "type": "ndarray",
            "value": value.tolist(),
            "dtype": value.dtype.name,
            "shape": list(np.shape(value)),
            "scalar": isinstance(value, np.generic),
        }
    if type(value) is list:
        return [_part(one, outer, other) for one in value]
    if type(value) is tuple:
        return {"type": "tuple", "value": [_part(one, outer, other) for one in value]}
    if type(value) is dict and all(type(key) is str for key in value):
        return {"type": "dict", "value": {key: _part(one, outer, other) for key, one in value.items()}}
    if isinstance(value, types.ModuleType):
        return {"type": "module", "value": value.__name__}
    if isinstance(value, functools.partial):
        return partial_as_parts(value, outer, other)
    if is_a_programs_own(value) and value not in outer:
        return {"type": "function", "value": function_as_parts(value, outer, other)}
    reference = reference_to(value)
    return other(value) if reference is None else {"type": "reference", "value": reference}


def reference_to(value: Any) -> str | None:
    """Where Python finds a function or class of a library, as `module:name`; None for anything else."""
    ours = next((name for name, one in vars(K).items() if one is value), None)
    if ours is not None:
        return f"{K.__name__}:{ours}"
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not callable(value) or not isinstance(module, str) or not isinstance(name, str) or module == "__main__":
        return None
    return f"{module}:{name}" if _found(sys.modules.get(module), name) is value else None


def _found(place: Any, path: str) -> Any:
    for name in path.split("."):
        place = getattr(place, name, None)
    return place


# ---- from data that is trusted


def referred(text: str) -> Any:
    """What `reference_to` wrote."""
    module, _, path = text.partition(":")
    try:
        found = _found(importlib.import_module(module), path)
    except ImportError as error:
        raise ArgumentError(f'the function of this configuration needs "{text}": {error}.', "Install it.") from error
    if found is None:
        raise ArgumentError(
            f'the function of this configuration needs "{text}", which there is not.',
            "It was written with another version of that package.",
        )
    return found


def function_of_parts(code: str, defaults=None, closure=None, rest=None, globs=None) -> types.FunctionType:
    """The function that `function_as_parts` took apart."""
    unpacked, rest = code_of(code), rest or {}
    names = names_at_hand() if globs is None else globs
    if globs is None:
        held = {
            name: _value(one, name)
            for name, one in (rest.get("names") or {}).items()
            if name not in get_custom_objects()
        }
        names = {**names, **held}
    cells = [
        types.CellType() if _is_itself(value) else types.CellType(_value(value, name))
        for name, value in zip(unpacked.co_freevars, closure or (), strict=True)
    ]
    settled = tuple(_value(one, "a default") for one in defaults or ())
    made = types.FunctionType(unpacked, names, rest.get("name") or unpacked.co_name, settled or None, tuple(cells))
    made.__kwdefaults__ = {name: _value(one, name) for name, one in (rest.get("keywords") or {}).items()} or None
    for cell, value in zip(cells, closure or (), strict=True):
        if _is_itself(value):
            cell.cell_contents = made
    names.setdefault(made.__name__, made)  # a function that calls itself
    return made


def _is_itself(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "itself"


def partial_of_parts(value: list) -> functools.partial:
    """The function that `partial_as_parts` took apart."""
    function, arguments, keywords = value
    return functools.partial(
        _value(function, "the function"),
        *(_value(one, "an argument") for one in arguments),
        **{name: _value(one, name) for name, one in keywords.items()},
    )


def _value(part: Any, name: str) -> Any:
    """What was written as plain data; `name` is what it is called in the function."""
    if isinstance(part, list):
        return [_value(one, name) for one in part]
    if not isinstance(part, dict) or "type" not in part:
        return part
    kind, value = part["type"], part.get("value")
    if kind == "not kept":
        return _given_again(value, name)
    return _READERS[kind](value, part) if kind in _READERS else part


def _given_again(kind: str, name: str) -> Any:
    if name in get_custom_objects():
        return get_custom_objects()[name]
    raise ArgumentError(
        f'the function of this configuration uses "{name}", a {kind}, which a file does not keep.',
        f'Give it again: custom_objects={{"{name}": {name}}}; or build the model by its program and load its weights.',
    )


def _array(value: Any, part: dict) -> Any:
    array = np.asarray(value, part.get("dtype")).reshape(part.get("shape", np.shape(value)))
    return array[()] if part.get("scalar") else array


_READERS = {
    "ndarray": _array,
    "tuple": lambda value, _: tuple(_value(one, "a value") for one in value),
    "dict": lambda value, _: {key: _value(one, key) for key, one in value.items()},
    "module": lambda value, _: importlib.import_module(value),
    "partial": lambda value, _: partial_of_parts(value),
    "function": lambda value, _: function_of_parts(*value),
    "reference": lambda value, _: referred(value),
    "object": lambda value, _: value,
}
