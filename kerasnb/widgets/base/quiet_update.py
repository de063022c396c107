"""Replaces a lasting picture once edits pause, so that a row of clicks is not slowed by pictures that nobody sees."""

from __future__ import annotations

import threading
from collections.abc import Callable

from .snapshot import Picture, Snapshot

__all__ = ["QuietUpdate"]


class QuietUpdate:
    """Draws the picture `pause` seconds after the last call of `later`, in a thread of its own.

    Args:
        snapshot: the picture to replace; nothing is drawn while it is not shown.
        pause: seconds without a further edit.
    """

    def __init__(self, snapshot: Snapshot, pause: float = 0.6):
        self._snapshot = snapshot
        self._pause = pause
        self._timer: threading.Timer | None = None

    def later(self, draw: Callable[[], Picture]) -> None:
        """Replace the picture when edits have paused."""
        self._forget()
        if self._snapshot.is_shown:
            self._timer = threading.Timer(self._pause, lambda: self._snapshot.update(draw()))
            self._timer.daemon = True
            self._timer.start()

    def now(self, draw: Callable[[], Picture]) -> None:
        """Replace the picture at once."""
        self._forget()
        if self._snapshot.is_shown:
            self._snapshot.update(draw())

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
