"""Objectives by name: what training makes small, as a function or as a loss of later Keras."""

from __future__ import annotations

from typing import Any

from . import later_loss_functions, loss_classes, loss_functions
from .carried import carry
from .loss_functions import *  # noqa: F403
from .loss_functions import KLD, MAE, MAPE, MSE, MSLE  # noqa: F401
from .loss_functions import __all__ as _functions
from .utils.custom_objects import named_thing, registry
from .utils.foreign_objects import as_ours, kin_of

__all__ = [*_functions, "serialize", "deserialize", "get"]


def get(identifier):
    """The objective of this name or configuration, or that of a loss as later Keras makes it (or the function itself).

    Raises:
        UnknownNameError: there is none.
    """
    found = made(identifier)
    if kin_of(found) and hasattr(found, "reduction"):
        found = _OfOtherKeras(found)
    return found.as_function() if hasattr(found, "as_function") else found


def made(identifier: Any) -> Any:
    """The objective of a name, or the loss of a class's name or configuration; a function or loss itself.

    One of Keras 3's is given as ours that computes the same.
    """
    functions = later_loss_functions, loss_functions  # the last count most: "hinge" takes -1 and 1, as in Keras 1.2
    identifier = as_ours(identifier, "loss", loss_classes, functions)
    paths = f"{__package__}.losses", __name__
    return named_thing(identifier, "objective", functions, loss_classes, loss_classes.Loss, paths)


class _OfOtherKeras(loss_classes.Loss):
    """A loss of a class derived from Keras 3's."""

    def __init__(self, theirs: Any):
        super().__init__(theirs.reduction, theirs.name)
        self.call = theirs.call


serialize, deserialize = registry(get)
carry(__name__)
_OWN = frozenset(globals())
