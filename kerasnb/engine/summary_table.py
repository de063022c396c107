"""The table that `model.summary()` prints."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from ..errors import GraphError
from .layer import Layer
from .node import Node, one_or_list

__all__ = ["print_summary", "count_total_params"]

HEADER = ("Layer (type)", "Output Shape", "Param #", "Connected to")
FIGURES = HEADER[1:3]
POSITIONS = (0.33, 0.55, 0.67, 1.0)  # where the columns end, as fractions of the line


def print_summary(
    layers: Sequence[Layer],
    relevant_nodes: Collection[str] | None = None,
    line_length: int = 100,
    positions: Sequence[float] | None = None,
    print_fn: Callable[[str], Any] = print,
    remark: str = "",
    trains: bool = True,
) -> None:
    """Print the layers as a table, and how many numbers their weights hold.

    Args:
        relevant_nodes: keys of the calls to show connections of ('dense_1_ib-0'), such as `model.container_nodes`;
            by default all.
        line_length: characters.
        positions: where the columns end, as fractions of the line or in characters.
        print_fn: is given each line.
        remark: what else there is to say, below the counts.
        trains: False for the layers of a model that is frozen as a whole.
    """
    positions = positions or POSITIONS
    ends = [int(line_length * end) if positions[-1] <= 1 else int(end) for end in positions]
    print_fn("_" * line_length)
    print_fn(_line(HEADER, ends))
    print_fn("=" * line_length)
    for place, layer in enumerate(layers, start=1):
        first, *others = [*_connections(layer, relevant_nodes)] or [""]
        shape = _shape(layer, relevant_nodes)
        print_fn(_line((f"{layer.name} ({type(layer).__name__})", shape, _count(layer.weights), first), ends))
        for other in others:
            print_fn(_line(("", "", "", other), ends))
        print_fn(("=" if place == len(layers) else "_") * line_length)
    trainable, frozen = count_total_params(layers)
    if not trains:
        trainable, frozen = 0, trainable + frozen
    print_fn(f"Total params: {trainable + frozen:,}")
    print_fn(f"Trainable params: {trainable:,}")
    print_fn(f"Non-trainable params: {frozen:,}")
    if remark:
        print_fn(remark)
    print_fn("_" * line_length)


def count_total_params(layers: Sequence[Layer], layer_set: set | None = None) -> tuple[int, int]:
    """Trainable and non-trainable counts over the layers, each weight once.

    Args:
        layer_set: layers that were counted before and are left out; those counted now are added.
    """
    counted = set() if layer_set is None else layer_set
    new = [layer for layer in layers if layer not in counted]
    counted.update(new)
    return _count([w for layer in new for w in layer.trainable_weights]), _count(
        [w for layer in new for w in layer.non_trainable_weights]
    )


def _count(weights: Sequence) -> int:
    return sum(math.prod(weight.shape) for weight in dict.fromkeys(weights))


def _shape(layer: Layer, relevant_nodes: Collection[str] | None) -> Any:
    shapes = [node.output_shapes for _, node in _calls(layer, relevant_nodes)]
    if shapes and all(one == shapes[0] for one in shapes):
        return one_or_list(shapes[0])
    try:
        return layer.output_shape
    except (AttributeError, GraphError):
        return "multiple"


def _calls(layer: Layer, relevant_nodes: Collection[str] | None) -> list[tuple[int, Node]]:
    """The calls of the layer that are to be shown, with their places."""
    return [
        (place, node)
        for place, node in enumerate(layer.inbound_nodes)
        if not relevant_nodes or f"{layer.name}_ib-{place}" in relevant_nodes
    ]


def _connections(layer: Layer, relevant_nodes: Collection[str] | None) -> Iterator[str]:
    """The tensors that the layer is called on, as `layer[node][tensor]`."""
    for _, node in _calls(layer, relevant_nodes):
        for inbound, at, output in zip(node.inbound_layers, node.node_indices, node.tensor_indices, strict=True):
            yield f"{inbound.name}[{at}][{output}]"


def _line(fields: Sequence, ends: Sequence[int]) -> str:
    """The fields in their columns: names are cut at the column's end, shapes and counts move what follows."""
    text, moved = "", 0
    for column, field, end in zip(HEADER, fields, ends, strict=True):
        text += str(field)
        if column in FIGURES:
            moved = max(moved, len(text) + 1 - end)
        text = text[: end + moved - 1].ljust(end + moved)
    return text.rstrip()
