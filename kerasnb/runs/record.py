"""`RunRecord`: a run read from disk."""

from __future__ import annotations

import math
import os
import time
from functools import cached_property
from pathlib import Path
from typing import Any

from ..callbacks.tensorboard_events import EventWriter
from ..engine.files.configs import layer_from_config
from ..engine.files.moments import epoch_in
from ..engine.files.training import compile_as
from ..errors import ArgumentError, BusyError, FileError, MissingFileError, WeightsError
from ..report.history import Mark, Run, best_epoch
from ..utils.custom_objects import custom_object_scope
from ..utils.damage import damage_named
from ..views import has_view, view_of
from .continuing import Continuation, go_on_from
from .events import write_events
from .files import BEST, EVENTS, LAST, POINTS, read_description
from .points import Point, last_epoch, read_points
from .processes import lives
from .recorder import is_recording

__all__ = ["RunRecord"]

_WEIGHTS = {"best": BEST, "last": LAST}
_QUIET = 600  # seconds after which a run of another machine, whose process nobody can ask about, counts as ended


class RunRecord:
    """One training as it was kept: what was trained, with what, on what, how it went.

    Args:
        path: its folder.

    Raises:
        FileError: it is no run, damaged, or of a later version.
    """

    def __init__(self, path: Path):
        self.path, self.id = path, path.name
        self.description = read_description(path)
        with damage_named(f'run "{self.id}"', "It is left as it is.", FileError):
            self.name = str(self.description.get("name", ""))
            self.planned = int(self.description.get("planned") or 0)
            self.backend = str(self.description.get("backend", ""))
            self.began = str(self.description.get("began", ""))
            self.notes = [str(note) for note in self.description.get("notes") or ()]

    @cached_property
    def _read(self) -> tuple[list[Point], int]:
        return read_points(self.path / POINTS)

    @property
    def points(self) -> list[Point]:
        """What each epoch gave, as far as its line can be read."""
        return self._read[0]

    @property
    def damaged(self) -> int:
        """How many lines of the curve cannot be read."""
        return self._read[1]

    @property
    def epochs(self) -> int:
        """The number of the last epoch that is whole."""
        return last_epoch(self.path / POINTS)

    @property
    def configuration(self) -> dict[str, Any] | None:
        """The model, as `models.model_from_config` takes it; None where a layer has no configuration."""
        return (self.description.get("model") or {}).get("configuration")

    @property
    def library(self) -> str:
        """Of which library its model is: `kerasnb`, `keras`, `tf_keras`."""
        return str((self.description.get("model") or {}).get("library") or "kerasnb")

    @property
    def outcome(self) -> str:
        """`running`, `done`, `stopped`, `failed`, or `interrupted`, where its process ended without a word."""
        said = str(self.description.get("outcome"))
        return "interrupted" if said == "running" and not self._goes_on() else said

    @cached_property
    def curve(self) -> Run:
        """Its loss and metrics, epoch by epoch; an epoch whose line is damaged is nan."""
        outcome = {"interrupted": "stopped"}.get(self.outcome, self.outcome)
        rates = [point.lr for point in self.points if point.lr is not None]
        rate = float(f"{rates[0]:.6g}") if rates else None  # as it was typed, not as float32 keeps it
        run = Run(1, self.planned, learning_rate=rate, outcome=outcome)
        at = {point.epoch: point.logs for point in self.points}
        for epoch in range(self.first_epoch + 1, self.epochs + 1):
            run.append(at.get(epoch, {}))
        first = self.first_epoch
        run.marks = [Mark(mark.at - first, mark.what, mark.text) for point in self.points for mark in point.marks]
        return run

    @property
    def frozen(self) -> tuple[str, ...]:
        """The layers that were frozen."""
        return tuple((self.description.get("training") or {}).get("frozen") or ())

    @property
    def first_epoch(self) -> int:
        """How many epochs stand before the curve's first."""
        return self.points[0].epoch - 1 if self.points else 0

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the lowest validation loss, or training loss where there is no validation."""
        return self._best[0] if self._best else None

    @property
    def best(self) -> tuple[str, float] | None:
        """Name and value of the figure that makes it the best epoch."""
        return self._best[1:] if self._best else None

    @cached_property
    def _best(self) -> tuple[int, str, float] | None:
        """Epoch, name and value: as the run's end said, else as its curve says."""
        said = self.description.get("best")
        with damage_named(f'run "{self.id}"', "It is left as it is.", FileError):
            if said:
                return int(said["epoch"]), str(said["name"]), float(said["value"])
        best = best_epoch(self.curve)
        return (self.first_epoch + best.epoch, best.name, best.value) if best else None

    @property
    def facts(self) -> dict[str, Any]:
        """What `--json` tells of it: id, model, backend, how it went."""
        name, value = self.best or (None, None)
        return {
            "id": self.id,
            "name": self.name,
            "backend": self.backend,
            "began": self.began,
            "outcome": self.outcome,
            "epochs": self.epochs,
            "planned": self.planned,
            "best": {"epoch": self.best_epoch, "figure": name, "value": value},
            "folder": str(self.path),
        }

    def describe(self) -> str:
        """`interrupted at epoch 754 of 1000`: how it ended, in a phrase."""
        of = f" of {self.planned}" if self.epochs < self.planned else ""
        where = f"epoch {self.epochs}{of}"
        return {
            "done": f"{self.epochs} epoch{'s' * (self.epochs != 1)} done",
            "running": f"running, {where}",
            "interrupted": f"interrupted at {where}",
        }.get(self.outcome, f"{self.outcome} at {where}")

    def weights_epoch(self, which: str = "last") -> int | None:
        """Of which epoch the kept weights are, `best` or `last`; None where there are none."""
        path = self._weights(which)
        return epoch_in(path) if path.exists() else None

    def restore(self, model: Any, which: str = "last") -> int:
        """Give a model the kept weights, with the optimizer's state (its learning rate included) where it fits.

        The next fit counts its epochs on from there.

        Args:
            which: `best` or `last`.

        Returns:
            The epoch of these weights.

        Raises:
            ArgumentError: it is given no model, or other weights are asked for than best and last.
            MissingFileError: the run has no such weights.
            WeightsError: they do not fit; nothing was changed.
            BusyError: the model is training.
        """
        path = self._weights(which)
        if not has_view(model):
            raise ArgumentError(
                f"restore gives a model the weights of a run, got {model!r}.",
                'Write .restore(model), or .restore(model, "best"); a new model as the run\'s was is .build().',
            )
        if not path.exists():
            raise MissingFileError(f'run "{self.id}" has no {which} weights.', "Its curve is there: .curve.")
        view = view_of(model)
        if view.library != self.library:
            raise WeightsError(
                f'run "{self.id}" kept the weights of a model of {self.library}, this one is of {view.library}.',
                "Give a model of the same library.",
            )
        if view.control.is_running:
            raise BusyError(f'model "{view.name}" is training.', "Stop it first: click Stop, or %kerasnb stop.")
        epoch = epoch_in(path) or 0
        has_state = view.take_weights(path)
        points = tuple(point for point in self.points if point.epoch <= epoch)
        follows = getattr(getattr(view.model, "optimizer", None), "schedule", None) is not None
        if has_state and points and points[-1].lr is not None and view.learning_rate is not None and not follows:
            view.learning_rate = points[-1].lr
        go_on_from(view.model, Continuation(self.id, epoch, self.planned, points, self.frozen))
        return epoch

    def build(self, custom_objects: dict[str, Any] | None = None) -> Any:
        """A new model as the run's was, compiled as it was, with first weights; `restore` gives it those of the run.

        Args:
            custom_objects: your own layers, losses, metrics and optimizers by name.

        Raises:
            FileError: the run does not say how its model was built.
            UnknownNameError: it names something that only custom_objects can know.
        """
        if self.configuration is None:
            why = (self.description.get("model") or {}).get("unknown", "it is not there")
            raise FileError(f'run "{self.id}" has no configuration of its model ({why}).', "Build the model as before.")
        training = self.description.get("training") or {}
        with custom_object_scope(custom_objects or {}), damage_named(f'run "{self.id}"', "It is damaged.", FileError):
            model = layer_from_config(self.configuration, custom_objects)
            if training.get("loss") and (training.get("optimizer") or {}).get("config") is not None:
                compile_as(model, training["optimizer"], training)
        return model

    def write_events(self, folder: Any = None) -> Path:
        """Write the curve as an event file for TensorBoard; returns the folder it is in.

        Args:
            folder: by default `tensorboard` in the run's own; `tensorboard --logdir` over the folder of all runs shows
                each under its id.

        Raises:
            BackendError: the package tensorboard is not installed.
            FileError: it cannot be written.
        """
        place = self.path / EVENTS if folder is None else Path(folder)
        writer = EventWriter(str(place))
        write_events(writer, self.points)
        writer.close()
        return place

    def __repr__(self) -> str:
        best = self.best
        figures = f", best epoch {self.best_epoch}, {best[0]} {best[1]:.4g}" if best else ""
        return f"RunRecord({self.id}: {self.describe()}{figures})"

    def _weights(self, which: str) -> Path:
        if which not in _WEIGHTS:
            raise ArgumentError(f'weights are "best" or "last", got {which!r}.', 'Write .restore(model, "best").')
        return self.path / _WEIGHTS[which]

    def _goes_on(self) -> bool:
        process = self.description.get("process")
        alive = lives(process)
        if alive and isinstance(process, dict) and process.get("pid") == os.getpid():
            return is_recording(self.id)
        return self._was_written_lately() if alive is None else alive

    def _was_written_lately(self) -> bool:
        try:
            return time.time() - (self.path / POINTS).stat().st_mtime < max(_QUIET, 3 * self._epoch_seconds())
        except OSError:
            return False

    def _epoch_seconds(self) -> float:
        seconds = self.points[-1].seconds / len(self.points) if self.points else 0.0
        return seconds if math.isfinite(seconds) else 0.0
