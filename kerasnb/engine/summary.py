"""A model as rows, one per layer, which reports and widgets draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .layer import Layer

__all__ = ["LayerRow", "layer_rows", "multiply_adds"]


@dataclass(frozen=True)
class LayerRow:
    """What a table says of one layer. Shapes have None for sizes not known; counts are of numbers, not bytes."""

    name: str
    class_name: str
    family: str
    input_shape: Any
    output_shape: Any
    params: int
    trainable_params: int
    trainable: bool
    inbound: list[str]
    multiply_adds: int | None
    layer: Any


def layer_rows(model: Any) -> list[LayerRow]:
    """One row for each layer of the model, in the order in which data passes."""
    nodes = model.network.node_set
    return [_row(layer, nodes, model.trainable) for layer in model.network.layers]


def _row(layer: Layer, nodes: set, model_trains: bool) -> LayerRow:
    trains = bool(layer.trainable and model_trains)
    mine = [node for node in layer.inbound_nodes if node in nodes] or layer.inbound_nodes[:1]
    inbound = [one.name for node in mine for one in node.inbound_layers]
    params = _count(layer.weights)
    return LayerRow(
        name=layer.name,
        class_name=type(layer).__name__,
        family=type(layer).__module__.rsplit(".", 1)[-1],
        input_shape=_one(mine[0].input_shapes),
        output_shape=_one(mine[0].output_shapes),
        params=params,
        trainable_params=_count(layer.trainable_weights) if trains else 0,
        trainable=trains or not params,
        inbound=inbound,
        multiply_adds=multiply_adds(layer, mine[0].output_shapes[0]),
        layer=layer,
    )


def _one(shapes: Sequence) -> Any:
    return tuple(shapes[0]) if len(shapes) == 1 else [tuple(shape) for shape in shapes]


def _count(weights: Sequence) -> int:
    return sum(math.prod(weight.shape) for weight in dict.fromkeys(weights))


def multiply_adds(layer: Any, output_shape: Sequence) -> int | None:
    """Multiplications of one sample: a kernel value counts once per place that shares it; None if a size is unknown.

    Biases and everything without a kernel count as 0; a model counts what is in it, as often as it is called there.
    """
    if layer.is_graph:
        inside = [multiply_adds(node.outbound_layer, node.output_shapes[0]) for node in layer.network.nodes]
        known = [count for count in inside if count is not None]
        return sum(known) if len(known) == len(inside) else None
    kernels = [weight for weight in layer.weights if len(weight.shape) >= 2]
    if not kernels:
        return 0
    if type(layer).__name__ == "Embedding":
        return 0
    family = type(layer).__module__.rsplit(".", 1)[-1]
    if family == "recurrent":
        places = [layer.inbound_nodes[0].input_shapes[0][1]]
    elif getattr(layer, "dim_ordering", None) == "th" and len(output_shape) > 2:
        places = list(output_shape[2:])
    else:
        places = list(output_shape[1:-1])
    if family in ("local", "wrappers") or any(size is None for size in places):
        return None
    return math.prod(places) * _count(kernels)
