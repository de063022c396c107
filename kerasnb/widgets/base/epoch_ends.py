"""A callback that tells when an epoch is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...callbacks import Callback

__all__ = ["EpochEnds"]


class EpochEnds(Callback):
    """Calls `tell()` at each epoch's end, in the thread that trains."""

    def __init__(self, tell: Callable[[], None]):
        super().__init__()
        self._tell = tell

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._tell()
