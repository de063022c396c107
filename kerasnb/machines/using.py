"""Who computes: this process, or machines that are started when they are first asked for and kept for the next call."""

from __future__ import annotations

import atexit
import contextlib
import threading
from collections.abc import Callable, Iterator

from .. import backend as K
from ..backend.runtime import chosen
from ..errors import BusyError
from .asked import processes_asked
from .group import Group, Limits, StoppedError
from .runtime import MachinesRuntime

__all__ = ["close", "computing_on", "LIMITS"]

LIMITS = Limits()
_in_use = threading.Lock()
_KEPT_AT_MOST = 2  # kinds of machines: each process holds some hundred megabytes
_kept: dict[tuple, MachinesRuntime] = {}  # by settings, those that were used last at the end


@contextlib.contextmanager
def computing_on(where: str | None, stopped: Callable[[], bool] = lambda: False) -> Iterator[bool]:
    """While inside, what this thread computes is computed there; False if the user asked to stop before they came.

    Args:
        where: such as "local:2"; None for this process.
        stopped: whether to stop.

    Raises:
        ArgumentError: there is no such place.
        BusyError: another training uses the machines.
        MachineError: one of them did not come.
    """
    if where is None:
        yield True
        return
    count = processes_asked(where)
    if not _in_use.acquire(blocking=False):
        raise BusyError("another training uses the machines.", "Wait for its end, or stop it.")
    try:
        try:
            runtime = _machines(count, stopped)
        except StoppedError:
            yield False
            return
        try:
            with chosen.in_its_place(runtime):
                yield True
        finally:
            runtime.release()
    finally:
        _in_use.release()


def _machines(count: int, stopped: Callable[[], bool]) -> MachinesRuntime:
    settings = count, K.backend(), K.floatx(), K.epsilon()
    runtime = _kept.pop(settings, None)
    if runtime is None or runtime.group.ended:
        runtime = MachinesRuntime(Group(*settings, stopped=stopped, limits=LIMITS), settings[1])
    _kept[settings] = runtime
    while len(_kept) > _KEPT_AT_MOST:
        _kept.pop(next(iter(_kept))).group.end()
    return runtime


def close() -> None:
    """End the processes that are kept for the next call; none is left."""
    while _kept:
        _kept.popitem()[1].group.end()


atexit.register(close)
