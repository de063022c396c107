"""Functions as text, and back."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from .. import backend as K
from ..backend.ops.registry import Op
from ..errors import ArgumentError, UnknownNameError
from .code_parts import (
    code_text,
    function_as_parts,
    function_of_parts,
    partial_as_parts,
    partial_of_parts,
    reference_to,
    referred,
)
from .custom_objects import get_custom_objects
from .held_functions import is_a_programs_own
from .portable import Portable

__all__ = [
    "func_dump",
    "func_load",
    "function_config",
    "function_from",
    "arguments_from",
    "trusted_code",
    "is_code_trusted",
]

_trust = threading.local()


class LiveCode(str):
    """A function's code or name as text that, in the process that made it, still knows the function."""

    function: Callable | None = None

    def __deepcopy__(self, memo) -> LiveCode:
        return self

    def __reduce__(self):
        return _live, (LiveCode, str(self), Portable(self.function))


class LiveParts(tuple):
    """A function as code, defaults and closure; written to a file, with all that it needs."""

    function: Callable

    def __deepcopy__(self, memo) -> LiveParts:
        return self

    def __reduce__(self):
        return _live_parts, (Portable(self.function),)

    def as_plain(self) -> Any:
        """As lists, dictionaries, text and numbers only."""
        if isinstance(self.function, functools.partial):
            return partial_as_parts(self.function)
        return function_as_parts(self.function)


def _live(cls: type, value: Any, function: Callable) -> Any:
    made = cls(value)
    made.function = function
    return made


def _live_parts(function: Callable) -> LiveParts:
    return _live(LiveParts, _parts(function), function)


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
    code = _live(LiveCode, code_text(func), func)
    return code, func.__defaults__, _closure(func)


def _closure(function: Callable) -> tuple | None:
    """What a function's closure holds; Ellipsis for what is not bound yet."""
    return tuple(next(iter(_contents(cell)), ...) for cell in function.__closure__ or ()) or None


def _contents(cell: Any) -> list:
    try:
        return [cell.cell_contents]
    except ValueError:
        return []


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
    _require_trust("")
    return function_of_parts(code, defaults, closure, None, globs)


def _require_trust(name: str) -> None:
    if is_code_trusted():
        return
    advice = (
        f'name the function in custom_objects={{"{name}": {name}}}'
        if name
        else ("build the model by its program, and load its weights: model.load_weights(...)")
    )
    raise (UnknownNameError if name else ArgumentError)(
        "this configuration holds Python code, which is not run unless you say so"
        + (f': that of the function "{name}".' if name else "."),
        f"If you trust where it comes from, load it with trust_code=True; else {advice}.",
        arguments=("function",),
    )


def function_config(function: Callable) -> tuple:
    """A function for a configuration, and how it is written: 'lambda' by its code, 'function' by its name.

    As in Keras 1.2 every Python function of a program's own is written by its code; those of libraries by where they
    are found, other things that can be called by their names. All still know the function itself while this process
    lives.
    """
    if is_a_programs_own(function) or isinstance(function, functools.partial):
        return _live_parts(function), "lambda"
    name = reference_to(function) or getattr(function, "__name__", type(function).__name__)
    return _live(LiveCode, name, function), "function"


def _parts(function: Callable) -> tuple:
    if isinstance(function, functools.partial):
        return function.func, function.args, function.keywords
    return LiveCode(code_text(function)), function.__defaults__, _closure(function)


def function_from(value: Any, kind: str, argument: str, custom_objects: dict | None = None) -> Any:
    """What `function_config` wrote down, as it was; for kind 'raw' the value itself.

    Raises:
        UnknownNameError: no function of that name in custom_objects.
        ArgumentError: it is code, and was not declared trusted.
    """
    if isinstance(value, dict) and value.get("class_name") == "__lambda__":  # as Keras 3 writes it
        kind, value = "lambda", [value["config"].get(part) for part in ("code", "defaults", "closure")]
    if kind not in ("lambda", "function"):
        return tuple(value) if isinstance(value, list) else value
    if getattr(value, "function", None) is not None:
        return value.function
    known = {**(custom_objects or {}), **get_custom_objects()}
    return _from_code(value, known) if kind == "lambda" else _by_name(str(value), argument, known)


def _from_code(value: Any, known: dict[str, Any]) -> Any:
    name = _name_in(value)
    if name in known:
        return known[name]
    _require_trust(name)
    if isinstance(value, dict):
        return partial_of_parts(value["value"])
    return function_of_parts(*value) if isinstance(value, list | tuple) else function_of_parts(value)


def _name_in(value: Any) -> str:
    """The name of a function that is written by its code; '' for a lambda."""
    try:
        rest = value["value"][0]["value"][3] if isinstance(value, dict) else value[3]
        return "" if rest["name"] == "<lambda>" else str(rest["name"])
    except (KeyError, IndexError, TypeError):
        return ""


def _by_name(text: str, argument: str, known: dict[str, Any]) -> Any:
    """A function of K, one of custom_objects, or, where code is trusted, of any library."""
    module, _, name = text.rpartition(":")
    if name in known:
        return known[name]
    if module == K.__name__ and isinstance(vars(K).get(name), Op):  # other functions of K may do more than compute
        return vars(K)[name]
    if module and is_code_trusted():
        return referred(text)
    raise UnknownNameError(
        f"{argument}: the configuration names the function {name!r}, but does not hold its code.",
        f'Give it: custom_objects={{"{name}": {name}}}.'
        + (f" Or let it be imported: trust_code=True ({module})." if module else ""),
        arguments=(argument,),
    )


def arguments_from(config: dict | None) -> dict:
    """Further arguments of a function, with arrays as arrays again."""
    return {
        name: np.asarray(value["value"]) if isinstance(value, dict) and value.get("type") == "ndarray" else value
        for name, value in (config or {}).items()
    }
