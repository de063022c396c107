"""With what a Fit panel compiles its model: what the user gave, what the model has already, what suits the data."""

from __future__ import annotations

from typing import Any

from ... import backend as K
from ...report.data import suggest_loss
from .options import compiled_choice, last_activation, name_of

__all__ = ["FitCompiling"]


class FitCompiling:
    """Knows optimizer, loss and metrics of one model, and compiles it only where something is different.

    Args:
        given: what the panel was constructed with: optimizer, loss, metrics, None where left out.
        classes: number of classes in the targets, None where there are none.
    """

    def __init__(self, model: Any, y: Any, given: dict[str, Any], classes: int | None):
        self.model, self.given, self.classes = model, given, classes
        shape = model.output_shape
        width = shape[-1] if isinstance(shape, tuple) else None
        self.suggested_loss = suggest_loss(y, width, last_activation(model))

    def first_choice(self, name: str) -> str:
        """What the panel shows at first: what was given, else what the model was compiled with, else what suits."""
        if self.given[name] is not None:
            return name_of(self.given[name])
        return compiled_choice(self.model, name) or {"optimizer": "adam", "loss": self.suggested_loss}[name]

    def set_loss_of(self, output: int, loss: str) -> None:
        """Give one of several outputs another loss; the others keep what was given or compiled."""
        names = list(self.model.output_names)
        chosen = self.given["loss"] or (self.model.compile_arguments or {}).get("loss") or self.suggested_loss
        if isinstance(chosen, dict):
            chosen = [chosen[name] for name in names]
        losses = list(chosen) if isinstance(chosen, (list, tuple)) else [chosen] * len(names)
        losses[output] = loss
        self.given["loss"] = losses

    def prepare(self, optimizer: str, loss: str, learning_rate: float | None) -> float:
        """Compile where needed, set the learning rate; returns the one in force."""
        chosen = {"optimizer": optimizer, "loss": loss}
        if any(compiled_choice(self.model, name) != choice for name, choice in chosen.items()):
            self.model.compile(**self._arguments(chosen))
        if learning_rate is not None:
            K.set_value(self.model.optimizer.lr, learning_rate)
        return float(f"{float(K.get_value(self.model.optimizer.lr)):.6g}")

    def _arguments(self, chosen: dict[str, str]) -> dict[str, Any]:
        arguments = dict((self.model.compile_arguments or {}) if self.model.is_compiled else {})
        for name, choice in chosen.items():
            if compiled_choice(self.model, name) != choice:
                arguments[name] = self._object_for(name, choice)
        if not arguments.get("metrics"):
            arguments["metrics"] = self.given["metrics"] or (["accuracy"] if self.classes else None)
        return arguments

    def _object_for(self, name: str, choice: str) -> Any:
        original = self.given[name]
        return original if original is not None and name_of(original) == choice else choice
