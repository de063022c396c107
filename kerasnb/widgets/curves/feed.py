"""The callback that turns a training into a thin stream of messages: deltas only, at most ten a second."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ...callbacks import Callback
from ...report.history import Best, Mark, Run, best_epoch, better, metric_title
from ...runs.changes import batches_of
from .trail import Trail

__all__ = ["CurveFeed", "INTERVAL", "json_number", "plain_point"]

INTERVAL = 0.1


class CurveFeed(Callback):
    """Keeps `run` up to date and emits what is new since the last message.

    A message is `{"kind": "delta", "start": e, "epochs": [{name: value}, ...], "progress": {...}}`: the epochs that
    ended since (`start` counts from 0) and where training is now. Nothing is lost by waiting: what is not sent yet
    goes with the next message, and the last one is sent when training ends.

    Args:
        emit: takes one message.
        run: the run to fill.
        clock: seconds, rising.
        marks: gives where something was changed, up to now.
    """

    keeps_unvalidated = True

    def __init__(
        self,
        emit: Callable[[dict], None],
        run: Run,
        clock: Callable[[], float] = time.perf_counter,
        *,
        marks: Callable[[], list[Mark]] = list,
    ):
        super().__init__()
        self.emit, self.run, self.clock, self.marks = emit, run, clock, marks
        self.trail, self._latest = Trail(), dict[str, Any]()
        self._fresh_points: list[tuple[float, dict[str, float]]] = []
        self.messages, self.sent_epochs = 0, 0
        self.epoch, self.batch, self.batches = 0, 0, 0
        self.head: dict[str, float | None] = {}
        self._last_sent = -math.inf
        self._epoch_began = 0.0
        self._epoch_seconds: list[float] = []
        self._per_batch: float | None = None
        self._best: Best | None = best_epoch(run)

    def on_train_begin(self, logs: dict | None = None) -> None:
        self.run.planned = self.params.get("nb_epoch", 0)
        self.run.expected = [name for name in self.params.get("metrics") or [] if not name.startswith("val_")]
        self.batches = self.run.epoch_batches = batches_of(self.params)
        self._epoch_began = self.clock()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch, self.batch, self.head = epoch, 0, {}
        self.trail.begin_epoch()
        self._epoch_began = self.clock()

    def on_steps_end(self, batch: int, logs: dict | None = None) -> None:
        self.batch = self.run.batches = batch + 1
        self._latest = logs or {}
        self._per_batch = (self.clock() - self._epoch_began) / self.batch
        if self._is_due():
            self.head = {name: json_number(value) for name, value in self._averages().items()}
            self._take_point()
            self.flush()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.run.append(logs or {})
        self.run.batches = 0
        self._best = better(self._best, self.run)
        self._epoch_seconds.append(self.clock() - self._epoch_began)
        if self.trail.has_begun:  # else the epoch is shorter than from one message to the next
            self._take_point()
        self.batch, self.head = self.batches, {}
        if self._is_due():
            self.flush()

    def on_train_end(self, logs: dict | None = None) -> None:
        self.flush()

    def _averages(self) -> dict[str, Any]:
        return {name: value for name, value in self._latest.items() if name not in ("batch", "size", "seen")}

    def _take_point(self) -> None:
        """Keep what the batches since the last point gave."""
        if self.batches:
            at = self.epoch + min(1.0, self.batch / self.batches)
            point = self.trail.add(at, self._averages(), int(self._latest.get("seen", 0)))
            self._fresh_points += [point] if point else []
            self.run.trail = self.trail.points

    def go_on(self, logs: dict[str, list[float]]) -> None:
        """Begin with a curve from before."""
        self.run.logs = logs
        self._best = best_epoch(self.run)

    def flush(self) -> None:
        """Send what is new."""
        names = list(self.run.logs)
        epochs = [
            {name: json_number(self.run.logs[name][at]) for name in names}
            for at in range(self.sent_epochs, self.run.epochs)
        ]
        best, metric = self._best, self.run.metric
        self.run.marks = list(self.marks())
        fresh, self._fresh_points = self._fresh_points, []
        message = {
            "kind": "delta",
            "start": self.sent_epochs,
            "epochs": epochs,
            "progress": self.progress(),
            "best": best and best.epoch,
            "metric": metric,
            "metric_title": metric and metric_title(metric),
            "marks": [asdict(mark) for mark in self.run.marks],
            "epoch_batches": self.batches,
            "trail": [plain_point(point) for point in fresh],
        }
        self.sent_epochs = self.run.epochs
        self.messages += 1
        self.emit(message)
        self._last_sent = self.clock()

    def progress(self) -> dict[str, Any]:
        """Where training is: epoch from 1, batch of batches, seconds each and left, running averages."""
        return {
            "epoch": self.epoch + 1,
            "planned": self.run.planned,
            "batch": self.batch,
            "batches": self.batches,
            "seconds_per_batch": self._per_batch,
            "seconds_left": self._seconds_left(),
            "head": self.head,
        }

    def _is_due(self) -> bool:
        return self.clock() - self._last_sent >= INTERVAL

    def _seconds_left(self) -> float | None:
        if self._per_batch is None:
            return None
        # a whole epoch takes longer than its batches: it validates too
        whole = self._epoch_seconds[-1] if self._epoch_seconds else self._per_batch * self.batches
        to_come = self.run.planned - self.epoch - 1
        return to_come * whole + (self.batches - self.batch) * self._per_batch


def plain_point(point: tuple[float, dict[str, float]]) -> list:
    """A point of a trail as JSON can carry it, with as many digits as can be seen."""
    at, figures = point
    short = {name: json_number(value) for name, value in figures.items()}
    return [round(at, 4), {name: value and float(f"{value:.5g}") for name, value in short.items()}]


def json_number(value: Any) -> float | None:
    """A number that JSON can carry; nan and infinity become None."""
    value = float(value)
    return value if math.isfinite(value) else None
