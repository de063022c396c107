"""Machines that compute together: asked, watched, and ended by the first failure; subclasses start them."""

from __future__ import annotations

import contextlib
import queue
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..errors import MachineError
from .joining import Joining, Settings

__all__ = ["Group", "Limits", "News", "StoppedError"]


class Limits(NamedTuple):
    """How long is waited, in seconds.

    Attributes:
        start: until all machines are there.
        silence: for a sign of life, which each gives every second once it is there.
        call: for the answer to one call; the first one compiles.
        blame: for more news, once one machine failed, of which one failed first.
    """

    start: float = 120.0
    silence: float = 20.0
    call: float = 600.0
    blame: float = 0.5


class StoppedError(Exception):
    """The user asked to stop before all machines were there."""


class News(NamedTuple):
    """What a machine says: ("done", result), ("failed", why), or ("gone",) where it says nothing any more."""

    rank: int
    message: tuple


class Group:
    """Some machines; the first failure ends all of them. A subclass starts them.

    Args:
        where: as they were asked for.
        count: how many.
        limits: how long is waited.

    Attributes:
        reads_files: whether the machines see the files of this computer.
    """

    reads_files = True

    def __init__(self, where: str, count: int, limits: Limits | None = None):
        self.where, self.count, self.limits = where, count, limits or Limits()
        self.ended = False
        self.lock = threading.RLock()  # one conversation at a time
        self._signs = [time.monotonic()] * count

    # ---- what a subclass knows

    def _send(self, rank: int, message: tuple) -> None:
        """Let a machine have a message; that it is gone is told by the news."""
        raise NotImplementedError

    def _next(self, seconds: float) -> News:
        """The next news.

        Raises:
            queue.Empty: there were none in this time.
        """
        raise NotImplementedError

    @property
    def pids(self) -> list[int]:
        """The numbers of their processes, each on its own computer."""
        raise NotImplementedError

    def _name(self, rank: int) -> str:
        """Which process it is, in words."""
        raise NotImplementedError

    def _how_it_ended(self, rank: int) -> tuple[str, str]:
        """In what way a machine that is gone has ended, and what more is known."""
        raise NotImplementedError

    def give_data(self, number: int, arrays: Sequence[np.ndarray]) -> Any:
        """Let all machines hold arrays; what is returned is to be kept as long as they do."""
        raise NotImplementedError

    def end(self) -> None:
        """End all machines; none is left when this returns."""
        raise NotImplementedError

    # ---- the start

    def _join(
        self,
        settings: Settings,
        hosts: Sequence[str],
        port: int,
        cores: Sequence[Sequence[int]],
        stopped: Callable[[], bool],
    ) -> None:
        """Have the machines find each other.

        Args:
            hosts: where each of them listens.
            port: a free one of number 0.
            cores: those of each computer that a machine is on.
        """
        secret, address = secrets.token_bytes(32), f"{hosts[0]}:{port}"
        told = [
            Joining(rank, self.count, settings, hosts[rank], address, secret, self.limits.call, list(own))
            for rank, own in enumerate(cores)
        ]
        self.ask({rank: ("join", one) for rank, one in enumerate(told)}, self.limits.start, "start", stopped)

    # ---- asking

    def ask_all(self, *message: Any) -> dict[int, Any]:
        """The answers of all machines to the same message."""
        return self.ask(dict.fromkeys(range(self.count), message))

    def ask(
        self,
        messages: dict[int, tuple],
        seconds: float | None = None,
        what: str = "compute",
        stopped: Callable[[], bool] = lambda: False,
    ) -> dict[int, Any]:
        """The answers of some machines, each to a message of its own.

        Raises:
            MachineError: one failed, and all were ended.
        """
        with self.lock:
            if self.ended:
                raise MachineError("the machines have ended.", "Call fit again: it starts new ones.")
            try:
                for rank, message in messages.items():
                    self._send(rank, message)
                until = time.monotonic() + (self.limits.call if seconds is None else seconds)
                return self._answers(set(messages), until, what, stopped)
            except BaseException:  # an interrupt, too: answers would be taken for those to the next question
                self.end()
                raise

    def _answers(
        self, waiting: set[int], until: float, what: str, stopped: Callable[[], bool] = lambda: False
    ) -> dict[int, Any]:
        answers: dict[int, Any] = {}
        while waiting:
            with contextlib.suppress(queue.Empty):
                rank, message = self._next(0.1)
                if message[0] != "done":
                    raise self._failed([News(rank, message)])
                answers[rank] = message[1]
                waiting.discard(rank)
                continue
            if stopped():
                raise StoppedError
            now = time.monotonic()
            # libraries are imported without a break in which a thread could say that it lives
            silent = [rank for rank in sorted(waiting) if now - self._signs[rank] > self.limits.silence]
            if silent and what != "start":
                raise self._error(silent[0], f"gave no sign of life for {self.limits.silence:g} s")
            if now > until:
                raise self._late(min(waiting), what)
        return answers

    # ---- failing

    def _late(self, rank: int, what: str) -> MachineError:
        late = "did not come" if what == "start" else "did not answer"
        return self._error(rank, f"{late} in time")

    def _failed(self, news: list[News]) -> MachineError:
        """The error of the machine that failed first: where one ends, the others fail at the next sum."""
        with contextlib.suppress(queue.Empty):
            until = time.monotonic() + self.limits.blame
            while (left := until - time.monotonic()) > 0:
                news.append(self._next(left))
        gone = [one for one in news if one.message[0] == "gone"]
        rank, message = (gone or [one for one in news if one.message[0] == "failed"])[0]
        if message[0] == "gone":
            return self._error(rank, *self._how_it_ended(rank))
        return self._error(rank, f"failed: {message[1]}")

    def _error(self, rank: int, how: str, more: str = "") -> MachineError:
        return MachineError(
            f"machine {rank} of {self.where} ({self._name(rank)}) {how}; all were ended.{more}",
            "The model has the weights of the last epoch that was done. Call fit again: it starts new ones.",
        )
