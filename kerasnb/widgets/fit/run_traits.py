"""The part of a Fit panel that knows its runs: the best weights, an interrupted run, earlier ones beside the curve."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import traitlets

from ... import runs
from ...caller import warn_user
from ...errors import ArgumentError, KerasnbError
from ...report.history import Run
from ...runs import Continuation, RunRecord, RunRecorder
from ...runs.files import BEST, LAST, name_in_id
from ...runs.finding import name_in
from ...workspace import Subject

__all__ = ["RunTraits", "fresh_start_text"]

MOST = 12  # earlier runs that are offered
_FILES = {"best": BEST, "last": LAST}


class RunTraits(traitlets.HasTraits):
    """A part of a panel that has a model, a title and curves."""

    subject: Subject
    title: Any
    runs: list[Run]
    write_curve: Any
    show_error: Any

    offer = traitlets.Dict(help="Weights that can be put back: which, and of which epoch.").tag(sync=True)
    interrupted = traitlets.Dict(help="A run that a kernel did not end: id, text, epoch of its weights.").tag(sync=True)
    earlier_runs: Any = traitlets.List(help="Runs on disk: [{'id': ..., 'text': ..., 'shown': ...}].").tag(sync=True)
    kept = traitlets.Unicode(help="Where the last run is kept, and what is not.").tag(sync=True)
    fresh = traitlets.Dict(help="New weights that can be taken back: text.").tag(sync=True)
    returns_good = traitlets.Bool(True, help="Whether good weights come back where the loss breaks.").tag(sync=True)

    def begin_runs(self) -> None:
        """Look what earlier kernels left."""
        self._recorder: RunRecorder | None = None
        self._shown: dict[str, Run] = {}
        self.look_for_runs()
        records = [record for record in _records(self.title) if record.epochs]
        if records and records[0].outcome == "interrupted":
            self._show_interrupted(records[0])

    def look_for_runs(self) -> None:
        """Offer the newest runs that are kept, of whatever models in this notebook, to be drawn beside the curve."""
        recorder = self._recorder
        own = recorder.folder.name if recorder is not None and recorder.folder is not None else None
        self.earlier_runs = [
            {"id": each.id, "text": _in_a_line(each, self.title), "shown": each.id in self._shown}
            for each in _records()
            if each.epochs and each.id != own
        ]

    def new_recorder(self, arguments: dict[str, Any]) -> RunRecorder:
        """What keeps the next fit: a recorder that fit was given, or one of our own.

        Args:
            arguments: how fit is called.
        """
        self.offer, self.interrupted = {}, {}
        given = [each for each in arguments.get("callbacks") or () if isinstance(each, RunRecorder)]
        noted = {name: value for name, value in arguments.items() if name != "callbacks"}
        self._recorder = (
            given[0]
            if given
            else RunRecorder(
                self.title,
                stops_at_nan=True,
                returns_good=self.returns_good,
                arguments=noted,
                tell=self.show_error,
            )
        )
        return self._recorder

    def run_ended(self) -> None:
        """Offer the best weights where they are not the last, and say where the run is kept."""
        recorder = self._recorder
        keeper = recorder.keeper if recorder is not None else None
        if recorder is None or keeper is None:
            return
        self._offer("best", recorder.epochs if not recorder.problem else keeper.epochs.get(LAST, 0))
        kept = "" if recorder.folder is None else f"kept in {_from_here(recorder.folder)}"
        self.kept = ". ".join([*([kept] if kept else []), *recorder.notes])

    def restore(self, which: str = "best") -> int:
        """Give the model the weights of the last run's best epoch, or of its last one again; returns the epoch.

        Args:
            which: `best` or `last`.

        Raises:
            ArgumentError: there are none.
            BusyError: the model is training.
        """
        if which not in _FILES:
            raise ArgumentError(f'weights are "best" or "last", got {which!r}.', 'Write .restore("best").')
        self.subject.refuse_while_training()
        keeper = self._recorder.keeper if self._recorder is not None else None
        if keeper is not None and keeper.model is not self.subject.model:
            raise ArgumentError(f"{self.title} is another model since that fit.", "Fit it first.")
        epoch = keeper.put_back(_FILES[which]) if keeper is not None else None
        if epoch is None:
            raise ArgumentError(f"there are no {which} weights to put back.", "Fit first.")
        self._offer("last" if which == "best" else "best", epoch)
        self.subject.weights_set(f"put the {which} weights back")
        return epoch

    def begin_anew(self) -> None:
        """Give the model first weights, as a new one has, and let its optimizer begin anew; what is frozen stays.

        The next fit begins at epoch 1. `take_back_fresh_start` gives all back as it was.

        Raises:
            BusyError: the model is training.
            ArgumentError: everything is frozen, or the model cannot be made once more.
        """
        self.subject.begin_anew()
        self.offer = {}

    def take_back_fresh_start(self) -> None:
        """Give the model the weights that it had before `begin_anew`, and its optimizer what it knew.

        Raises:
            BusyError: the model is training.
            ArgumentError: there is nothing to take back.
        """
        self.subject.take_back_fresh_start()

    def show_fresh_start(self) -> None:
        """Say what is new, and that it can be taken back."""
        made = self.subject.fresh
        self.fresh = {"text": fresh_start_text(made.kept)} if made is not None else {}

    def forget_weights(self) -> None:
        """Offer no weights any more: they were those of other layers."""
        self.offer, self._recorder = {}, None

    def show_run(self, run: str, shown: bool = True) -> None:
        """Draw an earlier run dimly beside the curve, or no more.

        Args:
            run: its id, a part that only one id has, or `last`.

        Raises:
            UnknownNameError: there is no such run.
            FileError: it cannot be read.
        """
        if shown:
            record = runs.open(run)
            self._shown[record.id] = record.curve
        else:
            self._shown.pop(run, None)
        self.earlier_runs = [each | {"shown": each["id"] in self._shown} for each in self.earlier_runs]
        self.write_curve()

    @property
    def shown_runs(self) -> list[str]:
        """The ids of the earlier runs that are drawn."""
        return list(self._shown)

    @property
    def overlaid(self) -> dict[str, Run]:
        """The earlier runs that are drawn, by the moment they began, those of other models by their names as well."""
        return {_called(name_in(run), run, self.title): curve for run, curve in self._shown.items()}

    def _offer(self, which: str, present: int) -> None:
        keeper = self._recorder.keeper if self._recorder is not None else None
        epoch = keeper.epochs.get(_FILES[which]) if keeper is not None else None
        self.offer = {"which": which, "epoch": epoch} if epoch and epoch != present else {}

    def _show_interrupted(self, record: RunRecord) -> None:
        try:
            epoch = record.weights_epoch("last")
        except KerasnbError:  # damaged: its curve is still there
            epoch = None
        of = f" of {record.planned}" if record.planned > record.epochs else ""
        self.interrupted = {"id": record.id, "text": f"The kernel ended at epoch {record.epochs}{of}.", "epoch": epoch}
        self.runs = [record.curve]
        self.write_curve()

    def resume_interrupted(self) -> tuple[RunRecord, Continuation]:
        """The run that a kernel did not end, and from where it goes on.

        Raises:
            ArgumentError: there is none, or it has no weights.
        """
        if not self.interrupted.get("epoch"):
            raise ArgumentError("there is no interrupted run with weights.", "Fit anew.")
        record, epoch = runs.open(self.interrupted["id"]), self.interrupted["epoch"]
        points = tuple(point for point in record.points if point.epoch <= epoch)
        return record, Continuation(record.id, epoch, record.planned, points, record.frozen)


def fresh_start_text(kept: Sequence[str]) -> str:
    """What a fresh start gave, and what stayed as it was since it is frozen."""
    stayed = f"; frozen and as they were: {', '.join(kept)}" if kept else ""
    return f"new weights, the optimizer begins anew{stayed}"


def _records(name: str | None = None) -> list[RunRecord]:
    """The newest runs, of that name or of any, the newest first; those that cannot be read are passed over here."""
    found = []
    for run in reversed(runs.run_ids(name=name)[-MOST:]):
        try:
            found.append(runs.open(run))
        except KerasnbError as error:
            warn_user(str(error), RuntimeWarning)
    return found


def _from_here(folder: Path) -> str:
    """The folder as it is seen from the working directory, where it is in it."""
    return str(folder.relative_to(Path.cwd()) if folder.is_relative_to(Path.cwd()) else folder)


def _moment(run: str) -> str:
    """`20261130-162734.120-digits_cnn-4711` -> `run of 11-30 16:27:34`."""
    return f"run of {run[4:6]}-{run[6:8]} {run[9:11]}:{run[11:13]}:{run[13:15]}"


def _in_a_line(record: RunRecord, title: str) -> str:
    best = record.best if record.outcome != "interrupted" else None  # which would have its whole curve read
    figure = f", {best[0]} {best[1]:.3g}" if best else ""
    return f"{_called(record.name, record.id, title)}: {record.describe()}{figure}"


def _called(name: str, run: str, title: str) -> str:
    """`run of 11-30 16:27:34`; of another model than the panel's with its name before."""
    return _moment(run) if name_in_id(name) == name_in_id(title) else f"{name}, {_moment(run)}"
