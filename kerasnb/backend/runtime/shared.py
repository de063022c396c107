"""What was compiled and may be used again, for as long as it is among the last that were used."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from .freed import give_back

__all__ = ["Shared"]


class Shared:
    """What was compiled, by structure; what was not used for longest goes first.

    Args:
        limit: how many to keep.
        after_drops: called after every so many that went.

    Attributes:
        made: how many were compiled so far.
    """

    _many = 8

    # a compiled step takes 2 to 3 MB; models that are alive hold theirs themselves
    def __init__(self, limit: int = 16, after_drops: Callable[[], None] = give_back):
        self.limit, self.made, self.dropped = limit, 0, 0
        self._after_drops = after_drops
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable | None, make: Callable[[], Any]) -> tuple[Any, bool]:
        """What is kept under the key, or is made now; and whether it was made now. Nothing is kept without a key."""
        if key is None:
            with self._lock:
                self.made += 1
                self._count_dropped()  # as soon as its model is gone
            return make(), True
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], False
            self.made += 1
            self._kept[key] = made = make()
            self.keep(self.limit)
            return made, True

    def keep(self, most: int) -> None:
        """Let all go but those that were used last."""
        with self._lock:
            while len(self._kept) > most:
                self._kept.popitem(last=False)
                self._count_dropped()

    def _count_dropped(self) -> None:
        self.dropped += 1
        if self.dropped % self._many == 0:
            self._after_drops()
