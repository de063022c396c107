"""With what a Fit panel compiles its model: what somebody chose, what the model has already, what suits the data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ... import backend as K
from ...callbacks.watching import learning_rate as learning_rate_of
from ...engine.handover import compile_again
from ...errors import ArgumentError
from ...report.advice.ends import output_ends
from ...report.data import suggest_loss, target_kind
from ...workspace import subject_of
from ...workspace.fingerprint import learning_rate
from .optimizer_form import arguments_in, arguments_of, make_optimizer, optimizer_class
from .options import compiled_choice, last_activation, loss_names, name_of, optimizer_names
from .outputs import OutputChoice, OutputChoices, as_arguments, outputs_of

__all__ = ["FitCompiling"]

# these are enough to have a step; what compile was given besides them stays
_OF_OUTPUTS = ("loss", "loss_weights", "metrics")


class FitCompiling(OutputChoices):
    """Knows optimizer, losses and metrics of one model as it is now, and compiles it only where something is different.

    What was chosen counts until it is compiled; from then on it is read from the model, as everything else.

    Args:
        model: or its subject; another model may take its place.
        y: the targets as fit takes them; None where nothing is known of them.
        given: what compile is to be given: optimizer, loss, loss_weights, metrics; what is left out is found, the
            losses of outputs that a dict leaves out as well.
    """

    def __init__(self, model: Any, y: Any, given: Mapping[str, Any]):
        self.subject, self.y = subject_of(model), y
        self._given = {name: value for name, value in given.items() if value is not None}
        self._chosen: dict[str, OutputChoice] = {}  # chosen one by one
        self._arguments: dict[str, dict[str, Any]] = {}  # chosen for an optimizer, by its name
        self._suggestions: dict[str, str] = {}
        by_output = self._given.pop("loss") if isinstance(self._given.get("loss"), dict) else {}
        self._suggestions = self._suggested()
        self._read()
        for output, loss in by_output.items():  # the others keep what they have
            self.set_output(output, loss=loss)

    @property
    def model(self) -> Any:
        """The subject's model as it is now."""
        return self.subject.model

    @property
    def loss_names(self) -> list[str]:
        """The losses to choose from."""
        return loss_names()

    @property
    def optimizer_names(self) -> list[str]:
        """The optimizers to choose from."""
        return optimizer_names()

    @property
    def names(self) -> list[str]:
        """The names of the outputs."""
        return list(getattr(self.model, "output_names", ())) or [""]

    def look(self) -> None:
        """Find anew what suits the model and the targets; what was chosen for outputs that are gone is forgotten."""
        self._suggestions = self._suggested()
        try:
            self._read()
        except ArgumentError:
            if not self._chosen and all(name not in self._given for name in _OF_OUTPUTS):
                raise
            self._given = {name: value for name, value in self._given.items() if name not in _OF_OUTPUTS}

    # ---- outputs

    @property
    def outputs(self) -> tuple[OutputChoice, ...]:
        """Loss, weight and metrics of each output."""
        return tuple(self._chosen.get(each.name, each) for each in self._read())

    def _read(self) -> tuple[OutputChoice, ...]:
        """What was given to the panel, what the model was compiled with, or what suits."""
        return outputs_of(self.names, *(self._base(name) for name in _OF_OUTPUTS))

    def _base(self, name: str) -> Any:
        compiled = (self.model.compile_arguments or {}) if self.model.is_compiled else {}
        if name in self._given:
            return self._given[name]
        if compiled.get(name):
            return compiled[name]
        if name == "loss":
            return [self.suggested(output) or None for output in self.names]
        if name == "metrics" and not compiled:
            wanted = zip(self.names, self._targets(), strict=True)
            return {output: ["accuracy"] for output, y in wanted if y is not None and target_kind(y)[1]}
        return None

    def _suggested(self) -> dict[str, str]:
        ends = output_ends(self.model)
        if len(ends) == 1 or not ends:
            shape = self.model.output_shape
            width = shape[-1] if isinstance(shape, tuple) else None
            forms = [(width, last_activation(self.model))]
        else:
            forms = [(end.width, end.activation or None) for end in ends]
        rows = zip(self.names, self._targets(), forms, strict=True)
        return {name: "" if y is None else suggest_loss(y, *form) for name, y, form in rows}

    # ---- optimizer

    @property
    def optimizer(self) -> str:
        """The optimizer's name."""
        given = self._given.get("optimizer")
        return name_of(given) if given is not None else compiled_choice(self.model, "optimizer") or "adam"

    @optimizer.setter
    def optimizer(self, name: str) -> None:
        if name != self.optimizer:
            if name == compiled_choice(self.model, "optimizer"):
                self._given.pop("optimizer", None)
            else:
                self._given["optimizer"] = name

    @property
    def optimizer_class(self) -> Any:
        """Its class; None for one whose constructor is not ours."""
        present = self._present_optimizer()
        return optimizer_class(self.optimizer) or (type(present) if arguments_of(present) else None)

    @property
    def optimizer_arguments(self) -> dict[str, Any]:
        """The arguments that differ from the constructor's own, without the learning rate."""
        chosen = self._arguments.get(self.optimizer)
        return arguments_of(self._present_optimizer()) if chosen is None else chosen

    def set_optimizer_arguments(self, values: Mapping[str, Any]) -> None:
        """Give the optimizer other arguments, as text of a form or as values; the model is compiled so at the next fit.

        Raises:
            ArgumentError: it has no such argument, or cannot have such a value.
        """
        cls = self.optimizer_class
        if cls is None:
            raise ArgumentError(
                f"the arguments of {self.optimizer} cannot be read here.", "Give the optimizer itself: optimizer=..."
            )
        read = arguments_in(cls, {**self.optimizer_arguments, **values})
        self._arguments[self.optimizer] = arguments_of(cls(**read))

    def _present_optimizer(self) -> Any:
        """The object that the name stands for: what was given, else what the model is compiled with."""
        given = self._given.get("optimizer")
        if given is not None and not isinstance(given, str):
            return given
        is_compiled = self.model.is_compiled and (given is None or self.is_compiled_with(given.lower()))
        return self.model.optimizer if is_compiled else None

    def is_compiled_with(self, optimizer: str) -> bool:
        """Whether the model has this optimizer already."""
        return compiled_choice(self.model, "optimizer") == optimizer

    @property
    def rate(self) -> float | None:
        """The learning rate at which a fit begins; None where that is known after compile only."""
        return learning_rate(self._present_optimizer())

    def set_rate(self, rate: float) -> None:
        """Give the optimizer that is there another learning rate; counts from the next step.

        Raises:
            ArgumentError: a schedule says what the rate is.
        """
        K.set_value(learning_rate_of(self.model, "learning_rate"), rate)

    # ---- compile

    def prepare(self, rate: float | None = None) -> None:
        """Compile where needed, and set the learning rate where one is wanted.

        Raises:
            ArgumentError: an output whose loss nobody knows, or what compile refuses.
        """
        changes = self._changes()
        if changes:
            compile_again(self.model, **self._compiled_with(changes))
        self._given, self._chosen, self._arguments = {}, {}, {}
        if rate is not None:
            self.set_rate(rate)

    def refuse_data(self, data: Mapping[str, Any]) -> None:
        """Refuse what fit is given where it would refuse it, before anything is compiled.

        A model of another library is asked by its own fit.

        Raises:
            DataError: data that do not fit the model, or the loss.
        """
        if hasattr(self.model, "refuse_data"):
            self.model.refuse_data(self._compiled_with(self._changes()), **data)

    def _compiled_with(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """All arguments of compile, these ones changed."""
        former = (self.model.compile_arguments or {}) if self.model.is_compiled else {}
        return {**{name: value for name, value in former.items() if value is not None}, **changes}

    def _changes(self) -> dict[str, Any]:
        """The arguments of compile that are others than those the model is compiled with."""
        changes: dict[str, Any] = {}
        if not self._has_optimizer():
            changes["optimizer"] = self._new_optimizer()
        outputs = self.outputs
        if not self.model.is_compiled or not self._has_outputs(outputs):
            if all(each.loss is None for each in outputs) and not getattr(self.model, "losses", None):
                raise ArgumentError(
                    "the targets are not known, so no loss can be suggested.",
                    'Choose one, such as loss="categorical_crossentropy".',
                    arguments=("loss",),
                )
            changes |= {"loss_weights": None} if "loss_weights" in (self.model.compile_arguments or {}) else {}
            changes |= as_arguments(outputs)
        return changes

    def _has_outputs(self, wanted: tuple[OutputChoice, ...]) -> bool:
        compiled = self.model.compile_arguments or {}
        present = outputs_of(self.names, *(compiled.get(name) for name in _OF_OUTPUTS))
        return [each.words for each in present] == [each.words for each in wanted]

    def _has_optimizer(self) -> bool:
        given = self._given.get("optimizer")
        if given is not None and not isinstance(given, str):
            return self.model.is_compiled and self.model.compile_arguments.get("optimizer") is given
        chosen = self._arguments.get(self.optimizer)
        is_there = self.is_compiled_with(self.optimizer)
        return is_there and (chosen is None or chosen == arguments_of(self.model.optimizer))

    def _new_optimizer(self) -> Any:
        chosen, given = self._arguments.get(self.optimizer), self._given.get("optimizer")
        cls = self.optimizer_class
        if chosen is None or cls is None:
            return self.optimizer if given is None else given
        return make_optimizer(cls, chosen, self.rate)
