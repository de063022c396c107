"""The part of a Fit panel that says how its model is compiled: optimizer, rate, losses and metrics."""

from __future__ import annotations

from typing import Any

import traitlets

from ...errors import ArgumentError, unknown_name
from ...workspace import Subject
from .compiling import FitCompiling
from .keras_compiling import KerasCompiling
from .optimizer_form import RATES, optimizer_form
from .outputs import read_metrics, read_weight

__all__ = ["CompileTraits"]


class CompileTraits(traitlets.HasTraits):
    """A part of a panel that has a subject. What is chosen here is compiled when the next fit begins."""

    subject: Subject

    optimizer = traitlets.Unicode(help="As compile takes it.").tag(sync=True)
    optimizer_form = traitlets.Dict(help="The optimizer's arguments: fields, and the values that were changed.").tag(
        sync=True
    )
    loss = traitlets.Unicode(help="As compile takes it; of several outputs, in a row.").tag(sync=True)
    outputs: Any = traitlets.List(help="Loss, weight and metrics of each output.").tag(sync=True)
    learning_rate = traitlets.Any(None, allow_none=True, help="Takes effect at once.").tag(sync=True)
    choices = traitlets.Dict(help="What optimizer and loss may be.").tag(sync=True)
    suggested_loss = traitlets.Unicode(help="What suits data and model; empty where that is not known.").tag(sync=True)

    def begin_compiling(self, compiling: FitCompiling | KerasCompiling) -> None:
        """Show from now on what the model is, or is to be, compiled with."""
        self._compiling = compiling
        self._wanted_rate: float | None = None  # for the next compile; once there is an optimizer, it alone knows
        self._shown_rate: float | None = None
        self.show_choices()

    @property
    def losses(self) -> tuple[str | None, ...]:
        """The name of each output's loss; None for an output that has none."""
        return tuple(each.words["loss"] or None for each in self._compiling.outputs)

    def set_output(self, output: str, *, loss: Any = None, weight: Any = None, metrics: Any = None) -> None:
        """Choose how one output is trained; what is left out stays.

        Args:
            output: its name.
            loss: a name or function.
            weight: the factor of its loss.
            metrics: names or functions, or names with commas between them.

        Raises:
            UnknownNameError: an output, loss or metric that nobody knows; nothing was changed.
            BusyError: the model is training.
        """
        self.subject.refuse_while_training()
        present = next((each for each in self._compiling.outputs if each.name == output), None)
        changes: dict[str, Any] = {}
        if isinstance(loss, str) and loss not in self.choices["loss"]:
            raise unknown_name("loss is called", loss, self.choices["loss"])
        if loss is not None:
            changes["loss"] = present.loss if present is not None and present.words["loss"] == loss else loss
        if weight is not None:
            changes["weight"] = read_weight(weight)
        if metrics is not None:
            changes["metrics"] = read_metrics(metrics, present.metrics if present is not None else ())
        self._compiling.set_output(output, **changes)
        self.show_choices()

    def set_optimizer_arguments(self, **arguments: Any) -> None:
        """Give the optimizer other arguments; what the optimizer knows of each weight is kept at the next fit.

        Raises:
            ArgumentError: it has no such argument, or cannot have such a value; nothing was changed.
            BusyError: the model is training.
        """
        self.subject.refuse_while_training()
        rate = next((arguments.pop(name) for name in RATES if name in arguments), None)
        self._compiling.set_optimizer_arguments(arguments)
        if rate is not None:
            self.learning_rate = rate
        self.show_choices()

    def set_loss_of(self, output: int, loss: str) -> None:
        """Choose the loss of one of several outputs, by its place; the others keep theirs."""
        self.set_output(self._compiling.names[output], loss=loss)

    def prepare_compile(self) -> float | None:
        """Compile the model where it is to be otherwise, at the rate that somebody wants; returns that rate."""
        wanted, self._wanted_rate = self._wanted_rate, None
        self._compiling.prepare(wanted)
        self.show_choices()
        return wanted

    def show_choices(self) -> None:
        """Show everything as it is now."""
        compiling = self._compiling
        outputs = [each.words | {"suggested": compiling.suggested(each.name)} for each in compiling.outputs]
        self.optimizer, self.loss = compiling.optimizer, compiling.loss
        self.suggested_loss = ", ".join(each["suggested"] for each in outputs)
        self.outputs = outputs
        self.optimizer_form = optimizer_form(compiling.optimizer_class, compiling.optimizer_arguments)
        losses = [*compiling.loss_names, *(each["loss"] for each in outputs if each["loss"])]
        self.choices = {
            "optimizer": list(dict.fromkeys([*compiling.optimizer_names, self.optimizer])),
            "loss": list(dict.fromkeys(losses)),
        }
        self.show_rate()

    def show_rate(self) -> None:
        """Read the learning rate of the optimizer, which a callback may have moved."""
        if hasattr(self, "_compiling"):
            wanted = self._wanted_rate
            self._shown_rate = self._compiling.rate if wanted is None else wanted
            self.learning_rate = self._shown_rate

    @traitlets.observe("learning_rate")
    def _on_learning_rate(self, change: dict) -> None:
        """A rate that somebody wants: the optimizer has it at once where there is one, else the next one."""
        wanted = change["new"]
        if not hasattr(self, "_compiling") or wanted == self._shown_rate:
            return
        if wanted is not None and self._compiling.is_compiled_with(self.optimizer):
            self._wanted_rate = None
            try:
                self._compiling.set_rate(wanted)
            except ArgumentError:
                self.show_rate()
                raise
        else:
            self._wanted_rate = wanted
        self.show_rate()
        self.subject.look()

    @traitlets.observe("optimizer")
    def _on_optimizer(self, change: dict) -> None:
        if hasattr(self, "_compiling") and change["new"] != self._compiling.optimizer:
            self._compiling.optimizer = change["new"]
            self.show_choices()

    @traitlets.observe("loss")
    def _on_loss(self, change: dict) -> None:
        if not hasattr(self, "_compiling") or change["new"] == self._compiling.loss:
            return
        losses = [name.strip() for name in change["new"].split(",")]
        names = self._compiling.names
        if len(losses) not in (1, len(names)):
            raise ArgumentError(f"loss needs one name or {len(names)}, got {change['new']!r}.", arguments=("loss",))
        for name, loss in zip(names, losses * (len(names) if len(losses) == 1 else 1), strict=True):
            self._compiling.set_output(name, loss=loss)
        self.show_choices()
