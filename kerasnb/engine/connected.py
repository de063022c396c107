"""What a layer is connected to: its calls, and their inputs and outputs."""

from __future__ import annotations

from ..errors import GraphError, NodeError
from .node import Node, one_or_list, to_list

__all__ = ["Connected"]


class Connected:
    """The questions that a layer answers about its calls."""

    name: str
    inbound_nodes: list[Node]
    outbound_nodes: list[Node]

    def _attribute_at(self, node_index: int, attribute: str):
        if not self.inbound_nodes:
            raise NodeError(
                "has never been called, so it has no inputs and outputs yet.",
                "Call it on a tensor or add it to a model.",
            ).named(type(self).__name__, self.name)
        if not 0 <= node_index < len(self.inbound_nodes):
            raise GraphError(f"has {len(self.inbound_nodes)} node(s), there is no node {node_index}.").named(
                type(self).__name__, self.name
            )
        return one_or_list(getattr(self.inbound_nodes[node_index], attribute))

    def _only(self, attribute: str):
        if len(self.inbound_nodes) > 1:
            raise NodeError(
                f"is called {len(self.inbound_nodes)} times, so there is no one {attribute}.",
                f"Use get_{attribute}_at(node_index).",
            ).named(type(self).__name__, self.name)
        return self._attribute_at(
            0,
            {
                "input": "input_tensors",
                "output": "output_tensors",
                "input_mask": "input_masks",
                "output_mask": "output_masks",
            }[attribute],
        )

    def _only_shape(self, attribute: str, name: str):
        shapes = {str(getattr(node, attribute)) for node in self.inbound_nodes}
        if len(shapes) > 1:
            raise NodeError(
                f"is called on inputs of different shapes, so there is no one {name}.",
                f"Use get_{name}_at(node_index).",
            ).named(type(self).__name__, self.name)
        return self._attribute_at(0, attribute)

    def get_input_at(self, node_index):
        """What the layer got at a call, counted from 0.

        Raises:
            NodeError: it was not called so often.
        """
        return self._attribute_at(node_index, "input_tensors")

    def get_output_at(self, node_index):
        """What the layer gave at a call, counted from 0.

        Raises:
            NodeError: it was not called so often.
        """
        return self._attribute_at(node_index, "output_tensors")

    def get_input_shape_at(self, node_index):
        """The shape of what the layer got at a call, counted from 0; of several inputs a list."""
        return self._attribute_at(node_index, "input_shapes")

    def get_output_shape_at(self, node_index):
        """The shape of what the layer gave at a call, counted from 0; of several outputs a list."""
        return self._attribute_at(node_index, "output_shapes")

    def get_input_mask_at(self, node_index):
        """The mask of what the layer got at a call, counted from 0; None without one."""
        return self._attribute_at(node_index, "input_masks")

    def get_output_mask_at(self, node_index):
        """The mask of what the layer gave at a call, counted from 0; None without one."""
        return self._attribute_at(node_index, "output_masks")

    @property
    def input(self):
        """What the layer got, where it was called once.

        Raises:
            NodeError: it was never called, or several times: ask `get_input_at`.
        """
        return self._only("input")

    @property
    def output(self):
        """What the layer gives, where it was called once.

        Raises:
            NodeError: it was never called, or several times: ask `get_output_at`.
        """
        return self._only("output")

    @property
    def input_mask(self):
        """The mask of what the layer got, where it was called once; None without one."""
        return self._only("input_mask")

    @property
    def output_mask(self):
        """The mask of what the layer gives, where it was called once; None without one."""
        return self._only("output_mask")

    @property
    def input_shape(self):
        """The shape of what the layer got; it must be the same at each call."""
        return self._only_shape("input_shapes", "input_shape")

    @property
    def output_shape(self):
        """The shape of what the layer gives; it must be the same at each call."""
        return self._only_shape("output_shapes", "output_shape")

    @property
    def _inbound_nodes(self) -> list[Node]:
        """The later name of `inbound_nodes`."""
        return self.inbound_nodes

    @_inbound_nodes.setter
    def _inbound_nodes(self, nodes) -> None:
        self.inbound_nodes = nodes

    @property
    def _outbound_nodes(self) -> list[Node]:
        """The later name of `outbound_nodes`."""
        return self.outbound_nodes

    @_outbound_nodes.setter
    def _outbound_nodes(self, nodes) -> None:
        self.outbound_nodes = nodes

    def _add_inbound_node(
        self, input_tensors, output_tensors, input_masks, output_masks, input_shapes, output_shapes, arguments=None
    ) -> None:
        """Record a call that a layer with a `__call__` of its own, in the way of Keras 2, has made by itself."""
        inputs, outputs = to_list(input_tensors), to_list(output_tensors)
        sources = [getattr(tensor, "_keras_history", (None, None, None)) for tensor in inputs]
        layers, nodes, places = (list(part) for part in zip(*sources, strict=True))
        masks = (to_list(input_masks), to_list(output_masks))
        shapes = (to_list(input_shapes), to_list(output_shapes))
        for place, tensor in enumerate(outputs):
            tensor._keras_history = (self, len(self.inbound_nodes), place)
        Node(self, layers, nodes, places, inputs, outputs, *masks, *shapes, arguments)
