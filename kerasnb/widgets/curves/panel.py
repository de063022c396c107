"""What every panel with curves has: the runs, a stream of deltas to the browser, the whole curve now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from ...errors import ArgumentError
from ...report.curve_table import curves_csv
from ...report.freezing import Verification
from ...report.history import Run, describe_run
from ...report.history_picture import figure_png
from ...utils.writing import whole_file
from ..base.backend_name import backend_title
from ..base.lasting import LastingWidget
from ..base.receiving import Intent
from .state import curve_state
from .view import VIEW, read_view

__all__ = ["CurvePanel"]

STATE_SECONDS = 1.0
MOST_TIME = 0.01  # fraction of the training


class CurvePanel(LastingWidget):
    """Holds `runs`, the last one possibly going on, and keeps the browser up to date with it."""

    title = traitlets.Unicode().tag(sync=True)
    backend = traitlets.Unicode().tag(sync=True)
    curve = traitlets.Dict(help="The curves so far: what a page that is loaded again needs.").tag(sync=True)
    curve_view = traitlets.Dict(VIEW, help="How curves are drawn: axis, log, smoothing, metric.").tag(sync=True)
    status = traitlets.Dict(help="How the last fit ended.").tag(sync=True)

    def __init__(self, title: str, **traits: Any):
        self.runs: list[Run] = []
        self._write_next = 0.0
        super().__init__(title=title, backend=backend_title(), **traits)

    @property
    def has_result(self) -> bool:
        return bool(self.runs) and self.runs[-1].outcome != "running"

    def describe(self) -> str:
        return f"{self.title}: {describe_run(self.runs[-1] if self.runs else None)}"

    @property
    def overlaid(self) -> dict[str, Run]:
        """Runs that are drawn dimly beside the curve, by what they are called."""
        return {}

    def set_view(
        self,
        *,
        axis: str | None = None,
        log: bool | None = None,
        smoothing: float | None = None,
        metric: str | None = None,
    ) -> None:
        """Draw curves in another way; what is left out stays.

        Args:
            axis: `epoch` or `batch`.
            log: whether the loss has steps that are factors, where all its values are above 0.
            smoothing: share of the running average that is kept from one point to the next, 0 to 0.99; the curve itself
                stays behind it, dimly.
            metric: what is drawn beside the loss, such as `age_loss`; by default, and where it is not there, the first
                metric.

        Raises:
            ArgumentError: a value that cannot be; nothing was changed.
        """
        given = {"axis": axis, "log": log, "smoothing": smoothing, "metric": metric}
        wanted = {name: read_view(name, value) for name, value in given.items() if value is not None}
        self.curve_view = {**self.curve_view, **wanted}

    def csv(self) -> str:
        """The curves that are drawn as a table, with all digits."""
        runs = {f"run {run.number}": run for run in self.runs[-2:]}
        return curves_csv(runs | self.overlaid)

    def save_curves(self, path: str | Path) -> Path:
        """Write the curves into a file: `.csv`, a table with all digits, `.svg`, the lasting picture, or `.png`.

        Raises:
            ArgumentError: another ending, or nothing was fitted yet.
            FileError: it cannot be written.
        """
        path = Path(path)
        writers = {".csv": self._csv_bytes, ".svg": self._svg_bytes, ".png": self._png_bytes}
        write = writers.get(path.suffix.lower())
        if write is None:
            raise ArgumentError(f"curves are written as .csv, .svg or .png, got {path.name!r}.")
        if not self.runs or not (data := write()):
            raise ArgumentError("there are no curves yet.", "Fit first.")
        with whole_file(path) as temporary:
            Path(temporary).write_bytes(data)
        return path

    def _csv_bytes(self) -> bytes:
        return self.csv().encode()

    def _svg_bytes(self) -> bytes:
        return (self.picture().svg or "").encode() if self.has_result else b""

    def _png_bytes(self) -> bytes:
        return figure_png(*self.runs[:-3:-1]) if self.has_result else b""

    def curve_intents(self) -> dict[str, Callable[[Intent], Any]]:
        """What a message may ask for of any panel with curves."""
        return {
            "resend": lambda _: self.send_state("curve"),
            "view": self._take_view,
            "csv": lambda _: self.send({"kind": "file", "name": f"{self.title}.csv", "text": self.csv()}),
        }

    def _take_view(self, intent: Intent) -> None:
        name = intent.text("name")
        self.set_view(**{name: read_view(name, intent["value"])})

    def begin(self, run: Run) -> None:
        """Show a new run as going on."""
        self.status, self.runs = {}, [*self.runs, run]
        self.write_curve()

    def emit(self, message: dict) -> None:
        """Send what is new; now and then keep the whole curve too."""
        self.send(message)
        if message["epochs"] and time.perf_counter() > self._write_next:
            self.write_curve()

    def end(self, run: Run, verified: Verification | None) -> None:
        """Show how the run ended. One that trained nothing is dropped: what was shown before still holds."""
        if run.trained_nothing and run.outcome == "failed":
            self.runs = [each for each in self.runs if each is not run]
        self.write_curve()
        self.status = {
            "text": describe_run(run),
            "outcome": run.outcome,
            "verified": verified.text(run.epochs) if verified and verified.layers else "",
            "unchanged": verified is None or verified.unchanged,
        }
        if verified is not None and (error := verified.error()) is not None:
            self.show_error(error)

    def write_curve(self) -> None:
        """Put the whole curve into its trait."""
        began = time.perf_counter()
        self.curve = curve_state(self.runs, self.overlaid)
        # a curve of very many epochs takes long to write, and is then written less often
        cost = time.perf_counter() - began
        self._write_next = began + max(STATE_SECONDS, cost / MOST_TIME)
