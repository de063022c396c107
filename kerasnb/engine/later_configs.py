"""Configs of layers and graphs as Keras 2 and later write them, in Keras 1.2's form."""

from __future__ import annotations

import re
from typing import Any

from ..errors import ArgumentError

__all__ = ["as_earlier", "graph_as_earlier"]

# classes that later Keras calls otherwise
_CLASSES = {"Functional": "Model", "Network": "Model"}

# arguments without a counterpart in Keras 1.2, where their value changes nothing
_NEUTRAL: dict[str, tuple] = {
    "ragged": (False,),
    "optional": (False,),
    "groups": (1,),
    "time_major": (False,),
    "renorm": (False,),
    "synchronized": (False,),
    "virtual_batch_size": (None,),
    "zero_output_for_mask": (False,),
    "use_cudnn": ("auto", False, None),
    "quantization_config": (None,),
    "lora_rank": (None,),
    "lora_alpha": (None,),
    "build_config": (None,),
    "return_state": (False,),
    "dynamic": (False,),
    "supports_masking": (True, False),
    "output_padding": (None,),
    "autocast": (True,),
    "seed": (None,),
    "noise_shape": (None,),
    "activity_regularizer": (None,),
    "embeddings_constraint": (None,),
}

# initializers that later Keras writes as objects: Keras 2.0's names for what `initializers` makes by name
_NAMED_INITIALIZERS = {"GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"}


def as_earlier(config: dict) -> dict:
    """The config of one layer, `{"class_name": ..., "config": ...}`, as Keras 1.2 writes it."""
    name = _CLASSES.get(config["class_name"], config["class_name"].rsplit(">", 1)[-1])
    arguments = config["config"]
    if isinstance(arguments, dict) and "layers" not in arguments:
        arguments = {key: _value(key, value) for key, value in arguments.items() if not _says_nothing(key, value)}
    return {**config, "class_name": name, "config": arguments}


def _says_nothing(name: str, value: Any) -> bool:
    return name in _NEUTRAL and any(value is one or (value == one and type(value) is type(one))
                                    for one in _NEUTRAL[name])


def _value(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or "class_name" not in value:
        return value
    if name == "dtype":  # a policy: its name is the dtype
        return (value.get("config") or {}).get("name", "float32")
    if name.endswith("initializer"):
        return _initializer(value)
    if name in ("layer", "backward_layer"):
        return value
    return {"class_name": value["class_name"], "config": value.get("config") or {}}


def _initializer(value: dict) -> Any:
    """An initializer by its name where it has no arguments but a seed that is not fixed."""
    name, config = value["class_name"], value.get("config") or {}
    name = name.removesuffix("Initializer") if name.startswith(("Orthogonal", "Identity")) else name
    if name in _NAMED_INITIALIZERS and config.get("seed") is None:
        return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    if name in ("Zeros", "Ones"):
        return name.lower()
    return {"class_name": name, "config": {key: one for key, one in config.items() if key != "dtype"}}


# ---- graphs


def graph_as_earlier(config: dict) -> dict:
    """The config of a graph: its nodes as lists of `[layer, node, tensor]`, without arguments of calls."""
    layers = [
        {**as_earlier(one), "name": one.get("name") or one["config"]["name"],
         "inbound_nodes": [_node(node, one) for node in one.get("inbound_nodes") or []]}
        for one in config["layers"]
    ]
    return {**config, "layers": layers, "input_layers": _ends(config["input_layers"]),
            "output_layers": _ends(config["output_layers"])}


def _node(node: Any, layer: dict) -> list:
    if isinstance(node, dict):
        given = {name: one for name, one in (node.get("kwargs") or {}).items() if not _is_default(name, one)}
        _refuse(given, layer)
        return [_end(tensor) for argument in node["args"] for tensor in _tensors(argument)]
    ends = node if node and isinstance(node[0], list | tuple) else [node]
    for end in ends:
        if len(end) > 3:
            _refuse({name: one for name, one in end[3].items() if not _is_default(name, one)}, layer)
    return [list(end[:3]) for end in ends]


def _is_default(name: str, value: Any) -> bool:
    return value is None or (name == "training" and value is False)


def _refuse(given: dict, layer: dict) -> None:
    if given:
        raise ArgumentError(f'layer "{layer.get("name")}" was called with {", ".join(given)} in the file, which layers '
                            "do not take here.", "Build the model here and load its weights: model.load_weights(...).")


def _tensors(argument: Any) -> list:
    return argument if isinstance(argument, list | tuple) else [argument]


def _end(tensor: Any) -> list:
    try:
        return list(tensor["config"]["keras_history"])
    except (KeyError, TypeError) as error:
        raise ArgumentError(f"a layer was called on {str(tensor)[:60]!r}, which is no layer's output.") from error


def _ends(ends: Any) -> list:
    """A list of `[layer, node, tensor]`; a single one may come without a list around it."""
    return [list(ends)] if ends and isinstance(ends[0], str) else [list(end[:3]) for end in ends]
