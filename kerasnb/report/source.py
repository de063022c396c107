"""The lines of code that compute what the Inspector shows."""

from __future__ import annotations

from typing import Any

from .activations import is_input

__all__ = ["source_line"]


def source_line(model: Any, layer: Any, tab: str, x_name: str, sample: int, phase: int) -> str:
    """Code to paste, for the tab `Output`, `Weights` or `Gradients`; `model` and the data are the notebook's names."""
    named = f"model.get_layer({layer.name!r})"
    if tab == "Weights":
        return "" if is_input(layer) else f"{named}.get_weights()"
    rows = f"{x_name}[{sample}:{sample + 1}]"
    if len(model.inputs) > 1:
        inputs, given = "*model.inputs", f"*[part[{sample}:{sample + 1}] for part in {x_name}]"
    else:
        inputs, given = "model.input", rows
    if tab == "Output" and is_input(layer):
        return rows
    tensor = "model.inputs[0]" if is_input(layer) else f"{named}.output"
    wanted = f"K.gradients(K.max(model.output), [{tensor}])" if tab == "Gradients" else f"[{tensor}]"
    return f"K.function([{inputs}, K.learning_phase()], {wanted})([{given}, {phase}])[0]"
