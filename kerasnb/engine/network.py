"""Which layers and nodes lie between a model's inputs and outputs, and in which order."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Sequence

from ..backend.graph.tensor import Tensor
from ..carried import carry
from ..errors import GraphError
from .calls import warn_of_lost
from .layer import Layer
from .node import Node

__all__ = ["Network", "get_source_inputs", "node_of"]


def node_of(tensor: Tensor) -> Node:
    """The node that made a layer's output."""
    layer, node_index, _ = tensor._keras_history
    return layer.inbound_nodes[node_index]


class Network:
    """The part of the graph of layers from `inputs` to `outputs`.

    nodes: inputs before users. layers: as Keras orders them: farthest from the outputs first, then in the order in
    which a walk from the outputs meets them.
    """

    def __init__(self, inputs: Sequence[Tensor], outputs: Sequence[Tensor], name: str):
        self.inputs, self.outputs, self.name = list(inputs), list(outputs), name
        self._check_ends()
        self.nodes, met = self._walk()
        self._check_connected()
        self.nodes_by_depth, self.layers_by_depth = self._depths(met)
        self.layers: list[Layer] = [
            layer for depth in sorted(self.layers_by_depth, reverse=True) for layer in self.layers_by_depth[depth]
        ]
        self._check_names()
        self.node_set = set(self.nodes)
        warn_of_lost(name, self.layers)

    def _check_ends(self) -> None:
        for kind, tensors in (("input", self.inputs), ("output", self.outputs)):
            if not tensors:
                raise GraphError(f'model "{self.name}": needs one {kind} or more, got none.')
            for tensor in tensors:
                if not hasattr(tensor, "_keras_history"):
                    raise GraphError(
                        f'model "{self.name}": {kind} {tensor!r} was not made by a layer.',
                        "Start with Input(shape=...), and wrap other functions in Lambda(function).",
                    )
        if len(set(self.inputs)) != len(self.inputs):
            raise GraphError(f'model "{self.name}": the same input is listed twice.', "List each input once.")

    def _walk(self) -> tuple[list[Node], list[Layer]]:
        """Nodes, inputs before users; and layers in the order a walk from the outputs meets them."""
        order, done = [], set()
        met: dict[Layer, None] = {}
        # a stack instead of recursion, which a thousand layers would exhaust; reversed, so that the first is met first
        stack = [(node_of(tensor), False) for tensor in reversed(self.outputs)]
        starts = {node_of(tensor) for tensor in self.inputs}
        while stack:
            node, is_ready = stack.pop()
            if node in done:
                continue
            if is_ready:
                done.add(node)
                order.append(node)
                continue
            met.setdefault(node.outbound_layer)
            stack.append((node, True))
            # a model may begin at outputs of inner layers: what made them is not a part of it
            if node not in starts:
                stack.extend(
                    (node_of(tensor), False)
                    for tensor in reversed(node.input_tensors)
                    if node.inbound_layers and node_of(tensor) not in done
                )
        # inputs that no output needs belong to the model all the same: it takes arrays for them
        for node in starts - done:
            order.insert(0, node)
            met.setdefault(node.outbound_layer)
        return order, list(met)

    def _check_connected(self) -> None:
        starts = {node_of(tensor) for tensor in self.inputs}
        for node in self.nodes:
            if node.inbound_layers or node in starts or not node.input_tensors:  # a call on nothing needs nothing
                continue
            lost = node.output_tensors[0]
            user = next(
                (
                    other.outbound_layer.name
                    for other in self.nodes
                    if other is not node and lost in other.input_tensors
                ),
                self.outputs[0].name,
            )
            given = ", ".join(f'"{tensor._keras_history[0].name}"' for tensor in self.inputs)
            names = ", ".join([*(tensor._keras_history[0].name for tensor in self.inputs), node.outbound_layer.name])
            raise GraphError(
                f'graph disconnected: "{user}" needs tensor "{node.outbound_layer.name}" {tuple(lost.shape)}, '
                f"which is not among the inputs [{given}].",
                f"Try Model(input=[{names}], output={self.outputs[0]._keras_history[0].name}).",
            )

    def _depths(self, met: Sequence[Layer]) -> tuple[dict, dict]:
        """Nodes and layers by their distance from the outputs."""
        depths: dict[Node, int] = defaultdict(int)
        layer_depths: dict[Layer, int] = defaultdict(int)
        for node in reversed(self.nodes):
            # all calls of a layer have the depth of its farthest one: so Keras orders layers, and weights in files
            depth = max(depths[node], layer_depths[node.outbound_layer])
            depths[node] = layer_depths[node.outbound_layer] = depth
            if node.inbound_layers:
                for tensor in node.input_tensors:
                    before = node_of(tensor)
                    depths[before] = max(depths[before], depth + 1)
        by_node, by_layer = defaultdict(list), defaultdict(list)
        for node in self.nodes:
            by_node[depths[node]].append(node)
        for layer in met:
            by_layer[layer_depths[layer]].append(layer)
        return dict(by_node), dict(by_layer)

    def _check_names(self) -> None:
        counts = Counter(layer.name for layer in self.layers)
        for name, count in counts.items():
            if count > 1:
                raise GraphError(
                    f'model "{self.name}": the name "{name}" is used by {count} layers.',
                    f'Give each its own: {type(self._first(name)).__name__}(..., name="...").',
                )

    @functools.cached_property
    def readers(self) -> list[tuple[int, Layer]]:
        """Layers that read an input and look at its values, each after the place of the input."""
        return [
            (place, node.outbound_layer)
            for place, tensor in enumerate(self.inputs)
            for node in self.nodes
            if node.input_tensors == [tensor] and type(node.outbound_layer).check_values is not Layer.check_values
        ]

    def _first(self, name: str) -> Layer:
        return next(layer for layer in self.layers if layer.name == name)


def get_source_inputs(tensor: Tensor, layer=None, node_index=None) -> list[Tensor]:
    """The Input tensors that a layer's output is computed from."""
    found: dict[Tensor, None] = {}
    seen = set()
    stack = [layer.inbound_nodes[node_index] if layer is not None and node_index is not None else node_of(tensor)]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.inbound_layers:
            stack.extend(node_of(one) for one in reversed(node.input_tensors))
        else:
            found.update((one, None) for one in node.input_tensors)
    return list(found)


carry(__name__)
