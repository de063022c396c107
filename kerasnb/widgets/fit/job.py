"""One training in a thread of its own: started, paused, stopped and waited for from any other."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

from ...report.freezing import Verification, fingerprints, verify
from ...report.history import Run
from ...runs import RunRecorder
from ...views.keras_hooks import callbacks_for
from ...workspace import Subject
from ..base.alive import kept_alive
from ..base.epoch_ends import EpochEnds
from ..base.threads import threads_start
from ..curves.feed import CurveFeed
from .guard import FitGuard

__all__ = ["FitJob"]


class FitJob:
    """Runs `model.fit` in a worker thread, which prints nothing and hands everything to `emit` and `on_end`.

    Args:
        subject: what is trained: its model as it is at this moment.
        prepare: called in the worker before fit (compiles, sets the learning rate).
        arguments: what fit is given.
        emit: takes the messages of the `CurveFeed`.
        recorder: keeps the run.
        say_alive: sends a message that draws nothing.
        on_end: called in the worker when it is over, in whichever way.
        panel: what shows it, and steers it so that the screen follows.
    """

    def __init__(
        self,
        subject: Subject,
        run: Run,
        prepare: Callable[[], None],
        arguments: dict[str, Any],
        emit: Callable[[dict], None],
        on_end: Callable[[FitJob], None],
        recorder: RunRecorder,
        say_alive: Callable[[dict], None],
        panel: Any,
    ):
        self.subject, self.model, self.run, self.panel = subject, subject.model, run, panel
        self.control = subject.view.control
        self.prepare, self.arguments, self.on_end = prepare, arguments, on_end
        self.feed, self.recorder, self._say_alive = (
            CurveFeed(emit, run, marks=lambda: recorder.run.marks),
            recorder,
            say_alive,
        )
        self.guard = FitGuard(lambda: self._stop_asked.is_set())
        self.history: Any = None
        self.error: BaseException | None = None
        self.verification: Verification | None = None
        self._stop_asked = threading.Event()
        self._trained = threading.Event()
        self._over = threading.Event()

    @property
    def is_running(self) -> bool:
        """Whether training goes on; its picture may still be drawn when it does not."""
        return not self._trained.is_set()

    def start(self) -> None:
        """Begin training; where no thread can start, return when it is over.

        Raises:
            BusyError: the model is being trained already.
        """
        self.subject.begin(self)
        # in the context of this cell, so that what a callback prints lands here and not in the cell that runs by then
        context = contextvars.copy_context()
        if not threads_start():
            return context.run(self._work)
        name = f"kerasnb fit {self.model.name}"
        threading.Thread(target=context.run, args=(self._work,), name=name, daemon=True).start()

    def stop(self) -> None:
        """Ask training to end after the current call; weights and History are kept."""
        self._stop_asked.set()
        self.control.stop()

    def wait(self) -> None:
        """Return when all is over; a KeyboardInterrupt stops training gracefully instead of abandoning it."""
        while not self._over.is_set():
            try:
                self._over.wait()
            except KeyboardInterrupt:
                self.stop()

    def _work(self) -> None:
        try:
            with kept_alive(self._alive):
                self._train()
        except BaseException as error:  # noqa: BLE001  the thread has nobody above it: the panel shows every error
            self.error = error
        self.run.outcome = self._outcome()
        # before the picture is drawn: who asks meanwhile may train or edit the model again
        self._trained.set()
        try:
            self.on_end(self)
        finally:
            self._over.set()

    def _train(self) -> None:
        self.prepare()
        if self._stop_asked.is_set():
            return
        before = fingerprints(self.model)
        own = [each for each in self.arguments.get("callbacks") or () if each is not self.recorder]
        # the guard first, that a stop is seen before anybody works; the feed last, that it shows what the others did
        callbacks = [self.guard, *own, self.recorder, EpochEnds(self.subject.epoch_ended), self.feed]
        arguments = {name: value for name, value in self.arguments.items() if name != "callbacks"}
        view = self.subject.view
        self.history = view.fit(arguments, callbacks_for(self.model, callbacks))
        self.verification = verify(before, fingerprints(self.model), remedy=view.remedy)

    def _alive(self, message: dict) -> None:
        if not self.control.is_paused:  # nobody comes back to a pause for ever
            self._say_alive(message)

    def _outcome(self) -> str:
        if self.error is not None:
            return "failed"
        ended_early = self._stop_asked.is_set() or self.control.stopped or self.recorder.problem
        return "stopped" if ended_early and self.run.epochs < self.run.planned else "done"
