"""Replaces a lasting picture after each edit: at once where drawing is quick, else once edits pause."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .snapshot import Picture, Snapshot
from .threads import soon

__all__ = ["QuietUpdate"]

QUICK = 0.02  # seconds that nobody notices between two clicks
PAUSE = 0.4  # who saves within a second of an edit is to find the new picture


class QuietUpdate:
    """Draws a picture when an edit was made.

    A small model takes 1 ms. One of hundreds of layers would slow a row of clicks by pictures that nobody sees: it is
    drawn `PAUSE` seconds after the last of them, in a thread of its own.

    Args:
        snapshot: the picture to replace; nothing is drawn while it is not shown.
    """

    def __init__(self, snapshot: Snapshot):
        self._snapshot = snapshot
        self._cost = 0.0
        self._timer: threading.Timer | None = None

    def later(self, draw: Callable[[], Picture]) -> None:
        """Replace the picture soon, and not for each of a row of edits where that would be felt."""
        if self._cost < QUICK:
            return self.now(draw)
        self._forget()
        if self._snapshot.is_shown:
            self._timer = soon(PAUSE, lambda: self._draw(draw))

    def now(self, draw: Callable[[], Picture]) -> None:
        """Replace the picture at once."""
        self._forget()
        if self._snapshot.is_shown:
            self._draw(draw)

    def _draw(self, draw: Callable[[], Picture]) -> None:
        began = time.perf_counter()
        self._snapshot.update(draw())
        self._cost = time.perf_counter() - began

    def _forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
