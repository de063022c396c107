"""The panel in which the curves of a blocking fit are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from ...report.freezing import Verification
from ...report.history import Run
from ..base.lasting import bundle
from ..base.receiving import Intent
from ..base.snapshot import Picture
from .panel import CurvePanel
from .state import curve_picture

__all__ = ["HistoryPanel"]


class HistoryPanel(CurvePanel):
    """The curves of one training, drawn while it runs; `LiveHistory` makes and feeds it.

    Args:
        earlier: runs before this one; the last of them is drawn in grey.
    """

    _esm, _css = bundle("history").values()

    state = traitlets.Enum(["idle", "running"], "idle").tag(sync=True)

    def __init__(self, title: str, parameters: int, frozen: int, earlier: list[Run]):
        super().__init__(title)
        self.parameters, self.frozen, self.runs = parameters, frozen, list(earlier)

    def begin(self, run: Run) -> None:
        super().begin(run)
        self.state = "running"

    def end(self, run: Run, verified: Verification | None) -> None:
        super().end(run, verified)
        self.state = "idle"

    def picture(self) -> Picture:
        return curve_picture(self.title, self.runs, self.parameters, self.frozen)

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        return self.curve_intents()
