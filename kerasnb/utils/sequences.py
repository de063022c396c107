"""`Sequence`: batches by number, as later releases give them to fit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["Sequence"]


class Sequence:
    """Batches that several threads or processes may compute at once, each by its number.

    Derive from it with `__len__`, the number of batches of an epoch, and `__getitem__`, which gives one as (x, y).
    """

    def __len__(self) -> int:
        raise NotImplementedError(f"{type(self).__name__} needs __len__: its number of batches.")

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError(f"{type(self).__name__} needs __getitem__: the batch with this number.")

    def on_epoch_end(self) -> None:
        """Called when all batches of an epoch are computed."""

    on_epoch_end.is_optional = True

    def __iter__(self) -> Iterator[Any]:
        return (self[index] for index in range(len(self)))
