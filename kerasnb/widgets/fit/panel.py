"""The Fit panel: a training with live curves that a click or another cell can steer while it runs."""

from __future__ import annotations

from typing import Any

import traitlets

from ... import backend as K
from ...report.data import check_finite
from ...report.freezing import freeze_state
from ...report.history import Run
from ...runs import Continuation, RunRecord, continuation
from ..base.door import check_fit_arguments, check_model
from ..base.front_end import is_watched
from ..base.model_events import announce, listen
from ..base.model_name import model_title
from ..base.snapshot import Picture
from ..curves.state import curve_picture
from .compiling import FitCompiling
from .fit_data import FitData
from .job import FitJob, refuse_while_training
from .options import loss_names, optimizer_names
from .traits import FitTraits

__all__ = ["FitPanel"]


class FitPanel(FitTraits):
    """Trains a model in the background, with curves, Pause, Stop and a learning rate that can be changed meanwhile.

    Args:
        model: any model; the panel compiles it where it is not compiled, or where optimizer or loss are changed.
        x, y: as for `fit`.
        validation_data: `(x_val, y_val)`; or `validation_split`, the last fraction of the samples.
        optimizer, loss, metrics: as for `compile`; left out, those the model was compiled with, else Adam, a loss
            that suits the data, and accuracy for classes.
        fit_arguments: whatever else `fit` takes (callbacks, class_weight, shuffle ...).
    """

    def __init__(
        self,
        model: Any,
        x: Any,
        y: Any,
        validation_data: tuple | None = None,
        validation_split: float = 0.0,
        *,
        batch_size: int = 32,
        nb_epoch: int = 10,
        optimizer: Any = None,
        loss: Any = None,
        metrics: list | None = None,
        learning_rate: float | None = None,
        **fit_arguments: Any,
    ):
        check_model("FitPanel", model)
        check_fit_arguments(model, fit_arguments)
        self.model = model
        self._job: FitJob | None = None
        super().__init__(model_title(model), batch_size=batch_size, nb_epoch=nb_epoch, learning_rate=learning_rate)
        held_out = {"validation_data": validation_data, "validation_split": validation_split}
        data = FitData({"x": x, "y": y, **held_out})
        classes = data.card(model)["classes"]
        self._compiling = FitCompiling(model, y, {"optimizer": optimizer, "loss": loss, "metrics": metrics}, classes)
        self._show_choices()
        self._count("freezing")
        self.begin_advice(data, fit_arguments)
        self.begin_runs()
        self.on_msg(self._on_message)
        listen(model, self._count)

    def fit(self, wait: bool | None = None) -> Any:
        """Train; returns the History when it waited, else None.

        Args:
            wait: whether to return only when training is over. Left out, it waits unless the running cell was sent by
                a front end in which somebody can watch (see `front_end.is_watched`): a program that runs the cells of
                a notebook one after the other needs the result in the next one.
        """
        return self._begin(wait, None, None)

    def _begin(self, wait: bool | None, record: RunRecord | None, continued: Continuation | None) -> Any:
        # asked first: a kernel that cannot be asked must not be left training
        returns_at_once = is_watched(self.has_view) if wait is None else not wait
        self._start(record, continued)
        if returns_at_once:
            return None
        self.snapshot.is_waiting = True
        return self.wait()

    def wait(self) -> Any:
        """Return the History when training is over; the notebook's interrupt stops it and keeps all it gave.

        Raises:
            Exception: whatever training raised.
        """
        if self._job is None:
            return None
        self._job.wait()
        if self._job.error is not None:
            raise self._job.error
        if self.snapshot.is_waiting:
            self.snapshot.show_result(self.picture())
        return self._job.history

    @property
    def history(self) -> Any:
        """The History of the last fit; waits for one that is running."""
        return self.wait()

    def pause(self) -> None:
        """Hold training after the current call."""
        self._steer("pause", "running", "paused")

    def resume(self) -> None:
        """Go on where `pause` held."""
        self._steer("resume", "paused", "running")

    def stop(self) -> None:
        """End training after the current call; weights and History are kept."""
        if self._job is not None and self._job.is_running:
            self.state = "stopping"
            self._job.stop()

    @property
    def is_training(self) -> bool:
        return self._job is not None and self._job.is_running

    def picture(self) -> Picture:
        return curve_picture(self.title, self.runs, sum(self.totals.values()), self.totals["frozen"])

    def go_on(self, wait: bool | None = None) -> Any:
        """Train on from the last weights of a run that an earlier kernel did not end, to the epochs it was to have.

        Args:
            wait: as for `fit`.

        Raises:
            ArgumentError: there is no such run, or it has no weights.
        """
        return self._begin(wait, *self.resume_interrupted())

    def _start(self, record: RunRecord | None = None, continued: Continuation | None = None) -> None:
        refuse_while_training(self.model)
        continued = continued or continuation(self.model)
        data = self.fit_data.arguments
        check_finite("x", data["x"])
        check_finite("y", data["y"])
        begins, ends = _epochs(continued, self.nb_epoch, is_to_end=record is not None)
        begins = begins or self.fit_arguments.get("initial_epoch") or 0
        run = Run(len(self.runs) + 1, ends)
        if continued is not None:
            for point in continued.points:
                run.append(point.logs)
        how = {**self.fit_arguments, "batch_size": self.batch_size, "nb_epoch": ends, "initial_epoch": begins}
        recorder = self.new_recorder(how)
        job = FitJob(
            self.model,
            run,
            lambda: self._prepare(run, record),
            {**data, **how},
            self.emit,
            self._on_end,
            recorder,
            self.send,
        )
        self.error, self.state, self._job = {}, "preparing", job
        self.begin(run)
        job.start()

    def _prepare(self, run: Run, record: RunRecord | None) -> None:
        self.learning_rate = self._compiling.prepare(self.optimizer, self.loss, self.learning_rate)
        if record is not None:
            record.restore(self.model, "last")
        run.learning_rate = self.learning_rate
        self._count("freezing")

    def emit(self, message: dict) -> None:
        if self.state == "preparing":
            self.state = "running"
        super().emit(message)

    def _on_end(self, job: FitJob) -> None:
        if job.error is not None or job.recorder.problem:
            self.show_error(job.error or job.recorder.problem)
        self.end(job.run, job.verification)
        self.run_ended()
        self.state = "idle"
        try:
            self.leave_picture()
            announce(self.model, "weights")
        except Exception as error:  # noqa: BLE001  the worker has nobody above it, and must not print
            self.show_error(error)

    def _on_message(self, _: Any, message: dict, buffers: list) -> None:
        # handlers only set events and values: they may run on any thread, and while the model trains
        actions = {
            "fit": self._start,
            "pause": self.pause,
            "resume": self.resume,
            "stop": self.stop,
            "option": lambda: self.set_option(message["name"], message["value"]),
            "close_error": lambda: None,
            "fix": lambda: self.click_fix(message),
            "unprepare": self.undo_preparation,
            "go_on": lambda: self.go_on(wait=False),
            "restore": lambda: self.restore(message["which"]),
            "show_run": lambda: self.show_run(message["run"], message["shown"]),
            "resend": lambda: self.send_state("curve"),
        }
        try:
            actions[message["kind"]]()
            if message["kind"] in ("option", "close_error"):
                self.error = {}
        except Exception as error:  # noqa: BLE001  shown in the panel's own strip; the panel stays usable
            self.show_error(error, next(iter(getattr(error, "arguments", ())), ""))

    def _steer(self, action: str, before: str, after: str) -> None:
        if self.state == before:
            getattr(self.model.control, action)()
            self.state = after

    @traitlets.observe("learning_rate")
    def _on_learning_rate(self, change: dict) -> None:
        if self.is_training and self.model.is_compiled and change["new"]:
            K.set_value(self.model.optimizer.lr, change["new"])

    def _show_choices(self) -> None:
        self.optimizer, self.loss = (self._compiling.first_choice(name) for name in ("optimizer", "loss"))
        self.suggested_loss = self._compiling.suggested_loss
        known = {"optimizer": optimizer_names(), "loss": loss_names()}
        self.choices = {name: list(dict.fromkeys([*names, getattr(self, name)])) for name, names in known.items()}

    @property
    def can_edit_layers(self) -> bool:
        return False

    def set_loss_of(self, output: int, loss: str) -> None:
        """Choose the loss of one of several outputs; the others keep theirs."""
        self._compiling.set_loss_of(output, loss)
        self.loss = self._compiling.first_choice("loss")

    def _count(self, what: str) -> None:
        if what != "freezing":
            return
        state = freeze_state(self.model)
        whole = sum(row.params for row in state.rows)
        self.totals = {
            "trainable": state.trainable,
            "frozen": state.frozen,
            "other": whole - state.trainable - state.frozen,
        }


def _epochs(continued: Continuation | None, asked: int, is_to_end: bool) -> tuple[int, int]:
    """The numbers of the first epoch and the last: as many more as asked for, or to the end of an interrupted run."""
    if continued is None:
        return 0, asked
    return continued.epoch, continued.planned if is_to_end else continued.epoch + asked
