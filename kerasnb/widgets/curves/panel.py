"""What every panel with curves has: the runs, a stream of deltas to the browser, the whole curve now and then."""

from __future__ import annotations

import time
from typing import Any

import traitlets

from ...report.freezing import Verification
from ...report.history import Run, describe_run
from ..base.backend_name import backend_title
from ..base.lasting import LastingWidget
from .state import curve_state

__all__ = ["CurvePanel"]

STATE_SECONDS = 1.0
MOST_TIME = 0.01  # fraction of the training


class CurvePanel(LastingWidget):
    """Holds `runs`, the last one possibly going on, and keeps the browser up to date with it."""

    title = traitlets.Unicode().tag(sync=True)
    backend = traitlets.Unicode().tag(sync=True)
    curve = traitlets.Dict(help="The curves so far: what a page that is loaded again needs.").tag(sync=True)
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
