"""The Fit panel: a training with live curves that a click or another cell can steer while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from ...report.data import check_finite
from ...report.freezing import freeze_state
from ...report.history import Run
from ...runs import Continuation, RunRecord, continuation
from ...workspace.listeners import Change
from ..base.backend_name import backend_title
from ..base.door import check_fit_arguments, whole_model
from ..base.following import Following
from ..base.front_end import is_watched
from ..base.receiving import Intent
from ..base.snapshot import Picture
from ..curves.state import curve_picture
from .compiling import FitCompiling
from .fit_data import FitData
from .in_place import can_edit_in_place, edit_in_place
from .job import FitJob
from .options import loss_names, optimizer_names
from .traits import FitTraits

__all__ = ["FitPanel"]


class FitPanel(Following, FitTraits):
    """Trains a model in the background, with curves, Pause, Stop and a learning rate that can be changed meanwhile.

    Args:
        model: any model, or a Builder whose model it follows; the panel compiles it where it is not compiled, or where
            optimizer or loss are changed.
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
        subject = whole_model("FitPanel", model)
        model = subject.model
        check_fit_arguments(model, fit_arguments)
        self._job: FitJob | None = None
        self._wanted_rate: float | None = None  # for the next compile; once there is an optimizer, it alone knows
        self._shown_rate: float | None = None
        self._first: dict[str, str] = {}  # what was shown without anybody's choice
        self.subject = subject
        super().__init__(subject.title, batch_size=batch_size, nb_epoch=nb_epoch)
        held_out = {"validation_data": validation_data, "validation_split": validation_split}
        data = FitData({"x": x, "y": y, **held_out})
        classes = data.card(model)["classes"]
        self._compiling = FitCompiling(subject, y, {"optimizer": optimizer, "loss": loss, "metrics": metrics}, classes)
        self._show_choices()
        if learning_rate is not None:
            self.learning_rate = learning_rate
        self._count()
        self.begin_advice(data, fit_arguments)
        self.begin_runs()
        self.follow_subject(subject)

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
        self.subject.refuse_while_training()
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
            self.subject,
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
        wanted, self._wanted_rate = self._wanted_rate, None
        self._compiling.prepare(self.optimizer, self.loss, wanted)
        if record is not None:
            record.restore(self.model, "last")  # its learning rate, too, where nobody asked for another
            self._compiling.prepare(self.optimizer, self.loss, wanted)
        self._show_rate()
        run.learning_rate = self.learning_rate
        self._count()

    def emit(self, message: dict) -> None:
        if self.state == "preparing":
            self.state = "running"
        self._show_rate()  # a callback may have moved it
        super().emit(message)

    def _on_end(self, job: FitJob) -> None:
        if job.error is not None or job.recorder.problem:
            self.show_error(job.error or job.recorder.problem)
        self.end(job.run, job.verification)
        self.run_ended()
        self.state = "idle"
        try:
            self.leave_picture()
            self.subject.fitted()
        except Exception as error:  # noqa: BLE001  the worker has nobody above it, and must not print
            self.show_error(error)

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        # they only set events and values: they may run on any thread, and while the model trains
        return {
            "fit": lambda _: self._start(),
            "pause": lambda _: self.pause(),
            "resume": lambda _: self.resume(),
            "stop": lambda _: self.stop(),
            "option": self._take_option,
            "close_error": lambda _: self._close_error(),
            "fix": self.click_fix,
            "unprepare": lambda _: self.undo_preparation(),
            "go_on": lambda _: self.go_on(wait=False),
            "restore": lambda intent: self.restore(intent.text("which")),
            "show_run": lambda intent: self.show_run(intent.text("run"), intent.of_type("shown", bool)),
            "resend": lambda _: self.send_state("curve"),
        }

    def _take_option(self, intent: Intent) -> None:
        if intent["name"] != "learning_rate":
            self.subject.refuse_while_training()
        self.set_option(intent.text("name"), intent["value"])
        self._close_error()

    def _close_error(self) -> None:
        self.error = {}

    def _steer(self, action: str, before: str, after: str) -> None:
        if self.state == before and self._job is not None:
            getattr(self._job.model.control, action)()
            self.state = after

    # ---- the model

    def on_subject(self, change: Change) -> None:
        if change.what == "document":
            return
        self.title, self.backend = self.subject.title, backend_title()
        if change.what in ("layers", "compile"):
            self._compiling.look()
            self._show_choices()
        self._show_rate()
        self._count()
        if change.what == "layers":
            self.forget_weights()
            self.look()
        self.changed = self.subject.changed_since_fit

    @traitlets.observe("learning_rate")
    def _on_learning_rate(self, change: dict) -> None:
        """A rate that somebody wants: the optimizer has it at once where there is one, else the next one."""
        wanted = change["new"]
        if wanted == self._shown_rate or not hasattr(self, "_compiling"):
            return
        if wanted is not None and self._compiling.is_compiled_with(self.optimizer):
            self._compiling.set_rate(wanted)
            self._wanted_rate = None
        else:
            self._wanted_rate = wanted
        self._show_rate()
        self.subject.look()

    @traitlets.observe("optimizer")
    def _on_optimizer(self, change: dict) -> None:
        self._show_rate()

    def _show_rate(self) -> None:
        if hasattr(self, "_compiling"):
            wanted = self._wanted_rate
            self._shown_rate = self._compiling.rate(self.optimizer) if wanted is None else wanted
            self.learning_rate = self._shown_rate

    def _show_choices(self) -> None:
        """What suits the model, except where somebody has chosen something else."""
        for name in ("optimizer", "loss"):
            first = self._compiling.first_choice(name)
            if getattr(self, name) == self._first.get(name, ""):
                setattr(self, name, first)
            self._first[name] = first
        self.suggested_loss = self._compiling.suggested_loss
        known = {"optimizer": optimizer_names(), "loss": loss_names()}
        self.choices = {name: list(dict.fromkeys([*names, getattr(self, name)])) for name, names in known.items()}

    @property
    def can_edit_layers(self) -> bool:
        return self.subject.document is not None or can_edit_in_place(self.model)

    def edit_layers(self, arguments: dict[str, dict[str, Any]]) -> None:
        document, model = self.subject.document, self.model
        if document is not None:
            self.subject.edit(lambda: document.set_layers(arguments))
        else:  # a new object would leave the variable with the old one
            self.subject.change(lambda: edit_in_place(model, arguments))

    def set_loss_of(self, output: int, loss: str) -> None:
        """Choose the loss of one of several outputs; the others keep theirs."""
        self._compiling.set_loss_of(output, loss)
        self.loss = self._compiling.first_choice("loss")

    def _count(self) -> None:
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
