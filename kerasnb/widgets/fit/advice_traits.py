"""The part of a Fit panel that looks at data, model and options before a training, and mends them by a click."""

from __future__ import annotations

from typing import Any

import traitlets

from ...report.advice import Advice, Fix, LayerEdit, NewLayer, OptionEdit, Preparation
from ...report.advice.situation import Plan
from ...views import is_foreign
from .advising import Advising
from .batch_data import BatchData
from .fit_data import FitData
from .options import also_given

__all__ = ["AdviceTraits"]


class AdviceTraits(traitlets.HasTraits):
    """A part of a panel that has a model and options."""

    model: Any
    losses: Any
    batch_size: Any
    learning_rate: Any
    totals: Any
    optimizer_form: Any
    set_option: Any

    data = traitlets.Dict(help="The data in figures, and what was done to it here.").tag(sync=True)
    advice = traitlets.Dict(help="What speaks against a training: {'serial': ..., 'rows': [...]}.").tag(sync=True)

    also: Any = traitlets.List(help="What else fit is given: [{'name', 'text', 'is_editable'}].").tag(sync=True)

    machines: Any = traitlets.Unicode(
        "", allow_none=True, help="Where it trains; '': in this kernel; None: it can only train there."
    ).tag(sync=True)

    fit_data: FitData | BatchData
    fit_arguments: dict[str, Any]

    def begin_advice(self, data: FitData | BatchData, fit_arguments: dict[str, Any]) -> None:
        """Look from now on."""
        self.fit_data, self.fit_arguments, self._advising = data, fit_arguments, Advising()
        self._aftermath: Advice | None = None
        self.look()

    def advise_after(self, aftermath: Advice | None) -> None:
        """Say first what may be done after the last training; None: nothing has to be."""
        self._aftermath = aftermath
        self._advise()

    def look(self) -> None:
        """Show the figures of the data, and what speaks against training as things are."""
        self.data = self.fit_data.card(self.model, self.fit_arguments)
        self.also = also_given(self.fit_arguments)
        # arrays are cut into the machines' parts; Keras's own fit knows of no machines
        can_choose = self.data["can_split"] and not is_foreign(self.model)
        self.machines = (self.fit_arguments.get("machines") or "") if can_choose else None
        self._advise()

    @traitlets.observe("outputs", "batch_size", "learning_rate", "totals")
    def _advise(self, _: Any = None) -> None:
        if hasattr(self, "_advising"):
            found = self.fit_data.advice(self.model, self._plan(), self.fit_arguments)
            self._advising.show([*([self._aftermath] if self._aftermath else []), *found])
            self.advice = self._advising.screen(self.can_edit_layers)

    def _plan(self) -> Plan:
        return Plan(
            losses=self.losses,
            batch_size=self.batch_size,
            validation_split=self.fit_data.validation_split,
            class_weight=self.fit_arguments.get("class_weight"),
            learning_rate=self.learning_rate,
            trains=self.totals.get("trainable", 1) > 0,
        )

    def click_fix(self, message: dict[str, Any]) -> None:
        """Take the fix whose button was clicked.

        Raises:
            ArgumentError: the advice has changed since the button was drawn.
        """
        self.apply_fix(self._advising.chosen(message.get("serial"), message.get("row"), message.get("place")))

    def apply_fix(self, fix: Fix) -> None:
        """Do all that a fix says: to the model first, which may refuse, then to data and options."""
        if self._aftermath is not None and fix in self._aftermath.fixes:
            self._aftermath = None
        layers = [edit for edit in fix.edits if isinstance(edit, LayerEdit)]
        if layers:
            self.edit_layers({edit.layer: dict(edit.arguments) for edit in layers})
        for edit in fix.edits:
            if isinstance(edit, NewLayer):
                self.put_layer(edit.class_name, edit.before)
        self.fit_data.prepare([edit for edit in fix.edits if isinstance(edit, Preparation)])
        for edit in fix.edits:
            if isinstance(edit, OptionEdit):
                self._set_option(edit)
        self.look()

    def undo_preparation(self) -> None:
        """Take the last thing back that was done to the data here."""
        self.fit_data.undo()
        self.look()

    def _set_option(self, edit: OptionEdit) -> None:
        if edit.name in {field["name"] for field in self.optimizer_form["fields"]}:
            self.set_optimizer_arguments(**{edit.name: edit.value})
        elif edit.output is None:
            self.set_option(edit.name, edit.value)
        else:
            self.set_loss_of(edit.output, edit.value)

    # what the panel answers

    @property
    def can_edit_layers(self) -> bool:
        """Whether layers of the model can be given other arguments."""
        raise NotImplementedError

    def edit_layers(self, arguments: dict[str, dict[str, Any]]) -> None:
        """Give layers other arguments, by their names, as one edit of the model."""
        raise NotImplementedError

    def put_layer(self, class_name: str, before: str) -> None:
        """Put a layer without arguments of its own before one of the model, as one edit."""
        raise NotImplementedError

    def set_loss_of(self, output: int, loss: str) -> None:
        """Choose the loss of one of several outputs."""
        raise NotImplementedError

    def set_optimizer_arguments(self, **arguments: Any) -> None:
        """Give the optimizer other arguments."""
        raise NotImplementedError
