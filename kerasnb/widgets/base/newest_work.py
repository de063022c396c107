"""Work that a newer request takes the place of: what waits is dropped, what runs ends at its next piece."""

from __future__ import annotations

import contextlib
import contextvars
import threading
from collections.abc import Callable

from ...report.pieces import given_up_by
from ..base.threads import threads_start

__all__ = ["NewestWork"]


class _NewerAsked(BaseException):
    """Ends work that nobody waits for any more; no `except Exception` on the way keeps it."""


class NewestWork:
    """Does one task at a time, in a thread that ends with the last of them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._turn = threading.RLock()
        self._asked = 0
        self._wanted: Callable[[int], None] | None = None
        self._is_running = False

    def ask(self, task: Callable[[], None], in_background: bool) -> None:
        """Do this instead of whatever was asked before: now, or soon in a thread."""
        if in_background and threads_start():
            self._ask_thread(contextvars.copy_context(), task)
        else:
            with self._changed:
                self._asked += 1
                self._wanted = None
            self._do(task, self._asked)

    def wait(self) -> None:
        """Return when nothing is being done any more."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_running)

    def _ask_thread(self, context: contextvars.Context, task: Callable[[], None]) -> None:
        with self._changed:
            self._asked += 1
            # in the context of who asks: what it warns of belongs there
            self._wanted = lambda asked: context.run(self._do, task, asked)
            if self._is_running:
                return
            self._is_running = True
        threading.Thread(target=self._work, name="kerasnb look", daemon=True).start()

    def _work(self) -> None:
        try:
            while (do := self._next()) is not None:
                do()
        except BaseException:
            self._end()
            raise

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            wanted, self._wanted, asked = self._wanted, None, self._asked
            if wanted is None:
                self._end()
                return None
            return lambda: wanted(asked)

    def _end(self) -> None:
        with self._changed:
            self._is_running = False
            self._changed.notify_all()

    def _do(self, task: Callable[[], None], asked: int) -> None:
        def ask() -> None:
            if asked != self._asked:
                raise _NewerAsked

        with self._turn, given_up_by(ask), contextlib.suppress(_NewerAsked):
            ask()
            task()
