"""Layers and graphs of layers from their configs."""

from __future__ import annotations

import contextlib
import contextvars
import copy
import inspect
from typing import Any

import numpy as np

from ...errors import ArgumentError
from ...utils.brief import brief
from ...utils.code_text import trusted_code
from ...utils.custom_objects import custom_object_scope
from ...utils.damage import config_damage_named
from ..described import as_described, described
from ..layer import Layer
from ..node import one_or_list
from .known import check_layers, layer_class
from .later.configs import earlier_arguments, graph_as_earlier
from .later.versions import as_written_by, is_of_tensorflow, version_in
from .shared import SharedLayers

__all__ = ["model_from_description", "layer_from_config", "build_graph", "as_document", "plain", "KERAS_VERSION"]

# the Keras whose form the configs have
KERAS_VERSION = "1.2.2"


def as_document(model: Any) -> dict:
    """Class, config and version, made of lists, dicts, strings and numbers only."""
    described_model = {**described(model, plain(model.get_config())), "class_name": type(model).__name__}
    return {**described_model, "keras_version": KERAS_VERSION}


def plain(value: Any) -> Any:
    """The value made of lists, dicts, strings and numbers only: functions by name, objects by their configs."""
    if hasattr(value, "as_plain"):
        return value.as_plain()
    if isinstance(value, dict):
        return {str(key): (_arguments if key == "arguments" else plain)(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(one) for one in value]
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if value is None or isinstance(value, str | int | float):
        return str(value) if isinstance(value, str) else value
    if hasattr(value, "get_config") and not isinstance(value, type):
        return {"class_name": type(value).__name__, "config": plain(value.get_config())}
    return getattr(value, "__name__", type(value).__name__)


def _arguments(value: Any) -> Any:
    """Arguments of a function: arrays are marked as such, since the function needs them as arrays again."""
    if not isinstance(value, dict):
        return plain(value)
    return {
        name: {"type": "ndarray", "value": one.tolist()} if isinstance(one, np.ndarray) else plain(one)
        for name, one in value.items()
    }


# the layers that are made of one file
_shared: contextvars.ContextVar[SharedLayers | None] = contextvars.ContextVar("shared", default=None)
# whether layers of one file end masks that they have no use for
_drops_masks: contextvars.ContextVar[bool] = contextvars.ContextVar("drops_masks", default=False)


def model_from_description(
    config: Any,
    custom_objects: dict | None,
    trust_code: bool,
    what: str,
    version: str = "",
    drops_masks: bool = False,
) -> Layer:
    """The model that a file or text describes: the one way in, whichever Keras wrote it.

    Args:
        what: the file or text, for messages.
        version: of the Keras that wrote it, if it says so.
        drops_masks: whether its layers end masks that they have no use for, as those of tf.keras and Keras 3 do anyway.

    Raises:
        UnknownNameError: layer classes that only custom_objects can know; all of them are named.
        ArgumentError: it is no config of a model.
    """
    with custom_object_scope(custom_objects or {}):
        check_layers(config, what)
        drops_masks = drops_masks or is_of_tensorflow(version or version_in(config))
        config = as_written_by(config, version, what)
        tokens = _shared.set(SharedLayers()), _drops_masks.set(drops_masks)
        try:
            return layer_from_config(config, custom_objects, trust_code)
        finally:
            _shared.reset(tokens[0])
            _drops_masks.reset(tokens[1])


def layer_from_config(config: dict, custom_objects: dict | None = None, trust_code: bool = False) -> Layer:
    """The layer that `{"class_name": ..., "config": ...}` describes, in Keras 1.2's form or a later one.

    Args:
        custom_objects: classes and functions by name, for this call only.
        trust_code: run Python code that the config holds; only where you trust its origin.

    Raises:
        UnknownNameError: no layer class of that name.
        ArgumentError: the config is no config of a layer.
    """
    with custom_object_scope(custom_objects or {}), trusted_code() if trust_code else contextlib.nullcontext():
        cls = layer_class(_checked(config)["class_name"], config["config"], config.get("module"))
        with config_damage_named(cls):
            made, number = _shared.get(), config.get("shared_object_id")
            known = made.find(number, cls, config) if made is not None else None
            if known is not None:
                return known
            arguments = earlier_arguments(cls, copy.deepcopy(config["config"]))
            layer = as_described(_from_config(cls, arguments, custom_objects), config)
            layer.drops_masks = layer.drops_masks or _drops_masks.get()
            if made is not None:
                made.add(number, config, layer)
            return layer


def _checked(config: Any) -> dict:
    if not isinstance(config, dict) or not isinstance(config.get("class_name"), str) or "config" not in config:
        raise ArgumentError(
            f"needs the config of a layer or model, {{'class_name': ..., 'config': ...}}, got {brief(config)}.",
            "Such a config is what model.to_json() writes.",
        )
    return config


def _from_config(cls: type[Layer], config: Any, custom_objects: dict | None) -> Layer:
    """The layer by its class's `from_config`, which may take custom_objects or not."""
    if "custom_objects" in inspect.signature(cls.from_config).parameters:
        return cls.from_config(config, custom_objects=custom_objects)
    return cls.from_config(config)


def build_graph(config: dict, custom_objects: dict | None = None) -> tuple[Any, Any]:
    """Inputs and outputs of the graph that a Container's config describes."""
    _check_graph(config)
    config = graph_as_earlier(config)
    made = {one["name"]: layer_from_config(one, custom_objects) for one in config["layers"]}
    for name, layer in made.items():
        layer.name = name  # a Sequential's own config does not have it
    # a layer that another model has, too, was called there before
    called = {name: _calls(layer) for name, layer in made.items()}
    waiting = [
        (one["name"], place, node) for one in config["layers"] for place, node in enumerate(one["inbound_nodes"])
    ]
    while waiting:
        later = []
        for name, place, node in waiting:
            ready = all(
                before in made and index + called[before] < len(made[before].inbound_nodes)
                for before, index, *_ in node
            )
            if ready and _calls(made[name]) == place + called[name]:
                arguments = node[0][3] if node and len(node[0]) > 3 else {}
                made[name](one_or_list([_tensor(made, called, end[:3]) for end in node]), **arguments)
            else:
                later.append((name, place, node))
        if len(later) == len(waiting):
            raise _unordered(later, made)
        waiting = later
    return (
        [_tensor(made, called, end) for end in config["input_layers"]],
        [_tensor(made, called, end) for end in config["output_layers"]],
    )


def _unordered(waiting: list, made: dict[str, Layer]) -> ArgumentError:
    """Why the calls that are left cannot be made in any order."""
    for name, _, node in waiting:
        unknown = [before for before, *_ in node if before not in made]
        if unknown:
            said = f'the config of this graph has layer "{name}" called on "{unknown[0]}", which it does not describe.'
            return ArgumentError(said, "It is damaged.")
    names = ", ".join(dict.fromkeys(f'"{name}"' for name, *_ in waiting[:4]))
    said = f"the config of this graph has no order in which {names} can be called: each waits for another call."
    return ArgumentError(said, "It is damaged.")


def _check_graph(config: Any) -> None:
    missing = [name for name in ("layers", "input_layers", "output_layers") if not config.get(name)]
    if missing:
        raise ArgumentError(f"the config of this graph has no {missing[0]}.", "It is damaged.")


def _calls(layer: Layer) -> int:
    """How often the layer was called on other layers' outputs."""
    return sum(1 for node in layer.inbound_nodes if node.inbound_layers)


def _tensor(made: dict[str, Layer], called: dict[str, int], end: list) -> Any:
    name, node_index, tensor_index = end
    try:
        if min(node_index, tensor_index) < 0:
            raise IndexError
        return made[name].inbound_nodes[node_index + called[name]].output_tensors[tensor_index]
    except (KeyError, IndexError) as error:
        raise ArgumentError(
            f"the config of this graph names output {tensor_index} of call {node_index} of layer "
            f'"{name}", which there is not.',
            "It is damaged.",
        ) from error
