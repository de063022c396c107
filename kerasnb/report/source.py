"""The code that computes what the Inspector shows: a line to read, and a block that runs when it is pasted alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..views import is_foreign, view_of
from ..views.of_kerasnb import output_tensor
from .activations import is_input
from .placed import expression_of

__all__ = ["Shown", "source_code", "source_line"]

_BACKEND = "from kerasnb import backend as K"


@dataclass(frozen=True)
class Shown:
    """What is shown, and by which names the notebook knows the model and the samples.

    Attributes:
        tab: `Output`, `Weights`, `Gradients`, `Saliency`, `Maximizes` or `Epochs`.
    """

    tab: str
    sample: int = 0
    phase: int = 0
    unit: int = 0
    x_name: str = "x"
    model_name: str = "model"
    path: str = ""  # of the layer, where it stands in another one
    answer: int = -1  # which output the saliency is of, -1 for the largest


def source_line(model: Any, layer: Any, shown: Shown) -> str:
    """One expression; empty for the weights of an input."""
    return _source(model, layer, shown)[1]


def source_code(model: Any, layer: Any, shown: Shown) -> str:
    """Python that needs nothing but the notebook's model and samples; what it computes is in `values`."""
    imports, line = _source(model, layer, shown)
    if not line:
        return ""
    return "\n".join([*imports, *([""] if imports else []), f"values = {line}", ""])


def _source(model: Any, layer: Any, shown: Shown) -> tuple[list[str], str]:
    if shown.tab == "Epochs":
        return [], ""  # no single expression gives it
    write = {"Weights": _weights, "Saliency": _saliency, "Maximizes": _maximizes}.get(shown.tab, _function)
    return write(model, layer, shown)


def _weights(model: Any, layer: Any, shown: Shown) -> tuple[list[str], str]:
    return [], "" if is_input(layer) else f"{_layer(model, layer, shown)}.get_weights()"


def _saliency(model: Any, layer: Any, shown: Shown) -> tuple[list[str], str]:
    of = f", {shown.answer}" if shown.answer >= 0 else ""
    return ["from kerasnb.report import saliency"], f"saliency({shown.model_name}, [{_rows(model, shown)}]{of})[0]"


def _maximizes(model: Any, layer: Any, shown: Shown) -> tuple[list[str], str]:
    call = f"input_maximizing({shown.model_name}, {_layer(model, layer, shown)}, {shown.unit}, like={_sample(shown)})"
    return ["from kerasnb.report import input_maximizing"], call


def _function(model: Any, layer: Any, shown: Shown) -> tuple[list[str], str]:
    name = shown.model_name
    if shown.tab == "Output" and is_input(layer):
        names = view_of(model).input_names
        place = f"[{names.index(layer.name)}]" if len(names) > 1 else ""
        return [], f"{shown.x_name}{place}[{shown.sample}:{shown.sample + 1}]"
    if is_foreign(model) or not (is_input(layer) or _is_directly_in(model, layer)):
        # of another library, or in a model inside: its tensor here is none that Keras has a name for
        compute = "gradient_of_output" if shown.tab == "Gradients" else "layer_output"
        call = f"{compute}({name}, {_layer(model, layer, shown)}, [{_rows(model, shown)}], {shown.phase})"
        return [f"from kerasnb.report import {compute}"], call
    tensor = _tensor(model, layer, shown)
    inputs = f"*{name}.inputs" if len(model.inputs) > 1 else f"{name}.input"
    wanted = f"K.gradients(K.max({name}.output), [{tensor}])" if shown.tab == "Gradients" else f"[{tensor}]"
    function = f"K.function([{inputs}, K.learning_phase()], {wanted})"
    return [_BACKEND], f"{function}([{_rows(model, shown)}, {shown.phase}])[0]"


def _is_directly_in(model: Any, layer: Any) -> bool:
    return any(node in model.network.node_set for node in layer.inbound_nodes)


def _tensor(model: Any, layer: Any, shown: Shown) -> str:
    if is_input(layer):
        names = [tensor._keras_history[0].name for tensor in model.inputs]
        return f"{shown.model_name}.inputs[{names.index(layer.name)}]"
    whole = model.get_layer(layer.name)  # of what may be one of its calls
    first = "[0]" if isinstance(output_tensor(model, layer), list) else ""
    if len(whole.inbound_nodes) == 1:
        return f"{_layer(model, layer, shown)}.output{first}"
    # a layer that is called in several places has no one output
    mine = model.network.node_set.intersection(layer.inbound_nodes)
    place = next(at for at, node in enumerate(whole.inbound_nodes) if node in mine)
    return f"{_layer(model, layer, shown)}.get_output_at({place}){first}"


def _layer(model: Any, layer: Any, shown: Shown) -> str:
    return expression_of(model, shown.path or layer.name, shown.model_name)


def _rows(model: Any, shown: Shown) -> str:
    rows = f"[{shown.sample}:{shown.sample + 1}]"
    several = len(view_of(model).input_names) > 1
    return f"*[part{rows} for part in {shown.x_name}]" if several else f"{shown.x_name}{rows}"


def _sample(shown: Shown) -> str:
    return f"{shown.x_name}[{shown.sample}]"
