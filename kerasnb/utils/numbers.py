"""Numbers that users give, checked."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DataError

__all__ = ["check_whole"]


def check_whole(name: str, value: Any, least: int) -> int:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(value, int | np.integer) or value < least:
        raise DataError(f"{name} must be a whole number of {least} or more, got {value!r}.")
    return int(value)
