"""Stop, pause and interrupt of a training that runs, from any thread."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator

from ...errors import BusyError

__all__ = ["TrainingControl"]


class TrainingControl:
    """Asks of a running fit; fit looks at it after every compiled call (about 100 ms at most).

    Asking needs no lock and waits for nothing, so that widget handlers and signal handlers may do it.
    """

    def __init__(self):
        self._stop = threading.Event()
        self._go_on = threading.Event()
        self._go_on.set()
        self._running = threading.Lock()
        self.interrupted = False

    def stop(self) -> None:
        """End after the current call; weights and History are kept."""
        self._stop.set()
        self._go_on.set()

    def pause(self) -> None:
        """Wait after the current call, until `resume` or `stop`."""
        if not self._stop.is_set():
            self._go_on.clear()

    def resume(self) -> None:
        """Go on."""
        self._go_on.set()

    @property
    def is_running(self) -> bool:
        """Whether a fit runs (paused ones included)."""
        return self._running.locked()

    @property
    def is_paused(self) -> bool:
        """Whether training waits, or will wait after the running call."""
        return not self._go_on.is_set() and not self._stop.is_set()

    @property
    def stopped(self) -> bool:
        """Whether the running fit, or the last one, was asked to stop."""
        return self._stop.is_set()

    def checkpoint(self) -> bool:
        """Wait while paused; tell whether to stop. Called by fit between compiled calls."""
        while not self._stop.is_set() and not self._go_on.is_set():
            self._go_on.wait(timeout=0.1)  # a pause that overtakes a stop leaves it cleared: a stop ends the waiting
        return self._stop.is_set()

    @contextlib.contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Hold the model for one fit; an interrupt by the user asks it to stop instead of breaking in anywhere.

        Raises:
            BusyError: the model is training already.
        """
        if not self._running.acquire(blocking=False):
            raise BusyError(f'model "{name}" is training.', "Stop it first: model.control.stop().")
        try:
            with self.graceful():
                yield
        finally:
            self._go_on.set()
            self._running.release()

    @contextlib.contextmanager
    def graceful(self) -> Iterator[None]:
        """Forget what was asked of an earlier fit; inside, the user's first interrupt asks for a stop."""
        self._stop.clear()
        self._go_on.set()
        self.interrupted = False
        with self._deferred_interrupt():
            yield

    @contextlib.contextmanager
    def _deferred_interrupt(self) -> Iterator[None]:
        """In the main thread, let the first KeyboardInterrupt ask for a stop; a second one breaks in at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.getsignal(signal.SIGINT)
        if before is signal.SIG_IGN:  # a job of a script in the background: an interrupt is not meant for it
            yield
            return

        def ask(signum, frame):
            if self.interrupted or not callable(before):
                signal.default_int_handler(signum, frame)
            self.interrupted = True
            self.stop()

        signal.signal(signal.SIGINT, ask)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
