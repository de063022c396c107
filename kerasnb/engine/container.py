"""`Container`: layers connected into one, which is a layer again."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..backend.graph.tensor import Tensor, describe_line, layer_scope
from ..caller import user_line
from ..errors import ArgumentError, GraphError, KerasnbError, unknown_name
from ..spelling.later import later_name
from ..utils.damage import reads_config
from .belongings import check_weights
from .described import described
from .editing import Edited, ends
from .files.configs import build_graph
from .files.written import Written
from .layer import Layer, object_list_uid
from .layer_list import LayerList
from .network import Network
from .node import Node, as_arrays, call_layer, mask_of, one_or_list, to_list
from .specs import InputSpec
from .statistics import Statistics, remark_on_statistics
from .summary_table import print_summary

__all__ = ["Container"]


class Container(Edited, Written, Layer):
    """A directed acyclic graph of layers, from inputs to outputs.

    Args:
        input: a tensor made by `Input`, or a list of them.
        output: a tensor computed from them by layers, or a list.
        name: by default the class in lower case and a number.

    Raises:
        GraphError: an output needs something that is not among the inputs, or two layers share a name.
    """

    supports_masking = True
    is_graph = True

    def __init__(self, input, output, name=None):
        name = name or f"{type(self).__name__.lower()}_{K.get_uid(type(self).__name__.lower())}"
        try:
            network = Network(ends(input), ends(output), name)
        except GraphError as error:
            raise error.located(describe_line(user_line())) from None
        super().__init__(name=name)
        self.built = True
        self._set_network(network)

    def _set_network(self, network: Network) -> None:
        self._network = network
        self._layers = LayerList(self, network.layers)
        self.inbound_nodes[:1] = [self._own_node()]

    def _own_node(self) -> Node:
        node = Node.__new__(Node)
        masks = [mask_of(tensor) for tensor in self.outputs]
        node.__dict__.update(
            outbound_layer=self,
            inbound_layers=[],
            node_indices=[],
            tensor_indices=[],
            input_tensors=self.inputs,
            output_tensors=self.outputs,
            input_masks=[None] * len(self.inputs),
            output_masks=masks,
            input_shapes=self.internal_input_shapes,
            output_shapes=self.internal_output_shapes,
            arguments={},
        )
        return node

    # ---- its parts

    @property
    def nodes_by_depth(self) -> dict[int, list[Node]]:
        """Calls of layers by their distance from the outputs, which are at 0."""
        return self.network.nodes_by_depth

    @property
    def layers_by_depth(self) -> dict[int, list[Layer]]:
        """Layers by the greatest distance of a call from the outputs."""
        return self.network.layers_by_depth

    @property
    def container_nodes(self) -> set[str]:
        """Names of the calls that belong to this model, `dense_1_ib-0`."""
        return {
            f"{node.outbound_layer.name}_ib-{node.outbound_layer.inbound_nodes.index(node)}"
            for node in self.network.nodes
        }

    @property
    def input_layers(self) -> list[Layer]:
        """The layer of each input."""
        return [tensor._keras_history[0] for tensor in self.inputs]

    @property
    def input_layers_node_indices(self) -> list[int]:
        """For each input, which call of its layer gave it."""
        return [tensor._keras_history[1] for tensor in self.inputs]

    @property
    def input_layers_tensor_indices(self) -> list[int]:
        """For each input, which output of that call it is."""
        return [tensor._keras_history[2] for tensor in self.inputs]

    @property
    def output_layers_node_indices(self) -> list[int]:
        """For each output, which call of its layer gave it."""
        return [tensor._keras_history[1] for tensor in self.outputs]

    @property
    def output_layers_tensor_indices(self) -> list[int]:
        """For each output, which output of that call it is."""
        return [tensor._keras_history[2] for tensor in self.outputs]

    @property
    def internal_input_shapes(self) -> list[tuple]:
        """The shape of each input."""
        return [K.int_shape(tensor) for tensor in self.inputs]

    @property
    def internal_output_shapes(self) -> list[tuple]:
        """The shape of each output."""
        return [K.int_shape(tensor) for tensor in self.outputs]

    @property
    def input_names(self) -> list[str]:
        """The names of the inputs' layers, in order."""
        return [layer.name for layer in self.input_layers]

    @property
    def output_names(self) -> list[str]:
        """The names of the outputs' layers, in order."""
        return [layer.name for layer in self.output_layers]

    @property
    def input(self):
        """The input, or a list of several."""
        return one_or_list(self.inputs)

    @property
    def output(self):
        """The output, or a list of several."""
        return one_or_list(self.outputs)

    @property
    def input_shape(self):
        """The input's shape, or a list of several."""
        return one_or_list(self.internal_input_shapes)

    @property
    def output_shape(self):
        """The output's shape, or a list of several."""
        return one_or_list(self.internal_output_shapes)

    @property
    def input_spec(self) -> list[InputSpec]:
        """One for each input, which takes any shape: what fits, the layers inside say."""
        # as many as there are inputs; which shapes fit, the layers inside say, such as Dense, which takes any rank
        return [InputSpec() for _ in self.inputs]

    @input_spec.setter
    def input_spec(self, _) -> None:
        """It follows from the inputs."""

    def get_layer(self, name=None, index=None) -> Layer:
        """The layer of this name, or at this place in `layers`.

        A name that Keras 2 would have given (`conv2d_1`) finds it, too, where none is called so and only one fits.

        Raises:
            ArgumentError: there is none.
        """
        if name is not None:
            for layer in self.layers:
                if layer.name == name:
                    return layer
            fitting = [layer for layer in self.layers if later_name(layer) == name]
            if len(fitting) == 1:
                return fitting[0]
            raise unknown_name(
                "layer", name, [layer.name for layer in self.layers], f'Model "{self.name}" has only these.'
            )
        if index is None or not -len(self.layers) <= index < len(self.layers):
            raise ArgumentError(f'model "{self.name}" has {len(self.layers)} layers, there is none at index {index}.')
        return self.layers[index]

    # ---- weights, losses, updates of all layers: they follow from the layers, and are not to be set here

    @property
    def inner_layers(self) -> list[Layer]:
        """None: the layers of a model are in `layers`."""
        return []

    @property  # type: ignore[misc]  # not to be set
    def trainable_weights(self) -> list:
        """What training may change, of all layers; nothing where the model is frozen."""
        return (
            [weight for layer in self._weighted_layers for weight in layer.trainable_weights] if self.trainable else []
        )

    @property  # type: ignore[misc]  # not to be set
    def non_trainable_weights(self) -> list:
        """All other weights of all layers; every weight where the model is frozen."""
        frozen = [weight for layer in self._weighted_layers for weight in layer.non_trainable_weights]
        if self.trainable:
            return frozen
        return [weight for layer in self._weighted_layers for weight in layer.trainable_weights] + frozen

    @property
    def _weights_by_layer(self) -> list:
        return [weight for layer in self._weighted_layers for weight in layer._weights_by_layer]

    def get_weights(self) -> list[np.ndarray]:
        """All weights as arrays, layer by layer."""
        return K.batch_get_value(self._weights_by_layer)

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Give all layers other weights, in the order and shapes of `get_weights()`; all or nothing."""
        mine = self._weights_by_layer
        check_weights(mine, weights, type(self).__name__, self.name)
        K.batch_set_value(zip(mine, weights, strict=True))

    def count_params(self) -> int:
        """How many numbers all weights hold."""
        return sum(math.prod(weight.shape) for weight in dict.fromkeys(self._weights_by_layer))

    @property
    def constraints(self) -> dict:
        """Weight -> its constraint, of all layers."""
        return {
            weight: constraint for layer in self.network.layers for weight, constraint in layer.all_constraints.items()
        }

    @constraints.setter
    def constraints(self, _) -> None:
        """They are the layers'."""

    @property  # type: ignore[misc]  # not to be set
    def losses(self) -> list:
        """What is added to the loss, of all layers and of the model itself."""
        return [*self._collected("get_losses_for", self.network.layers), *super().get_losses_for(None)]

    @property  # type: ignore[misc]  # not to be set
    def updates(self) -> list:
        """What training writes besides the weights that it trains."""
        return Statistics(self).updates()

    @property
    def all_updates(self) -> list:
        """The updates of all layers, frozen or not."""
        return self._collected("get_updates_for", self.network.layers)

    @property
    def state_updates(self) -> list:
        """Pairs (state, new value) of stateful layers."""
        states = self.states_carried
        return [pair for pair in self._collected("get_updates_for", self.network.layers) if pair[0] in states]

    @property
    def states_carried(self) -> set:
        return {state for layer in self.network.layers if layer.stateful for state in layer.states_carried}

    def _collected(self, method: str, layers: Sequence[Layer]) -> list:
        """What belongs to the layers' nodes in this graph, and what belongs to no input; each once."""
        found = {}
        for layer in layers:
            mine = [node.input_tensors for node in layer.inbound_nodes if node in self.network.node_set]
            for item in [one for inputs in [*mine, None] for one in getattr(layer, method)(inputs)]:
                found[tuple(map(id, item)) if isinstance(item, tuple) else id(item)] = item
        return list(found.values())

    def get_losses_for(self, inputs) -> list:
        if inputs is None:
            return [loss for layer in self.layers for loss in layer.get_losses_for(None)] + super().get_losses_for(None)
        return super().get_losses_for(inputs)

    def get_updates_for(self, inputs) -> list:
        if inputs is None:
            mine = super().get_updates_for(None)
            return [pair for layer in self.layers for pair in layer.get_updates_for(None)] + mine
        return super().get_updates_for(inputs)

    @property
    def uses_learning_phase(self) -> bool:  # type: ignore[override]  # not to be set
        return any(tensor._uses_learning_phase for tensor in [*self.outputs, *self.losses])

    @property  # type: ignore[misc]  # not to be set
    def stateful(self) -> bool:
        return bool(self.outputs) and any(layer.stateful for layer in self.network.layers)

    def reset_states(self) -> None:
        """Set the states of all stateful layers to zero."""
        for layer in self.network.layers:
            if layer.stateful:
                layer.reset_states()

    # ---- being a layer

    def _input_dtypes(self, count: int) -> list[str]:
        return [K.dtype(tensor) for tensor in self.inputs]

    def call(self, x, mask=None):
        """The outputs of the whole graph for other inputs."""
        outputs, masks, _ = self.run_internal_graph(to_list(x), to_list(mask) if mask is not None else None)
        self._last_masks = (object_list_uid(x), masks)
        return one_or_list(outputs)

    def compute_mask(self, input, input_mask=None):
        key, masks = getattr(self, "_last_masks", (None, None))
        if key != object_list_uid(input):
            masks = self.run_internal_graph(to_list(input), to_list(input_mask) if input_mask is not None else None)[1]
        return one_or_list(masks)

    def check_values(self, arrays) -> None:
        """Let each layer that reads an input refuse values that it cannot take."""
        arrays = to_list(arrays)
        for place, layer in self.network.readers:
            layer.check_values(arrays[place])

    def run_internal_graph(
        self, inputs: Sequence[Tensor], masks: Sequence | None = None
    ) -> tuple[list[Tensor], list, list[tuple]]:
        """Call every layer anew, from these inputs on; gives outputs, their masks and their shapes."""
        if len(inputs) != len(self.inputs):
            raise GraphError(f"needs {len(self.inputs)} inputs, got {len(inputs)}.").named(
                type(self).__name__, self.name
            )
        results: dict[Tensor, tuple] = dict(
            zip(self.inputs, zip(inputs, masks or [None] * len(inputs), strict=True), strict=True)
        )
        for node in self.network.nodes:
            if all(tensor in results for tensor in node.output_tensors):
                continue
            layer = node.outbound_layer
            tensors, node_masks = map(list, zip(*(results[tensor] for tensor in node.input_tensors), strict=True))
            outputs, output_masks = self._call(layer, tensors, node_masks, node.arguments)
            layer.penalize(outputs, tensors)
            self.add_update(layer.get_updates_for(tensors), inputs)
            self.add_loss(layer.get_losses_for(tensors), inputs)
            results.update(zip(node.output_tensors, zip(outputs, output_masks, strict=True), strict=True))
        outputs, masks = map(list, zip(*(results[tensor] for tensor in self.outputs), strict=True))
        return outputs, masks, [K.int_shape(tensor) for tensor in outputs]

    @staticmethod
    def _call(layer: Layer, tensors: list, masks: list, arguments: dict) -> tuple[list, list]:
        try:
            with layer_scope(layer.name):
                layer.assert_input_compatibility(tensors)
                return call_layer(layer, tensors, masks, arguments)
        except KerasnbError as error:
            raise error.named(type(layer).__name__, layer.name) from error.__cause__

    # ---- as data

    def get_config(self) -> dict:
        """Layers, connections and ends, in Keras 1.2's form."""
        return {
            "name": self.name,
            "layers": [self._layer_config(layer) for layer in self.layers],
            "input_layers": self._ends(self.inputs),
            "output_layers": self._ends(self.outputs),
        }

    def _layer_config(self, layer: Layer) -> dict:
        nodes = [node for node in layer.inbound_nodes if node in self.network.node_set and node.inbound_layers]
        return {
            "name": layer.name,
            **described(layer, copy.deepcopy(layer.get_config())),
            "inbound_nodes": [self._called(node) for node in nodes],
        }

    def _called(self, node: Node) -> list:
        """What a layer was called on; as in Keras 2 each tensor has the arguments of the call behind it, if any."""
        ends = self._ends(node.input_tensors)
        return [[*end, as_arrays(node.arguments)] for end in ends] if node.arguments else ends

    def _ends(self, tensors: Sequence[Tensor]) -> list:
        return [
            [tensor._keras_history[0].name, self._node_place(tensor), tensor._keras_history[2]] for tensor in tensors
        ]

    def _node_place(self, tensor: Tensor) -> int:
        """The place of the tensor's node among the layer's nodes in this graph; a model's first node is its own."""
        layer, node_index, _ = tensor._keras_history
        own = int(isinstance(layer, Container) and layer.inbound_nodes[0] not in self.network.node_set)
        return own + sum(node in self.network.node_set for node in layer.inbound_nodes[:node_index])

    @reads_config
    def from_config(cls: Any, config: dict, custom_objects: dict | None = None) -> Container:
        """The model that `get_config` described, with new weights."""
        inputs, outputs = build_graph(config, custom_objects)
        return cls(input=inputs, output=outputs, name=config.get("name"))

    def summary(self, line_length=100, positions=(0.33, 0.55, 0.67, 1.0), print_fn=print) -> None:
        """Print every layer with its output shape, number of weights and what it is connected to."""
        remark = remark_on_statistics(self)
        print_summary(
            self._weighted_layers, self.container_nodes, line_length, positions, print_fn, remark, self.trainable
        )
