"""Values that hold in one thread for a while."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

__all__ = ["set_in_thread"]


@contextlib.contextmanager
def set_in_thread(where: threading.local, name: str, value: Any) -> Iterator[None]:
    """While inside, this attribute has the value in this thread; what it was before comes back, None at first."""
    outer = getattr(where, name, None)
    setattr(where, name, value)
    try:
        yield
    finally:
        setattr(where, name, outer)
