"""The callback with which a Fit panel ends a training that was to be stopped before it began."""

from __future__ import annotations

from collections.abc import Callable

from ...callbacks import Callback
from ...views import view_of

__all__ = ["FitGuard"]


class FitGuard(Callback):
    """Stops training at once where `is_stop_asked()`."""

    def __init__(self, is_stop_asked: Callable[[], bool]):
        super().__init__()
        self.is_stop_asked = is_stop_asked

    def on_train_begin(self, logs: dict | None = None) -> None:
        # asked while fit was still preparing: its control forgets that when training begins
        if self.is_stop_asked():
            view_of(self.model).control.stop()
