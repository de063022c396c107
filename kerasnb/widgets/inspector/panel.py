"""The Inspector: what any layer of a model gives for any sample, and the weights it does it with."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import traitlets

from ...backend.runtime.freed import give_back
from ...errors import ArgumentError, DataError, unknown_name
from ...report.activations import dim_ordering_of, is_input, rows_of
from ...report.attribution import answers_of, units_of
from ...report.dead import dead_units
from ...report.pieces import between_pieces
from ...report.presentation import Presentation
from ...report.source import Shown, source_code, source_line
from ...views import class_of, view_of
from ...workspace.listeners import Change
from ..base.backend_name import backend_title
from ..base.door import whole_model
from ..base.epoch_ends import EpochEnds
from ..base.following import Following
from ..base.front_end import is_watched
from ..base.newest_work import NewestWork
from ..base.receiving import Intent
from ..base.snapshot import Picture
from ..base.threads import soon
from .files import picture_bytes, write_picture
from .naming import layer_row, layers_looked_at, variable_name
from .output import Looked, looked_at, on_one_scale
from .picture import drawn_picture, inspector_picture
from .recording import SAMPLES, Recording
from .sample import check_lengths, check_shapes, in_order, sample_facts, thumbnail
from .traits import InspectorTraits
from .weights import first_weight, weight_page, weight_views
from .words import Words

__all__ = ["Inspector"]

PICTURE_SECONDS = 0.3
LARGE = 4 << 20  # bytes of an output, from which on freed memory is felt
EPOCHS_SECONDS = 0.5  # between two drawings while it trains


class Inspector(Following, InspectorTraits):
    """Shows a layer's output, weights and gradients for one sample; `layer`, `sample` and `phase` may be set from code.

    Args:
        model: any model, compiled or not, or a Builder whose model it follows.
        x: the samples to choose from; a list of arrays for several inputs.
        y: their targets, to show the label beside the prediction.
        layer: the one to look at first.
        vocabulary: of samples that are word numbers: word -> number as a Tokenizer has it, or words in a list.

    Raises:
        DataError: inputs, or inputs and targets, of different lengths, or samples that the model does not take.
    """

    def __init__(self, model: Any, x: Any, y: Any = None, layer: str | None = None, vocabulary: Any = None):
        self.subject = subject = whole_model("Inspector", model)
        name = variable_name(x, "x")
        x, y = in_order("x", x, subject.view.input_keys), in_order("y", y, subject.view.output_names)
        check_lengths(x, y)
        check_shapes(subject.model, x)
        self._x, self._y = x, y
        self._words = None if vocabulary is None else Words(vocabulary)
        self._take_placed()
        self._count = len(x[0] if isinstance(x, (list, tuple)) else x)
        self._output: np.ndarray | None = None
        self._drawn: Presentation | None = None
        self._drawn_beside: Presentation | None = None
        # layer -> (the weights it was computed with, units, samples): the same for every sample and phase
        self._dead: dict[str, tuple] = {}
        self._is_ready = False
        self._timer: threading.Timer | None = None
        self._work = NewestWork()
        self._recording = Recording()
        self._epochs_next = 0.0
        self._facts_of: int | None = None
        super().__init__(title=subject.title, backend=backend_title(subject.model))
        self.layers = [layer_row(each) for each in self._placed.values()]
        self.samples = {"count": self._count, "name": name}
        if self._words is not None and self._count:
            self._words.of(rows_of(x, 0, 1)[0][0])
        self.layer = layer or next((name for name, each in self._layers.items() if not is_input(each)), "")
        self._is_ready = True
        self.follow_subject(subject)
        subject.on_epoch_end(self._at_epoch_end)
        self.refresh()

    @property
    def output(self) -> np.ndarray | None:
        """What the layer gives for the sample, as an array with a batch axis of 1; waits until it is computed."""
        if self.stale:
            self.refresh()
        self._work.wait()
        return self._output

    def refresh(self) -> None:
        """Compute again what is shown: after the weights changed."""
        self.stale, self._facts_of = False, None
        self._show()

    @property
    def recorder(self) -> Any:
        """A callback for a fit whose epochs the Inspector is to see; those of a Fit panel it sees anyhow."""
        return EpochEnds(lambda: self._at_epoch_end(self.subject))

    def _at_epoch_end(self, subject: Any) -> None:
        try:
            layer = self._layers[self.layer]
            x = rows_of(self._x, 0, min(SAMPLES, self._count))
            taken = self._recording.take(subject.model, self._layers.values(), layer, x)
            if taken and self.tab == "Epochs" and time.monotonic() >= self._epochs_next:
                self._epochs_next = time.monotonic() + EPOCHS_SECONDS
                self._show_epochs(layer)
                self.look = {"of": list(self._chosen()), "state": "ready"}
        except Exception as error:  # noqa: BLE001  shown in the Inspector's own strip; training goes on
            self.show_error(error)

    def _show_epochs(self, layer: Any) -> str:
        series = self._recording.views(layer)
        self.epochs, self._drawn = {"layer": self.layer, "series": series}, self._recording.picture(layer)
        self._drawn_beside = None
        return "ready" if series else "empty"

    def follow(self, builder: Any) -> None:
        """Look at whichever layer is selected in the Builder from now on."""
        builder.observe(self._on_selected, "selected")

    def compare(self, layer: str | None = None, sample: int | None = None) -> None:
        """Show another layer, another sample or both beside what is chosen; `beside = {}` ends that."""
        self.beside = {
            "layer": self.layer if layer is None else layer,
            "sample": self.sample if sample is None else sample,
        }

    def describe(self) -> str:
        return f'{self.title}: layer "{self.layer}", sample {self.sample}, learning phase {self.phase}'

    def picture(self) -> Picture:
        if (self.tab != "Output" or self.beside) and self._has_drawing():
            return drawn_picture(repr(self), self._drawings())
        layer = self._layers[self.layer]
        return inspector_picture(repr(self), self._output, dim_ordering_of(layer), layer_row(self._placed[self.layer]))

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

    @traitlets.validate("beside")
    def _validate_beside(self, proposal: Any) -> dict[str, Any]:
        beside = proposal["value"]
        if not beside:
            return {}
        if set(beside) != {"layer", "sample"} or type(beside["sample"]) is not int:
            raise ArgumentError(
                f"a comparison needs a layer and the number of a sample, got {beside!r}.",
                'For example compare("conv_2", sample=3).',
            )
        self._validate_layer({"value": beside["layer"]})
        self._validate_sample({"value": beside["sample"]})
        return dict(beside)

    @traitlets.validate("unit")
    def _validate_unit(self, proposal: Any) -> int:
        units = units_of(self.model, self._layers[self.layer])
        if not 0 <= proposal["value"] < max(units, 1):
            raise DataError(f'there is no unit {proposal["value"]} of "{self.layer}"; it has {units:,}.', "")
        return proposal["value"]

    @traitlets.observe("layer", "phase", "tab", "unit", "answer", "beside")
    def _on_choice(self, change: dict) -> None:
        if not self._is_ready:
            return
        if change["name"] == "layer" and self.unit:
            with self._unseen():  # a unit of another layer
                self.unit = 0
        if change["name"] not in ("unit", "answer") or self._counted() == change["name"]:
            self._show()

    @contextlib.contextmanager
    def _unseen(self) -> Iterator[None]:
        """Changes of traits in here are looked at by whoever makes them."""
        before, self._is_ready = self._is_ready, False
        try:
            yield
        finally:
            self._is_ready = before

    @traitlets.observe("sample")
    def _on_sample(self, change: dict) -> None:
        if self._is_ready:
            self.refresh()

    def _on_selected(self, change: dict) -> None:
        chosen = change["new"]
        name = chosen if isinstance(chosen, str) else next(iter(chosen or ()), "")
        if name in self._layers:  # a box that only picks an output is no layer
            self.layer = name

    def on_subject(self, change: Change) -> None:
        self.title, self.backend = self.subject.title, backend_title(self.model)
        if change.what == "layers":
            self._take_layers()
        elif change.what == "freezing":
            self.layers = [layer_row(each) for each in layers_looked_at(self.model).values()]
        if change.what == "weights":
            self._dead = {}  # whose weights may have been read in the middle of a step
        if change.what in ("layers", "weights"):
            # views that nobody sees any more ask for nothing, so they cost nothing
            self.stale = True

    def _take_placed(self) -> None:
        self._placed = layers_looked_at(self.model)
        self._layers = {path: placed.layer for path, placed in self._placed.items()}

    def _take_layers(self) -> None:
        """The layers of the model as it is now; one that is gone hands over to what stands in its place."""
        before = list(self._layers)
        self._take_placed()
        self._dead, self._recording = {}, Recording()
        with self._unseen():
            self.layers = [layer_row(each) for each in self._placed.values()]
            if self.layer not in self._layers:
                names = list(self._layers)
                self.layer, self.unit = names[min(before.index(self.layer), len(names) - 1)], 0
            if self.beside.get("layer", self.layer) not in self._layers:
                self.beside, self.view_beside = {}, {}

    def intents(self) -> Mapping[str, Callable[[Intent], Any]]:
        return {
            "refresh": lambda _: self.refresh(),
            "kernels": lambda intent: self._turn_to(intent.text("weight"), intent.of_type("first", int)),
            "export": lambda intent: self._send_picture(intent.text("format")),
            "close_error": lambda _: self._close_error(),
        }

    def save(self, path: str | os.PathLike) -> None:
        """Write the picture that is shown to a file, PNG or SVG by the end of its name.

        Raises:
            ArgumentError: another end, or nothing is shown.
            FileError: it cannot be written.
        """
        write_picture(path, self._pictures_now())

    def _pictures_now(self) -> list[tuple[Presentation, str]]:
        """What is drawn at this moment with its title, and what is beside it; waits until it is computed."""
        if self.stale:
            self.refresh()
        self._work.wait()
        if self.tab != "Weights" and not self._has_drawing():
            raise ArgumentError("nothing is shown that could be saved.", "Choose another layer or sample.")
        return self._drawings()

    def _has_drawing(self) -> bool:
        """Whether what is chosen is drawn; weights are there without being computed."""
        layer, is_computed = self._layers[self.layer], self.look.get("of") == list(self._chosen())
        if self.tab == "Weights":
            return bool(layer.weights)
        return self._drawn is not None and is_computed and self.look["state"] == "ready"

    def _drawings(self) -> list[tuple[Presentation, str]]:
        layer, where = self._layers[self.layer], f"sample {self.sample}"
        if self.tab == "Weights":
            shown, name = first_weight(layer, dim_ordering_of(layer))
            return [(shown, f"{self.title}: weight {name}")]
        assert self._drawn is not None
        what = f"{self.title}: {self.view['title'].lower()}"
        drawn = [(self._drawn, f"{what}, {self.layer}, {where}")]
        if self._drawn_beside is not None:
            other = self.view_beside
            drawn.append((self._drawn_beside, f"{what}, {other['layer']}, sample {other['sample']}"))
        return drawn

    def _send_picture(self, kind: str) -> None:
        if self.look.get("state") == "pending":  # a click must not hold up the kernel until it is computed
            raise ArgumentError("it is not computed yet.", "Click again when it is shown.")
        name = f"{self.title}-{self.layer}-{self.tab.lower()}-{self.sample}.{kind}".replace("/", "_")
        self.send({"export": name}, [picture_bytes(kind, self._pictures_now())])

    def _turn_to(self, weight: str, first: int) -> None:
        """Draw other kernels of a weight that is shown."""
        layer = self._layers[self.layer]
        drawn = weight_page(layer, dim_ordering_of(layer), weight, first)
        self.weights = [
            {**each, "drawing": drawn} if (each["of"], each["name"]) == (layer.name, weight) else each
            for each in self.weights
        ]

    def _close_error(self) -> None:
        self.error = {}

    def _show(self) -> None:
        """Begin to look at what is chosen: here, or where somebody watches in a thread that holds up nobody."""
        layer, chosen = self._layers[self.layer], self._chosen()
        model = self.model
        names = self.samples["name"], variable_name(model, "model")
        path = self.layer if self._placed[self.layer].depth else ""
        shown = Shown(self.tab, self.sample, self.phase, self.unit, *names, path, self.answer)
        with self.hold_sync():
            self.source, self.code = source_line(model, layer, shown), source_code(model, layer, shown)
        if self.look.get("of") == list(chosen):  # another choice is pending by itself, until this says otherwise
            self.look = {"of": list(chosen), "state": "pending"}
        self._work.ask(lambda: self._look_at(layer, chosen), in_background=is_watched(self.has_view))

    def _chosen(self) -> tuple:
        """What is to be looked at: the layer, the sample, the phase, the tab, and unit or answer where they count."""
        chosen, counted = (self.layer, self.sample, self.phase, self.tab), self._counted()
        return (*chosen, getattr(self, counted)) if counted else chosen

    def _counted(self) -> str:
        """The trait that counts on this tab alone."""
        return {"Maximizes": "unit", "Saliency": "answer"}.get(self.tab, "")

    def _look_at(self, layer: Any, chosen: tuple) -> None:
        if layer is not self._layers.get(chosen[0]):
            return  # of a model that another has taken the place of
        try:
            state = self._compute(layer, chosen)
            self.error = {}
        except Exception as error:  # noqa: BLE001  shown in the Inspector's own strip; it stays usable
            if layer is not self._layers.get(chosen[0]):
                return
            self.show_error(error)
            state = "failed"
        self.look = {"of": list(chosen), "state": state}
        if self._output is not None and self._output.nbytes > LARGE:
            give_back()  # what was allocated to compute and draw it: the model's outputs take as much again
        # last: a slider asks for the next sample when this one is answered
        self._show_sample(chosen[1])
        self._picture_later()
        if state == "ready" and chosen[3] == "Output":
            self._attempt(lambda: self._look_for_dead_units(layer, chosen[0]))

    def _compute(self, layer: Any, chosen: tuple) -> str:
        name, sample, phase, tab, *unit = chosen
        key = {"layer": name, "sample": sample, "phase": phase, "tab": tab}
        if tab == "Epochs":
            self.view = key | {"title": "values over epochs"}
            return self._show_epochs(layer)
        if tab == "Weights":
            self.view = key
            return self._read_weights(layer, chosen)
        looked, other = self._looked_at(layer, key, unit)
        beside = {} if other is None else dict(self.beside)
        self._drawn, self._drawn_beside = looked.shown, None if other is None else other.shown
        if tab == "Output":
            self._output = looked.array
        if tab == "Maximizes":
            key |= {"unit": unit[0], "units": units_of(self.model, layer)}
        elif tab == "Saliency":
            key |= {"unit": unit[0], "units": answers_of(self.model, rows_of(self._x, sample, sample + 1))}
        self.view, self.view_beside = looked.view | key, {} if other is None else other.view | key | beside
        return "ready"

    def _looked_at(self, layer: Any, key: dict[str, Any], unit: list[int]) -> tuple[Looked, Looked | None]:
        """What is chosen, and what is beside it: on one scale where both are of one layer."""
        beside, model = self.beside, self.model

        def look(layer: Any, sample: int) -> Looked:
            made = looked_at(model, layer, rows_of(self._x, sample, sample + 1), key["phase"], key["tab"], *unit)
            between_pieces()
            return made

        looked = look(layer, key["sample"])
        if not beside:
            return looked, None
        if beside["layer"] == key["layer"]:
            looked, other = on_one_scale([looked, look(layer, beside["sample"])])
        else:
            other = look(self._layers[beside["layer"]], beside["sample"])
        return looked, other

    def _read_weights(self, layer: Any, chosen: tuple) -> str:
        self.weights = []
        names = [str(weight.name) for weight in layer.weights]
        for at, view in enumerate(weight_views(layer, dim_ordering_of(layer)), 1):
            self.weights = [*self.weights, view]
            self.look = {"of": list(chosen), "state": "pending", "next": "".join(names[at : at + 1])}
        return "ready" if names else "empty"

    def _show_sample(self, sample: int) -> None:
        if self._facts_of == sample:
            return
        rows = rows_of(self._x, sample, sample + 1)
        view = {"index": sample, "thumbnail": thumbnail(rows[0][0], dim_ordering_of(self.subject.view.layers[0]))}
        if len(rows) > 1:
            ordering = dim_ordering_of(self.subject.view.viewable[0])
            others = zip(self.subject.view.input_names[1:], rows[1:], strict=True)
            view["others"] = [[name, thumbnail(row[0], ordering)] for name, row in others]
        if self._words is not None:
            view["words"] = self._attempt(lambda: self._words.of(rows[0][0])) or []
        facts = self._attempt(lambda: sample_facts(self.model, rows, self._y, sample))
        self._facts_of, self.sample_view = sample, view | {"facts": facts or []}

    def _picture_later(self) -> None:
        """Draw the lasting picture: at once for a program, after a pause for a person who moves a slider."""
        if self._timer is not None:
            self._timer.cancel()
        if not self.snapshot.is_shown:
            return
        if not is_watched(self.has_view):
            return self.leave_picture()
        self._timer = soon(PICTURE_SECONDS, self.leave_picture)

    def _look_for_dead_units(self, layer: Any, path: str) -> None:
        # only where a unit can be dead: a layer that learns and gives nothing below 0
        learns = bool(layer.weights) or class_of(layer).__name__ in ("Activation", "ReLU")
        if not learns or self._output is None or self._output.min() < 0 or self.view["kind"] == "numbers":
            self.dead = {"layer": path, "units": [], "samples": 0}
            return
        units, samples = self._dead_units(layer, path)
        self.dead = {"layer": path, "units": units, "samples": samples}

    def _dead_units(self, layer: Any, path: str) -> tuple[list[int], int]:
        weights = weights_mark(self.model)
        if self._dead.get(path, (None,))[0] != weights:
            self._dead[path] = (weights, *dead_units(self.model, layer, self._x))
        return self._dead[path][1:]

    def _attempt(self, action: Any) -> Any:
        try:
            return action()
        except Exception as error:  # noqa: BLE001  shown in the Inspector's own strip; it stays usable
            self.show_error(error)
            return None


def weights_mark(model: Any) -> tuple[int, ...]:
    """What differs where any weight was written."""
    return view_of(model).weights_mark()
