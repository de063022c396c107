"""The layers and ends of a model, which programs also assign to and edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..backend.graph.tensor import Tensor
from ..errors import GraphError
from .layer import Layer
from .layer_list import LayerList
from .network import Network

__all__ = ["Edited", "ends"]


class Edited:
    """What a Container is made of: list and graph are changed together, or not at all."""

    # of the container whose part it is
    name: str
    is_part: bool
    _layers: LayerList
    _network: Network | None  # None while a Sequential has yet to work it out
    _set_network: Callable[[Network], None]
    compile_arguments: dict[str, Any] | None

    @property
    def network(self) -> Network:
        """The graph of the layers."""
        assert self._network is not None
        return self._network

    @property
    def layers(self) -> list[Layer]:
        """The model's layers; a change of the list, or another list, changes the model."""
        return self._layers

    @layers.setter
    def layers(self, layers: Sequence[Layer]) -> None:
        self.edit_layers(list(layers))

    @property
    def inputs(self) -> list[Tensor]:
        """The tensors that the model begins with; others that it hangs on may be given."""
        return self.network.inputs

    @inputs.setter
    def inputs(self, tensors) -> None:
        self._set_ends(ends(tensors), self.outputs)

    @property
    def outputs(self) -> list[Tensor]:
        """The tensors that the model ends with; other ones of its graph may be given."""
        return self.network.outputs

    @outputs.setter
    def outputs(self, tensors) -> None:
        self._set_ends(self.inputs, ends(tensors))

    @property
    def output_layers(self) -> list[Layer]:
        """The layer of each output."""
        return [tensor._keras_history[0] for tensor in self.outputs]

    @output_layers.setter
    def output_layers(self, layers: Sequence[Layer]) -> None:
        if list(layers) != self.output_layers:
            self.outputs = [layer.output for layer in layers]

    def _set_ends(self, inputs: list[Tensor], outputs: list[Tensor]) -> None:
        if inputs != self.inputs or outputs != self.outputs:
            self._refuse_edits()
            self._set_network(Network(inputs, outputs, self.name))
            self._forget_compile()

    def edit_layers(self, layers: Sequence[Layer]) -> None:
        """Take the last layers away, as `model.layers.pop()` asks; compile again afterwards.

        Raises:
            GraphError: any other change; the model stays as it was.
        """
        if list(layers) == list(self.layers):
            return
        self._refuse_edits()
        network = self._network_of(layers)
        if network is None:
            raise GraphError(
                "its layers follow from its graph; only the last ones can be taken from the list.",
                "Make a new one: Model(input=model.input, output=...).",
            ).named("Model", self.name)
        self._layers.hold(network.layers)
        held = self._layers
        self._set_network(network)
        self._layers = held
        self._forget_compile()

    def _network_of(self, layers: Sequence[Layer]) -> Network | None:
        """The graph of these layers alone, without those after them; None if they are not a graph."""
        kept = [node for node in self.network.nodes if node.outbound_layer in layers]
        used = {tensor for node in kept for tensor in node.input_tensors}
        wanted = {tensor for node in self.network.nodes for tensor in node.input_tensors} | set(self.outputs)
        outputs = [tensor for node in kept for tensor in node.output_tensors if tensor in wanted - used]
        try:
            network = Network(self.inputs, outputs, self.name)
        except GraphError:
            return None
        return network if network.layers == list(layers) else None

    def _refuse_while_training(self, what: str) -> None:
        """A Model can train."""

    def _refuse_edits(self, what: str = "a change of its layers") -> None:
        """Other models were built with the layers that this one had."""
        self._refuse_while_training(what)
        if self.is_part:
            raise GraphError(
                "is part of another model, so its layers cannot be changed any more.",
                "Change it first, or build a new one of its layers: Sequential(model.layers[:-1]).",
            ).named(type(self).__name__, self.name)

    def _forget_compile(self) -> None:
        """What was compiled for other layers."""
        self.compile_arguments = None
        self._steps: dict = {}


def ends(tensors: Any) -> list:
    """The tensors in a new list."""
    return list(tensors) if isinstance(tensors, list | tuple) else [tensors]
