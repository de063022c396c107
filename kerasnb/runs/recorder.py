"""`RunRecorder`: the callback that makes a training a run on disk."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..callbacks import Callback
from ..callbacks.tensorboard_events import EventWriter
from ..caller import warn_user
from ..errors import FileError
from ..report.history import Best, Mark, Run, better
from ..views import view_of
from .changes import ChangeWatch, batches_of, rate_of
from .continuing import Continuation, continuation, start_anew
from .description import describe_data, describe_model, describe_training, versions
from .events import write_events
from .files import EVENTS, POINTS, new_folder, write_description
from .keeping import WeightKeeper
from .points import Point, PointsFile
from .processes import this_process

__all__ = ["RunRecorder", "is_recording"]

_USELESS = "The weights are of no use now: build the model anew."
_ADVICE = "Try a smaller learning rate, clipnorm=1 in the optimizer, or look for extreme values in x and y."

RUN_AWAY = 1000.0  # times the loss of the first steps: weights that got there are lost, though they are numbers

_open: set[str] = set()  # ids of the runs that go on in this process


def is_recording(run: str) -> bool:
    """Whether a fit in this process writes that run."""
    return run in _open


class RunRecorder(Callback):
    """Keeps a training as a run in `.kerasnb/<notebook>/runs/`: configuration, curve, best and last weights.

    Each epoch is a line that is on disk before the next one begins. A run that cannot be written says so once, and
    training goes on.

    Args:
        name: what the run is called; by default as the model.
        weights: whether to keep weights.
        tensorboard: whether to write event files too, into the run's folder `tensorboard`.
        stops_at_nan: whether to end training where the loss is no number.
        returns_good: whether the model then has the last good weights again.
        arguments: what to note of how fit was called, beside what callbacks are told.
        tell: takes what went wrong with keeping the run; by default it is a RuntimeWarning.

    Attributes:
        id: of the last run; None where nothing is kept.
        folder: where it is kept; None where it is not, or could not be any more.
        notes: what a reader of the run should know, in sentences.
    """

    keeps_unvalidated = True

    def __init__(
        self,
        name: str | None = None,
        *,
        weights: bool = True,
        tensorboard: bool = False,
        stops_at_nan: bool = False,
        returns_good: bool = True,
        arguments: dict[str, Any] | None = None,
        tell: Callable[[str], None] | None = None,
        clock: Callable[[], float] = time.perf_counter,
    ):
        super().__init__()
        self.name, self.keeps_weights, self.tensorboard = name, weights, tensorboard
        self.stops_at_nan, self.returns_good = stops_at_nan, returns_good
        self.arguments = dict(arguments or {})
        self.id: str | None = None
        self.notes: list[str] = []
        self.keeper: WeightKeeper | None = None
        self.run = Run()
        self.problem = ""
        self._tell, self._clock = tell or _warn, clock
        self.folder: Path | None = None
        self._points: PointsFile | None = None
        self._events: EventWriter | None = None
        self._description: dict[str, Any] = {}
        self._best: Best | None = None
        self._has_begun = False
        self._began = 0.0
        self._watch: ChangeWatch | None = None
        self._fresh_marks: list[Mark] = []  # that are in no point yet
        self._first_loss: float | None = None  # of the first steps of this fit
        self._before = 0  # epochs that are not in the curve, where fit began at a later one

    def __getstate__(self) -> dict:
        """All but what belongs to the training that goes on."""
        plain = ("name", "keeps_weights", "tensorboard", "stops_at_nan", "returns_good", "arguments", "id", "notes")
        fresh = RunRecorder(clock=self._clock).__dict__
        return super().__getstate__() | fresh | {key: self.__dict__[key] for key in plain}

    # ---- what fit calls

    def on_train_begin(self, logs: dict | None = None) -> None:
        self._close()
        self.problem, self.notes, self._best, self._began = "", [], None, self._clock()
        self._has_begun, self._before, self._first_loss = False, 0, None
        self.run = Run(planned=self.params.get("nb_epoch", 0))
        self.folder = self.id = self.keeper = self._watch = None
        self._fresh_marks = []
        with self._said():
            self.folder = new_folder(self.name or self.model.name, self._tell)
        if self.folder is not None:
            self.id = self.folder.name
            _open.add(self.id)
        if self.keeps_weights:
            self.keeper = WeightKeeper(self.model, self.folder, self._clock)
        with self._said():
            if self.folder is not None:
                self._points = PointsFile(self.folder / POINTS)
                self._events = EventWriter(str(self.folder / EVENTS)) if self.tensorboard else None

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._begin_at(epoch)
        self._mark(epoch)

    def on_steps_end(self, batch: int, logs: dict | None = None) -> None:
        batches = batches_of(self.params)
        self._mark(self.epochs + (min(1.0, (batch + 1) / batches) if batches else 0.0))
        loss = float((logs or {}).get("loss", 0.0))
        if self._first_loss is None:
            self._first_loss = loss
        if self.stops_at_nan and not self.problem and not math.isfinite(loss):
            where = f"epoch {self.epochs + 1}, by batch {batch + 1}"
            self.problem = f"loss became {loss} in {where}; training was stopped."
            view_of(self.model).control.stop()

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        self.run.append(logs or {})
        best, self._best = self._best, better(self._best, self.run)
        figures = {name: values[-1] for name, values in self.run.logs.items() if name in (logs or {})}
        lr = rate_of(self.model)
        self._mark(epoch + 1)
        marks, self._fresh_marks = tuple(self._fresh_marks), []
        with self._said():
            self._write([Point(epoch + 1, self._clock() - self._began, figures, lr, marks)])
            if self.keeper is not None and self._is_good(figures.get("loss", 0.0)):
                self.keeper.epoch_ended(epoch + 1, is_best=best is not self._best)

    def on_train_end(self, logs: dict | None = None) -> None:
        if self.problem:
            epoch = self._put_good_weights_back()
            back = f"The weights of epoch {epoch} are back." if epoch else "The weights from before are back."
            self.problem += f"\n{_USELESS if epoch is None else back} {_ADVICE}"
        stopped = view_of(self.model).control.stopped and self.epochs < self.run.planned
        self._end("stopped" if stopped else "done", self.problem)

    def on_train_failed(self, error: BaseException) -> None:
        self._end("failed", f"{type(error).__name__}: {error}")

    # ----

    @property
    def epochs(self) -> int:
        """How many epochs have trained the model, those before `initial_epoch` included."""
        return self._before + self.run.epochs

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest validation loss, or training loss where there is no validation."""
        return self._before + self._best.epoch if self._best else None

    def _is_good(self, loss: float) -> bool:
        """Whether the weights of an epoch are worth keeping: not where its loss ran away on its way to infinity."""
        ran_away = self._first_loss is not None and loss > RUN_AWAY * max(self._first_loss, 1.0)
        return math.isfinite(loss) and not ran_away

    def _put_good_weights_back(self) -> int | None:
        return self.keeper.put_back_good() if self.keeper is not None and self.returns_good else None

    def _begin_at(self, epoch: int) -> None:
        continued = continuation(self.model)
        before = continued if continued is not None and continued.epoch == epoch else None
        rate = before.points[-1].lr if before is not None and before.points else None
        self._watch = ChangeWatch(self.model, rate, before.frozen if before is not None else None)
        start_anew(self.model)  # the fit after this one begins at its own first epoch
        with self._said():
            if before is not None:
                self._continue(before)
            self._before = epoch - self.run.epochs
            self._take_marks(self._watch.begin(epoch))
            self._describe(first_epoch=epoch)
            if self.keeper is not None:
                self.keeper.begin(epoch)
                if self.keeper.is_big:
                    self._note_size()

    def _continue(self, continued: Continuation) -> None:
        """Begin with the curve so far, so that this run tells the whole of it."""
        for point in continued.points:
            self.run.append(point.logs)
            self._best = better(self._best, self.run)
            self.run.marks += point.marks
        self._describe(continues=continued.run)
        before = continued.points[-1].seconds if continued.points else 0.0
        self._began = self._clock() - before
        self._write(list(continued.points))

    def _mark(self, at: float) -> None:
        """Note where the learning rate is another than at the last look."""
        if self._watch is not None:
            self._take_marks(self._watch.look(at))

    def _take_marks(self, marks: list[Mark]) -> None:
        self._fresh_marks += marks
        self.run.marks += [Mark(mark.at - self._before, mark.what, mark.text) for mark in marks]

    def _note_size(self) -> None:
        assert self.keeper is not None
        size = f"{self.keeper.size / 2**20:,.0f} MiB of weights"
        kept = "are written as often as 5 % of the time allows, the best ones without the optimizer's state"
        self.notes.append(f"{size} {kept if self.folder else 'are not kept without a folder'}.")

    def _describe(self, **more: Any) -> None:
        if self.folder is not None:
            self._description = (self._description or self._first_description()) | more
            write_description(self.folder, self._description | {"notes": self.notes})

    def _first_description(self) -> dict[str, Any]:
        model = self.model
        return {
            "id": self.id,
            "name": self.name or model.name,
            "began": _now(),
            "process": this_process(),
            "outcome": "running",
            "planned": self.run.planned,
            "backend": view_of(model).backend,
            "versions": versions(),
            "arguments": {key: value for key, value in self.params.items() if key != "metrics"} | self.arguments,
            "model": describe_model(model),
            "training": describe_training(model),
            "data": describe_data(model, getattr(model, "training_data", None), self.validation_data),
        }

    def _write(self, points: list[Point]) -> None:
        if self._points is not None:
            self._points.append(points)
        if self._events is not None:
            write_events(self._events, points)

    def _end(self, outcome: str, reason: str) -> None:
        self.run.outcome = outcome
        with self._said():
            if self.keeper is not None and self.run.epochs and not self.problem:
                self.keeper.end(self.epochs)
            elif self.keeper is not None:
                self.keeper.write()
        with self._said():
            best = self._best and {"epoch": self.best_epoch, "name": self._best.name, "value": self._best.value}
            ended = {"outcome": outcome, "reason": reason, "ended": _now(), "epochs": self.epochs, "best": best}
            self._describe(**ended)
        self._close()

    def _close(self) -> None:
        if self._points is not None:
            self._points.close()
        if self._events is not None:
            with self._said():
                self._events.close()
        self._points = self._events = None
        self._description = {}
        _open.discard(self.id or "")

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """Inside, what cannot be written ends the keeping, not the training."""
        try:
            yield
        except FileError as error:
            if self._points is not None:
                self._points.close()
            self._points = self._events = self.folder = None
            if self.keeper is not None:
                self.keeper.folder = None
            self._tell(f"{error}\nTraining goes on; from here on the run is not kept.")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _warn(problem: str) -> None:
    warn_user(problem, RuntimeWarning)
