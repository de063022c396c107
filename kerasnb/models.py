"""`Sequential`: a stack of layers; and models from their configs."""
from __future__ import annotations

import copy
import json
from collections.abc import Sequence

import numpy as np

from . import backend as K
from .engine.configs import layer_from_config
from .engine.container import Container
from .engine.layer import Layer
from .engine.merge import Merge
from .engine.network import Network, get_source_inputs
from .engine.node import to_list
from .engine.saving import load_model, save_model
from .engine.training import Model
from .errors import ArgumentError, GraphError, KindError
from .utils.custom_objects import class_name_of, custom_object_scope
from .utils.safe_yaml import read_yaml

__all__ = ["Model", "Sequential", "model_from_config", "model_from_json", "model_from_yaml", "save_model", "load_model"]


class Sequential(Model):
    """Layers one after the other.

    The first layer says the shape of one sample: `Dense(10, input_shape=(4,))`.

    Args:
        layers: layers to add at once.
        name: by default 'sequential_1' and so on.
    """

    def __init__(self, layers=None, name=None):
        Layer.__init__(self, name=name or f"sequential_{K.get_uid('sequential_')}")
        self._stack: list[Layer] = []
        self._tops: list = []  # the output of each layer of the stack
        self._network = None
        self.inputs, self.outputs = [], []
        self._start_uncompiled()
        for layer in layers or []:
            self.add(layer)

    @property
    def layers(self) -> list[Layer]:
        return self._stack

    @property
    def flattened_layers(self) -> list[Layer]:
        """The layers, with those of the branches in place of a Merge that the stack starts with; each once."""
        found: dict[Layer, None] = {}
        for layer in self._stack:
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
    def network(self) -> Network:
        if self._network is None:
            self.build()
        return self._network

    def add(self, layer) -> None:
        """Put a layer on top.

        Raises:
            ShapeError: it does not fit on the layer below; the model stays as it was.
            ArgumentError: it is no layer, or the first one has no input shape.
        """
        if not isinstance(layer, Layer):
            raise KindError(f"add needs a layer, got {layer!r}.", "Write model.add(Dense(10)).").named(
                "Sequential", self.name
            )
        if not self.outputs:
            outputs = self._first_outputs(layer)
            self.inputs = get_source_inputs(outputs[0])
        else:
            self._refuse_while_training("add")
            outputs = to_list(layer(self.outputs[0]))
            del self._tops[len(self._stack):]  # layers that were taken away by model.layers.pop()
        if len(outputs) != 1:
            raise GraphError("each layer of a Sequential must have one output.", "Use Model for several.").named(
                "Sequential", self.name
            )
        self.outputs = outputs
        self._stack.append(layer)
        self._tops.append(outputs[0])
        self._changed()

    def _first_outputs(self, layer: Layer) -> list:
        if not layer.inbound_nodes:
            shape = getattr(layer, "batch_input_shape", None)
            if shape is None:
                raise ArgumentError("the first layer of a Sequential needs the shape of one sample.",
                                    f"Write {type(layer).__name__}(..., input_shape=(...)).",
                                    arguments=("input_shape",)).named(type(layer).__name__, layer.name)
            layer.create_input_layer(shape, layer.input_dtype)
        if len(layer.inbound_nodes) != 1:
            raise GraphError(f"is used {len(layer.inbound_nodes)} times already, so it cannot start a Sequential.",
                             "Make a new layer.").named(type(layer).__name__, layer.name)
        return list(layer.inbound_nodes[0].output_tensors)

    def pop(self) -> None:
        """Take the top layer away; compile again afterwards.

        Raises:
            ArgumentError: there is none.
        """
        if not self._stack:
            raise KindError("there is no layer to pop.").named("Sequential", self.name)
        self._refuse_while_training("pop")
        self._stack.pop()
        del self._tops[len(self._stack):]
        if self._stack:
            self._stack[-1].outbound_nodes = []
            self.outputs = self._tops[-1:]
        else:
            self.inputs, self.outputs = [], []
        self._changed()

    def _changed(self) -> None:
        """What follows from the layers is worked out anew when next needed."""
        self._network = None
        self._steps = {}
        self.compile_arguments = None
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
        self._set_network(Network(self.inputs, self.outputs, self.name))
        self.built = True

    def call(self, x, mask=None):
        if not self.built:
            self.build()
        return super().call(x, mask)

    def compile(self, optimizer, loss, metrics=None, sample_weight_mode=None, **kwargs):
        """Say how to train; as for Model."""
        self.build()  # always: `model.layers` and `model.outputs` may have been changed by hand
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

    def get_config(self) -> list:
        """The layers' configs, in order."""
        return [_layer_config(layer) for layer in self._stack]

    @classmethod
    def from_config(cls, config: Sequence[dict], layer_cache=None, custom_objects: dict | None = None) -> Sequential:
        """The model that `get_config` described, with new weights; later Keras puts the list into a dict."""
        model = cls(name=config.get("name") if isinstance(config, dict) else None)
        for one in config["layers"] if isinstance(config, dict) else config:
            has_branches = one["class_name"] == "Merge" and one["config"].get("layers")
            model.add(
                _merge_of_branches(one["config"], custom_objects)
                if has_branches
                else layer_from_config(one, custom_objects)
            )
        return model


def _layer_config(layer: Layer) -> dict:
    """Class and config of a layer of the stack; a Merge that it starts with has those of its branches inside."""
    config = copy.deepcopy(layer.get_config())
    if isinstance(layer, Merge) and layer.layers:
        config["layers"] = [_layer_config(branch) for branch in layer.layers]
    return {"class_name": class_name_of(layer), "config": config}


def _merge_of_branches(config: dict, custom_objects: dict | None) -> Merge:
    branches = [layer_from_config(branch, custom_objects) for branch in config["layers"]]
    with custom_object_scope(custom_objects or {}):
        return Merge.from_config({**config, "layers": branches})


def model_from_config(config: dict, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `{"class_name": ..., "config": ...}` describes, with new weights.

    Args:
        custom_objects: your own classes and functions by name, for this call only.
        trust_code: run Python code that the config holds (of a Lambda or Merge); only where you trust its origin.
    """
    if isinstance(config, list):
        raise ArgumentError("model_from_config needs {'class_name': ..., 'config': ...}, got a list.",
                            "For a Sequential's config, use Sequential.from_config(config).")
    return layer_from_config(config, custom_objects, trust_code)


def model_from_json(json_string: str, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `to_json` wrote, with new weights.

    Args:
        custom_objects, trust_code: as for model_from_config.

    Raises:
        ArgumentError: the text is no JSON.
    """
    try:
        config = json.loads(json_string)
    except ValueError as error:
        raise ArgumentError(f"model_from_json: this is no JSON ({error}).", "It reads what model.to_json() wrote.",
                            arguments=("json_string",)) from error
    return model_from_config(config, custom_objects, trust_code)


def model_from_yaml(yaml_string: str, custom_objects: dict | None = None, trust_code: bool = False) -> Container:
    """The model that `to_yaml` wrote, with new weights.

    Args:
        custom_objects, trust_code: as for model_from_config.

    Raises:
        ArgumentError: the text is no YAML, or asks for Python objects.
    """
    return model_from_config(read_yaml(yaml_string), custom_objects, trust_code)
