"""Machines that Ray finds, on this computer or on others: each is an actor."""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import queue
import signal
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..backend.runtime.in_files import place_in_file
from ..errors import MachineError
from .actor import actor_class
from .asked import Place
from .connecting import connected
from .data import removed, written
from .group import Group, Limits, News
from .joining import LOOPBACK, Settings, share_of

__all__ = ["Actors"]

_BEAT = 1.0  # seconds
_INLINE = 100_000  # bytes: what is larger, Ray puts into its store by itself, once for each call
_END = 10.0  # seconds in which actors that were ended have to be gone


class Actors(Group):
    """Some actors.

    Args:
        place: how many, and the address of their cluster.
        settings: how they compute.
        stopped: asked while they start, whether to give up.

    Raises:
        BackendError: Ray is not installed.
        MachineError: one of them did not come.
        StoppedError: `stopped` said so.
    """

    def __init__(
        self,
        place: Place,
        settings: Settings,
        stopped: Callable[[], bool] = lambda: False,
        limits: Limits | None = None,
    ):
        limits = limits or Limits()
        self.ray: Any = connected(place.where, place.address, limits.start, stopped)
        nodes = [node for node in self.ray.nodes() if node["Alive"]]
        super().__init__(place.where, place.count or len(nodes), limits)
        self.places: dict[int, dict[str, Any]] = {}  # where each is, as far as it has come
        self._calls: dict[Any, int] = {}  # what each was asked and has not answered
        self._signs_asked: dict[Any, int] = {}
        self._last_message: tuple[tuple, Any] = (), b""
        self._along: tuple = ()  # what Ray's store holds for the message that is sent
        self._ends: dict[int, str] = {}
        self.actors: list[Any] = []
        try:
            make = actor_class(self.ray).options(scheduling_strategy="SPREAD")
            self.actors = [make.remote() for _ in range(self.count)]
            self._come(settings, stopped)
            hosts = [self.places[rank]["host"] for rank in range(self.count)]
            self.reads_files = set(hosts) == {self._own_host()}
            on = hosts if len(set(hosts)) > 1 else [LOOPBACK] * self.count
            self._join(settings, on, self.places[0]["ports"][on[0]], self._cores(hosts), stopped)
        except BaseException:
            self.end()
            raise

    def _come(self, settings: Settings, stopped: Callable[[], bool]) -> None:
        version = importlib.import_module("kerasnb").__version__
        for rank, actor in enumerate(self.actors):
            self._calls[actor.come.remote(settings.path, version)] = rank
        until = time.monotonic() + self.limits.start
        while len(self.places) < self.count:
            # one after the other: who is there is known when others do not come
            self.places.update(self._answers({min(self._calls.values())}, until, "start", stopped))

    def _cores(self, hosts: Sequence[str]) -> list[list[int]]:
        """The cores of each machine: its share, where one computer has several."""
        shares = []
        for rank, host in enumerate(hosts):
            shares.append(share_of(self.places[rank]["cores"], hosts[:rank].count(host), hosts.count(host)))
        return shares

    def _own_host(self) -> str | None:
        """The address of this computer as Ray knows it; None where it is reached by a client server."""
        return None if self.ray.util.client.ray.is_connected() else self.ray.util.get_node_ip_address()

    @property
    def pids(self) -> list[int]:
        return [self.places[rank]["pid"] for rank in range(self.count)]

    # ---- asking

    def _send(self, rank: int, message: tuple) -> None:
        self._signs[rank] = time.monotonic()
        self._calls[self.actors[rank].do.remote(self._stored(message), *self._along)] = rank

    def _stored(self, message: tuple) -> Any:
        """The message in Ray's store, once for all machines that are sent it."""
        known, stored = self._last_message
        if known is not message:
            data = pickle.dumps(message, protocol=5)
            stored = self.ray.put(data) if len(data) > _INLINE else data
            self._last_message = message, stored
        return stored

    def _next(self, seconds: float) -> News:
        """The next news, from calls and from the signs of life that are asked for beside them."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._ask_for_signs()
            waited = [*self._calls, *self._signs_asked]
            if not waited:
                time.sleep(left)
                break
            for one in self.ray.wait(waited, num_returns=1, timeout=left)[0]:
                news = self._read(one)
                if news is not None:
                    return news
        raise queue.Empty

    def _read(self, one: Any) -> News | None:
        is_call = one in self._calls
        rank = (self._calls if is_call else self._signs_asked).pop(one)
        try:
            answer = self.ray.get(one)
        except self.ray.exceptions.RayError as error:
            if rank in self._ends:
                return None
            self._ends[rank] = str(error)
            return News(rank, ("gone",))
        self._signs[rank] = time.monotonic()
        return News(rank, pickle.loads(answer)) if is_call else None

    def _ask_for_signs(self) -> None:
        now = time.monotonic()
        asked = {*self._signs_asked.values(), *self._ends}
        for rank in {*self._calls.values()} - asked:
            if now - self._signs[rank] > _BEAT:
                self._signs_asked[self.actors[rank].lives.remote()] = rank

    def give_data(self, number: int, arrays: Sequence[np.ndarray]) -> Any:
        """Each computer has the arrays once, in Ray's store, which keeps them as long as what is returned."""
        if self.reads_files and any(map(place_in_file, arrays)):
            pieces = written(arrays)
            try:
                return self.ask_all("take_data", number, pieces)
            finally:
                removed(pieces)
        with self.lock:
            try:
                stored = self.ray.put([np.ascontiguousarray(array) for array in arrays])
            except self.ray.exceptions.ObjectStoreFullError as error:
                size = sum(array.nbytes for array in arrays)
                raise MachineError(
                    f"{self.where}: Ray's store has no room for {size / 1e6:.0f} MB of data.",
                    "Start Ray with more: ray.init(object_store_memory=bytes).",
                ) from error
            self._along = (stored,)
            try:
                self.ask_all("take_arrays", number)
            finally:
                self._along = ()
        return stored

    # ---- failing

    def _name(self, rank: int) -> str:
        place = self.places.get(rank)
        return f"process {place['pid']} on {place['host']}" if place else "not placed yet"

    def _how_it_ended(self, rank: int) -> tuple[str, str]:
        lines = self._ends[rank].strip().splitlines() or [""]
        why = next((line for line in lines if "dead because" in line), lines[0])
        return "was killed, or ended by itself", f" Ray says: {why.strip()[:250]}"

    def _late(self, rank: int, what: str) -> MachineError:
        if what != "start" or rank in self.places:
            return super()._late(rank, what)
        cores = sum(node["Resources"].get("CPU", 0) for node in self.ray.nodes() if node["Alive"])
        there = f"{len(self.places)} of {self.count} are there, and Ray has {cores:g} processors, one for each machine"
        return self._error(rank, f"did not come within {self.limits.start:g} s: {there}")

    # ---- the end

    def end(self) -> None:
        self.ended = True
        actors, self.actors = self.actors, []
        if not actors or not self.ray.is_initialized():
            return
        last = []
        for actor in actors:
            with contextlib.suppress(self.ray.exceptions.RayError):
                last.append(actor.lives.remote())
                self.ray.kill(actor)
        self._kill_here()
        with contextlib.suppress(self.ray.exceptions.RayError):
            self.ray.wait(last, num_returns=len(last), timeout=_END)

    def _kill_here(self) -> None:
        """End those on this computer, since Ray waits 5 s for one that hangs to end itself."""
        here = self._own_host()
        for rank, place in self.places.items():
            if place["host"] == here and rank not in self._ends:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(place["pid"], signal.SIGKILL)
