"""A queue that threads fill with batches in order, never more than there is room for."""

from __future__ import annotations

import contextlib
import queue
import threading
from typing import Any

from .demand import Demand

__all__ = ["BatchQueue"]


class BatchQueue:
    """Threads take a place in the queue, compute, and put the batch there.

    Args:
        source: what gives batches.
        is_serial: whether only one thread may compute at a time.
        room: how many batches may be ahead of who uses them, those that are being computed included.
        wait_time: longest time between two looks at the room, seconds.
        demand: what is computed ahead; None for as much as there is room for.

    Attributes:
        ready: the batches, in order.
        is_awaited: whether somebody waits for a batch, which is then computed whatever the demand.
        over: set once there is no more to come: all has ended, something failed, or it was stopped.
        error: what failed.
    """

    def __init__(self, source: Any, is_serial: bool, room: int, wait_time: float, demand: Demand | None = None):
        self.source, self.room, self.wait_time, self.demand = source, room, wait_time, demand
        self._low = room // 2
        self.ready: queue.Queue = queue.Queue()
        self.over = threading.Event()
        self.error: BaseException | None = None
        self.is_awaited = False
        self._turn = threading.Lock() if is_serial else contextlib.nullcontext()
        # batches that have a number, and those that have come with all before them: what lies between is at work
        self._taken = self._delivered = 0
        self._prepared, self._is_preparing = 0, False  # first batch of the last epoch that a sequence prepared
        self._early: dict[int, list] = {}  # computed before an earlier batch
        self._at_work = 0

    def start(self, workers: list) -> list[threading.Thread]:
        """Let each of the workers (they have `produce`) compute in a thread."""
        self._at_work = len(workers)
        threads = [
            # daemons: a generator that never returns must not keep Python from ending
            threading.Thread(target=self._work, args=(worker,), name="kerasnb-generator", daemon=True)
            for worker in workers
        ]
        for thread in threads:
            thread.start()
        return threads

    def stop(self) -> None:
        """Tell the threads to end; each does when the batch that it computes is done."""
        self.over.set()
        with self.ready.not_full:
            self.ready.not_full.notify_all()

    def await_one(self) -> None:
        """Say that there is somebody who waits."""
        with self.ready.not_full:
            self.is_awaited = True
            self.ready.not_full.notify_all()

    def expect(self, epochs: int) -> None:
        """Let batches of so many more epochs be computed."""
        with self.ready.not_full:
            assert self.demand is not None
            self.demand.expect(epochs)
            self.ready.not_full.notify_all()

    def take(self, longest: float) -> list:
        """The next batch, in a list; an empty one if none came within so many seconds, or there will be none.

        The threads are woken once half the room is free: to wake one for each batch costs as much as a small step.
        """
        with self.ready.not_empty:
            if not self.ready.queue and not self.is_final:
                self.ready.not_empty.wait(longest)
            taken = [self.ready.queue.popleft()] if self.ready.queue else []
            if len(self.ready.queue) <= self._low and self._is_wanted():
                self.ready.not_full.notify_all()
        return taken

    @property
    def is_final(self) -> bool:
        """Whether nothing will be added to what is ready."""
        return self._at_work == 0 or self.error is not None

    def _work(self, worker: Any) -> None:
        number = -1  # of the batch that it computes; of none yet
        try:
            while True:
                # held while it computes, too: a generator that is asked by two threads at once raises
                with self._turn:
                    place = self._take_place(worker)
                    if place is None:
                        return
                    number, reserved = place
                    batch = worker.produce(reserved)
                    self._deliver(number, [batch])
        except StopIteration:
            # its number passes without a batch, or those computed after it would wait for it for ever
            self._deliver(number, [])
        except BaseException as error:  # noqa: BLE001 - it surfaces in the thread that uses the batches
            # what a generator raises when it is being stopped concerns nobody
            if not self.over.is_set():
                self.error = error
                self.over.set()
        finally:
            self._leave()

    def _leave(self) -> None:
        with self.ready.not_empty:
            self._at_work -= 1
            if not self._at_work:
                self.over.set()
            self.ready.not_empty.notify_all()

    def _take_place(self, worker: Any) -> tuple[int, Any] | None:
        """The number of the batch to compute next, and what it is computed from; None when it is over."""
        while not self.over.is_set():
            with self.ready.not_full:
                has_room = len(self.ready.queue) + self._taken - self._delivered < self.room
                begins = self._begins_epoch()
                if has_room and not begins and self._is_wanted():
                    self._taken += 1
                    self.is_awaited = False
                    return self._taken - 1, worker.reserve(self._taken - 1)
                prepares = has_room and begins and not self._is_preparing and self._delivered == self._taken
                self._is_preparing |= prepares
                if not prepares:
                    self.ready.not_full.wait(self.wait_time)
            # without the lock: `on_epoch_end` is the program's code and may take as long as it likes
            if prepares:
                self._prepare()
        return None

    def _is_wanted(self) -> bool:
        """Whether one more batch will be used."""
        at_work = self._taken - self._delivered
        if self.demand is None or self.demand.allows(at_work):
            return True
        # the demand takes sizes of batches to come from earlier ones; where it was wrong, who waits gets one more
        return self.is_awaited and not at_work and not self.ready.queue

    def _begins_epoch(self) -> bool:
        """Whether the next batch is the first of an epoch that a sequence has to prepare yet."""
        batches = self.source.batches
        return bool(batches and self._taken and self._taken % batches == 0 and self._prepared != self._taken)

    def _prepare(self) -> None:
        """Let a sequence prepare its next epoch, now that all batches of this one are computed."""
        self.source.end_epoch()
        with self.ready.not_full:
            self._prepared, self._is_preparing = self._taken, False
            self.ready.not_full.notify_all()

    def _deliver(self, number: int, batches: list) -> None:
        with self.ready.mutex:
            self._early[number] = batches
            while self._delivered in self._early:
                for batch in self._early.pop(self._delivered):
                    if self.demand is not None:
                        self.demand.took(batch)
                    self.ready.queue.append(batch)  # as `put` does, which would ask for the lock anew
                    self.ready.unfinished_tasks += 1
                    self.ready.not_empty.notify()
                self._delivered += 1
            # who waits for an epoch's last batch, to prepare the next epoch, waits for room as far as this lock knows
            self.ready.not_full.notify_all()
