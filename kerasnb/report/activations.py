"""What a layer of a model gives for a sample, through `K.function`, compiled once for each layer looked at."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from .. import backend as K
from ..engine.node import one_or_list
from ..errors import ArgumentError
from .unrolled import unrolled

__all__ = [
    *("dim_ordering_of", "is_input", "layer_output", "model_inputs", "model_outputs", "output_tensor", "rows_of"),
    "viewable_layers",
]

# model -> {(what, id of tensor): compiled function}; a rebuilt model has new tensors and so new entries
_compiled: WeakKeyDictionary = WeakKeyDictionary()


def viewable_layers(model: Any) -> list[Any]:
    """The model's layers in order, those that feed it included even where `Sequential` hides them."""
    layers = list(model.layers)
    hidden = [tensor._keras_history[0] for tensor in model.inputs if tensor._keras_history[0] not in layers]
    return hidden + layers


def is_input(layer: Any) -> bool:
    """Whether the layer only hands the data in."""
    return type(layer).__name__ == "InputLayer"


def model_inputs(model: Any) -> list[Any]:
    """The model's input tensors."""
    return list(model.inputs)


def output_tensor(model: Any, layer: Any) -> Any:
    """What `layer` gives inside `model`, also where the layer is used elsewhere too, or stands in a model in it.

    Raises:
        ArgumentError: it runs inside another layer, where its output is none of the model's.
    """
    inside = model.network.node_set
    for index, node in enumerate(layer.inbound_nodes):
        if node in inside:
            return layer.get_output_at(index)
    outputs = unrolled(model).inner.get(layer)
    if outputs is None:
        raise ArgumentError(
            f'"{layer.name}" runs inside another layer, and gives nothing outside it.',
            "Look at its weights, or at the output of the layer that holds it.",
            layer=layer.name,
        )
    return one_or_list(outputs)


def layer_output(model: Any, layer: Any, x: list[np.ndarray], phase: int = 0) -> np.ndarray:
    """The output of `layer` for the rows of `x`, as the line that the Inspector shows computes it.

    Shape: each of `x` `(batch, ...)` -> `(batch, ...)`.

    Args:
        x: one array for each input of the model.
        phase: the learning phase, 0 to test and 1 to train.
    """
    if is_input(layer):
        return _own_input(model, layer, x)
    tensor = output_tensor(model, layer)
    tensor = tensor[0] if isinstance(tensor, list) else tensor
    run = compiled(model, ("output", id(tensor)), lambda: [tensor])
    return np.asarray(run([*x, phase])[0])


def model_outputs(model: Any, x: list[np.ndarray], phase: int = 0) -> list[np.ndarray]:
    """What the model gives for the rows of `x`, one array for each of its outputs."""
    run = compiled(model, ("outputs", *map(id, model.outputs)), lambda: list(model.outputs))
    return [np.asarray(output) for output in run([*x, phase])]


def compiled(model: Any, key: tuple, outputs: Any) -> Any:
    """The function that gives `outputs()` from the model's inputs and the phase, made once for `key`.

    Where `outputs()` is a pair, its second part are further inputs.
    """
    functions = _compiled.setdefault(model, {})
    if key not in functions:
        made = outputs()
        wanted, more = made if isinstance(made, tuple) else (made, [])
        inputs: list = [*model_inputs(model), K.learning_phase(), *more]
        functions[key] = K.function(inputs, wanted)
    return functions[key]


def rows_of(x: Any, start: int, stop: int) -> list[np.ndarray]:
    """Samples `start` to `stop` of the one or several arrays in `x`."""
    return [np.asarray(part[start:stop]) for part in (x if isinstance(x, (list, tuple)) else [x])]


def dim_ordering_of(layer: Any) -> str:
    """`th` or `tf`: the ordering of the nearest layer at or before this one that has a say."""
    seen, waiting = set(), [layer]
    while waiting:
        layer = waiting.pop(0)
        ordering = getattr(layer, "dim_ordering", None)
        if ordering in ("th", "tf"):
            return ordering
        seen.add(id(layer))
        for node in layer.inbound_nodes[:1]:
            waiting += [before for before in node.inbound_layers if id(before) not in seen]
    return K.image_dim_ordering()


def _own_input(model: Any, layer: Any, x: list[np.ndarray]) -> np.ndarray:
    names = [tensor._keras_history[0].name for tensor in model.inputs]
    return np.asarray(x[names.index(layer.name)])
