"""Stand-ins for names of Keras 3 that are not there: a program may import one, using it says what to do instead."""

from __future__ import annotations

import functools
from typing import Any

from .absent import ABSENT
from .errors import UnknownNameError, absent_name

__all__ = ["only_named"]


class _MissingAttributeError(UnknownNameError, AttributeError):
    """A name inside one that is not there; `hasattr` says no."""


class _OnlyNamed(type):
    """A class of which nothing can be made: it is there to be imported beside others, and for `isinstance`."""

    instead: str

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        raise absent_name(cls.__name__, cls.instead)

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise _MissingAttributeError(f"{cls.__name__}.{name} is not there: it is Keras 3's.", cls.instead)


@functools.cache  # one class for each name, wherever it is imported
def only_named(module: str, name: str) -> type | None:
    """A class that says what to do instead of this name of Keras 3's module; None for a name that is not in the table.

    Args:
        module: below kerasnb, such as 'layers'.
    """
    instead = ABSENT.get(module, {}).get(name)
    if instead is None:
        return None
    return _OnlyNamed(name, (), {"__doc__": f"Not there. {instead}", "__module__": __name__, "instead": instead})
