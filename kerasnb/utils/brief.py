"""A short text for any value, however large or nested, for messages."""

from __future__ import annotations

import reprlib
from typing import Any

__all__ = ["brief"]

_SHORT = reprlib.Repr()
_SHORT.maxlevel, _SHORT.maxdict, _SHORT.maxlist, _SHORT.maxtuple = 3, 4, 4, 4
_SHORT.maxstring = _SHORT.maxother = 60


def brief(value: Any, most: int = 80) -> str:
    """The value's representation, cut before it is written out."""
    try:
        text = _SHORT.repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits
        text = f"<{type(value).__name__}>"
    return text if len(text) <= most else f"{text[: most - 3]}..."
