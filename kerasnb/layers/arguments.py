"""Checks of constructor arguments: each gives the value to keep, or an error that blames the argument."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError, KerasnbError, unknown_name
from ..utils.held_functions import as_held

__all__ = ["whole", "whole_numbers", "one_axis", "number", "fraction", "one_of", "ordering", "found", "pairs"]


def whole(name: str, value: Any, least: int = 1) -> int:
    """A whole number that is at least `least`."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | np.integer):
        if not (isinstance(value, float | np.floating) and float(value).is_integer()):
            raise ArgumentError(f"{name} must be a whole number, got {value!r}.", arguments=(name,))
    if value < least:
        raise ArgumentError(f"{name} must be at least {least}, got {value}.", arguments=(name,))
    return int(value)


def whole_numbers(name: str, value: Any, count: int, least: int = 1) -> tuple[int, ...]:
    """So many whole numbers; a single one counts for all."""
    values = (value,) * count if isinstance(value, int | np.integer) else value
    if not isinstance(values, tuple | list) or len(values) != count:
        raise ArgumentError(
            f"{name} must be {count} whole numbers, got {value!r}.",
            f"Write {name}={(least + 1,) * count}.",
            arguments=(name,),
        )
    return tuple(whole(name, one, least) for one in values)


def pairs(name: str, value: Any, count: int) -> tuple[tuple[int, int], ...]:
    """So many pairs (before, after); a single number counts for both sides, one alone for all axes."""
    values = (value,) * count if isinstance(value, int | np.integer) else value
    if not isinstance(values, tuple | list) or len(values) != count:
        raise ArgumentError(f"{name} must be {count} pairs (before, after), got {value!r}.", arguments=(name,))
    return tuple(whole_numbers(name, one, 2, least=0) for one in values)


def one_axis(name: str, value: Any) -> int:
    """The number of an axis, perhaps alone in a list, as later Keras writes it."""
    if isinstance(value, list | tuple) and len(value) == 1:
        (value,) = value
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ArgumentError(f"{name} must be a whole number, got {value!r}.", "Write -1.", arguments=(name,))
    return int(value)


def number(name: str, value: Any, least: float | None = None) -> Any:
    """A number (or an array or tensor of them), perhaps with a lower limit."""
    if value is None or isinstance(value, str | bool | list | tuple | dict):
        raise ArgumentError(f"{name} must be a number, got {value!r}.", arguments=(name,))
    if least is not None and isinstance(value, int | float | np.number) and not value >= least:
        raise ArgumentError(f"{name} must be at least {least:g}, got {value!r}.", arguments=(name,))
    return value


def fraction(name: str, value: Any) -> float:
    """A number from 0 to 1."""
    if not isinstance(value, int | float | np.number | np.ndarray) or not 0 <= value <= 1:
        raise ArgumentError(f"{name} must be a fraction from 0 to 1, got {value!r}.", arguments=(name,))
    return value


def one_of(name: str, value: Any, choices: Sequence) -> Any:
    """One of the choices."""
    if value not in choices:
        error = unknown_name(name, value, map(str, choices))
        error.arguments = (name,)
        raise error
    return value


def ordering(value: Any) -> str:
    """'th' or 'tf'; 'default' is settled now."""
    return K.image_dim_ordering() if value == "default" else one_of("dim_ordering", value, ("tf", "th", "default"))


def found(get: Callable, name: str, value: Any) -> Any:
    """What `get` makes of a name or configuration; functions keep what they hold, errors blame the argument."""
    try:
        made = get(value)
    except KerasnbError as error:
        error.arguments = (name,)
        raise
    if made is not None and not callable(made):
        raise ArgumentError(f"{name} must be a name or a function, got {value!r}.", arguments=(name,))
    return as_held(made)
