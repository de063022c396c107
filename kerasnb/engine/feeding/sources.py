"""Where batches come from: an iterator, or a Sequence whose batches are numbered."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Sequence
from typing import Any

import numpy as np

from ...errors import DataError

__all__ = ["IteratorSource", "SequenceSource", "Ordered", "source_of", "is_iterator", "is_sequence"]


def is_iterator(data: Any) -> bool:
    """Whether it gives batches one after the other (Python 2's `next` counts too)."""
    return not isinstance(data, type) and (hasattr(data, "__next__") or hasattr(data, "next"))


def is_sequence(data: Any) -> bool:
    """Whether it is like Keras's Sequence: `len` is its number of batches, an index gives one."""
    is_data = isinstance(data, list | tuple | dict | str | type) or hasattr(data, "shape")
    return not is_data and not is_iterator(data) and hasattr(data, "__len__") and hasattr(data, "__getitem__")


class Ordered:
    """A Sequence, and whether its batches come in a new order each epoch (the later argument `shuffle`)."""

    def __init__(self, sequence: Any, shuffle: bool):
        self.sequence, self.shuffle = sequence, shuffle


def source_of(data: Any, who: str) -> IteratorSource | SequenceSource:
    """The source for what was given as a generator.

    Raises:
        DataError: it gives no batches.
    """
    shuffle = False
    if isinstance(data, Ordered):
        data, shuffle = data.sequence, data.shuffle
    if is_iterator(data):
        return IteratorSource(data)
    if is_sequence(data):
        return SequenceSource(data, shuffle)
    if callable(data):
        raise DataError(f"{who} needs a generator, got the function {data!r}.", "Call it: pass generator().")
    raise DataError(
        f"{who} needs a generator of batches, got {type(data).__name__}.",
        "Pass what a function with `yield` returns, an object with __next__, or one with __len__ and __getitem__.",
    )


class IteratorSource:
    """Batches of an iterator, in its order.

    Attributes:
        is_serial: whether one thread has to ask at a time: all but iterators that have a `lock` of their own.
        is_in_order: whether batches that several threads compute are known by their places all the same.
        lock: held while the iterator works, by whoever asks it, in whatever call of fit.
    """

    batches: int | None = None
    order_of_epoch = None

    def __init__(self, iterator: Any):
        self.iterator = iterator
        self.is_serial = not hasattr(iterator, "lock")
        self.is_in_order = bool(getattr(iterator, "reserves", False))
        self.lock = _lock_of(iterator) if self.is_serial else contextlib.nullcontext()

    def reserve(self, number: int) -> Any:
        """What the next batch is computed from, where the iterator tells; asked in the order of batches."""
        return self.iterator.reserve() if self.is_in_order else None

    def produce(self, reserved: Any) -> Any:
        """The next batch, or the one that was reserved.

        Raises:
            StopIteration: there is none.
        """
        if self.is_in_order:
            return self.iterator.compute(reserved)
        with self.lock:
            return next(self.iterator) if hasattr(self.iterator, "__next__") else self.iterator.next()


_LOCKS: weakref.WeakKeyDictionary[Any, Any] = weakref.WeakKeyDictionary()


def _lock_of(iterator: Any) -> Any:
    """One lock for each iterator: a generator that two threads ask at once raises."""
    try:
        return _LOCKS.setdefault(iterator, threading.Lock())
    except TypeError:  # it takes no weak reference
        return threading.Lock()


class SequenceSource:
    """Batches by number, round and round; several threads or processes may compute them at once.

    Attributes:
        batches: how many an epoch has.
        order_of_epoch: the places of this epoch's batches in the sequence; a new list once it has prepared an epoch.
    """

    is_serial = False
    is_in_order = True

    def __init__(self, sequence: Sequence, shuffle: bool):
        self.sequence, self.shuffle = sequence, shuffle
        self.lock = contextlib.nullcontext()
        self.batches = len(sequence)
        if not self.batches:
            raise DataError(f"{type(sequence).__name__} has no batches: its len is 0.")
        self.order_of_epoch = self._new_order()

    def _new_order(self) -> list[int]:
        return (np.random.permutation(self.batches) if self.shuffle else np.arange(self.batches)).tolist()

    def end_epoch(self) -> None:
        """Let the sequence prepare its next epoch."""
        prepare: Any = getattr(self.sequence, "on_epoch_end", None)
        prepares = callable(prepare) and not getattr(prepare, "is_optional", False)
        if prepares:
            prepare()
        if prepares or self.shuffle:
            self.order_of_epoch = self._new_order()

    def reserve(self, number: int) -> int:
        """The number itself."""
        return number

    def produce(self, number: int) -> Any:
        """The batch with this number, counted over all epochs."""
        return self.sequence[self.order_of_epoch[number % self.batches]]
