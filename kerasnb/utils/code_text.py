"""Functions as text, and back."""

from __future__ import annotations

import base64
import builtins
import contextlib
import marshal
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .custom_objects import get_custom_objects, get_from_module

__all__ = [
    "func_dump", "func_load", "function_config", "function_from", "arguments_from", "trusted_code", "is_code_trusted",
]

_trust = threading.local()


class LiveCode(str):
    """A function's code as text that, in the process that made it, still knows the function."""

    function: Callable | None = None

    def __deepcopy__(self, memo) -> LiveCode:
        return self


@contextlib.contextmanager
def trusted_code() -> Iterator[None]:
    """Inside, code that comes with a configuration or file may be run."""
    outer = is_code_trusted()
    _trust.value = True
    try:
        yield
    finally:
        _trust.value = outer


def is_code_trusted() -> bool:
    """Whether code from a configuration or file may be run now."""
    return getattr(_trust, "value", False)


def func_dump(func) -> tuple:
    """A function as (code text, default arguments, closure values)."""
    code = LiveCode(base64.b64encode(marshal.dumps(func.__code__)).decode("ascii"))
    code.function = func
    closure = tuple(cell.cell_contents for cell in func.__closure__) if func.__closure__ else None
    return code, func.__defaults__, closure


def func_load(code, defaults=None, closure=None, globs=None):
    """The function that `func_dump` took apart.

    Code that was dumped in this process gives back the very function. Any other is run only inside `trusted_code()`,
    since it may do anything, and only by the same Python version.

    Raises:
        ArgumentError: the code comes from elsewhere, and was not declared trusted.
    """
    if isinstance(code, tuple | list):
        code, defaults, closure = code
    if isinstance(code, LiveCode) and code.function is not None:
        return code.function
    if not is_code_trusted():
        raise ArgumentError(
            "this configuration holds Python code, which is not run unless you say so.",
            "If you trust where it comes from, load it with trust_code=True; else name the function in custom_objects.",
            arguments=("function",),
        )
    unpacked = _unpacked(code)
    names = _names_at_hand() if globs is None else globs
    # its own name, so that it can be written again
    return types.FunctionType(unpacked, names, unpacked.co_name, tuple(defaults) if defaults else None, _cells(closure))


def _names_at_hand() -> dict[str, Any]:
    """What loaded code may call by name: K, np, and the custom objects."""
    return {"__builtins__": builtins, "K": K, "np": np, **get_custom_objects()}


def _unpacked(text: str) -> types.CodeType:
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


def _cells(closure):
    return tuple(types.CellType(value) for value in closure) if closure else None


def function_config(function: Callable) -> tuple:
    """A function for a configuration, and how it is written: 'function' by its name, 'lambda' by its code.

    Either still knows the function itself while this process lives.
    """
    if getattr(function, "__name__", "<lambda>") == "<lambda>":
        return func_dump(function), "lambda"
    name = LiveCode(function.__name__)
    name.function = function
    return name, "function"


def function_from(value: Any, kind: str, argument: str, custom_objects: dict | None = None) -> Any:
    """What `function_config` wrote down, as it was; for kind 'raw' the value itself.

    Raises:
        UnknownNameError: no function of that name in custom_objects.
    """
    if isinstance(value, dict) and value.get("class_name") == "__lambda__":  # as Keras 3 writes it
        kind, value = "lambda", [value["config"].get(part) for part in ("code", "defaults", "closure")]
    if kind == "lambda":
        return func_load(value)
    if kind != "function":
        return tuple(value) if isinstance(value, list) else value
    live = getattr(value, "function", None)
    return live or get_from_module(str(value), custom_objects or {}, f"{argument} function")


def arguments_from(config: dict | None) -> dict:
    """Further arguments of a function, with arrays as arrays again."""
    return {name: np.asarray(value["value"]) if isinstance(value, dict) and value.get("type") == "ndarray" else value
            for name, value in (config or {}).items()}
