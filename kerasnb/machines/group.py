"""Processes of this machine that compute together: started, asked, watched and ended."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from ..errors import MachineError
from .channel import Channel
from .joining import Joining

__all__ = ["Group", "Limits", "StoppedError"]


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


class _News(NamedTuple):
    rank: int
    message: tuple


class Group:
    """Some processes; the first failure ends all of them.

    Args:
        count: how many.
        backend, floatx, epsilon: how they compute.
        stopped: asked while they start, whether to give up.

    Raises:
        MachineError: one of them did not come.
        StoppedError: `stopped` said so.
    """

    def __init__(
        self,
        count: int,
        backend: str,
        floatx: str,
        epsilon: float,
        stopped: Callable[[], bool] = lambda: False,
        limits: Limits | None = None,
    ):
        self.count, self.limits = count, limits or Limits()
        self.settings = (count, backend, floatx, epsilon)
        self.ended = False
        self.lock = threading.RLock()  # one conversation at a time
        self._news: queue.SimpleQueue[_News] = queue.SimpleQueue()
        self._said = [tempfile.TemporaryFile() for _ in range(count)]
        self.processes: list[subprocess.Popen] = []
        try:
            for rank in range(count):
                self.processes.append(_started(self._said[rank]))
            self._signs = [time.monotonic()] * count
            self._channels = [Channel(one.stdout, one.stdin) for one in self.processes]  # type: ignore[arg-type]
            for rank in range(count):
                threading.Thread(target=self._listen, args=(rank,), daemon=True).start()
            self._join(backend, floatx, epsilon, stopped)
        except BaseException:
            self.end()
            raise

    def _join(self, backend: str, floatx: str, epsilon: float, stopped: Callable[[], bool]) -> None:
        secret, address = secrets.token_bytes(32), f"127.0.0.1:{_free_port()}"
        seconds = self.limits.call
        told = [
            Joining(
                rank, self.count, backend, floatx, epsilon, list(sys.path), address, secret, seconds, self._cores(rank)
            )
            for rank in range(self.count)
        ]
        self.ask({rank: ("join", one) for rank, one in enumerate(told)}, self.limits.start, "start", stopped)

    def _cores(self, rank: int) -> list[int]:
        if not hasattr(os, "sched_getaffinity"):
            return []
        cores = sorted(os.sched_getaffinity(0))
        each = len(cores) // self.count
        return cores[rank * each : (rank + 1) * each]

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

    def _send(self, rank: int, message: tuple) -> None:
        with contextlib.suppress(OSError):  # it ended: the news says so
            self._channels[rank].send(message)

    def _answers(
        self, waiting: set[int], until: float, what: str, stopped: Callable[[], bool] = lambda: False
    ) -> dict[int, Any]:
        answers: dict[int, Any] = {}
        while waiting:
            with contextlib.suppress(queue.Empty):
                rank, message = self._news.get(timeout=0.1)
                if message[0] != "done":
                    raise self._failed([_News(rank, message)])
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
                late = "did not come" if what == "start" else "did not answer"
                raise self._error(min(waiting), f"{late} in time")
        return answers

    def _listen(self, rank: int) -> None:
        try:
            while True:
                message = self._channels[rank].receive()
                self._signs[rank] = time.monotonic()
                if message[0] != "alive":
                    self._news.put(_News(rank, message))
        except (EOFError, OSError, ValueError):
            self._news.put(_News(rank, ("gone",)))

    # ---- failing

    def _failed(self, news: list[_News]) -> MachineError:
        """The error of the machine that failed first: where one ends, the others fail at the next sum."""
        with contextlib.suppress(queue.Empty):
            until = time.monotonic() + self.limits.blame
            while (left := until - time.monotonic()) > 0:
                news.append(self._news.get(timeout=left))
        gone = [one for one in news if one.message[0] == "gone"]
        rank, message = (gone or news)[0]
        if message[0] == "gone":
            return self._error(rank, self._how_it_ended(rank), self._last_words(rank))
        return self._error(rank, f"failed: {message[1]}")

    def _how_it_ended(self, rank: int) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.processes[rank].wait(timeout=5)
        code = self.processes[rank].returncode
        if code is not None and code < 0:
            return f"was killed by {signal.Signals(-code).name}"
        return f"ended by itself (exit status {code})"

    def _last_words(self, rank: int) -> str:
        file = self._said[rank]
        file.seek(0)
        lines = file.read().decode(errors="replace").strip().splitlines()
        return f" Its last words: {' | '.join(lines[-3:])[-400:]}" if lines else ""

    def _error(self, rank: int, how: str, more: str = "") -> MachineError:
        return MachineError(
            f"machine {rank} of local:{self.count} (process {self.processes[rank].pid}) {how}; all were ended.{more}",
            "The model has the weights of the last epoch that was done. Call fit again: it starts new processes.",
        )

    # ---- the end

    def end(self) -> None:
        """End all processes; none is left when this returns."""
        self.ended = True
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
        for file in self._said:
            file.close()


def _started(said: Any) -> subprocess.Popen:
    package = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([package, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "KERASNB_HOME": "off"}
    return subprocess.Popen(
        [sys.executable, "-m", "kerasnb.machines.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=said,
        env=environment,
        start_new_session=True,  # an interrupt of the notebook is not meant for it
    )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
