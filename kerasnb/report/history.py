"""The course of one training: its curves, its best epoch, and both in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from .numbers import count, three_decimals

__all__ = ["Best", "Mark", "Run", "best_epoch", "better", "describe_run", "history_text", "metric_title"]

TITLES = {
    "loss": "Loss",
    "acc": "Accuracy",
    "accuracy": "Accuracy",
    "mean_squared_error": "Mean squared error",
    "mse": "Mean squared error",
    "mean_absolute_error": "Mean absolute error",
    "mae": "Mean absolute error",
}


@dataclass(frozen=True)
class Mark:
    """Something that was changed in the course of a run.

    Args:
        at: epochs that were over by then, with the part of the one under way.
        what: `learning rate` or `frozen`.
        text: in words.
    """

    at: float
    what: str
    text: str

    @property
    def where(self) -> str:
        """`after epoch 5`, `in epoch 6`, `at the start`."""
        if self.at == 0:
            return "at the start"
        return f"after epoch {self.at:g}" if self.at == int(self.at) else f"in epoch {math.ceil(self.at)}"


@dataclass
class Run:
    """One call of fit: what each epoch gave, by Keras's names (`loss`, `acc`, `val_loss` ...).

    Attributes:
        number: 1 for the first run of a panel.
        planned: epochs asked for.
        logs: one list per name; every list is as long as the epochs done.
        outcome: `running`, `done`, `stopped` or `failed`.
        expected: names that are to come, known before the first epoch ends.
        marks: where learning rate or frozen layers changed.
        epoch_batches: batches in an epoch, 0 where that is not known.
        trail: the course inside epochs: (epochs so far, figures of the batches since the point before).
        batches: those trained in an epoch that has not ended; they move the weights too.
    """

    number: int = 1
    planned: int = 0
    logs: dict[str, list[float]] = field(default_factory=dict)
    learning_rate: float | None = None
    outcome: str = "running"
    expected: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    epoch_batches: int = 0
    trail: list[tuple[float, dict[str, float]]] = field(default_factory=list)
    batches: int = 0

    @property
    def epochs(self) -> int:
        """Epochs done."""
        return max((len(values) for values in self.logs.values()), default=0)

    @property
    def metric(self) -> str | None:
        """The first metric beside the loss, None when there is none."""
        known = dict.fromkeys([*self.expected, *self.logs])
        names = [name for name in known if name != "loss" and not name.startswith("val_")]
        return next((name for name in names if not name.endswith("_loss")), names[0] if names else None)

    @property
    def trained_nothing(self) -> bool:
        """Whether it ended before its first batch."""
        return not self.epochs and not self.batches

    def append(self, logs: dict) -> None:
        """Take the figures of one epoch; a name not seen before gets nan for the epochs it missed."""
        done = self.epochs
        for name in [*self.logs, *(name for name in logs if name not in self.logs)]:
            values = self.logs.setdefault(name, [math.nan] * done)
            values.append(_number(logs.get(name, math.nan)))


@dataclass(frozen=True)
class Best:
    """The epoch (from 1) with the lowest value of `name`."""

    epoch: int
    name: str
    value: float


def best_epoch(run: Run) -> Best | None:
    """The epoch of the lowest validation loss, or training loss where there is no validation."""
    name = "val_loss" if "val_loss" in run.logs else "loss"
    finite = [(value, epoch) for epoch, value in enumerate(run.logs.get(name, ()), 1) if math.isfinite(value)]
    if not finite:
        return None
    value, epoch = min(finite)
    return Best(epoch, name, value)


def better(best: Best | None, run: Run) -> Best | None:
    """The best epoch after one more: `best` from before, or the last epoch; costs nothing in long runs."""
    name = "val_loss" if "val_loss" in run.logs else "loss"
    value = run.logs.get(name, [math.nan])[-1]
    improved = math.isfinite(value) and (best is None or value < best.value)
    return Best(run.epochs, name, value) if improved else best


def describe_run(run: Run | None) -> str:
    """`20 epochs done, best epoch 17, val_loss 0.061`: the run in one phrase."""
    if run is None:
        return "not fitted yet"
    if run.outcome != "running" and not run.epochs:
        return "nothing was trained" if run.trained_nothing else f"{run.outcome} in epoch 1, after {_batches(run)}"
    epochs = "1 epoch" if run.epochs == 1 else f"{run.epochs} epochs"
    phrase = {
        "running": f"running, {epochs} of {run.planned}",
        "failed": f"failed after {epochs}",
        "stopped": f"stopped after {epochs} of {run.planned}",
    }.get(run.outcome, f"{epochs} done")
    best = best_epoch(run)
    return f"{phrase}, best epoch {best.epoch}, {best.name} {three_decimals(best.value)}" if best else phrase


def history_text(name: str, run: Run | None, parameters: int | None = None, frozen: int = 0) -> str:
    """One line that says what was trained and how it went; the same for the same numbers."""
    size = "" if parameters is None else f"{count(parameters)} parameters ({count(frozen)} frozen), "
    if run is None:
        return f"{name}: {size}not fitted yet"
    if run.outcome != "running" and not run.epochs:
        return f"{name}: {size}{describe_run(run)}"
    epochs = "1 epoch" if run.epochs == 1 else f"{run.epochs} epochs"
    ended = {
        "stopped": f" of {run.planned}, stopped",
        "failed": f" of {run.planned}, failed",
        "running": f" of {run.planned} so far",
    }.get(run.outcome, "")
    best = best_epoch(run)
    return f"{name}: {size}{epochs}{ended}" + (f", best epoch {best.epoch}: {_figures(run, best)}" if best else "")


def _batches(run: Run) -> str:
    return "1 batch" if run.batches == 1 else f"{run.batches} batches"


def metric_title(name: str) -> str:
    """`acc` -> `Accuracy`; names without a title of their own are shown as they are."""
    return TITLES.get(name, name)


def _figures(run: Run, best: Best) -> str:
    figures = [f"{best.name} {three_decimals(best.value)}"]
    metric = run.metric and ("val_" + run.metric if "val_" + run.metric in run.logs else run.metric)
    if metric in run.logs:
        figures.append(f"{metric} {three_decimals(run.logs[metric][best.epoch - 1])}")
    return ", ".join(figures)


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
