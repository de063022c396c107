"""`GeneratorEnqueuer`: batches computed ahead, by threads or processes, into a queue of limited length."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import ArgumentError, GeneratorError
from ...utils.numbers import check_whole
from .processes import WorkerProcess
from .queue import BatchQueue
from .sources import source_of

__all__ = ["GeneratorEnqueuer", "NoMoreBatches", "STOPPED"]

# what `get` gives when it was asked to stop
STOPPED = object()

# seconds that `stop` waits for threads whose generator is at work; they end by themselves when it is done
_PATIENCE = 5
# seconds between two looks at whether to stop, while no batch comes
_LOOK = 0.05


class NoMoreBatches(Exception):
    """The generator has ended, and its batches are used up."""


class GeneratorEnqueuer:
    """Runs a generator ahead of who uses its batches.

    A generator gives its batches in order, however many threads there are. With processes each has a copy of its own.

    Args:
        generator: a generator, an object with `__next__`, or one with `__len__` and `__getitem__`.
        pickle_safe: compute in processes (forked) instead of threads.
        demand: limits what is computed ahead to what will be used.
        in_order: whether each batch has to come in its place, where several threads ask one iterator.
        seed: of the first process's random numbers, one more for each that follows; None draws them from numpy's.

    Attributes:
        queue: the batches that are ready, a `queue.Queue`; None unless started.
    """

    def __init__(self, generator, pickle_safe=False, *, demand=None, in_order=False, seed=None):
        self._source = source_of(generator, "GeneratorEnqueuer")
        self._pickle_safe = bool(pickle_safe)
        self._demand, self._in_order, self._seed = demand, in_order, seed
        self._batches: BatchQueue | None = None
        self._threads: list[threading.Thread] = []
        self._workers: list[Any] = []

    @property
    def queue(self) -> queue.Queue | None:
        """The batches that are ready; None before `start`."""
        return None if self._batches is None else self._batches.ready

    def start(self, nb_worker=1, max_q_size=10, wait_time=0.05):
        """Begin to compute.

        Args:
            nb_worker: number of threads or processes.
            max_q_size: how many batches may be ahead.
            wait_time: longest time between two looks at the queue's length, seconds.
        """
        if self._batches is not None:
            raise ArgumentError("GeneratorEnqueuer is started already.", "Call stop() first.")
        nb_worker = check_whole("nb_worker", nb_worker, 1)
        room = check_whole("max_q_size", max_q_size, 1)
        is_serial = self._source.is_serial or (self._in_order and not self._source.is_in_order)
        self._batches = BatchQueue(self._source, is_serial and not self._pickle_safe, room, wait_time, self._demand)
        try:
            self._make_workers(nb_worker)
            self._threads = self._batches.start(self._workers)
        except BaseException:
            self.stop(0)
            raise

    def _make_workers(self, count: int) -> None:
        if not self._pickle_safe:
            self._workers = [self._source] * count
            return
        drawn = np.random.randint(2**31 - 1, size=count).tolist()
        for seed in drawn if self._seed is None else range(self._seed, self._seed + count):
            self._workers.append(WorkerProcess(self._source, seed))

    def is_running(self):
        """Whether there is more to come: False once the generator ended or failed, and after `stop`."""
        return self._batches is not None and not self._batches.over.is_set()

    def stop(self, timeout=None):
        """End the threads and processes; what is in the queue is lost.

        Args:
            timeout: longest wait for threads whose generator is at work, seconds; 5 by default.
        """
        if self._batches is not None:
            self._batches.stop()
        for worker in self._workers if self._pickle_safe else []:
            worker.close()
        deadline = time.monotonic() + (_PATIENCE if timeout is None else timeout)
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._batches, self._threads, self._workers = None, [], []

    def get(self, should_stop: Callable[[], bool] = bool) -> Any:
        """The next batch, waited for; `STOPPED` when asked to stop meanwhile.

        Args:
            should_stop: asked about 20 times a second while there is none.

        Raises:
            ArgumentError: it is not started.
            NoMoreBatches: the generator has ended.
            GeneratorError: the generator raised.
        """
        batches = self._batches
        if batches is None:
            raise ArgumentError("GeneratorEnqueuer is not started, so it has no batches.", "Call start() first.")
        while True:
            # asked before the look: a batch that comes between the two is still taken
            is_final = batches.is_final
            if taken := batches.take(_LOOK):
                return taken[0]
            if is_final:
                _raise_end(batches.error)
            if should_stop():
                return STOPPED
            batches.await_one()

    def expect(self, epochs: int) -> None:
        """Let batches of so many more epochs be computed; only where there is a demand."""
        (self._demand if self._batches is None else self._batches).expect(epochs)


def _raise_end(error: BaseException | None) -> None:
    """Raise what ended a generator: its own error, or one that `except` clauses for it and for ValueError catch."""
    if error is None:
        raise NoMoreBatches
    if isinstance(error, ValueError) or not isinstance(error, Exception):
        raise error
    raise _value_error_of_its_class(error) from error


def _value_error_of_its_class(error: Exception) -> GeneratorError:
    # a program catches what its generator raises; code for Keras 1.2 catches ValueError, which it made of everything
    message = f"the generator raised {type(error).__name__}: {error}"
    try:
        both: Any = type("GeneratorError", (GeneratorError, type(error)), {"__module__": GeneratorError.__module__})
        surfacing = both.__new__(both)
        GeneratorError.__init__(surfacing, message)
    except TypeError:  # a class that cannot be combined with ours
        surfacing = GeneratorError(message)
    surfacing.__dict__.update({key: value for key, value in vars(error).items() if key not in surfacing.__dict__})
    return surfacing
