"""One backend's K: every function of K with that backend in force, so that both can be used in one process."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from typing import Any

from .ops.registry import Op
from .runtime import chosen

__all__ = ["namespace", "names"]

_ANYWHERE = {"use", "preload"}  # they are about the backend chosen for all


def names() -> list[str]:
    """What K offers, modules left out."""
    K = sys.modules[__package__]
    return [name for name in K.__all__ if not inspect.ismodule(getattr(K, name))]


def namespace(backend: str) -> Callable[[str], Any]:
    """What a module of this backend answers when it is asked for a name of K."""

    @functools.cache
    def bound(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        with chosen.in_force(backend):
            found = getattr(sys.modules[__package__], name)
        is_function = isinstance(found, Op) or inspect.isfunction(found)
        return _in_force(backend, found) if is_function and name not in _ANYWHERE else found

    return bound


def _in_force(backend: str, function: Callable) -> Callable:
    @functools.wraps(function)
    def bound(*args, **kwargs):
        with chosen.in_force(backend):
            return function(*args, **kwargs)

    return bound
