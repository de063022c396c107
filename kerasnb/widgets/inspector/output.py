"""What the Inspector shows of a layer for one sample: its output, or the gradient there."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from ...report.activations import dim_ordering_of, layer_output
from ...report.figures import histogram, statistics
from ...report.gradients import gradient_of_output
from ...report.numbers import shape_text
from ...report.presentation import present
from .tiles import drawing, histogram_view, statistics_rows

__all__ = ["looked_at"]

WAYS = {"Output": (layer_output, "Outputs"), "Gradients": (gradient_of_output, "Gradients")}


def looked_at(model: Any, layer: Any, x: list[np.ndarray], phase: int, tab: str) -> tuple[np.ndarray, dict[str, Any]]:
    """The array for one sample (batch axis of 1), and how to draw it."""
    compute, title = WAYS[tab]
    began = time.perf_counter()
    array = compute(model, layer, x, phase)
    seconds = time.perf_counter() - began
    shown = present(array[0], dim_ordering_of(layer))
    view = drawing(shown, "Gradient at this layer" if tab == "Gradients" else None)
    view |= {
        "shape": shape_text(array.shape),
        "statistics": statistics_rows(statistics(array)),
        "histogram": histogram_view(histogram(array, title)),
        "milliseconds": round(seconds * 1000, 1),
    }
    return array, view
