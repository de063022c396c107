"""What the Inspector shows of a layer for one sample: its output, the gradient there, or an input of the model."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ...report.activations import dim_ordering_of, layer_output
from ...report.attribution import input_maximizing, saliency
from ...report.figures import histogram, statistics
from ...report.gradients import gradient_of_output
from ...report.numbers import shape_text
from ...report.presentation import Presentation, present
from ...views import view_of
from .tiles import coloured, drawing, histogram_view, statistics_rows

__all__ = ["COMPUTED", "Looked", "looked_at", "on_one_scale"]


@dataclass(frozen=True)
class Looked:
    """The array for one sample (batch axis of 1), how it is arranged, and how to draw it."""

    array: np.ndarray
    shown: Presentation
    view: dict[str, Any]

    def on(self, span: tuple[float, float]) -> Looked:
        """The same drawn on a scale from the lowest to the highest of these values."""
        if self.view["kind"] == "image":
            return self
        return replace(self, view=self.view | drawing(self.shown, self.view["title"], span=span))


def on_one_scale(several: list[Looked]) -> list[Looked]:
    """Each drawn so that the same shade is the same value in all of them."""
    finite = [np.nan_to_num(looked.array, nan=0.0, posinf=0.0, neginf=0.0) for looked in several]
    span = min(float(each.min()) for each in finite), max(float(each.max()) for each in finite)
    return [looked.on(span) for looked in several]


def looked_at(model: Any, layer: Any, x: list[np.ndarray], phase: int, tab: str, unit: int = -1) -> Looked:
    """Look at one sample.

    Args:
        tab: one of `COMPUTED`.
        unit: of the layer, where an input is looked for that it answers to; of saliency the output, -1 for the largest.
    """
    way = COMPUTED[tab]
    began = time.perf_counter()
    array = way.compute(model, layer, x, phase, unit)
    seconds = time.perf_counter() - began
    of = view_of(model).layers[0] if way.is_input else layer
    shown = way.arrange(array[0], dim_ordering_of(of))
    title = way.title.format(unit=unit, layer=layer.name, answer="the answer" if unit < 0 else f"output {unit}")
    view = drawing(shown, title)
    if way.is_input and len(shown.values) == 3:
        view |= coloured(shown.values)
    view |= {
        "shape": shape_text(array.shape),
        "statistics": statistics_rows(statistics(array)),
        "histogram": histogram_view(histogram(array, way.values)),
        "milliseconds": round(seconds * 1000, 1),
    }
    return Looked(array, shown, view)


def strongest_channel(values: np.ndarray, ordering: str) -> Presentation:
    """Of a picture the strongest of its channels, as in Simonyan et al. 2013, section 3.1; others as they are."""
    if values.ndim != 3:
        return present(values, ordering)
    return Presentation("maps", np.asarray(values, "float32").max(axis=0 if ordering == "th" else -1)[np.newaxis])


def _maximizing(model: Any, layer: Any, x: list[np.ndarray], phase: int, unit: int) -> np.ndarray:
    return input_maximizing(model, layer, unit, like=x[0][0])


@dataclass(frozen=True)
class _Way:
    compute: Callable[[Any, Any, list[np.ndarray], int, int], np.ndarray]
    values: str  # what the histogram counts
    title: str = ""
    arrange: Callable[[np.ndarray, str], Presentation] = present
    is_input: bool = False


COMPUTED = {
    "Output": _Way(lambda model, layer, x, phase, unit: layer_output(model, layer, x, phase), "Outputs"),
    "Gradients": _Way(
        lambda model, layer, x, phase, unit: gradient_of_output(model, layer, x, phase),
        "Gradients",
        "Gradient at this layer",
    ),
    "Saliency": _Way(
        lambda model, layer, x, phase, unit: saliency(model, x, None if unit < 0 else unit)[0],
        "Saliency",
        "How strongly each input value moves {answer}",
        strongest_channel,
        True,
    ),
    "Maximizes": _Way(_maximizing, "Values", "An input that unit {unit} of {layer} answers to", is_input=True),
}
