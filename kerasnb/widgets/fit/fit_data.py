"""The data of a Fit panel: the arrays as they were given, what was done to them since, and their figures."""

from __future__ import annotations

from typing import Any

from ...report.advice import Checkup, Preparation
from ...report.advice.facts import ArrayFacts, TargetFacts
from ...report.data import data_summary
from ...report.numbers import count

__all__ = ["FitData"]


class FitData:
    """Holds `x`, `y`, `validation_data` and `validation_split` for fit.

    Each preparation makes new arguments and leaves the former ones as they are, so that it can be taken back.
    """

    def __init__(self, arguments: dict[str, Any]):
        self._states = [arguments]
        self._steps: list[Preparation] = []
        self._checkup: tuple[int, Any] = (0, None)

    @property
    def arguments(self) -> dict[str, Any]:
        """What fit is given."""
        return self._states[-1]

    @property
    def lines(self) -> list[str]:
        """What was done to the arrays, as Python."""
        return [step.code() for step in self._steps]

    def prepare(self, steps: list[Preparation]) -> None:
        """Do these steps; all of them, or none where one raises."""
        arguments = self.arguments
        states = [arguments := step.apply(arguments) for step in steps]
        self._states += states
        self._steps += steps

    def undo(self) -> None:
        """Take the last step back."""
        if self._steps:
            del self._states[-1], self._steps[-1]

    def checkup(self, model: Any) -> Checkup:
        """The figures of the arrays, read once for each state of them, beside this model's."""
        steps, known = self._checkup
        if known is None or steps != len(self._steps):
            known = Checkup.of(model, self.arguments["x"], self.arguments["y"])
        else:
            known = known.of_model(model)
        self._checkup = len(self._steps), known
        return known

    def card(self, model: Any) -> dict[str, Any]:
        """What the panel shows: counts of samples, each array in figures, the samples of each class."""
        summary = data_summary(**self.arguments)
        checkup = self.checkup(model)
        return {
            "train": summary.train,
            "validation": summary.validation,
            "classes": summary.classes,
            "text": summary.text(),
            "arrays": [_row(facts) for facts in (*checkup.x, *checkup.y)],
            "counts": list(checkup.y[0].counts) if len(checkup.y) == 1 else [],
            "prepared": self.lines,
        }


def _row(facts: ArrayFacts) -> dict[str, str]:
    spread = "" if facts.low is None or facts.high is None else f"{facts.low:.4g} to {facts.high:.4g}"
    return {
        "name": facts.name,
        "samples": count(facts.samples),
        "shape": str(facts.shape),
        "dtype": facts.dtype,
        "range": spread,
        "kind": facts.kind if isinstance(facts, TargetFacts) else "",
        "missing": f"{count(facts.missing)} not finite" if facts.missing else "",
    }
