"""The Fit panel: a training with live curves that a click or another cell can steer while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ...engine.feeding.datasets import are_batches
from ...engine.layer import LAYERS
from ...errors import ArgumentError, unknown_name
from ...report.advice.aftermath import after_broken_loss
from ...report.advice.ends import input_ends
from ...report.freezing import freeze_state
from ...report.history import Run
from ...runs import Continuation, RunRecord, continuation
from ...views import is_foreign
from ...workspace.listeners import Change
from ..base.backend_name import backend_title
from ..base.door import check_fit_arguments, whole_model
from ..base.following import Following
from ..base.front_end import is_watched
from ..base.receiving import Intent
from ..base.snapshot import Picture
from ..curves.feed import json_number
from ..curves.state import curve_picture
from .batch_data import BatchData
from .compiling import FitCompiling
from .fit_data import FitData
from .in_place import can_edit_in_place, edit_in_place, put_in_place
from .job import FitJob
from .keras_compiling import KerasCompiling
from .traits import FitTraits

__all__ = ["FitPanel"]

NOTED = ("batch_size", "validation_split")  # what a run says of its data, besides their shapes


class FitPanel(Following, FitTraits):
    """Trains a model in the background, with curves, Pause, Stop and a learning rate that can be changed meanwhile.

    Args:
        model: any model, or a Builder whose model it follows; the panel compiles it where it is not compiled, or where
            optimizer or loss are changed.
        x, y: as for `fit`: arrays, tables, lists or dicts of them; or a generator or Sequence of batches as `x`, with
            `steps_per_epoch` or `samples_per_epoch` where it has no length of its own.
        validation_data: `(x_val, y_val)`; or `validation_split`, the last fraction of the samples.
        optimizer, loss, loss_weights, metrics: as for `compile`, for each output where there are several; left out,
            those the model was compiled with, else Adam, losses that suit the data, and accuracy for classes.
        fit_arguments: whatever else `fit` takes (callbacks, class_weight, shuffle, steps_per_epoch ...).
    """

    def __init__(
        self,
        model: Any,
        x: Any = None,
        y: Any = None,
        validation_data: tuple | None = None,
        validation_split: float = 0.0,
        *,
        batch_size: int = 32,
        nb_epoch: int = 10,
        optimizer: Any = None,
        loss: Any = None,
        loss_weights: Any = None,
        metrics: Any = None,
        learning_rate: float | None = None,
        **fit_arguments: Any,
    ):
        subject = whole_model("FitPanel", model)
        model = subject.model
        if x is None:
            raise _asks_for_data(model)
        data = _fit_data(x, y, validation_data, validation_split)
        check_fit_arguments(model, fit_arguments, takes_batches=isinstance(data, BatchData))
        self._job: FitJob | None = None
        self.subject = subject
        super().__init__(subject.title, batch_size=batch_size, nb_epoch=nb_epoch)
        self.backend = backend_title(model)
        self.validation_split = data.validation_split
        given = {"optimizer": optimizer, "loss": loss, "loss_weights": loss_weights, "metrics": metrics}
        compiling = KerasCompiling if is_foreign(model) else FitCompiling
        self.begin_compiling(compiling(subject, data.targets, given))
        if learning_rate is not None:
            self.learning_rate = learning_rate
        self._count()
        self.begin_advice(data, fit_arguments)
        self.begin_runs()
        self.show_fresh_start()
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

    @property
    def facts(self) -> dict[str, Any]:
        """What `--json` tells of the last fit: how it went, and each figure epoch by epoch."""
        if not self.runs:
            return {"state": self.state, "epochs": 0}
        run = self.runs[-1]
        return {
            "state": self.state,
            "outcome": run.outcome,
            "epochs": run.epochs,
            "planned": run.planned,
            "logs": {name: [json_number(value) for value in values] for name, values in run.logs.items()},
        }

    def pause(self) -> None:
        """Hold training after the current call."""
        if self.state == "preparing" and self._job is not None and self._job.control.is_running:
            self.state = "running"  # it trains, though nothing was heard of it yet
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
        """Whether a fit runs at this moment, paused or not."""
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
        self.fit_data.check(self.fit_arguments)
        data = self.fit_data.call(self.batch_size)
        begins, ends = _epochs(continued, self.nb_epoch, is_to_end=record is not None)
        begins = begins or self.fit_arguments.get("initial_epoch") or 0
        run = Run(len(self.runs) + 1, ends)
        if continued is not None:
            for point in continued.points:
                run.append(point.logs)
        how = {**self.fit_arguments, "nb_epoch": ends, "initial_epoch": begins}
        recorder = self.new_recorder(how | {name: data[name] for name in NOTED if name in data})
        job = FitJob(
            self.subject,
            run,
            lambda: self._prepare(run, record, data),
            {**data, **how},
            self.emit,
            self._on_end,
            recorder,
            self.send,
            self,
        )
        self.error, self.state, self._job = {}, "preparing", job
        self.advise_after(None)
        self.begin(run)
        job.start()

    def _prepare(self, run: Run, record: RunRecord | None, data: Mapping[str, Any]) -> None:
        if isinstance(self.fit_data, FitData):  # batches are not asked for before they are trained on
            weights = {name: self.fit_arguments.get(name) for name in ("sample_weight", "class_weight")}
            self._compiling.refuse_data({**data, **weights})
        wanted = self.prepare_compile()
        if record is not None:
            record.restore(self.model, "last")  # its learning rate, too, where nobody asked for another
            if wanted is not None:
                self._compiling.set_rate(wanted)
        self.show_rate()
        run.learning_rate = self.learning_rate
        self._count()

    def emit(self, message: dict) -> None:
        if self.state == "preparing":
            self.state = "running"
        self.show_rate()
        super().emit(message)

    def _on_end(self, job: FitJob) -> None:
        if job.error is not None or job.recorder.problem:
            self.show_error(job.error or job.recorder.problem)
        if job.recorder.problem:
            happened = f"The {job.recorder.problem.partition(';')[0]}."
            self.advise_after(
                after_broken_loss(happened, self.learning_rate, "clipnorm" in self.optimizer_form["values"])
            )
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
            "output": self._take_output,
            "argument": self._take_argument,
            "close_error": lambda _: self._close_error(),
            "fix": self._take_fix,
            "unprepare": lambda _: self._take_back(),
            "go_on": lambda _: self.go_on(wait=False),
            "restore": lambda intent: self.restore(intent.text("which")),
            "begin_anew": lambda _: self._renew(self.begin_anew),
            "take_back": lambda _: self._renew(self.take_back_fresh_start),
            "look_for_runs": lambda _: self.look_for_runs(),
            "show_run": lambda intent: self.show_run(intent.text("run"), intent.of_type("shown", bool)),
            **self.curve_intents(),
        }

    def _take_option(self, intent: Intent) -> None:
        if intent["name"] != "learning_rate":
            self.subject.refuse_while_training()
        self.set_option(intent.text("name"), intent["value"])
        self._close_error()

    def _take_output(self, intent: Intent) -> None:
        name = intent.text("name")
        if name not in ("loss", "weight", "metrics"):
            raise unknown_name("choice for an output is called", name, ("loss", "weight", "metrics"))
        self.set_output(intent.text("output"), **{name: intent.text("value")})
        self._close_error()

    def _take_fix(self, intent: Intent) -> None:
        self.click_fix(dict(intent))
        self._close_error()  # it was about a training on what has changed

    def _renew(self, act: Callable[[], None]) -> None:
        act()
        self._close_error()  # it was about a training with other weights

    def _take_back(self) -> None:
        self.undo_preparation()
        self._close_error()

    def _take_argument(self, intent: Intent) -> None:
        self.set_optimizer_arguments(**{intent.text("name"): intent.text("value")})
        self._close_error()

    def _close_error(self) -> None:
        self.error = {}

    def _steer(self, action: str, before: str, after: str) -> None:
        if self.state == before and self._job is not None:
            getattr(self._job.control, action)()
            self.state = after

    # ---- the model

    def on_subject(self, change: Change) -> None:
        if change.what == "document":
            return
        self.title, self.backend = self.subject.title, backend_title(self.model)
        if change.what in ("layers", "compile"):
            self._compiling.look()
            self.show_choices()
        self.show_rate()
        self._count()
        if change.what == "layers":
            self.forget_weights()
            self.look()
        self.changed = self.subject.changed_since_fit
        self.show_fresh_start()

    def look(self) -> None:
        if self._compiling.y is not self.fit_data.targets:
            self._compiling.y = self.fit_data.targets
            self._compiling.look()
            self.show_choices()
        super().look()

    @property
    def can_edit_layers(self) -> bool:
        if is_foreign(self.model):
            return False
        return self.subject.document is not None or can_edit_in_place(self.model)

    def edit_layers(self, arguments: dict[str, dict[str, Any]]) -> None:
        document, model = self.subject.document, self.model
        if document is not None:
            self.subject.edit(lambda: document.set_layers(arguments))
        else:  # a new object would leave the variable with the old one
            self.subject.change(lambda: edit_in_place(model, arguments))

    def put_layer(self, class_name: str, before: str) -> None:
        document, model = self.subject.document, self.model
        if document is not None:
            source = document.graph.inputs_of(before)[0]
            self.subject.edit(lambda: document.add(class_name, after=source, before=before))
        else:
            self.subject.change(lambda: put_in_place(model, LAYERS[class_name](), before))

    def _count(self) -> None:
        state = freeze_state(self.model)
        whole = sum(row.params for row in state.rows if not row.depth)
        self.totals = {
            "trainable": state.trainable,
            "frozen": state.frozen,
            "other": whole - state.trainable - state.frozen,
        }


def _asks_for_data(model: Any) -> ArgumentError:
    """What a panel without data is told: which the model takes."""
    takes = ", ".join(str(end.shape) for end in input_ends(model)) or "samples"
    return ArgumentError(
        f'FitPanel needs data to train "{model.name}" on: samples x, each of shape {takes}, and a target y for each.',
        "Write FitPanel(model, x, y), or give a generator of (x, y) as x.",
        arguments=("x",),
    )


def _fit_data(x: Any, y: Any, validation_data: Any, validation_split: float) -> FitData | BatchData:
    if are_batches(x):
        if y is not None:
            raise ArgumentError("y has no meaning for batches.", "Let them come as (x, y).", arguments=("y",))
        if validation_split:
            raise ArgumentError(
                "validation_split needs arrays; here are batches.", "Give validation_data=(x_val, y_val)."
            )
        return BatchData(x, validation_data)
    if y is None:
        raise ArgumentError("FitPanel needs targets: y.", "Write FitPanel(model, x, y).", arguments=("y",))
    if validation_data is not None and (
        not isinstance(validation_data, (tuple, list)) or len(validation_data) not in (2, 3)
    ):
        given = (
            f"{len(validation_data)} parts"
            if isinstance(validation_data, (tuple, list))
            else type(validation_data).__name__
        )
        raise ArgumentError(
            f"validation_data needs samples and targets, got {given}.", "Write validation_data=(x_val, y_val)."
        )
    return FitData(x, y, validation_data, validation_split)


def _epochs(continued: Continuation | None, asked: int, is_to_end: bool) -> tuple[int, int]:
    """The numbers of the first epoch and the last: as many more as asked for, or to the end of an interrupted run."""
    if continued is None:
        return 0, asked
    return continued.epoch, continued.planned if is_to_end else continued.epoch + asked
