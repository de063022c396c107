"""Machines that are processes of this computer, in pipes."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .asked import Place
from .channel import Channel
from .data import removed, written
from .group import Group, Limits, News
from .joining import LOOPBACK, Settings, free_port, own_cores, share_of

__all__ = ["Processes"]


class Processes(Group):
    """Some processes.

    Args:
        place: how many.
        settings: how they compute.
        stopped: asked while they start, whether to give up.

    Raises:
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
        assert place.count
        super().__init__(place.where, place.count, limits)
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._said = [tempfile.TemporaryFile() for _ in range(self.count)]
        self.processes: list[subprocess.Popen] = []
        try:
            for rank in range(self.count):
                self.processes.append(_started(self._said[rank]))
            self._channels = [Channel(one.stdout, one.stdin) for one in self.processes]  # type: ignore[arg-type]
            for rank in range(self.count):
                threading.Thread(target=self._listen, args=(rank,), daemon=True).start()
            cores = [share_of(own_cores(), rank, self.count) for rank in range(self.count)]
            self._join(settings, [LOOPBACK] * self.count, free_port(), cores, stopped)
        except BaseException:
            self.end()
            raise

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self.processes]

    # ---- asking

    def _send(self, rank: int, message: tuple) -> None:
        with contextlib.suppress(OSError):  # it ended: the news says so
            self._channels[rank].send(message)

    def _next(self, seconds: float) -> News:
        return self._news.get(timeout=seconds)

    def _listen(self, rank: int) -> None:
        try:
            while True:
                message = self._channels[rank].receive()
                self._signs[rank] = time.monotonic()
                if message[0] != "alive":
                    self._news.put(News(rank, message))
        except (EOFError, OSError, ValueError):
            self._news.put(News(rank, ("gone",)))

    def give_data(self, number: int, arrays: Sequence[np.ndarray]) -> Any:
        pieces = written(arrays)
        try:
            self.ask_all("take_data", number, pieces)
        finally:
            removed(pieces)

    # ---- failing

    def _name(self, rank: int) -> str:
        return f"process {self.pids[rank]}"

    def _how_it_ended(self, rank: int) -> tuple[str, str]:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.processes[rank].wait(timeout=5)
        code = self.processes[rank].returncode
        if code is not None and code < 0:
            return f"was killed by {signal.Signals(-code).name}", self._last_words(rank)
        return f"ended by itself (exit status {code})", self._last_words(rank)

    def _last_words(self, rank: int) -> str:
        file = self._said[rank]
        file.seek(0)
        lines = file.read().decode(errors="replace").strip().splitlines()
        return f" Its last words: {' | '.join(lines[-3:])[-400:]}" if lines else ""

    # ---- the end

    def end(self) -> None:
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
