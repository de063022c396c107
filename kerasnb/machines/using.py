"""Who computes: this process, or machines that are started when they are first asked for and kept for the next call."""

from __future__ import annotations

import atexit
import contextlib
import importlib
import sys
import threading
from collections.abc import Callable, Iterator

from .. import backend as K
from ..backend.runtime import chosen
from ..errors import BusyError
from .asked import Place, place_asked
from .group import Group, Limits, StoppedError
from .joining import Settings
from .processes import Processes
from .runtime import MachinesRuntime

__all__ = ["close", "computing_on", "LIMITS"]

LIMITS = Limits()
_in_use = threading.Lock()
_KEPT_AT_MOST = 2  # kinds of machines: each process holds some hundred megabytes
_kept: dict[tuple, MachinesRuntime] = {}  # by settings, those that were used last at the end


@contextlib.contextmanager
def computing_on(
    where: str | None, stopped: Callable[[], bool] = lambda: False, check: Callable[[int], None] = lambda count: None
) -> Iterator[bool]:
    """While inside, what this thread computes is computed there; False if the user asked to stop before they came.

    Args:
        where: such as "local:2"; None for this process.
        stopped: whether to stop.
        check: is told how many machines there are, as soon as that is known, and raises an error if that does not do.

    Raises:
        ArgumentError: there is no such place.
        BusyError: another training uses the machines.
        MachineError: one of them did not come.
    """
    if where is None:
        yield True
        return
    place = place_asked(where)
    if place.count:
        check(place.count)
    if not _in_use.acquire(blocking=False):
        raise BusyError("another training uses the machines.", "Wait for its end, or stop it.")
    try:
        try:
            runtime = _machines(place, stopped)
            check(runtime.group.count)
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


def _machines(place: Place, stopped: Callable[[], bool]) -> MachinesRuntime:
    settings = place, K.backend(), K.floatx(), K.epsilon()
    runtime = _kept.pop(settings, None)
    if runtime is None or runtime.group.ended:
        if place.by_ray:  # others that are kept hold processors for which the new ones would wait
            close_machines(lambda kept: kept.by_ray)
        runtime = MachinesRuntime(_started(place, Settings(*settings[1:], tuple(sys.path)), stopped), settings[1])
    _kept[settings] = runtime
    while len(_kept) > _KEPT_AT_MOST:
        _kept.pop(next(iter(_kept))).group.end()
    return runtime


def _started(place: Place, settings: Settings, stopped: Callable[[], bool]) -> Group:
    if place.by_ray:
        return importlib.import_module(".on_ray", __package__).Actors(place, settings, stopped, LIMITS)
    return Processes(place, settings, stopped, LIMITS)


def close_machines(which: Callable[[Place], bool] = lambda place: True) -> None:
    """End the machines of these places that are kept for the next call, but not what was started to have them."""
    for settings in [settings for settings in _kept if which(settings[0])]:
        _kept.pop(settings).group.end()


def close() -> None:
    """End the machines that are kept for the next call, and what was started to have them; none is left."""
    close_machines()
    if ray := sys.modules.get(f"{__package__}.connecting"):
        ray.disconnect()


atexit.register(close)
