"""What a Fit panel and its browser half share."""

from __future__ import annotations

from typing import Any

import traitlets

from ...errors import ArgumentError, unknown_name
from ...machines.asked import place_asked
from ..base.clicks import answer_where_asked, clicks_wait
from ..base.lasting import bundle
from ..base.threads import threads_start
from ..curves.panel import CurvePanel
from .advice_traits import AdviceTraits
from .batch_data import LENGTHS
from .compile_traits import CompileTraits
from .options import read_class_weight, read_fraction, read_number
from .run_traits import RunTraits

__all__ = ["FitTraits"]

NUMBERS = ("batch_size", "nb_epoch", "learning_rate")
COUNTS = (*LENGTHS, *LENGTHS.values())  # of a generator, in batches or in samples


class FitTraits(RunTraits, CompileTraits, AdviceTraits, CurvePanel):
    """The state of a Fit panel: the options a person may set, and what the panel shows."""

    _esm, _css = bundle("fit").values()

    batch_size = traitlets.Any(32, help="Samples in one step.").tag(sync=True)
    nb_epoch = traitlets.Any(10, help="Times through the data.").tag(sync=True)
    validation_split = traitlets.Any(0.0, help="The last fraction of the samples validates; 0: none of them.").tag(
        sync=True
    )
    changed = traitlets.Unicode(help="What was done to the model since the last fit.").tag(sync=True)

    state = traitlets.Enum(["idle", "preparing", "running", "paused", "stopping"], "idle").tag(sync=True)
    totals = traitlets.Dict(help="Trainable, frozen and other parameters.").tag(sync=True)
    clicks_wait = traitlets.Bool(help="Whether clicks are handled after a running cell only.").tag(sync=True)
    foreground = traitlets.Bool(help="Whether training holds up everything else, because no thread can start.").tag(
        sync=True
    )

    @traitlets.default("clicks_wait")
    def _clicks_wait(self) -> bool:
        return clicks_wait()

    @traitlets.default("foreground")
    def _foreground(self) -> bool:
        return not threads_start()

    @traitlets.observe("comm")
    def _on_comm(self, change: Any) -> None:
        answer_where_asked(change["new"])

    @traitlets.validate("batch_size", "nb_epoch", "learning_rate")
    def _validate_number(self, proposal: Any) -> float | int | None:
        name, value = proposal["trait"].name, proposal["value"]
        return None if value is None and name == "learning_rate" else read_number(name, value)

    @traitlets.validate("validation_split")
    def _validate_split(self, proposal: Any) -> float:
        split = read_fraction("validation_split", proposal["value"])
        if split and hasattr(self, "fit_data") and not self.data["can_split"]:
            raise ArgumentError(
                "validation_split needs arrays; here are batches.",
                "Give validation_data=(x_val, y_val).",
                arguments=("validation_split",),
            )
        return split

    @traitlets.observe("validation_split")
    def _on_split(self, change: Any) -> None:
        if hasattr(self, "fit_data"):
            self.fit_data.validation_split = change["new"]
            self.look()

    def set_option(self, name: str, value: Any) -> None:
        """Take an option as it was typed or chosen.

        Raises:
            ArgumentError: a number that cannot be used, a name that is none of the choices.
        """
        if name in COUNTS:
            return self._set_length(name, value)
        if name == "class_weight":
            return self._set_class_weight(value)
        if name == "machines":
            return self._set_machines(value)
        if name == "returns_good":
            if not isinstance(value, bool):
                raise ArgumentError(f"returns_good needs True or False, got {value!r}.")
        elif name in ("optimizer", "loss"):
            if value not in self.choices[name]:
                raise unknown_name(f"{name} is called", value, self.choices[name])
        elif name in NUMBERS:
            value = read_number(name, value)
        elif name != "validation_split":
            known = ("optimizer", "loss", "returns_good", "validation_split", "class_weight", "machines")
            raise unknown_name("option is called", name, (*known, *NUMBERS, *COUNTS))
        setattr(self, name, value)

    def _set_class_weight(self, value: Any) -> None:
        """Say how much a sample of each class counts; nothing typed lets all count the same."""
        weights = read_class_weight(value)
        self.fit_arguments.pop("class_weight", None)
        if weights:
            self.fit_arguments["class_weight"] = weights
        self.look()

    def _set_machines(self, where: Any) -> None:
        """Say on which machines to train; nothing typed trains in the kernel."""
        if where:
            place_asked(where)
        self.fit_arguments.pop("machines", None)
        if where:
            self.fit_arguments["machines"] = where
        self.look()

    def _set_length(self, name: str, value: Any) -> None:
        """Say how long an epoch of batches is; nothing typed takes the length that the batches have themselves."""
        wanted = None if value in (None, "") else read_number(name, value)
        self.fit_arguments.pop(name, None)
        if wanted is not None:
            self.fit_arguments[name] = wanted
        self.look()
