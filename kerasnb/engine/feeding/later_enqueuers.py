"""Keras 2's enqueuers: `get()` gives their batches one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...errors import ArgumentError, DataError
from ...utils.numbers import check_whole
from . import enqueuer
from .sources import Ordered, is_iterator, is_sequence

__all__ = ["SequenceEnqueuer", "GeneratorEnqueuer", "OrderedEnqueuer"]


class SequenceEnqueuer:
    """Computes batches ahead of who uses them, in threads or processes."""

    def __init__(self, batches: Any, use_multiprocessing: bool, wait_time: float = 0.05, seed: int | None = None):
        self._ahead = enqueuer.GeneratorEnqueuer(batches, bool(use_multiprocessing), in_order=True, seed=seed)
        self._wait_time, self._was_started = wait_time, False

    @property
    def queue(self):
        """The batches that are ready; None unless started."""
        return self._ahead.queue

    def start(self, workers=1, max_queue_size=10):
        """Begin to compute.

        Args:
            workers: number of threads or processes.
            max_queue_size: how many batches may be ahead.
        """
        workers, room = check_whole("workers", workers, 1), check_whole("max_queue_size", max_queue_size, 1)
        self._ahead.start(workers, room, self._wait_time)
        self._was_started = True

    def is_running(self):
        """Whether there is more to come: False once the generator ended or failed, and after `stop`."""
        return self._ahead.is_running()

    def stop(self, timeout=None):
        """End the threads and processes; what is in the queue is lost.

        Args:
            timeout: longest wait for threads whose generator is at work, seconds; 5 by default.
        """
        self._ahead.stop(timeout)

    def get(self) -> Iterator[Any]:
        """The batches, each waited for; they end after `stop`, and where the generator ends.

        Raises:
            ArgumentError: it is not started.
            GeneratorError: the generator raised.
        """
        if not self._was_started:
            raise ArgumentError(f"{type(self).__name__} is not started, so it has no batches.", "Call start() first.")
        return self._batches()

    def _batches(self) -> Iterator[Any]:
        while self._ahead.queue is not None:
            try:
                batch = self._ahead.get()
            except enqueuer.NoMoreBatches:
                return
            if batch is not None:
                yield batch


class GeneratorEnqueuer(SequenceEnqueuer):
    """Runs a generator ahead, in its order; with processes each has a copy of it.

    Args:
        generator: a generator, or an object with `__next__`.
        use_multiprocessing: compute in processes (forked) instead of threads.
        wait_time: longest time between two looks at the queue's length, seconds.
        random_seed: of the first process; each that follows has one more.

    Raises:
        DataError: it gives no batches.
    """

    def __init__(self, generator, use_multiprocessing=False, wait_time=0.05, random_seed=None):
        if not is_iterator(generator):
            numbered = is_sequence(generator)
            raise DataError(
                f"GeneratorEnqueuer needs a generator of batches, got {type(generator).__name__}.",
                "Its batches are numbered: use OrderedEnqueuer."
                if numbered
                else "Pass what a function with `yield` returns.",
            )
        super().__init__(generator, use_multiprocessing, 0.05 if wait_time is None else wait_time, random_seed)


class OrderedEnqueuer(SequenceEnqueuer):
    """Computes the batches of a Sequence ahead, in order, round after round.

    Args:
        sequence: a `Sequence`, or an object with `__len__` and `__getitem__`.
        use_multiprocessing: compute in processes (forked) instead of threads.
        shuffle: whether the batches come in a new order in each round.

    Raises:
        DataError: it has no numbered batches.
    """

    def __init__(self, sequence, use_multiprocessing=False, shuffle=False):
        if not is_sequence(sequence):
            raise DataError(
                f"OrderedEnqueuer needs a Sequence of batches, got {type(sequence).__name__}.",
                "Give it an object with __len__ and __getitem__; for a generator use GeneratorEnqueuer.",
            )
        super().__init__(Ordered(sequence, bool(shuffle)), use_multiprocessing)
