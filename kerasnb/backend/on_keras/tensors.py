"""Which things are Keras's symbolic tensors and variables; Keras is there where one of them is."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["is_symbolic", "is_variable", "symbolic_in"]


def is_symbolic(thing: Any) -> bool:
    """Whether it is a symbolic tensor of Keras 3."""
    return _is_of_keras(thing) and isinstance(thing, sys.modules["keras"].KerasTensor)


def is_variable(thing: Any) -> bool:
    """Whether it is a variable of Keras 3."""
    return _is_of_keras(thing) and isinstance(thing, sys.modules["keras"].Variable)


def symbolic_in(things: Any) -> bool:
    """Whether any of them, or the one thing, is such a tensor."""
    several = things if isinstance(things, (list, tuple)) else [things]
    return any(map(is_symbolic, several))


def _is_of_keras(thing: Any) -> bool:
    return type(thing).__module__.partition(".")[0] == "keras"
