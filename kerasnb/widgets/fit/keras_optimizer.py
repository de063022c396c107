"""Which optimizer a model of Keras is to have, with which arguments: chosen by its name and a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import ArgumentError
from ...workspace import Subject
from ..builder.document.fields import fields_of
from .optimizer_form import arguments_in, arguments_of, make_optimizer
from .options import name_of

__all__ = ["OptimizerOfKeras"]


class OptimizerOfKeras:
    """What is chosen counts from the next compile; until then the model keeps its own."""

    subject: Subject

    def begin_optimizer(self, given: dict[str, Any]) -> None:
        """Forget what was chosen.

        Args:
            given: what compile is to be given.
        """
        self._given = given
        self._arguments: dict[str, dict[str, Any]] = {}  # chosen for an optimizer, by its name

    @property
    def view(self) -> Any:
        """The subject's view as it is now."""
        return self.subject.view

    @property
    def optimizer_names(self) -> list[str]:
        """The optimizers to choose from, as Keras knows them by name."""
        return sorted(self._classes)

    @property
    def _classes(self) -> dict[str, Any]:
        base = self.view.keras.optimizers.Optimizer
        found = [value for value in vars(self.view.keras.optimizers).values() if isinstance(value, type)]
        return {value.__name__.lower(): value for value in found if issubclass(value, base) and value is not base}

    @property
    def optimizer(self) -> str:
        """The optimizer's name."""
        given = self._given.get("optimizer")
        if given is not None:
            return name_of(given)
        return type(self.view.model.optimizer).__name__.lower() if self.view.is_compiled else "adam"

    @optimizer.setter
    def optimizer(self, name: str) -> None:
        if name != self.optimizer:
            self._given["optimizer"] = name

    def set_optimizer_arguments(self, values: Mapping[str, Any]) -> None:
        """Give the optimizer other arguments, as text of a form or as values; the model is compiled so at the next fit.

        Raises:
            ArgumentError: it has no such argument, or cannot have such a value.
        """
        cls = self.optimizer_class
        if cls is None:
            raise ArgumentError(
                f"the arguments of {self.optimizer} cannot be read here.",
                "Compile the model with another: model.compile(keras.optimizers.Adam(...), ...).",
            )
        read = arguments_in(cls, {**self.optimizer_arguments, **values})
        self._arguments[self.optimizer] = self._read_from(cls(**read))

    @property
    def optimizer_class(self) -> Any:
        """Its class; None for one whose arguments cannot be read, as of an optimizer around another."""
        present = self._present_optimizer()
        cls: Any = self._classes.get(self.optimizer) if present is None else type(present)
        is_known = cls is not None and issubclass(cls, self.view.keras.optimizers.Optimizer)
        return cls if is_known and not any(field.is_required for field in fields_of(cls)) else None

    @property
    def optimizer_arguments(self) -> dict[str, Any]:
        """The arguments that differ from the constructor's own, without the learning rate."""
        chosen = self._arguments.get(self.optimizer)
        return self._read_from(self._present_optimizer()) if chosen is None else chosen

    def _read_from(self, optimizer: Any) -> dict[str, Any]:
        return arguments_of(optimizer, self.view.keras.optimizers.Optimizer)

    def _present_optimizer(self) -> Any:
        """The object that the name stands for: what was given, else what the model is compiled with."""
        given = self._given.get("optimizer")
        if given is not None and not isinstance(given, str):
            return given
        return self.view.model.optimizer if self.is_compiled_with(self.optimizer) else None

    def new_optimizer(self) -> Any:
        """One with the arguments that were chosen; None where they are as they were."""
        chosen, present = self._arguments.get(self.optimizer), self._present_optimizer()
        if chosen is None or (present is not None and chosen == self._read_from(present)):
            return None
        return self.view.with_state(make_optimizer(self.optimizer_class, chosen, _rate_of(present)))

    def is_compiled_with(self, optimizer: str) -> bool:
        """Whether the model has this optimizer already."""
        return self.view.is_compiled and type(self.view.model.optimizer).__name__.lower() == optimizer

    @property
    def rate(self) -> float | None:
        """The learning rate at which a fit begins."""
        return self.view.learning_rate if "optimizer" not in self._given else None

    def set_rate(self, rate: float) -> None:
        """Counts from the next step."""
        self.view.learning_rate = rate


def _rate_of(optimizer: Any) -> Any:
    """Its learning rate, or the schedule that says what it is."""
    rate: Any = getattr(optimizer, "_learning_rate", None)
    return float(f"{float(rate.numpy()):.6g}") if hasattr(rate, "assign") else rate
