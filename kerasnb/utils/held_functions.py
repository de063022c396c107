"""Functions that keep what they hold: what closures and global names are bound to later does not change them."""

from __future__ import annotations

import builtins
import contextlib
import dis
import functools
import sysconfig
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["as_held", "bound_names", "is_a_programs_own"]

_LIBRARIES = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    | {str(Path(__file__).resolve().parent.parent)}
)
_DATA = (bool, int, float, complex, str, bytes, tuple, type(None), np.generic, np.ndarray)


class _Names(dict):
    """The global names of a function: those that it holds, and else what its module has at the moment."""

    def __init__(self, live: dict[str, Any]):
        super().__init__(__builtins__=live.get("__builtins__", builtins))
        self.live = live

    def __missing__(self, name: str) -> Any:
        return self.live[name]


def as_held(function: Any, known: dict[Any, Any] | None = None) -> Any:
    """The function with what its closure and its global names hold now: numbers, text, arrays, other functions.

    Modules, classes and other objects are looked up when it is called, and what it assigns to itself stays shared.
    A function that holds nothing is given back as it is.
    """
    known = {} if known is None else known
    if isinstance(function, functools.partial):
        held = as_held(function.func, known)
        return function if held is function.func else type(function)(held, *function.args, **function.keywords)
    if not is_a_programs_own(function):
        return function
    if function not in known:
        known[function] = function  # while what it holds is looked at
        known[function] = _held(function, known)
    return known[function]


def is_a_programs_own(function: Any) -> bool:
    """Whether it is a Python function of a program, not of Python, kerasnb or an installed package."""
    return type(function) is types.FunctionType and not function.__code__.co_filename.startswith(_LIBRARIES)


def _held(function: types.FunctionType, known: dict) -> types.FunctionType:
    names = {name: _kept(value, known) for name, value in _globals(function) if _is_held(value)}
    cells = tuple(_cell(name, cell, function.__code__, known) for name, cell in _cells(function))
    if not names and not cells:
        return function
    live = function.__globals__
    if names:
        live = _Names(live)
        live.update(names)
    made = types.FunctionType(function.__code__, live, function.__name__, function.__defaults__, cells or None)
    made.__kwdefaults__ = function.__kwdefaults__
    functools.update_wrapper(made, function)
    del made.__wrapped__  # it would keep what the closure is bound to later
    return made


def _cells(function: types.FunctionType) -> Iterator[tuple[str, types.CellType]]:
    return zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)


def _cell(name: str, cell: types.CellType, code: types.CodeType, known: dict) -> types.CellType:
    """A cell of its own with what this one holds; the same one where it is still empty or assigned to."""
    try:
        value = cell.cell_contents
    except ValueError:
        return cell
    return cell if name in _named(code, ("STORE_DEREF", "DELETE_DEREF")) else types.CellType(_kept(value, known))


def _kept(value: Any, known: dict) -> Any:
    return value.copy() if type(value) is np.ndarray else as_held(value, known)


def _is_held(value: Any) -> bool:
    return isinstance(value, (*_DATA, functools.partial)) or is_a_programs_own(value)


def _globals(function: types.FunctionType) -> list[tuple[str, Any]]:
    """The global names that the function uses and does not assign to, with what they are bound to now."""
    assigned = _named(function.__code__, ("STORE_GLOBAL", "DELETE_GLOBAL"))
    return [(name, value) for name, value in bound_names(function).items() if name not in assigned]


def _named(code: types.CodeType, operations: tuple[str, ...]) -> set[str]:
    inner = [part for part in code.co_consts if isinstance(part, types.CodeType)]
    own = {one.argval for one in dis.get_instructions(code) if one.opname in operations}
    return own.union(*(_named(part, operations) for part in inner))


def bound_names(function: types.FunctionType) -> dict[str, Any]:
    """The global names that a function and those inside it read, with what they are bound to, where they are."""
    found = {}
    for name in sorted(_named(function.__code__, ("LOAD_GLOBAL", "LOAD_NAME"))):
        with contextlib.suppress(KeyError):  # not `in`: it may be held, or the module's
            found[name] = function.__globals__[name]
    return found
