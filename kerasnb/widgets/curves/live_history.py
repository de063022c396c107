"""Live curves for a plain `model.fit(..., callbacks=[LiveHistory()])`, which blocks as Keras's does."""

from __future__ import annotations

import contextlib
from typing import Any

from ...report.freezing import fingerprints, freeze_state, verify
from ...report.history import Mark, Run
from ...runs import RunRecorder
from ...views import is_foreign, view_of
from ...views.keras_hooks import TakenByKeras
from ...workspace import here
from ...workspace.titles import model_title
from ..base.after_cell import when_cell_is_over
from ..base.alive import kept_alive
from ..base.backend_name import backend_title
from ..base.front_end import in_kernel, in_marimo
from .feed import CurveFeed
from .history_panel import HistoryPanel
from .view import read_view

__all__ = ["LiveHistory"]


class LiveHistory(TakenByKeras):
    """Draws loss and metrics while `fit` runs, and leaves a picture of them; outside notebooks it only keeps `runs`.

    Each fit is kept as a run on disk too (see `kerasnb.runs`; `KERASNB_HOME=off` keeps none). The notebook's interrupt
    ends training gracefully: fit returns its History. One LiveHistory may be given to several fits; the one before is
    then drawn in grey.

    Args:
        view: how curves are drawn: axis, log, smoothing, as for `set_view` of the Fit panel.
    """

    handles_interrupt = keeps_unvalidated = True

    def __init__(self, **view: Any) -> None:
        super().__init__()
        self.view = {name: read_view(name, value) for name, value in view.items()}
        self.runs: list[Run] = []
        self.panel: HistoryPanel | None = None
        self._feed: CurveFeed  # of the fit that runs
        self._before: dict = {}
        self._alive = contextlib.ExitStack()
        self.recorder: RunRecorder | None = None  # of the fit that runs, or the last one

    def on_train_begin(self, logs: dict | None = None) -> None:
        self.runs.append(Run(len(self.runs) + 1, learning_rate=view_of(self.model).learning_rate))
        self.panel = self._shown_panel() if in_kernel() or in_marimo() else None
        emit = self.panel.emit if self.panel else _nowhere
        self._feed = CurveFeed(emit, self.runs[-1], marks=self._marks)
        self._feed.params, self._feed.model = self.params, self.model
        self._feed.on_train_begin(logs)
        self._before = fingerprints(self.model)
        self.recorder = RunRecorder(model_title(self.model))
        self.recorder.params, self.recorder.model = self.params, self.model
        self.recorder.validation_data = self.validation_data
        self.recorder.on_train_begin(logs)
        if self.panel is not None:
            self._alive.enter_context(kept_alive(self.panel.send))
        if is_foreign(self.model):  # whose fit takes no interrupt, and tells nobody of an error
            self._alive.enter_context(view_of(self.model).control.graceful())
            when_cell_is_over(self._fit_is_over)

    def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
        assert self.recorder is not None
        self.recorder.on_epoch_begin(epoch, logs)
        if not self.runs[-1].logs and self.recorder.run.logs:  # it goes on from a run of before
            self._feed.go_on({name: list(values) for name, values in self.recorder.run.logs.items()})
        self._feed.on_epoch_begin(epoch, logs)

    def on_steps_end(self, batch: int, logs: dict | None = None) -> None:
        self._feed.on_steps_end(batch, logs)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        assert self.recorder is not None
        self.recorder.on_epoch_end(epoch, logs)
        self._feed.on_epoch_end(epoch, logs)

    def on_train_end(self, logs: dict | None = None) -> None:
        assert self.recorder is not None
        run = self.runs[-1]
        self.recorder.on_train_end(logs)
        run.outcome = self.recorder.run.outcome
        self._alive.close()
        self._feed.on_train_end(logs)
        if self.panel is not None:
            verified = verify(self._before, fingerprints(self.model))
            self.panel.end(run, verified)
            # once, at the end, in the cell of the fit: no host has to replace anything
            self.panel.snapshot.show(self.panel.picture())
            if in_marimo() and getattr(self.model, "history", None) is not None:
                # marimo shows a cell's last value in the place of all it was given to show before
                self.model.history._display_ = lambda: self.panel
        subject = here.known(self.model)
        if subject is not None:
            subject.fitted()

    def _fit_is_over(self) -> None:
        """The cell of the fit is over: if that did not end by itself, it failed."""
        if self.runs and self.runs[-1].outcome == "running":
            self.on_train_failed(RuntimeError("fit did not come to its end"))

    def on_train_failed(self, error: BaseException) -> None:
        if self.recorder is not None:
            self.recorder.on_train_failed(error)
        self.runs[-1].outcome = "failed"
        self._alive.close()
        if self.panel is not None:
            self.panel.end(self.runs[-1], None)
            self.panel.snapshot.show(self.panel.picture())

    def _marks(self) -> list[Mark]:
        return self.recorder.run.marks if self.recorder is not None else []

    def _shown_panel(self) -> HistoryPanel:
        state = freeze_state(self.model)
        parameters = sum(row.params for row in state.rows if not row.depth)
        panel = HistoryPanel(model_title(self.model), parameters, state.frozen, self.runs[:-1])
        panel.backend = backend_title(self.model)
        panel.set_view(**self.view)
        panel.begin(self.runs[-1])
        panel.show_view()
        return panel


def _nowhere(message: dict) -> None:
    """Outside Jupyter there is nobody to send to."""
