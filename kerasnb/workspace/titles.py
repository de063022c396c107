"""The name under which a widget speaks of a model."""

from __future__ import annotations

import re
import sys
from typing import Any

from ..views import is_foreign

__all__ = ["is_made_up", "model_title"]

MADE_UP = re.compile(r"(sequential|model)_\d+$")
MADE_UP_BY_KERAS = re.compile(r"(sequential|functional|model)(_\d+)?$")  # whose first has no number


def is_made_up(name: str) -> bool:
    """Whether Keras made the name of a model: `sequential_1`."""
    return bool(MADE_UP.match(name))


def model_title(model: Any, known_as: str = "") -> str:
    """The model's own name, or that of the notebook's variable where Keras made the name up.

    Args:
        known_as: what it goes by where no variable holds it.
    """
    if not (MADE_UP_BY_KERAS.match(model.name) if is_foreign(model) else is_made_up(model.name)):
        return model.name
    namespace = vars(sys.modules["__main__"])
    held_by = (name for name, value in namespace.items() if value is model and not name.startswith("_"))
    return next(held_by, known_as or model.name)
