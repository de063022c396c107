"""A model of ours as Keras 3 describes it: layers, and which is called on what."""

from __future__ import annotations

from typing import Any

import numpy as np

from .... import backend as K
from ....errors import ArgumentError
from ...layer import Layer
from ...node import Node
from ..later.operators import OPERATOR
from .described import described, refused

__all__ = ["described_model", "plain_numbers"]


def described_model(model: Any) -> dict:
    """Class and config of a model, from which Keras 3 makes the same.

    Raises:
        ArgumentError: Keras 3 has no such layer or argument.
    """
    if not hasattr(model, "inputs") or not model.outputs:
        raise ArgumentError(f'model "{model.name}" has no layers, so there is nothing to write.', "Add some.")
    _check_sharing(model)
    return _inner(model)


def _check_sharing(model: Any) -> None:
    """Refuse a layer that stands in two models: Keras 3 makes two of it, and finds no weights for the second."""
    home: dict[Layer, Any] = {}
    waiting = [model]
    while waiting:
        graph = waiting.pop()
        for layer in graph.layers:
            if layer.weights and home.setdefault(layer, graph) is not graph:
                raise refused(layer, "files in which one layer stands in two models")
            waiting += [one for one in (layer, *layer.inner_layers) if one.is_graph and one not in waiting]


def _inner(layer: Layer) -> dict:
    if type(layer).__name__ == OPERATOR:
        return _operation(layer)
    if not layer.is_graph:
        return described(layer, _inner)
    if _is_stack(layer):
        return _model(layer, "Sequential", {"layers": _stack(layer)})
    return _model(layer, "Functional", _graph(layer))


def _operation(layer: Any) -> dict:
    """An operation, which is no layer there."""
    if not str(layer.module).startswith("keras"):
        raise refused(layer, f"operation {layer.operation} with {', '.join(layer.settings)}")
    config = {"name": layer.name, **layer.settings}
    return {
        "module": layer.module,
        "class_name": layer.operation,
        "config": config,
        "registered_name": layer.operation,
    }


def _with_tensors(value: Any, tensors: list) -> Any:
    if isinstance(value, dict) and value.keys() == {"tensor"}:
        return tensors[value["tensor"]]
    return [_with_tensors(one, tensors) for one in value] if isinstance(value, list | tuple) else value


def _is_stack(layer: Any) -> bool:
    """Whether it is a Sequential that begins with one input."""
    return type(layer).__name__ == "Sequential" and len(layer.inputs) == 1 and not hasattr(layer.layers[0], "mode_type")


def _model(model: Layer, class_name: str, config: dict) -> dict:
    config = config if model.trainable else _frozen(config)
    config = {"name": model.name, "trainable": bool(model.trainable), "dtype": "float32", **config}
    module = "keras" if class_name == "Sequential" else "keras.src.models.functional"
    return {"module": module, "class_name": class_name, "config": config, "registered_name": class_name}


def _frozen(config: Any) -> Any:
    """The configs in a config, all frozen: in Keras 3 a model that is frozen freezes the layers in it."""
    if isinstance(config, dict):
        return {name: False if name == "trainable" else _frozen(value) for name, value in config.items()}
    return [_frozen(one) for one in config] if isinstance(config, list) else config


def _stack(model: Any) -> list[dict]:
    first = model.layers[0]
    inner = [_inner(layer) for layer in model.layers if type(layer).__name__ != "InputLayer"]
    return [_input(model.inputs[0]._keras_history[0], model.inputs[0]), *inner] if first is not None else inner


def _input(layer: Any, tensor: Any) -> dict:
    if getattr(layer, "sparse", False):
        raise refused(layer, "sparse inputs on every of its backends", "Give dense arrays.")
    config = {"batch_shape": list(K.int_shape(tensor)), "dtype": K.dtype(tensor), "sparse": False, "name": layer.name}
    return {"module": "keras.layers", "class_name": "InputLayer", "config": config, "registered_name": None}


def _graph(model: Any) -> dict:
    nodes = model.network.node_set
    layers = []
    for layer in model.network.layers:
        is_input = type(layer).__name__ == "InputLayer"
        made = _input(layer, layer.inbound_nodes[0].output_tensors[0]) if is_input else _inner(layer)
        calls = [] if is_input else [node for node in layer.inbound_nodes if node in nodes and node.inbound_layers]
        layers.append({**made, "name": layer.name, "inbound_nodes": [_call(model, layer, node) for node in calls]})
    return {
        "layers": layers,
        "input_layers": _ends([_end(model, one, False) for one in model.inputs]),
        "output_layers": _ends([_end(model, one, True) for one in model.outputs]),
    }


def _ends(ends: list) -> list:
    """A single one stands by itself: a list of one would be a model that takes, or gives, a list."""
    return ends[0] if len(ends) == 1 else ends


def _end(model: Any, tensor: Any, is_output: bool) -> list:
    """The layer, call and output that a tensor comes from.

    Keras 3 counts a functional model's own first node among its calls where it lists outputs, and nowhere else.
    """
    layer, _, place = tensor._keras_history
    node = model._node_place(tensor)
    if layer.is_graph and not (is_output and not _is_stack(layer)):
        node -= 1
    return [layer.name, node, place]


def _tensor(model: Any, tensor: Any) -> dict:
    return {
        "class_name": "__keras_tensor__",
        "config": {
            "shape": list(K.int_shape(tensor)),
            "dtype": K.dtype(tensor),
            "keras_history": _end(model, tensor, False),
        },
    }


def _call(model: Any, layer: Any, node: Node) -> dict:
    """The arguments of one call."""
    tensors = [_tensor(model, one) for one in node.input_tensors]
    beside: dict[str, Any] = {}
    for name, value in node.arguments.items():
        if name == "tensors":
            continue
        if name == "training":
            raise refused(layer, "calls for one phase: its fit and predict put their own in place of training=")
        if not isinstance(value, bool | int | float | str | None):
            raise refused(layer, f"arrays in calls ({name})")
        beside[name] = value
    if type(layer).__name__ == OPERATOR:
        return {"args": _with_tensors(layer.given, tensors), "kwargs": {}}
    if hasattr(layer, "tensor_names"):
        named = dict(zip(node.arguments.get("tensors") or layer.tensor_names, tensors, strict=False))
        return _called_by_name(layer, named, beside)
    if len(tensors) == 1:
        return {"args": tensors, "kwargs": beside}
    if hasattr(layer, "go_backwards") or hasattr(layer, "forward_layer"):
        if getattr(layer, "num_constants", 0):
            raise refused(layer, "constants of recurrent layers")
        return {"args": tensors[:1], "kwargs": {"initial_state": tensors[1:], **beside}}
    return {"args": [tensors], "kwargs": beside}


def _called_by_name(layer: Any, named: dict[str, Any], beside: dict) -> dict:
    if "Head" in type(layer).__name__ or "GroupQuery" in type(layer).__name__:
        first = [named.pop(name) for name in ("query", "value")]
        return {"args": first, "kwargs": {**named, **beside}}
    tensors = [named.pop(name) for name in layer.tensor_names if name in named and not name.endswith("mask")]
    if named:
        raise refused(layer, f"tensors by name ({', '.join(named)}) in calls of {type(layer).__name__}")
    return {"args": [tensors], "kwargs": beside}


def plain_numbers(value: Any) -> Any:
    """Numbers of numpy as Python's, for JSON."""
    if isinstance(value, dict):
        return {str(name): plain_numbers(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(one) for one in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
