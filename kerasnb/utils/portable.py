"""Functions that `pickle` can take: by reference where Python finds them, else by their code and all that they hold."""

from __future__ import annotations

import functools
import sys
import types
from typing import Any

from .code_parts import function_as_parts, function_of_parts, partial_as_parts, partial_of_parts

__all__ = ["Portable", "portable", "unwrapped"]


class Portable:
    """A function on its way into a pickle, which gives back the function itself."""

    def __init__(self, function: Any):
        self.function = function

    def __reduce__(self):
        if _is_found(self.function):
            return _itself, (self.function,)
        if isinstance(self.function, functools.partial):
            return partial_of_parts, (partial_as_parts(self.function, other=_whole)["value"],)
        return function_of_parts, tuple(function_as_parts(self.function, other=_whole))


def _itself(value: Any) -> Any:
    return value


def _whole(value: Any) -> dict:
    """What has no plain form is pickled as it is."""
    return {"type": "object", "value": value}


def _is_found(function: Any) -> bool:
    """Whether pickle finds it by its module and name."""
    place = sys.modules.get(getattr(function, "__module__", None) or "")
    for name in getattr(function, "__qualname__", "<none>").split("."):
        place = getattr(place, name, None)
    return place is function


def portable(value: Any) -> Any:
    """The value with its functions made ready for a pickle, in lists, tuples and dictionaries too."""
    if isinstance(value, types.FunctionType | functools.partial):
        return Portable(value)
    if type(value) in (list, tuple):
        return type(value)(portable(one) for one in value)
    if type(value) is dict:
        return {key: portable(one) for key, one in value.items()}
    return value


def unwrapped(value: Any) -> Any:
    """The function itself, where `copy` left its wrapper."""
    return value.function if isinstance(value, Portable) else value
