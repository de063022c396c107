"""Objectives by name: what training makes small, as a function or as a loss of later Keras."""

from __future__ import annotations

from typing import Any

from . import loss_classes, loss_functions
from .carried import carry
from .loss_functions import *  # noqa: F403
from .loss_functions import KLD, MAE, MAPE, MSE, MSLE  # noqa: F401
from .loss_functions import __all__ as _functions
from .utils.custom_objects import get_from_module, put_into, registry

__all__ = [*_functions, "serialize", "deserialize", "get"]

_HERE = loss_functions.__name__


def get(identifier):
    """The objective of this name or configuration, or that of a loss as later Keras makes it (or the function itself).

    Raises:
        UnknownNameError: there is none.
    """
    found = made(identifier)
    return found.as_function() if hasattr(found, "as_function") else found


def made(identifier: Any) -> Any:
    """The objective of a name, or the loss of a class's name or configuration; a function or loss itself."""
    name = identifier.get("class_name") if isinstance(identifier, dict) else identifier
    is_class = isinstance(name, str) and name in loss_classes.__all__
    found = get_from_module(identifier, vars(loss_classes) if is_class else _by_name(), "objective")
    return found() if isinstance(found, type) and issubclass(found, loss_classes.Loss) else found


def _by_name() -> dict[str, Any]:
    """The functions of this module, and what programs put here or into the later one: `keras.losses.own = own`."""
    own = {name: one for name, one in vars(loss_functions).items() if getattr(one, "__module__", "") == _HERE}
    return own | put_into(f"{__package__}.losses") | put_into(__name__)


serialize, deserialize = registry(get)
carry(__name__)
_OWN = frozenset(globals())
