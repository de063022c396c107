"""The callback that turns a training into a thin stream of messages: deltas only, at most ten a second."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from ...callbacks import Callback
from ...report.history import Best, Run, best_epoch, better, metric_title

__all__ = ["CurveFeed", "INTERVAL", "json_number"]

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
    """

    keeps_unvalidated = True

    def __init__(self, emit: Callable[[dict], None], run: Run, clock: Callable[[], float] = time.perf_counter):
        super().__init__()
        self.emit, self.run, self.clock = emit, run, clock
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
        batch_size = self.params.get("batch_size")
        batches = math.ceil(self.params.get("nb_sample", 0) / batch_size) if batch_size else 0
        self.batches = self.params.get("steps") or batches
        self._epoch_began = self.clock()

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        self.epoch, self.batch, self.head = epoch, 0, {}
        self._epoch_began = self.clock()

    def on_steps_end(self, batch: int, logs: dict | None = None) -> None:
        self.batch = self.run.batches = batch + 1
        self._per_batch = (self.clock() - self._epoch_began) / self.batch
        if self._is_due():
            self.head = {
                name: json_number(value)
                for name, value in (logs or {}).items()
                if name not in ("batch", "size", "seen")
            }
            self.flush()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.run.append(logs or {})
        self.run.batches = 0
        self._best = better(self._best, self.run)
        self._epoch_seconds.append(self.clock() - self._epoch_began)
        self.batch, self.head = self.batches, {}
        if self._is_due():
            self.flush()

    def on_train_end(self, logs: dict | None = None) -> None:
        self.flush()

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
        message = {
            "kind": "delta",
            "start": self.sent_epochs,
            "epochs": epochs,
            "progress": self.progress(),
            "best": best and best.epoch,
            "metric": metric,
            "metric_title": metric and metric_title(metric),
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


def json_number(value: Any) -> float | None:
    """A number that JSON can carry; nan and infinity become None."""
    value = float(value)
    return value if math.isfinite(value) else None
