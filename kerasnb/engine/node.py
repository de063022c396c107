"""A node: one call of a layer, which connects tensors of other layers to new ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..backend import identity, int_shape, is_native
from ..backend.graph.phase import learning_phase, phase_fixed_to
from ..backend.graph.tensor import Tensor
from ..backend.native import call_with_native
from ..caller import warn_user
from ..errors import GraphError
from .calls import borrowed, calling, current_call

__all__ = ["Node", "to_list", "one_or_list", "mask_of", "collect_previous_mask", "collect_input_shape", "as_arrays"]


def to_list(x: Any) -> list:
    """The list itself, or the one thing in a list."""
    return x if isinstance(x, list) else [x]


def one_or_list(items: Sequence) -> Any:
    """The only item itself, or all of them as a list."""
    return items[0] if len(items) == 1 else list(items)


def mask_of(tensor: Tensor) -> Any:
    """The mask that came with a layer's output, None if there is none."""
    layer, node_index, tensor_index = tensor._keras_history
    return layer.inbound_nodes[node_index].output_masks[tensor_index]


def collect_previous_mask(input_tensors: Any) -> Any:
    """The mask that came with a tensor, or the list of those of several; None where there is none."""
    call = current_call()

    def mask(tensor: Any) -> Any:
        if hasattr(tensor, "_keras_history"):
            return mask_of(tensor)
        return call.mask_of(tensor) if call else getattr(tensor, "_keras_mask", None)

    return one_or_list([mask(tensor) for tensor in to_list(input_tensors)])


def collect_input_shape(input_tensors: Any) -> Any:
    """The shape of a tensor, or the list of those of several."""
    return one_or_list([int_shape(tensor) for tensor in to_list(input_tensors)])


def as_arrays(arguments: Any) -> Any:
    """Arguments of a call as a configuration keeps them: variables and constants as the arrays they are now."""
    if isinstance(arguments, dict):
        return {name: as_arrays(value) for name, value in arguments.items()}
    if isinstance(arguments, list | tuple):
        return [as_arrays(value) for value in arguments]
    return arguments.eval() if isinstance(arguments, Tensor) else arguments


class Node:
    """The record of one call of `outbound_layer` on the outputs of `inbound_layers`.

    Attributes are Keras 1.2's: input_tensors, input_masks, input_shapes, output_tensors, output_masks, output_shapes,
    inbound_layers, node_indices, tensor_indices, outbound_layer; and the later `arguments` of the call.
    """

    def __init__(
        self,
        outbound_layer,
        inbound_layers,
        node_indices,
        tensor_indices,
        input_tensors,
        output_tensors,
        input_masks,
        output_masks,
        input_shapes,
        output_shapes,
        arguments=None,
    ):
        self.outbound_layer = outbound_layer
        self.inbound_layers = inbound_layers
        self.node_indices = node_indices
        self.tensor_indices = tensor_indices
        self.input_tensors = input_tensors
        self.output_tensors = output_tensors
        self.input_masks = input_masks
        self.output_masks = output_masks
        self.input_shapes = input_shapes
        self.output_shapes = output_shapes
        self.arguments = arguments or {}
        for layer in inbound_layers:
            if layer is not None:
                layer.outbound_nodes.append(self)
        outbound_layer.inbound_nodes.append(self)

    @classmethod
    def create_node(
        cls,
        outbound_layer: Any,
        inbound_layers: Sequence,
        node_indices=None,
        tensor_indices=None,
        arguments: dict | None = None,
    ) -> Node:
        """Call the layer on outputs of the inbound layers, and record it."""
        node_indices = node_indices or [0] * len(inbound_layers)
        tensor_indices = tensor_indices or [0] * len(inbound_layers)
        nodes = [layer.inbound_nodes[index] for layer, index in zip(inbound_layers, node_indices, strict=True)]
        tensors = [node.output_tensors[index] for node, index in zip(nodes, tensor_indices, strict=True)]
        masks = [node.output_masks[index] for node, index in zip(nodes, tensor_indices, strict=True)]
        # first, since it may refuse: a node is recorded only of a call that worked
        outputs, output_masks = call_layer(outbound_layer, tensors, masks, arguments)
        position = len(outbound_layer.inbound_nodes)
        for index, tensor in enumerate(outputs):
            tensor._keras_history = (outbound_layer, position, index)
        return cls(
            outbound_layer,
            list(inbound_layers),
            list(node_indices),
            list(tensor_indices),
            tensors,
            outputs,
            masks,
            output_masks,
            [tensor._keras_shape for tensor in tensors],
            [tensor._keras_shape for tensor in outputs],
            arguments,
        )

    def get_config(self) -> dict:
        """By names of layers: what was called, on what."""
        names = [layer.name for layer in self.inbound_layers]
        return {
            "outbound_layer": self.outbound_layer.name if self.outbound_layer else None,
            "inbound_layers": names,
            "node_indices": self.node_indices,
            "tensor_indices": self.tensor_indices,
        }


def call_layer(
    layer: Any, tensors: list[Tensor], masks: list, arguments: dict | None = None
) -> tuple[list[Tensor], list]:
    """The outputs of a layer and their masks; shapes are those of the tensors, completed by what the layer declares.

    Args:
        arguments: further ones of `call`; `training` fixes the learning phase for this call besides.
    """
    passed = dict(arguments or {})
    training = passed.pop("training", None)
    passed |= {"training": training} if training is not None and layer.takes_training else {}
    x, mask = one_or_list(tensors), one_or_list(masks)
    extra = [one for one in masks if isinstance(one, Tensor)]

    def call(values: Sequence) -> Any:
        given = one_or_list(list(values[: len(tensors)]))
        rest = iter(values[len(tensors) :])
        given_mask = one_or_list([next(rest) if isinstance(one, Tensor) else one for one in masks])
        with phase_fixed_to(training):
            return layer.call(given, mask=given_mask, **passed) if layer.takes_mask else layer.call(given, **passed)

    layer.is_part = True
    with calling(layer, tensors, masks):
        outputs = to_list(call_with_native(call, [*tensors, *extra]))
    if all(is_native(one) for one in outputs):  # the model was called on a tensor of the backend's own
        return outputs, [None] * len(outputs)
    outputs = [_own(output, tensors, layer) for output in outputs]
    if layer.runs_own_code:
        layer.weights_borrowed.update(borrowed(layer, outputs, [*tensors, *extra]))
    # masks in a list inside the list count as if they stood in it, as in tf.keras
    output_masks = [one for part in to_list(layer.compute_mask(x, mask)) for one in to_list(part)]
    if len(output_masks) == 1 and len(outputs) > 1:
        output_masks *= len(outputs)
    # the default passes those of all inputs on, as in Keras 1.2; a layer may give none for its last outputs
    output_masks = [*output_masks, *[None] * len(outputs)][: len(outputs)]
    _complete_shapes(layer, tensors, outputs)
    # with the phase given for good there is nothing that a function would have to be told
    is_fixed = training is not None or isinstance(learning_phase(), int)
    for output in outputs:
        output._uses_learning_phase |= (layer.uses_learning_phase and not is_fixed) or any(
            getattr(tensor, "_uses_learning_phase", False) for tensor in tensors
        )
    return outputs, output_masks


def _own(output: Any, inputs: Sequence[Tensor], layer: Any) -> Tensor:
    """A tensor that is this layer's alone: one that returns its input as it came still gets an output of its own."""
    if not isinstance(output, Tensor):
        raise GraphError(
            f"call must return a tensor (or a list of them), got {type(output).__name__}.",
            f"Return the result of K functions from {type(layer).__name__}.call.",
        )
    # a tensor has one history: a layer that hands on its input would else take the place of the layer that made it
    return identity(output) if hasattr(output, "_keras_history") or any(output is one for one in inputs) else output


def _complete_shapes(layer: Any, inputs: Sequence[Tensor], outputs: Sequence[Tensor]) -> None:
    """Take sizes that only the layer's author knows from `get_output_shape_for`."""
    if not layer.declares_shape or all(None not in output.shape[1:] for output in outputs):
        return
    declared = layer.get_output_shape_for(one_or_list([tensor._keras_shape for tensor in inputs]))
    for output, shape in zip(outputs, declared if isinstance(declared, list) else [declared], strict=False):
        agree = len(shape) == len(output.shape) and all(
            None in pair or pair[0] == pair[1] for pair in zip(shape, output.shape, strict=True)
        )
        if agree:
            output._keras_shape = tuple(shape)
        else:
            warn_user(
                f'{type(layer).__name__} "{layer.name}": get_output_shape_for says {tuple(shape)}, '
                f"but call gives {tuple(output.shape)}, which counts",
            )
