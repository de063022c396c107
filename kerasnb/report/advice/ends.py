"""The two ends of a model as a training meets them: what it takes, and what its last layer gives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ...views import is_foreign, view_of
from .vocabularies import Vocabulary, vocabulary_behind

__all__ = ["InputEnd", "OutputEnd", "input_ends", "output_ends"]

# what may stand after the layer that has the outputs, without giving others
_PASSING = ("Dropout", "GaussianNoise", "GaussianDropout", "ActivityRegularization")
# of these, those that change them while it trains, with the argument that says how much
_NOISE = {"Dropout": "p", "GaussianNoise": "sigma", "GaussianDropout": "p"}
# layers that scale what they get, so that the range of the data matters little
_SCALING = ("BatchNormalization", "LayerNormalization", "Rescaling", "Normalization", "Lambda")
_UNITS = ("output_dim", "nb_filter")
# behind these it does not matter whether a recurrent layer gives each step
_RESHAPING = ("Flatten", "Reshape", "RepeatVector", "Global", "Bidirectional")
# an input of a Sequential, which nobody has named
_MADE_UP = re.compile(r"_input_\d+$")


@dataclass(frozen=True)
class InputEnd:
    """One input: its shape without the batch, the vocabulary of an embedding behind it, whether scaling follows.

    `batch` is the number of samples that each batch must have, None where it is free; `reader` is the first layer that
    reads the input.
    """

    name: str
    shape: tuple[int | None, ...]
    vocabulary: Vocabulary | None
    is_scaled: bool
    batch: int | None = None
    reader: str = ""

    @property
    def told(self) -> str:
        """What a person knows it as: its name, or the layer that reads it where Keras has named it by itself."""
        return self.reader if self.reader and _MADE_UP.search(self.name) else self.name


@dataclass(frozen=True)
class OutputEnd:
    """One output: its shape without the batch, its activation, and whose arguments settle both.

    `activation_layer` and `units_layer` are None where they are inside another layer or model. `noise_layer` stands
    behind the activation and changes what it gave. `inner_activation` is what the layer with the units applies before
    an activation in a layer of its own. `recurrent_layer` is the last one that gives each step or only the last.
    """

    name: str
    shape: tuple[int | None, ...]
    activation: str
    activation_layer: str | None
    units_layer: str | None
    units_argument: str
    noise_layer: str | None = None
    noise_argument: str = ""
    inner_activation: str = ""
    recurrent_layer: str | None = None

    @property
    def width(self) -> int | None:
        """The number of outputs for each sample or step."""
        return self.shape[-1] if self.shape else None


def input_ends(model: Any) -> list[InputEnd]:
    """The model's inputs."""
    if is_foreign(model):
        # what scales the data in such a model is not looked for, so nothing is said of their range
        view = view_of(model)
        return [
            InputEnd(name, tuple(shape[1:]), None, True)
            for name, shape in zip(view.input_names, view.input_shapes, strict=False)
        ]
    readers = _readers(model)
    return [
        InputEnd(
            tensor._keras_history[0].name,
            _shape_of(tensor),
            vocabulary_behind(model, tensor),
            any(type(reader).__name__ in _SCALING for reader in readers(tensor)),
            tensor._keras_shape[0],
            next((reader.name for reader in readers(tensor)), ""),
        )
        for tensor in getattr(model, "inputs", None) or ()
    ]


def output_ends(model: Any) -> list[OutputEnd]:
    """The model's outputs."""
    if is_foreign(model):
        view = view_of(model)
        rows = zip(view.output_names, view.output_shapes, view.output_activations, strict=False)
        return [OutputEnd(name, tuple(shape[1:]), activation, None, None, "") for name, shape, activation in rows]
    return [_output_end(tensor) for tensor in getattr(model, "outputs", None) or ()]


def _output_end(tensor: Any) -> OutputEnd:
    layer = last = tensor._keras_history[0]
    activation, activation_layer, inner = None, None, ""
    noise: Any = None
    while type(layer).__name__ in (*_PASSING, "Activation", "Softmax"):
        name = type(layer).__name__
        if name in _NOISE and activation is None and noise is None and getattr(layer, _NOISE[name]) > 0:
            noise = layer
        if name == "Softmax" and activation is None:
            activation = "softmax"
        if name == "Activation" and activation is None:
            activation, activation_layer = _activation_of(layer), layer.name
        before = layer.inbound_nodes[0].inbound_layers
        if not before:
            break
        layer = before[0]
    if activation is None:
        activation = _activation_of(layer)
        activation_layer = layer.name if hasattr(layer, "activation") else None
    elif hasattr(layer, "activation"):
        inner = _activation_of(layer)
    units = next((name for name in _UNITS if hasattr(layer, name)), "")
    return OutputEnd(
        last.name,
        _shape_of(tensor),
        activation,
        activation_layer,
        layer.name if units else None,
        units,
        None if noise is None else noise.name,
        "" if noise is None else _NOISE[type(noise).__name__],
        inner,
        _recurrent_before(layer),
    )


def _recurrent_before(layer: Any) -> str | None:
    """The name of the layer, or of the nearest before it, that has `return_sequences`."""
    while not ("return_sequences" in vars(layer) and "return_sequences" in layer.get_config()):
        before = layer.inbound_nodes[0].inbound_layers if layer.inbound_nodes else []
        if len(before) != 1 or type(layer).__name__.startswith(_RESHAPING):
            return None
        (layer,) = before
    return str(layer.name)


def _activation_of(layer: Any) -> str:
    """The activation's name; of a wrapper or an inner model, that of what is inside; empty where it is not known."""
    if getattr(layer, "outputs", None) and getattr(layer, "layers", None):
        return _output_end(layer.outputs[0]).activation
    if not hasattr(layer, "activation") and hasattr(layer, "layer"):
        return _activation_of(layer.layer)
    activation = getattr(layer, "activation", None)
    if activation is None:
        return "linear" if hasattr(layer, "activation") else ""
    return getattr(activation, "__name__", "")


def _readers(model: Any) -> Any:
    nodes = model.network.nodes if hasattr(getattr(model, "network", None), "nodes") else []

    def readers(tensor: Any) -> list[Any]:
        source = tensor._keras_history[0]
        return [node.outbound_layer for node in nodes if source in node.inbound_layers]

    return readers


def _shape_of(tensor: Any) -> tuple[int | None, ...]:
    return tuple(tensor._keras_shape[1:])
