"""With what a Fit panel compiles its model: what the user gave, what the model has already, what suits the data."""

from __future__ import annotations

from typing import Any

from ... import backend as K
from ...report.data import suggest_loss
from ...workspace import subject_of
from ...workspace.fingerprint import learning_rate
from .options import compiled_choice, last_activation, name_of

__all__ = ["FitCompiling"]


class FitCompiling:
    """Knows optimizer, loss and metrics of one model as it is now, and compiles it only where something is different.

    Args:
        model: or its subject; another model may take its place.
        given: what the panel was constructed with: optimizer, loss, metrics, None where left out.
        classes: number of classes in the targets, None where there are none.
    """

    def __init__(self, model: Any, y: Any, given: dict[str, Any], classes: int | None):
        self.subject, self.given, self.classes = subject_of(model), given, classes
        self._y = y
        self.look()

    @property
    def model(self) -> Any:
        return self.subject.model

    def look(self) -> None:
        """Find anew which loss suits the model and the targets."""
        shape = self.model.output_shape
        width = shape[-1] if isinstance(shape, tuple) else None
        self.suggested_loss = suggest_loss(self._y, width, last_activation(self.model))

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

    def is_compiled_with(self, optimizer: str) -> bool:
        """Whether the model has this optimizer already."""
        return compiled_choice(self.model, "optimizer") == optimizer

    def rate(self, optimizer: str) -> float | None:
        """The learning rate at which a fit with this optimizer begins; None where that is known after compile only."""
        given = self.given["optimizer"]
        if self.is_compiled_with(optimizer):
            return learning_rate(self.model.optimizer)
        return learning_rate(given) if given is not None and name_of(given) == optimizer else None

    def set_rate(self, rate: float) -> None:
        """Give the optimizer that is there another learning rate; counts from the next step."""
        K.set_value(self.model.optimizer.lr, rate)

    def prepare(self, optimizer: str, loss: str, rate: float | None) -> None:
        """Compile where needed, and set the learning rate where one is wanted."""
        chosen = {"optimizer": optimizer, "loss": loss}
        if any(compiled_choice(self.model, name) != choice for name, choice in chosen.items()):
            self.model.compile(**self._arguments(chosen))
        if rate is not None:
            self.set_rate(rate)

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
