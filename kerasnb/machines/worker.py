"""A machine's process: `python -m kerasnb.machines.worker`, which its starter talks to by its input and output.

It ends when the starter does, whatever it is doing: a thread waits for the end of its input.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
import time
import traceback
from typing import Any

from .channel import Channel
from .joining import Joining

__all__ = ["main"]

_BEAT = 1.0  # seconds
# where each backend's machines find each other
_JOIN = {"tensorflow": "kerasnb.backend.on_tensorflow.machines", "theano": "kerasnb.backend.on_theano.machines"}


def main() -> None:
    """Do what comes in until nothing can come any more."""
    channel = Channel(os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # what libraries print is no message
    inbox: queue.SimpleQueue = queue.SimpleQueue()
    for task in (lambda: _listen(channel, inbox), lambda: _beat(channel)):
        threading.Thread(target=task, daemon=True).start()
    computing: Any = None
    while True:
        what, *arguments = inbox.get()
        try:
            if what == "join":
                computing, result = _joined(*arguments), os.getpid()
            else:
                result = getattr(computing, what)(*arguments)
            channel.send(("done", result))
        except Exception as error:  # noqa: BLE001 - it is raised where it was asked for, in the other process
            told = "".join(traceback.format_exception_only(error)).strip()
            channel.send(("failed", told))


def _listen(channel: Channel, inbox: queue.SimpleQueue) -> None:
    try:
        while True:
            inbox.put(channel.receive())
    except (EOFError, OSError):
        os._exit(0)


def _beat(channel: Channel) -> None:
    try:
        while True:
            channel.send(("alive",))
            time.sleep(_BEAT)
    except OSError:
        os._exit(0)


def _joined(joining: Joining) -> Any:
    sys.path[:] = joining.path
    if joining.cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, joining.cores)  # before a library counts them
    meeting = importlib.import_module(_JOIN[joining.backend])
    total = meeting.join(joining.rank, joining.count, joining.address, joining.secret, joining.seconds)
    backend = importlib.import_module("kerasnb.backend")
    backend.use(joining.backend)
    backend.set_floatx(joining.floatx)
    backend.set_epsilon(joining.epsilon)
    importlib.import_module("kerasnb.backend.runtime.chosen").active()
    computing = importlib.import_module("kerasnb.machines.computing")
    return computing.Computing(joining.rank, joining.count, total)


if __name__ == "__main__":
    main()
