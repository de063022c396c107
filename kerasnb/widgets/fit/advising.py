"""What a Fit panel says before a training: advice on its screen, each fix a button."""

from __future__ import annotations

from typing import Any

from ...errors import ArgumentError
from ...report.advice import Advice, Fix, LayerEdit, NewLayer

__all__ = ["Advising"]


class Advising:
    """The advice that is on screen, with a number that grows with each screenful: a click on an older one is stale."""

    def __init__(self) -> None:
        self.serial = 0
        self.advice: list[Advice] = []

    def show(self, found: list[Advice]) -> None:
        """Have this on screen from now on."""
        if found != self.advice:
            self.serial += 1
        self.advice = found

    def screen(self, can_edit_layers: bool) -> dict[str, Any]:
        """As the browser draws it; fixes that need an edit of the model only where that can be made."""
        return {
            "serial": self.serial,
            "rows": [
                {
                    "severity": advice.severity,
                    "about": advice.about,
                    "text": advice.text,
                    "fixes": [
                        {"place": place, "label": fix.label, "code": fix.code()}
                        for place, fix in enumerate(advice.fixes)
                        if can_edit_layers or not edits_layers(fix)
                    ],
                }
                for advice in self.advice
            ],
        }

    def chosen(self, serial: Any, row: Any, place: Any) -> Fix:
        """The fix behind a click.

        Raises:
            ArgumentError: the advice on screen has changed since, or there is no such fix.
        """
        if serial != self.serial:
            raise ArgumentError("this fix belongs to advice that has changed since.", "Look at what it says now.")
        fixes = self.advice[row].fixes if type(row) is int and 0 <= row < len(self.advice) else ()
        if type(place) is not int or not 0 <= place < len(fixes):
            raise ArgumentError(f"there is no fix {place!r} of advice {row!r}.", "Choose one that is shown.")
        return fixes[place]


def edits_layers(fix: Fix) -> bool:
    """Whether a fix changes the model, not only data and options."""
    return any(isinstance(edit, (LayerEdit, NewLayer)) for edit in fix.edits)
