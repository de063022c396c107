"""One output with its targets and its loss, and the fixes that are made of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .ends import OutputEnd
from .facts import TargetFacts
from .findings import Advice, Fix, LayerEdit, OptionEdit

__all__ = ["BINARY", "CATEGORICAL", "CROSSENTROPIES", "Case", "DISTANCES", "HINGES", "SPARSE"]

CATEGORICAL, SPARSE, BINARY = "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy"
CROSSENTROPIES = (CATEGORICAL, SPARSE, BINARY)
DISTANCES = ("mse", "mean_squared_error", "mae", "mean_absolute_error")
HINGES = ("hinge", "squared_hinge")


class Case:
    """One output with its targets and loss, and the fixes that are made of them."""

    def __init__(self, y: TargetFacts, output: OutputEnd, loss: str, place: int | None):
        self.y, self.output, self.loss, self.place = y, output, loss, place
        self.width, self.activation = output.width, output.activation
        self.classes = y.classes or 0
        self.last = f'The last layer "{output.name}"'

    def says(self, severity: Any, text: str, *fixes: Fix | None) -> Advice:
        """Advice about this output; fixes that are None are left out."""
        return Advice(severity, self.output.name, text, tuple(fix for fix in fixes if fix is not None))

    def end_with(self, width: int, activation: str, loss: str) -> Fix | None:
        """The last layer with this width and activation, and this loss; only what differs is changed."""
        edits: list[Any] = []
        output = self.output
        if width != self.width:
            if output.units_layer is None:
                return None
            edits.append(LayerEdit(output.units_layer, {output.units_argument: width}))
        if activation != self.activation:
            if output.activation_layer is None:
                return None
            edits.append(LayerEdit(output.activation_layer, {"activation": activation}))
        if loss != self.loss:
            edits.append(self.use(loss))
        words = [f"{width} outputs"] if width != self.width else []
        words += [activation] if activation != self.activation else []
        words += [loss] if loss != self.loss else []
        return Fix("Use " + ", ".join(words), tuple(_joined(edits)))

    def take(self, loss: str) -> Fix:
        """Another loss, and nothing else."""
        return Fix(f"Use {loss}", (self.use(loss),))

    def use(self, loss: str) -> OptionEdit:
        """The edit that chooses a loss for this output."""
        return OptionEdit("loss", loss, self.place)


def _joined(edits: list[Any]) -> Iterator[Any]:
    """Two edits of one layer as one."""
    layers: dict[str, dict[str, Any]] = {}
    for edit in edits:
        if isinstance(edit, LayerEdit):
            layers.setdefault(edit.layer, {}).update(edit.arguments)
    yield from (LayerEdit(layer, arguments) for layer, arguments in layers.items())
    yield from (edit for edit in edits if not isinstance(edit, LayerEdit))
