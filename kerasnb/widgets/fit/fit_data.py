"""The data of a Fit panel that are arrays: as they were given, what was done to them since, and their figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...report.advice import Advice, Checkup, Preparation
from ...report.advice.facts import ArrayFacts, TargetFacts
from ...report.advice.situation import Plan
from ...report.data import check_finite, data_summary
from ...report.numbers import count

__all__ = ["FitData", "array_row"]


class FitData:
    """Holds `x`, `y` and what validates: data of its own, or a fraction of the samples where one is asked for.

    Each preparation makes new arguments and leaves the former ones as they are, so that it can be taken back.
    """

    def __init__(self, x: Any, y: Any, validation_data: Any = None, validation_split: float = 0.0):
        self._states = [{"x": x, "y": y, "validation_data": validation_data}]
        self._steps: list[Preparation] = []
        self._checkup: tuple[int, Any] = (0, None)
        self.validation_split = 0.0 if validation_data else validation_split

    @property
    def arguments(self) -> dict[str, Any]:
        """What fit is given. A fraction that was asked for takes the place of validation data that are there too."""
        split = self.validation_split
        held_out = None if split else self._states[-1]["validation_data"]
        return {**self._states[-1], "validation_data": held_out, "validation_split": split}

    @property
    def targets(self) -> Any:
        """The targets as they are after all preparations."""
        return self._states[-1]["y"]

    @property
    def lines(self) -> list[str]:
        """What was done to the arrays, as Python."""
        return [step.code() for step in self._steps]

    def call(self, batch_size: int) -> dict[str, Any]:
        """What fit is given, with the size of batches."""
        return {**self.arguments, "batch_size": batch_size}

    def check(self, fit_arguments: Mapping[str, Any]) -> None:
        """Refuse values that are not finite.

        Raises:
            DataError: there are some.
        """
        for name in ("x", "y"):
            check_finite(name, self._states[-1][name])

    def prepare(self, steps: list[Preparation]) -> None:
        """Do these steps; all of them, or none where one raises."""
        arguments = self._states[-1]
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
            known = Checkup.of(model, self._states[-1]["x"], self._states[-1]["y"])
        else:
            known = known.of_model(model)
        self._checkup = len(self._steps), known
        return known

    def advice(self, model: Any, plan: Plan, fit_arguments: Mapping[str, Any]) -> list[Advice]:
        """What speaks against training on them."""
        return self.checkup(model).advice(plan)

    def card(self, model: Any, fit_arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the panel shows: counts of samples, each array in figures, the samples of each class."""
        summary = data_summary(**self.arguments)
        checkup = self.checkup(model)
        return {
            "train": summary.train,
            "validation": summary.validation,
            "classes": summary.classes if len(checkup.y) == 1 else None,
            "source": "",
            "text": summary.text() if len(checkup.x) == len(checkup.y) == 1 else "",
            "arrays": [array_row(facts) for facts in (*checkup.x, *checkup.y)],
            "counts": list(checkup.y[0].counts) if len(checkup.y) == 1 else [],
            "prepared": self.lines,
            "lengths": [],
            "can_split": True,
            "has_validation_data": self._states[-1]["validation_data"] is not None,
        }


def array_row(facts: ArrayFacts) -> dict[str, str]:
    """One array as a row of the card."""
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
