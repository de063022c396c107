"""Whether threads can start: inside a browser (Pyodide) they cannot, and what they would do is done at once."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable

__all__ = ["soon", "threads_start"]


@functools.cache
def threads_start() -> bool:
    """Whether this Python can start a thread, found out by trying."""
    try:
        threading.Thread(target=int, daemon=True).start()
    except RuntimeError:
        return False
    return True


def soon(seconds: float, action: Callable[[], None]) -> threading.Timer | None:
    """Do it after so many seconds in a thread that can be cancelled; now, and None, where no thread can start."""
    if not threads_start():
        action()
        return None
    timer = threading.Timer(seconds, action)
    timer.daemon = True
    timer.start()
    return timer
