"""Layers and graphs of layers from their configs."""
from __future__ import annotations

import copy
from typing import Any

import numpy as np

from ..errors import unknown_name
from .layer import LAYERS, Layer
from .node import one_or_list

__all__ = ["layer_from_config", "build_graph", "as_document"]

# the Keras whose form the configs have
_KERAS_VERSION = "1.2.2"


def as_document(model: Any) -> dict:
    """Class, config and version, made of lists, dicts, strings and numbers only."""
    return {"class_name": type(model).__name__, "config": _plain(model.get_config()), "keras_version": _KERAS_VERSION}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return getattr(value, "__name__", str(value)) if callable(value) else value


def layer_from_config(config: dict, custom_objects: dict | None = None) -> Layer:
    """The layer that `{"class_name": ..., "config": ...}` describes.

    Args:
        custom_objects: classes and functions by name, for this call only.

    Raises:
        UnknownNameError: no layer class of that name.
    """
    from .. import layers, models  # noqa: F401 - they fill LAYERS
    from ..utils.generic_utils import custom_object_scope, get_custom_objects
    with custom_object_scope(custom_objects or {}):
        name = config["class_name"]
        known = (
            Layer.aliases
            | LAYERS
            | {key: value for key, value in get_custom_objects().items() if isinstance(value, type)}
        )
        if name not in known:
            raise unknown_name("layer class", name, known, f'Pass custom_objects={{"{name}": {name}}}.')
        return known[name].from_config(copy.deepcopy(config["config"]))


def build_graph(config: dict, custom_objects: dict | None = None) -> tuple[Any, Any]:
    """Inputs and outputs of the graph that a Container's config describes."""
    made = {one["name"]: layer_from_config(one, custom_objects) for one in config["layers"]}
    for name, layer in made.items():
        layer.name = name  # a Sequential's own config does not have it
    waiting = [
        (one["name"], place, node) for one in config["layers"] for place, node in enumerate(one["inbound_nodes"])
    ]
    while waiting:
        later = []
        for name, place, node in waiting:
            ready = all(index < len(made[before].inbound_nodes) for before, index, _ in node)
            if ready and _calls(made[name]) == place:
                made[name](one_or_list([_tensor(made, end) for end in node]))
            else:
                later.append((name, place, node))
        if len(later) == len(waiting):
            raise unknown_name(
                "order in which to call layers", later[0][0], made, "The config describes a graph with a cycle."
            )
        waiting = later
    return (
        [_tensor(made, end) for end in config["input_layers"]],
        [_tensor(made, end) for end in config["output_layers"]],
    )


def _calls(layer: Layer) -> int:
    """How often the layer was called on other layers' outputs."""
    return sum(1 for node in layer.inbound_nodes if node.inbound_layers)


def _tensor(made: dict[str, Layer], end: list) -> Any:
    name, node_index, tensor_index = end
    return made[name].inbound_nodes[node_index].output_tensors[tensor_index]
