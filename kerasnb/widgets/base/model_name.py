"""The name under which a widget speaks of a model."""

from __future__ import annotations

import re
import sys
from typing import Any

__all__ = ["model_title"]

MADE_UP = re.compile(r"(sequential|model)_\d+$")


def model_title(model: Any) -> str:
    """The model's own name, or that of the notebook's variable where Keras made the name up."""
    if not MADE_UP.match(model.name):
        return model.name
    namespace = vars(sys.modules["__main__"])
    return next((name for name, value in namespace.items() if value is model and not name.startswith("_")), model.name)
