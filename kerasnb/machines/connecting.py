"""The connection to Ray: taken as the notebook has it, or made here and then ended here."""

from __future__ import annotations

import contextlib
import importlib
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from ..errors import BackendError, MachineError
from .group import StoppedError

__all__ = ["connected", "disconnect"]

_ours: list[_Connection] = []  # the one that was made here


def connected(where: str, address: str | None, seconds: float, stopped: Callable[[], bool]) -> Any:
    """The module `ray`, connected.

    Args:
        where: as machines were asked for.
        address: of a client server; None for the notebook's own connection, the cluster that runs on this computer
            (or is named by RAY_ADDRESS), or else a Ray of our own on this computer.
        seconds: how long to wait.

    Raises:
        BackendError: Ray is not installed.
        MachineError: there is no connection to be had.
        StoppedError: `stopped` said so.
    """
    ray = _loaded()
    if ray.is_initialized():
        if address is None or [address] == [one.address for one in _ours]:
            return ray
        if not _ours:
            raise MachineError(
                f"{where}: this process is connected to Ray already, by a call of ray.init that is not kerasnb's.",
                'Call ray.shutdown() first, or use that connection: machines="ray:2".',
            )
        disconnect()
    connection = _Connection(ray, address)
    _ours.append(connection)
    try:
        _await(connection, where, seconds, stopped)
    except BaseException:
        _ours.remove(connection)
        connection.end()
        raise
    return ray


def _await(connection: _Connection, where: str, seconds: float, stopped: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not connection.is_made.wait(0.1):
        if stopped():
            raise StoppedError
        if time.monotonic() > until:
            raise MachineError(f"{where}: Ray did not answer within {seconds:g} s.", _ADVICE)
    if connection.error is not None:
        told = _first_line(connection.error)
        raise MachineError(f"{where}: no connection to Ray. {told}", _ADVICE) from connection.error


_END = 30.0  # seconds for the end of a connection
_ADVICE = (
    "See whether the cluster runs (`ray status` there) and whether the address is the client server's, port 10001. "
    "If it asks for a token, set RAY_AUTH_MODE=token and RAY_AUTH_TOKEN before the kernel starts."
)


def disconnect() -> None:
    """End the connection that was made here; a Ray that was started for it ends, too."""
    while _ours:
        _ours.pop().end(_END)


class _Connection:
    """A connection, made and ended by a thread of its own.

    `ray.init` cannot be stopped: one that is not wanted any more is ended as soon as it is made. And Linux ends the
    processes that it starts together with the thread that started them.
    """

    def __init__(self, ray: Any, address: str | None):
        self.ray, self.address = ray, address
        self.error: BaseException | None = None
        self.is_made, self._unwanted = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def end(self, seconds: float = 0.0) -> None:
        """Want it no more, and wait so long for its end."""
        self._unwanted.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            with warnings.catch_warnings():  # of Ray's own plans
                warnings.simplefilter("ignore")
                self._connect()
        except BaseException as error:  # noqa: BLE001 - it is raised by the thread that waits
            self.error = error
            self.is_made.set()
            return
        self.is_made.set()
        self._unwanted.wait()
        self.ray.shutdown()

    def _connect(self) -> None:
        quiet = {"log_to_driver": False, "logging_level": "ERROR"}
        if self.address is not None:
            self.ray.init(self.address, **quiet)
            return
        try:
            self.ray.init("auto", **quiet)
        except ConnectionError:  # none runs
            with _on_loopback():
                self.ray.init("local", include_dashboard=False, **quiet)


@contextlib.contextmanager
def _on_loopback() -> Iterator[None]:
    """Have a Ray that is started listen where only this computer reaches it, as it does on macOS and Windows."""
    constants: Any = importlib.import_module("ray._private.ray_constants")
    before, constants.ENABLE_RAY_CLUSTER = constants.ENABLE_RAY_CLUSTER, False
    try:
        yield
    finally:
        constants.ENABLE_RAY_CLUSTER = before


def _loaded() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nobody is told of it
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise BackendError(
            f"machines by Ray need the package ray, which cannot be imported ({error}).",
            'Install it: pip install "kerasnb[cluster]". Or train on this computer: machines="local:2".',
        ) from error


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:300]}"
