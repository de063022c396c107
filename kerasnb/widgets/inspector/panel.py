"""The Inspector: what any layer of a model gives for any sample, and the weights it does it with."""

from __future__ import annotations

import threading
import zlib
from typing import Any

import numpy as np
import traitlets

from ...errors import DataError, unknown_name
from ...report.activations import dim_ordering_of, is_input, rows_of, viewable_layers
from ...report.dead import dead_units
from ...report.source import source_line
from ..base.backend_name import backend_title
from ..base.door import check_model
from ..base.front_end import is_watched
from ..base.model_events import listen
from ..base.model_name import model_title
from ..base.snapshot import Picture
from .naming import layer_row, variable_name
from .output import looked_at
from .picture import inspector_picture
from .sample import sample_facts, thumbnail
from .traits import InspectorTraits
from .weights import weights_view

__all__ = ["Inspector"]

PICTURE_SECONDS = 0.6


class Inspector(InspectorTraits):
    """Shows a layer's output, weights and gradients for one sample; `layer`, `sample` and `phase` may be set from code.

    Args:
        model: any model, compiled or not.
        x: the samples to choose from; a list of arrays for several inputs.
        y: their targets, to show the label beside the prediction.
    """

    def __init__(self, model: Any, x: Any, y: Any = None, layer: str | None = None):
        check_model("Inspector", model)
        self.model, self._x, self._y = model, x, y
        self._layers = {each.name: each for each in viewable_layers(model)}
        self._count = len(x[0] if isinstance(x, (list, tuple)) else x)
        self._output: np.ndarray | None = None
        # layer -> (the weights it was computed with, units, samples): the same for every sample and phase
        self._dead: dict[str, tuple] = {}
        self._is_ready = False
        self._timer: threading.Timer | None = None
        super().__init__(title=model_title(model), backend=backend_title())
        self.layers = [layer_row(each) for each in self._layers.values()]
        self.samples = {"count": self._count, "name": variable_name(x)}
        self.layer = layer or next((name for name, each in self._layers.items() if not is_input(each)), "")
        self._is_ready = True
        self.on_msg(self._on_message)
        listen(model, self._on_model_event)
        self.refresh()

    @property
    def output(self) -> np.ndarray | None:
        """What the layer gives for the sample, as an array with a batch axis of 1."""
        if self.stale:
            self.refresh()
        return self._output

    def refresh(self) -> None:
        """Compute again what is shown: after the weights changed."""
        self.stale = False
        self._show_sample()
        self._show_layer()

    def follow(self, builder: Any) -> None:
        """Look at whichever layer is selected in the Builder from now on."""
        builder.observe(self._on_selected, "selected")

    def describe(self) -> str:
        return f'{self.title}: layer "{self.layer}", sample {self.sample}, learning phase {self.phase}'

    def picture(self) -> Picture:
        row = next(row for row in self.layers if row["name"] == self.layer)
        return inspector_picture(repr(self), self._output, dim_ordering_of(self._layers[self.layer]), row)

    @traitlets.validate("layer")
    def _validate_layer(self, proposal: Any) -> str:
        if proposal["value"] not in self._layers:
            raise unknown_name(f'layer of model "{self.title}" is called', proposal["value"], self._layers)
        return proposal["value"]

    @traitlets.validate("sample")
    def _validate_sample(self, proposal: Any) -> int:
        if not 0 <= proposal["value"] < self._count:
            raise DataError(
                f"there is no sample {proposal['value']}; x has {self._count:,}.", f"Choose 0 to {self._count - 1}."
            )
        return proposal["value"]

    @traitlets.observe("layer", "phase", "tab")
    def _on_choice(self, change: dict) -> None:
        if self._is_ready:
            self._show_layer()

    @traitlets.observe("sample")
    def _on_sample(self, change: dict) -> None:
        if self._is_ready:
            self.refresh()

    def _on_selected(self, change: dict) -> None:
        chosen = change["new"]
        name = chosen if isinstance(chosen, str) else next(iter(chosen or ()), "")
        if name in self._layers:
            self.layer = name

    def _on_model_event(self, what: str) -> None:
        if what == "freezing":
            self.layers = [layer_row(each) for each in self._layers.values()]
        else:
            # views that nobody sees any more ask for nothing, so they cost nothing
            self.stale = True

    def _on_message(self, _: Any, message: dict, buffers: list) -> None:
        if message.get("kind") == "refresh":
            self.refresh()
        self.error = {}

    def _rows(self) -> list[np.ndarray]:
        return rows_of(self._x, self.sample, self.sample + 1)

    def _show_sample(self) -> None:
        rows = self._rows()
        view = {"index": self.sample, "thumbnail": thumbnail(rows[0][0], dim_ordering_of(self.model.layers[0]))}
        facts = self._attempt(lambda: sample_facts(self.model, rows, self._y, self.sample))
        self.sample_view = view | {"facts": facts or []}

    def _show_layer(self) -> None:
        layer = self._layers[self.layer]
        self.source = source_line(self.model, layer, self.tab, self.samples["name"], self.sample, self.phase)
        self._attempt(lambda: self._compute(layer))
        self._picture_later()

    def _picture_later(self) -> None:
        """Draw the lasting picture: at once for a program, after a pause for a person who moves a slider."""
        if self._timer is not None:
            self._timer.cancel()
        if not self.snapshot.is_shown:
            return
        if not is_watched():
            return self.leave_picture()
        self._timer = threading.Timer(PICTURE_SECONDS, self.leave_picture)
        self._timer.daemon = True
        self._timer.start()

    def _compute(self, layer: Any) -> None:
        key = {"layer": self.layer, "sample": self.sample, "phase": self.phase, "tab": self.tab}
        if self.tab == "Weights":
            self.weights = weights_view(layer, dim_ordering_of(layer))
            self.view = key
            return
        array, view = looked_at(self.model, layer, self._rows(), self.phase, self.tab)
        if self.tab == "Output":
            self._output = array
        self.view = view | key
        self.error = {}
        self._look_for_dead_units(layer)

    def _look_for_dead_units(self, layer: Any) -> None:
        # only where a unit can be dead: a layer that learns and gives nothing below 0
        learns = bool(layer.weights) or type(layer).__name__ == "Activation"
        if (
            self.tab != "Output"
            or not learns
            or self._output is None
            or self._output.min() < 0
            or self.view["kind"] == "numbers"
        ):
            self.dead = {"layer": self.layer, "units": [], "samples": 0}
            return
        units, samples = self._dead_units(layer)
        self.dead = {"layer": self.layer, "units": units, "samples": samples}

    def _dead_units(self, layer: Any) -> tuple[list[int], int]:
        weights = weights_mark(self.model)
        if self._dead.get(layer.name, (None,))[0] != weights:
            self._dead[layer.name] = (weights, *dead_units(self.model, layer, self._x))
        return self._dead[layer.name][1:]

    def _attempt(self, action: Any) -> Any:
        try:
            return action()
        except Exception as error:  # noqa: BLE001  shown in the Inspector's own strip; it stays usable
            self.show_error(error)
            return None


def weights_mark(model: Any) -> tuple[int, ...]:
    """A checksum of every weight; far cheaper than a look at hundreds of samples."""
    return tuple(
        zlib.crc32(np.ascontiguousarray(value).data) for layer in model.layers for value in layer.get_weights()
    )
