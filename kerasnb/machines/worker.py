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
from .joining import LOOPBACK, Joining, free_port, own_cores

__all__ = ["Answering", "main", "whereabouts"]

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
    answering = Answering()
    while True:
        channel.send(answering.to(inbox.get()))


class Answering:
    """What answers the messages to one machine, of which the first tells it to join the others."""

    def __init__(self) -> None:
        self.computing: Any = None

    def to(self, message: tuple) -> tuple:
        """("done", result), or ("failed", why): errors are raised where they were asked for, in the other process."""
        what, *arguments = message
        try:
            if what == "join":
                self.computing = _joined(*arguments)
                return "done", None
            return "done", getattr(self.computing, what)(*arguments)
        except Exception as error:  # noqa: BLE001 - see above
            return "failed", "".join(traceback.format_exception_only(error)).strip()


def whereabouts(host: str) -> dict[str, Any]:
    """Which process this is, of which computer, what it has: by which the others find it and cores are shared out."""
    ports = {address: free_port(address) for address in (LOOPBACK, host)}
    return {"pid": os.getpid(), "host": host, "cores": own_cores(), "ports": ports}


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
    settings = joining.settings
    sys.path.extend(place for place in settings.path if place not in sys.path)
    if joining.cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, joining.cores)  # before a library counts them
    meeting = importlib.import_module(_JOIN[settings.backend])
    total = meeting.join(
        joining.rank, joining.count, joining.address, joining.secret, joining.seconds, host=joining.host
    )
    backend = importlib.import_module("kerasnb.backend")
    backend.use(settings.backend)
    backend.set_floatx(settings.floatx)
    backend.set_epsilon(settings.epsilon)
    importlib.import_module("kerasnb.backend.runtime.chosen").active()
    computing = importlib.import_module("kerasnb.machines.computing")
    return computing.Computing(joining.rank, joining.count, total)


if __name__ == "__main__":
    main()
