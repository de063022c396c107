"""Whether other cells wait behind the running one, as they do after "Run All".

No message of Jupyter says so; this looks where ipykernel keeps what it has not begun: in a queue (6.x), in a task that
waits for its turn (7.x), or still unread in the socket of the main shell. Where a version keeps it elsewhere, the
answer is no. Tried with 6.29, 7.1 and 7.4 (tests/browser/test_fit.py).
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

__all__ = ["cells_are_queued"]


def cells_are_queued(kernel: Any) -> bool:
    """Ask a running ipykernel, from the thread that runs its cells."""
    if kernel is None or threading.current_thread() is not threading.main_thread():
        return False
    return _is_filled(kernel) or _has_begun_another() or _has_unread(_main_stream(kernel))


def _is_filled(kernel: Any) -> bool:
    queue = getattr(kernel, "msg_queue", None)
    return queue is not None and queue.qsize() > 0


def _has_begun_another() -> bool:
    # each message that was read has one task of this name; the running cell is one of them
    try:
        tasks = asyncio.all_tasks()
    except RuntimeError:
        return False
    return sum(_name(task).endswith("_async_in_context.<locals>.run_in_context") for task in tasks) > 1


def _name(task: asyncio.Task) -> str:
    return getattr(task.get_coro(), "__qualname__", "")


def _main_stream(kernel: Any) -> Any:
    manager = getattr(getattr(kernel, "shell_channel_thread", None), "manager", None)
    if manager is not None:
        return getattr(getattr(manager, "_shell_channel_to_main", None), "to_stream", None)
    return getattr(kernel, "shell_stream", None)


def _has_unread(stream: Any) -> bool:
    if stream is None or stream.closed():
        return False
    import zmq

    waiting = bool(stream.socket.getsockopt(zmq.EVENTS) & zmq.POLLIN)
    if waiting:
        # asking has used up the socket's signal: have the event loop look again when this cell is done
        stream.io_loop.add_callback(lambda: stream._handle_events(stream.socket, 0))
    return waiting
