"""The graph of an existing model, so that the Builder can open it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

from ....errors import ArgumentError, GraphError
from ..document.fields import Field, fields_of
from ..document.graph import Graph, LayerSpec
from ..document.values import Call, find_function, resolve

__all__ = ["graph_of", "as_call"]

_REGULARIZERS = {"L1L2Regularizer": ("l1l2", {"l1": 0.0, "l2": 0.0})}
_CONSTRAINTS = {"MaxNorm": "maxnorm", "NonNeg": "nonneg", "UnitNorm": "unitnorm"}


def graph_of(model: Any) -> Graph:
    """The layers and connections of a model, its inputs as layers of their own.

    Raises:
        GraphError: a layer is used more than once, or is a model itself.
    """
    if not hasattr(model, "layers"):
        raise ArgumentError(
            f"a Builder opens a model, got {model!r}.", "For a new one write Builder(input_shape=(8, 8, 1))."
        )
    if not model.layers:
        raise GraphError(
            f'the model "{model.name}" has no layers yet.', "Open a Builder with input_shape= and add them there."
        )
    layers = _with_inputs(model)
    nodes = model.network.node_set
    specs, connections = [], []
    for layer in layers:
        calls = [node for node in layer.inbound_nodes if node in nodes]
        if len(calls) != 1:
            raise GraphError(
                f'layer "{layer.name}" is used {len(calls)} times; the Builder shows models in which each is used once.'
            )
        spec = spec_of(layer)
        # a document knows no model that is frozen as a whole: each layer is
        specs.append(spec if model.trainable or spec.is_input else spec.changed(trainable=False))
        connections += [(source.name, layer.name) for source in calls[0].inbound_layers]
    return Graph(tuple(specs), tuple(connections))


def _with_inputs(model: Any) -> list:
    """All layers in the order of the data; a Sequential does not list its input."""
    return list(model.network.layers)


def _fields(layer: Any) -> tuple[Field, ...]:
    cls: type = type(layer)
    return fields_of(cls)


def spec_of(layer: Any) -> LayerSpec:
    """The description of one layer: what its constructor was given beyond the defaults."""
    class_name = type(layer).__name__
    if hasattr(layer, "layers") and hasattr(layer, "network"):
        raise GraphError(
            f'layer "{layer.name}" is a model itself; the Builder shows models of plain layers.',
            "Open that model in a Builder of its own.",
        )
    config = layer.get_config()
    if class_name == "InputLayer":
        return LayerSpec(layer.name, class_name, _input_arguments(config), True)
    arguments = {}
    for field in _fields(layer):
        value = _argument(layer, field, config)
        if value is not _UNKNOWN and (field.is_required or not _same(value, field.default)):
            arguments[field.name] = value
    return LayerSpec(layer.name, class_name, _fewest(layer, arguments), bool(layer.trainable))


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
    except (TypeError, ValueError):
        return None


_UNKNOWN = object()


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
    if name == "layer" and isinstance(value, Mapping):
        return as_call(layer.layer)
    if isinstance(value, Mapping) and "name" in value:
        return _penalty(value)
    return tuple(value) if isinstance(value, list) and not isinstance(value, str) else value


def _input_arguments(config: Mapping[str, Any]) -> dict[str, Any]:
    batch, *shape = config["batch_input_shape"]
    arguments: dict[str, Any] = (
        {"input_shape": tuple(shape)} if batch is None else {"batch_input_shape": (batch, *shape)}
    )
    if config.get("input_dtype", "float32") != "float32":
        arguments["input_dtype"] = config["input_dtype"]
    return arguments


def as_call(layer: Any) -> Call:
    """A wrapped layer as people write it, the arguments it needs in front: `Dense(32, bias=False)`."""
    spec = spec_of(layer)
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
