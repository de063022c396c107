"""`Sequential`: a stack of layers."""

from __future__ import annotations

import contextlib
import copy
import inspect
import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..backend.graph.tensor import Tensor
from ..errors import ArgumentError, GraphError, KindError
from ..utils.custom_objects import custom_object_scope
from ..utils.damage import reads_config
from .calls import adopt_graph
from .container import Container
from .described import described
from .files.configs import layer_from_config
from .fitting.data import without_optimizer
from .inputs import InputLayer
from .layer import Layer
from .layer_list import LayerList
from .merge import Merge
from .network import Network, get_source_inputs
from .node import to_list
from .training import Model

__all__ = ["Sequential"]


class Sequential(Model):
    """Layers one after the other.

    The first layer says the shape of one sample: `Dense(10, input_shape=(4,))`.

    Args:
        layers: layers to add at once.
        name: by default 'sequential_1' and so on.
    """

    def __init__(self, layers=None, name=None):
        Layer.__init__(self, name=name or f"sequential_{K.get_uid('sequential_')}")
        self._layers = LayerList(self)
        self._tops: list = []  # the output of each layer
        self._network = None
        self._inputs: list = []
        self._start: Tensor | None = None  # the tensor of an Input that stands before the first layer
        self._start_uncompiled()
        for layer in layers or []:
            self.add(layer)

    @property
    def inputs(self) -> list:
        """The input of the first layer, in a list."""
        return self._inputs

    @inputs.setter
    def inputs(self, tensors) -> None:
        if to_list(tensors) != self._inputs:
            raise GraphError(
                "its inputs are those of its first layer.",
                "Put another one first: model.layers[0] = Dense(10, input_shape=(4,)).",
            ).named("Sequential", self.name)

    @property
    def outputs(self) -> list:
        """The output of the last layer, in a list."""
        return self._tops[-1:]

    @outputs.setter
    def outputs(self, tensors) -> None:
        """The layers above this output are taken away."""
        tensors = to_list(tensors)
        if len(tensors) != 1 or tensors[0] not in self._tops:
            raise GraphError(
                f"its output must be that of one of its layers, got {tensors}.",
                "Use Model(input=model.input, output=...).",
            ).named("Sequential", self.name)
        if tensors != self.outputs:
            self.edit_layers(self._layers[: self._tops.index(tensors[0]) + 1])

    @property
    def flattened_layers(self) -> list[Layer]:
        """The layers, with those of the branches in place of a Merge that the stack starts with; each once."""
        found: dict[Layer, None] = {}
        for layer in self._layers:
            for branch in getattr(layer, "layers", None) or [] if isinstance(layer, Merge) else [layer]:
                is_open = isinstance(layer, Merge) and isinstance(branch, Container)
                found.update(dict.fromkeys(getattr(branch, "flattened_layers", branch.layers) if is_open else [branch]))
        return list(found)

    _weighted_layers = flattened_layers

    @property
    def model(self) -> Sequential:
        """The model itself (Keras 1.2 had another one inside)."""
        return self

    @property
    def network(self) -> Network:  # type: ignore[override]  # not to be set
        if self._network is None:
            self.build()
        return super().network

    def add(self, layer) -> None:
        """Put a layer on top; an `Input(...)` may come before the first one, and is no layer of the stack.

        Raises:
            ShapeError: it does not fit on the layer below; the model stays as it was.
            ArgumentError: it is no layer, or the first one has no input shape.
        """
        if _is_input(layer) and not self._layers and self._start is None:
            self._start = layer
            return
        _check_layer(layer, "add", self.name)
        self._refuse_edits("add")
        self._put(layer)
        self._changed()

    def _put(self, layer: Layer) -> None:
        if self._layers and isinstance(layer, InputLayer):
            raise GraphError("can only come first.", "Leave it out.").named("InputLayer", layer.name)
        if self._layers:
            outputs = to_list(layer(self.outputs[0]))
        else:
            outputs = self._first_outputs(layer) if self._start is None else _on_an_input(layer, self._start)
        if len(outputs) != 1:
            raise GraphError("each layer of a Sequential must have one output.", "Use Model for several.").named(
                "Sequential", self.name
            )
        if not self._layers:
            self._inputs = get_source_inputs(outputs[0])
            layer.is_part = True
        adopt_graph(layer, outputs[0], self.outputs or self._inputs)
        self._layers.hold([*self._layers, layer])
        self._tops.append(outputs[0])

    def _first_outputs(self, layer: Layer) -> list:
        if not layer.inbound_nodes:
            shape = getattr(layer, "batch_input_shape", None)
            if shape is None:
                raise ArgumentError(
                    "the first layer of a Sequential needs the shape of one sample.",
                    f"Write {type(layer).__name__}(..., input_shape=(...)).",
                    arguments=("input_shape",),
                ).named(type(layer).__name__, layer.name)
            return layer.create_input_layer(shape, layer.input_dtype)
        if len(layer.inbound_nodes) != 1:
            raise GraphError(
                f"is used {len(layer.inbound_nodes)} times already, so it cannot start a Sequential.",
                "Make a new layer.",
            ).named(type(layer).__name__, layer.name)
        node = layer.inbound_nodes[0]
        if not isinstance(layer, Merge) and not all(isinstance(one, InputLayer) for one in node.inbound_layers):
            return _at_an_input(layer, node.input_tensors)
        return list(node.output_tensors)

    def edit_layers(self, layers: Sequence[Layer]) -> None:
        """Have these layers in this order, as an edit of `model.layers` asks; compile again afterwards.

        A layer that becomes the first without saying a shape reads what the first one or it itself read before.

        Raises:
            ArgumentError, ShapeError: they do not fit; the model stays as it was.
        """
        layers = list(layers)
        pairs = zip(layers, self._layers, strict=False)
        kept = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] is pair[1], pairs))
        if kept == len(layers) == len(self._layers):
            return
        for layer in layers:
            _check_layer(layer, "layers", self.name)
        self._refuse_edits()
        with _undone_on_error(self, [*self._layers, *layers]):
            first = None if kept or not layers else self._moved_to_front(layers[0])
            self._cut(kept)
            if first is not None:
                self._layers.hold(layers[:1])
                self._tops, self._inputs, kept = first, get_source_inputs(first[0]), 1
            for layer in layers[kept:]:
                self._put(layer)
        self._changed()

    def _moved_to_front(self, layer: Layer) -> list | None:
        """The outputs of a layer that is put first, of what it or the first layer read; None if it knows itself."""
        if layer in self._layers[1:]:
            return _at_an_input(layer, [self._tops[self._layers.index(layer) - 1]])
        if layer.inbound_nodes or hasattr(layer, "batch_input_shape") or len(self._inputs) != 1:
            return None
        return _at_an_input(layer, self._inputs)

    def _cut(self, count: int) -> None:
        """Keep so many layers only."""
        self._layers.hold(self._layers[:count])
        del self._tops[count:]
        if not count:
            self._inputs = []

    def pop(self) -> None:
        """Take the top layer away; compile again afterwards.

        Raises:
            ArgumentError: there is none.
        """
        if not self._layers:
            raise KindError("there is no layer to pop.").named("Sequential", self.name)
        self.edit_layers(self._layers[:-1])
        if self._layers:
            self._layers[-1].outbound_nodes = []

    def _changed(self) -> None:
        """What follows from the layers is worked out anew when next needed."""
        self._network = None
        self._forget_compile()
        self.built = False
        if self.outputs:
            self.inbound_nodes[:1] = [self._own_node()]

    def build(self, input_shape=None) -> None:
        """Work out the graph of the layers.

        Raises:
            GraphError: there are none.
        """
        if not self.outputs:
            raise GraphError("has no layers yet.", "Add one: model.add(Dense(10, input_shape=(4,))).").named(
                "Sequential", self.name
            )
        self._network = Network(self.inputs, self.outputs, self.name)
        self.inbound_nodes[:1] = [self._own_node()]
        self.built = True

    def call(self, x, mask=None):
        if not self.built:
            self.build()
        return super().call(x, mask)

    @without_optimizer
    def compile(self, optimizer, loss, metrics=None, sample_weight_mode=None, **kwargs):
        """Say how to train; as for Model."""
        self.build()
        super().compile(optimizer, loss, metrics, sample_weight_mode=sample_weight_mode, **kwargs)

    compile.__doc__ = Model.compile.__doc__

    def train_on_batch(self, x, y, class_weight=None, sample_weight=None):
        """One update; gives the loss, or a list with the metrics after it."""
        return super().train_on_batch(x, y, sample_weight=sample_weight, class_weight=class_weight)

    def predict_proba(self, x, batch_size=32, verbose=1) -> np.ndarray:
        """The outputs, as probabilities of classes."""
        return self.predict(x, batch_size, verbose)

    def predict_classes(self, x, batch_size=32, verbose=1) -> np.ndarray:
        """The class with the largest output of each sample; of a single output, whether it is above 0.5."""
        outputs = self.predict(x, batch_size, verbose)
        return outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else (outputs > 0.5).astype("int32")

    def get_config(self) -> list:  # type: ignore[override]  # Keras 1.2's form
        """The layers' configs, in order."""
        return [_layer_config(layer) for layer in self._layers]

    @reads_config
    def from_config(
        cls: Any, config: Sequence[dict] | dict, layer_cache=None, custom_objects: dict | None = None
    ) -> Sequential:
        """The model that `get_config` described, with new weights; later Keras puts the list into a dict."""
        model = _empty(cls, config.get("name") if isinstance(config, dict) else None)
        configs = config["layers"] if isinstance(config, dict) else config
        for place, one in enumerate(configs):
            is_named = isinstance(one["config"], dict) and one["config"].get("name")
            first = configs.index(one) if is_named else place  # one that is listed again is the same layer
            model.add(model.layers[first] if first < place else _from_config(one, custom_objects))
        return model


def _empty(cls: type[Sequential], name: str | None) -> Sequential:
    """A model without layers, also of a program's own class that is made in another way."""
    if {"layers", "name"} <= inspect.signature(cls).parameters.keys():
        return cls(name=name)
    model = cls.__new__(cls)
    Sequential.__init__(model, name=name)
    return model


def _check_layer(layer: Any, method: str, name: str) -> None:
    if not isinstance(layer, Layer):
        raise KindError(f"{method} needs a layer, got {layer!r}.", "Write model.add(Dense(10)).").named(
            "Sequential", name
        )


def _at_an_input(layer: Layer, tensors: Sequence) -> list:
    """The outputs of the layer on a new input that is like these tensors."""
    return layer.create_input_layer(K.int_shape(tensors[0]), K.dtype(tensors[0]))


def _is_input(tensor: Any) -> bool:
    """Whether it is what `Input(...)` gives."""
    return isinstance(tensor, Tensor) and isinstance(getattr(tensor, "_keras_history", (None,))[0], InputLayer)


def _on_an_input(layer: Layer, tensor: Tensor) -> list:
    """The outputs of the layer on the tensor of an Input, whose shape and dtype it keeps as its own."""
    outputs = to_list(layer(tensor))
    if not isinstance(layer, Container):
        layer.batch_input_shape, layer.input_dtype = tuple(K.int_shape(tensor)), K.dtype(tensor)
    return outputs


@contextlib.contextmanager
def _undone_on_error(model: Sequential, layers: Sequence[Layer]) -> Iterator[None]:
    """Inside, calls of the layers leave nothing behind if one of them fails."""
    counts = {layer: (len(layer.inbound_nodes), len(layer.outbound_nodes)) for layer in layers}
    before = list(model._layers), list(model._tops), model._inputs
    try:
        yield
    except BaseException:
        for layer, (inbound, outbound) in counts.items():
            del layer.inbound_nodes[inbound:], layer.outbound_nodes[outbound:]
        model._layers.hold(before[0])
        model._tops, model._inputs = before[1:]
        raise


def _layer_config(layer: Layer) -> dict:
    """Class and config of a layer of the stack; a Merge that it starts with has those of its branches inside."""
    config = copy.deepcopy(layer.get_config())
    if isinstance(layer, Merge) and layer.layers:
        config["layers"] = [_layer_config(branch) for branch in layer.layers]
    return described(layer, config)


def _from_config(config: dict, custom_objects: dict | None) -> Layer:
    if config["class_name"] == "Merge" and config["config"].get("layers"):
        return _merge_of_branches(config["config"], custom_objects)
    return layer_from_config(config, custom_objects)


def _merge_of_branches(config: dict, custom_objects: dict | None) -> Merge:
    branches = [layer_from_config(branch, custom_objects) for branch in config["layers"]]
    with custom_object_scope(custom_objects or {}):
        return Merge.from_config({**config, "layers": branches})
