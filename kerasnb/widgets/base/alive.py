"""Says now and then that a kernel trains, so that a server does not end it as idle.

jupyter_server ends a kernel from which nothing came for a while, and training in a thread is quiet: an epoch may take
an hour, and the widget's page may be closed. Any message counts; ours says nothing that a page draws.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from .threads import threads_start

__all__ = ["SECONDS", "kept_alive"]

SECONDS = 30.0


@contextlib.contextmanager
def kept_alive(send: Callable[[dict], None], wait: Callable[[float], bool] | None = None) -> Iterator[None]:
    """Inside, a message each half minute.

    Args:
        send: sends one.
        wait: waits so many seconds; True when it is over. By default it waits in real time.
    """
    if not threads_start():
        yield
        return
    over = threading.Event()
    waits = wait or over.wait

    def work() -> None:
        while not waits(SECONDS):
            send({"kind": "alive"})

    thread = threading.Thread(target=work, name="kerasnb alive", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(1.0)  # it holds what sends
