"""The graph of an existing model, so that the Builder can open it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....engine.layer import Layer
from ....engine.node import as_arrays
from ....engine.statistics import parts_of
from ....errors import ArgumentError, GraphError
from ..document.edits import again_name, takes_many
from ..document.fields import HELD, Field, fields_of
from ..document.graph import Graph, LayerSpec
from ..document.picking import PickOutput
from ..document.registry import is_layer, layer_class
from ..document.values import Call, find_function, resolve
from .likeness import are_alike

__all__ = ["graph_of", "as_call"]

_REGULARIZERS = {"L1L2Regularizer": ("l1l2", {"l1": 0.0, "l2": 0.0})}
_CONSTRAINTS = {"MaxNorm": "maxnorm", "NonNeg": "nonneg", "UnitNorm": "unitnorm"}


def graph_of(model: Any) -> Graph:
    """The layers and connections of a model, its inputs as layers of their own.

    Raises:
        GraphError: it has no layers yet.
    """
    if not hasattr(model, "layers"):
        raise ArgumentError(
            f"a Builder opens a model, got {model!r}.", "For a new one write Builder(input_shape=(8, 8, 1))."
        )
    if not model.layers:
        raise GraphError(
            f'the model "{model.name}" has no layers yet.', "Open a Builder with input_shape= and add them there."
        )
    boxes = _Boxes(model)
    return Graph(tuple(boxes.specs), tuple(boxes.connections), tuple(map(boxes.box_of, model.outputs)))


class _Boxes:
    """The boxes of a model: one for each call of a layer, and one for each output that is read of several."""

    def __init__(self, model: Any):
        self.specs: list[LayerSpec] = []
        self.connections: list[tuple[str, str]] = []
        self._outputs: dict[Any, tuple[str, int | None]] = {}  # tensor -> box, and which output of several
        calls: dict[Any, list] = {}
        for node in model.network.nodes:
            calls.setdefault(node.outbound_layer, []).append(node)
        inputs = [tensor._keras_history[0] for tensor in model.inputs]
        drawn = []
        for layer in dict.fromkeys([*inputs, *model.network.layers]):
            spec = _start_of(model, layer) if layer in inputs else spec_of(layer)
            # a document knows no model that is frozen as a whole: each layer is
            spec = spec if model.trainable or spec.is_input else spec.changed(trainable=False)
            drawn += [(spec, node) for node in calls[layer]]
        for spec, node in drawn:
            self._put(spec, node)
        for spec, (_, node) in zip(list(self.specs), drawn, strict=True):
            if not spec.is_input:
                self.connections += [(self.box_of(tensor), spec.name) for tensor in node.input_tensors]

    def _put(self, spec: LayerSpec, node: Any) -> None:
        known = Graph(tuple(self.specs))
        if spec.name in known:
            spec = spec.changed(name=again_name(known, spec.name), shares=spec.name)
        if not spec.is_input:
            reads_list = len(node.input_tensors) > 1 and not takes_many(spec)
            spec = spec.changed(reads_list=reads_list, called_with=as_arrays(node.arguments))
        self.specs.append(spec)
        several = len(node.output_tensors) > 1
        self._outputs.update(
            (tensor, (spec.name, index if several else None)) for index, tensor in enumerate(node.output_tensors)
        )

    def box_of(self, tensor: Any) -> str:
        """The box that gives the tensor; of several outputs one that picks it."""
        name, index = self._outputs[tensor]
        if index is None:
            return name
        picked = f"{name}[{index}]"
        if picked not in {spec.name for spec in self.specs}:
            self.specs.append(LayerSpec(picked, PickOutput.__name__, {"index": index} if index else {}))
            self.connections.append((name, picked))
        return picked


def _start_of(model: Any, layer: Any) -> LayerSpec:
    """A model may begin in the midst of another one: its first layer hands in what that one gives."""
    if type(layer).__name__ == "InputLayer":
        return spec_of(layer)
    tensor = next(tensor for tensor in model.inputs if tensor._keras_history[0] is layer)
    config = {"batch_input_shape": tuple(tensor._keras_shape), "input_dtype": tensor.dtype}
    return LayerSpec(layer.name, "InputLayer", _input_arguments(config), True)


def _fields(layer: Any) -> tuple[Field, ...]:
    cls: type = type(layer)
    return fields_of(cls)


def spec_of(layer: Any) -> LayerSpec:
    """The description of one layer: what its constructor was given beyond the defaults.

    Where that does not make the same layer again, the description holds the layer itself.
    """
    described = None if _holds_models(layer) else _described(layer)
    if described is not None:
        return described
    inside = {part.path: bool(part.layer.trainable) for part in parts_of(layer)}
    return LayerSpec(layer.name, type(layer).__name__, trainable=bool(layer.trainable), live=layer, inside=inside)


def _holds_models(layer: Any) -> bool:
    return layer.is_graph or any(part.layer.is_graph for part in parts_of(layer))


def _described(layer: Any) -> LayerSpec | None:
    cls: type = type(layer)
    class_name = cls.__name__
    if not is_layer(class_name) or layer_class(class_name) is not cls:
        return None  # its class was defined anew since, or nobody knows it by name
    try:
        config = layer.get_config()
    except Exception:  # noqa: BLE001 - that of a user's layer may raise anything; then nothing describes it
        return None
    if class_name == "InputLayer":
        return LayerSpec(layer.name, class_name, _input_arguments(config), True)
    arguments = {}
    for field in _fields(layer):
        value = _argument(layer, field, config)
        if value is not _UNKNOWN and (field.is_required or not _same(value, field.default)):
            arguments[field.name] = value
    arguments |= _only_later(layer, arguments, config)
    if not are_alike(_config(layer, arguments), config):
        return None
    return LayerSpec(layer.name, class_name, _fewest(layer, arguments), bool(layer.trainable))


def _only_later(layer: Any, arguments: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """What was given beyond what the form has: a config that is made without it lacks it, or says something else."""
    without, told = _config(layer, arguments), {*arguments, *_COMMON}
    if without is None:
        return {}
    return {
        name: value
        for name, value in config.items()
        if name not in told and not (name in without and are_alike({name: value}, {name: without[name]}))
    }


def _fewest(layer: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    """Without the arguments that a new layer would settle in the same way by itself (`dim_ordering`, `strides`)."""
    required = {field.name for field in _fields(layer) if field.is_required}
    kept = dict(arguments)
    for name in arguments:
        fewer = {other: value for other, value in kept.items() if other != name}
        if name not in required and _settles_alike(layer, fewer, kept):
            kept = fewer
    return kept


def _settles_alike(layer: Any, fewer: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
    config = _config(layer, fewer)
    return config is not None and config == _config(layer, kept)


def _config(layer: Any, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return type(layer)(name=layer.name, **{name: resolve(value) for name, value in arguments.items()}).get_config()
    except Exception:  # noqa: BLE001 - the constructor of a user's layer may raise anything; then it is not described
        return None


_UNKNOWN = object()
# what every layer's config may have
_COMMON = {"name", "trainable", "batch_input_shape", "input_dtype"}


def _argument(layer: Any, field: Field, config: Mapping[str, Any]) -> Any:
    name, own = field.name, getattr(layer, field.name, None)
    told = config.get(name)
    if callable(own) and isinstance(told, str | tuple | list) and told not in field.choices:
        return own  # a function of the user's, of which a config holds the name or the code
    if name == "function":  # code, which a config holds only as bytes
        return layer.function
    if name not in config:
        return _UNKNOWN
    value = config[name]
    if name in HELD and isinstance(value, Mapping | list):
        return _as_calls(own)
    if isinstance(value, Mapping) and "name" in value:
        return _penalty(value)
    return tuple(value) if isinstance(value, list) and not isinstance(value, str) else value


def _as_calls(held: Any) -> Any:
    """A layer that a layer holds, or a list of them, as people write it; unknown where no arguments describe one."""
    if isinstance(held, list | tuple):
        calls = [_as_calls(one) for one in held]
        return _UNKNOWN if _UNKNOWN in calls else calls
    spec = spec_of(held) if isinstance(held, Layer) else None
    return _UNKNOWN if spec is None or spec.live is not None else _called(spec, held)


def _input_arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    batch, *shape = config["batch_input_shape"]
    arguments: dict[str, Any] = (
        {"input_shape": tuple(shape)} if batch is None else {"batch_input_shape": (batch, *shape)}
    )
    if config.get("input_dtype", "float32") != "float32":
        arguments["input_dtype"] = config["input_dtype"]
    return arguments


def as_call(layer: Any) -> Call:
    """A wrapped layer as people write it, the arguments it needs in front: `Dense(32, bias=False)`.

    Raises:
        ArgumentError: no arguments describe it.
    """
    spec = spec_of(layer)
    if spec.live is not None:
        raise ArgumentError(
            f'{spec.class_name} "{spec.name}" cannot be written as a call, so no form can hold it.',
            "Wrap it in a cell, and open the model that has it.",
            arguments=("layer",),
        )
    return _called(spec, layer)


def _called(spec: LayerSpec, layer: Any) -> Call:
    arguments = dict(spec.arguments) if spec.trainable else {**spec.arguments, "trainable": False}
    needed = [field.name for field in _fields(layer) if field.is_required]
    front = tuple(arguments.pop(name) for name in needed) if all(name in arguments for name in needed) else ()
    return Call(spec.class_name, front, tuple(arguments.items()))


def _penalty(config: Mapping[str, Any]) -> Any:
    """A regularizer or constraint as the short call people write."""
    values = {name: _plain(value) for name, value in config.items() if name != "name"}
    if config["name"] in _REGULARIZERS:
        changed = {name: value for name, value in values.items() if value}
        if len(changed) == 1:
            ((word, value),) = changed.items()
            return Call(word, (value,))
        return Call("l1l2", (), tuple(values.items()))
    word = _CONSTRAINTS.get(config["name"], config["name"])
    defaults = inspect.signature(find_function(word)).parameters
    return Call(word, (), tuple((name, value) for name, value in values.items() if value != defaults[name].default))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _same(value: Any, default: Any) -> bool:
    if isinstance(value, np.ndarray) or isinstance(default, np.ndarray):
        return value is default
    # a config may say "linear" where the constructor's default is None
    return value == default or (value == "linear" and default is None)
