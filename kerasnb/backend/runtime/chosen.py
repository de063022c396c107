"""Which runtime computes: chosen by name at once, loaded (its library imported) when the first value is needed.

What the graph needs of a runtime while it is built, "compute this now" and "is this one of yours", it asks here.
"""

from __future__ import annotations

import importlib
import threading
from contextlib import AbstractContextManager
from typing import Any

from ...errors import BackendError
from .. import config
from ..graph.seeding import SEEDING
from .contract import Runtime
from .imports import untouched
from .of_thread import set_in_thread

__all__ = [
    "active",
    "backend",
    "forced_backend",
    "forget_programs",
    "in_force",
    "in_its_place",
    "is_loaded",
    "is_native",
    "load",
    "preload",
    "seed_libraries",
    "use",
]

_KEPT_BY_A_NEW_SESSION = 8  # programs: the models of a cell that is run again
# one module for each, imported when its backend is first asked for a value: `made()` gives the runtime
_WHERE = {"tensorflow": "..on_tensorflow.runtime", "theano": "..on_theano.runtime"}
_runtimes: dict[str, Runtime] = {}
_chosen: str | None = None
_forced = threading.local()  # the backend in force in this thread, whatever was chosen
_loading = threading.RLock()
_waiting_to_load: threading.Timer | None = None


def backend() -> str:
    """The name of the backend: 'tensorflow' or 'theano'."""
    global _chosen
    if forced := forced_backend():
        return forced
    if _chosen is None:
        _chosen = config.configured_backend()
    return _chosen


def forced_backend() -> str | None:
    """The backend in force in this thread, whatever was chosen for all; None outside `in_force`."""
    return getattr(_forced, "name", None)


def in_force(name: str) -> AbstractContextManager[None]:
    """While inside, this thread computes with this backend."""
    return set_in_thread(_forced, "name", name)


def use(name: str) -> None:
    """Compute with this backend from now on; models and their weights move along.

    Raises:
        BackendError: no such backend, or its library is not installed (the backend stays as it was).
    """
    global _chosen
    name = config.check_backend_name(name)
    if name not in config.available_backends():
        raise BackendError(
            f'backend "{name}" needs the package {config.LIBRARIES[name]}, which is not installed.',
            f'Install it: pip install "kerasnb[{name}]".',
        )
    _chosen = name


def active() -> Runtime:
    """The runtime of the chosen backend, loaded; or the one in its place in this thread."""
    return getattr(_forced, "runtime", None) or load(backend())


def in_its_place(runtime: Runtime) -> AbstractContextManager[None]:
    """While inside, this runtime computes in this thread in place of the chosen backend's own."""
    return set_in_thread(_forced, "runtime", runtime)


def load(name: str) -> Runtime:
    """The runtime of this name; its library is imported the first time."""
    return _runtimes.get(name) or _load(name)


def _load(name: str) -> Runtime:
    with _loading:
        if name not in _runtimes:
            if name not in config.available_backends():
                use(name)  # raises the error that says what to install
            with untouched():
                made = importlib.import_module(_WHERE[name], __package__).made()
            _seed(made)
            _runtimes[name] = made
        return _runtimes[name]


def forget_programs() -> None:
    """Let go what loaded backends compiled, but for the few programs that were used last."""
    for one in _runtimes.values():
        one.shared.keep(_KEPT_BY_A_NEW_SESSION)


def seed_libraries() -> None:
    """Let the libraries of loaded backends draw by the program's seed, for code that is their own."""
    for one in _runtimes.values():
        _seed(one)


def _seed(runtime: Runtime) -> None:
    if SEEDING.number is not None:
        runtime.seed_library(SEEDING.number)


def is_loaded(name: str) -> bool:
    """Whether the library of this backend was imported."""
    return name in _runtimes


def preload(after: float = 0.0) -> threading.Thread | None:
    """Load the chosen backend in the background; None when it is loaded already, not installed, or no thread can start.

    Args:
        after: seconds in which it must not be asked for again, since loading makes other threads stutter.
    """
    global _waiting_to_load
    name = backend()
    if name in _runtimes or name not in config.available_backends():
        return None
    if _waiting_to_load is not None:
        _waiting_to_load.cancel()
    _waiting_to_load = threading.Timer(after, _load, args=(name,))
    _waiting_to_load.daemon = True
    try:
        _waiting_to_load.start()
    except RuntimeError:  # no threads here (Pyodide): it is loaded when it is first needed
        _waiting_to_load = None
    return _waiting_to_load


def is_native(value: Any) -> bool:
    """Whether the value is a tensor of a backend's own; one of the chosen backend's loads it."""
    name = backend()
    if name not in _runtimes and type(value).__module__.split(".")[0] == config.LIBRARIES[name]:
        load(name)
    return any(runtime.is_native(value) for runtime in _runtimes.values())
