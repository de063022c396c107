"""Fine-tuning in the Freeze panel: the head as it is now, the one that suits the targets, and the three actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from ...errors import KerasnbError
from ...report.advice.heads import ACTIVATIONS, head_for
from ...report.advice.present_head import is_cut, present_head
from ...views import is_foreign
from ..base.receiving import Intent
from .fine_tuning import cut_head, freeze_rest, put_head

__all__ = ["FineTuning"]


class FineTuning(traitlets.HasTraits):
    """The part of a Freeze panel that changes the head of the model.

    Attributes:
        y: targets that a new head is for, None where nobody said.
    """

    subject: Any
    y: Any

    head = traitlets.Dict(
        help="{'layers': [...], 'is_cut': ..., 'problem': ..., 'units': ..., 'activation': ..., 'why': ...}"
    ).tag(sync=True)

    def cut_head(self, at: str | None = None) -> list[str]:
        """Take the head away: the last layer with weights and what follows, or all from the layer `at` on."""
        return cut_head(self.subject, at)

    def put_head(self, units: int | None = None, activation: str | None = None) -> str:
        """Put a new head where the former was cut; what is left out suits the targets."""
        return put_head(self.subject, units, activation, self.y)

    def freeze_rest(self, at: str | None = None) -> list[str]:
        """Freeze every layer before the head."""
        return freeze_rest(self.subject, at)

    def take_targets(self, y: Any) -> None:
        """Suggest a head for these targets from now on."""
        self.y = y
        self.show_head()

    def show_head(self) -> None:
        """Say what the head is now, and which one suits the targets."""
        self.head = {**self._head_now(), **self._suited(), "activations": list(ACTIVATIONS)}

    def _head_now(self) -> dict[str, Any]:
        model = self.subject.model
        if is_foreign(model):  # its layers are code of another library
            return {"layers": [], "is_cut": False, "problem": "", "is_offered": False}
        try:
            return {"layers": present_head(model), "is_cut": is_cut(model), "problem": ""}
        except KerasnbError as error:
            return {"layers": [], "is_cut": is_cut(model), "problem": error.message}

    def _suited(self) -> dict[str, Any]:
        if self.y is None:
            return {"units": "", "activation": "softmax", "why": ""}
        head = head_for(self.y)
        return {"units": str(head.units), "activation": head.activation, "why": head.why}

    def tuning_intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        """What the browser may ask for here."""
        return {
            "cut": lambda intent: self.cut_head(intent.text("at")),
            "put_head": lambda intent: self.put_head(intent.of_type("units", int), intent.text("activation")),
            "freeze_rest": lambda intent: self.freeze_rest(intent.text("at")),
        }
