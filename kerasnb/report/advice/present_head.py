"""The head that a model has now: its last layer with weights, and what follows it."""

from __future__ import annotations

from typing import Any

from ...errors import ArgumentError
from .ends import output_ends

__all__ = ["SAY_WHERE", "is_cut", "present_head", "several_ends"]

SAY_WHERE = 'Say where the head begins: at="dense_1".'


def present_head(model: Any) -> list[str]:
    """The names of the head's layers, in the order of the data.

    Raises:
        ArgumentError: the model has several outputs, or what stands before its end are several layers.
    """
    layer = _end(model)
    head = [layer.name]
    while not layer.weights:
        before = _before(model, layer)
        if len(before) != 1:
            what = f'"{layer.name}" ({type(layer).__name__})'
            raise ArgumentError(f"no last layer with weights: before {what} come {len(before)}.", SAY_WHERE)
        (layer,) = before
        head.append(layer.name)
    return head[::-1]


def is_cut(model: Any) -> bool:
    """Whether the model ends with no classifier: neither softmax nor sigmoid."""
    return len(model.outputs) == 1 and output_ends(model)[0].activation not in ("softmax", "sigmoid")


def several_ends(names: list[str]) -> ArgumentError:
    """The refusal of a model with several outputs."""
    listed = ", ".join(f'"{name}"' for name in names)
    return ArgumentError(f"the model has {len(names)} outputs: {listed}; a head is one end.", SAY_WHERE)


def _end(model: Any) -> Any:
    layers = [tensor._keras_history[0] for tensor in model.outputs]
    if len(layers) != 1:
        raise several_ends([layer.name for layer in layers])
    return layers[0]


def _before(model: Any, layer: Any) -> list[Any]:
    nodes = model.network.node_set
    calls = [node for node in layer.inbound_nodes if node in nodes]
    return list(calls[-1].inbound_layers) if calls else []
