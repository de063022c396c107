"""Configs of layers and graphs as Keras 2 and later write them, in Keras 1.2's form."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from .... import backend as K
from ....errors import ArgumentError
from ....spelling.names import NAMES, ONLY
from ...layer import LAYERS
from .operators import is_operation, operation_as_layer
from .tensorflow_operations import function_as_layer, is_function
from .versions import MEANINGS, is_policy, policy_name, without_identities

__all__ = [
    *("HARD_SIGMOID", "earlier_class", "earlier_arguments", "ends_in", "graph_as_earlier", "is_ours"),
    "outputs_by_key",
]

# operations by which Keras 3's own layers compute masks
_OF_MASKS = re.compile(r"(not_equal|any|all|convert_to_tensor|logical_and|logical_or)(_\d+)?")

# classes that later Keras calls otherwise
_CLASSES = {"Functional": "Model", "Network": "Model"}

# arguments without a counterpart in Keras 1.2, where their value changes nothing; so does None
_NEUTRAL: dict[str, tuple] = {
    **dict.fromkeys(("ragged", "optional", "dynamic", "time_major", "renorm", "synchronized"), (False,)),
    "groups": (1,),
    "supports_masking": (True,),
    "autocast": (True,),
    "use_cudnn": ("auto",),
    "data_format": ("channels_last",),
    "renorm_momentum": (0.99,),
    "softmax_robust_masking": (False, True),  # how rows without anything shown are summed
    "rng_type": ("stateful", "stateless", "legacy_stateful"),
    "auto_vectorize": (True, False),
    "value_range": ((0, 255), [0, 255]),  # of layers for which it changes nothing
    "zero_output_for_mask": (False, True),  # of time steps that the mask hides anyway
}

# initializers that later Keras writes as objects, and Keras 1.2's way names
_NAMED_INITIALIZERS = {"GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunUniform", "LecunNormal"}


# `0.2 x + 0.5` cut to 0..1, which was hard_sigmoid until Keras 3, as two layers there
HARD_SIGMOID: list[tuple[str, dict]] = [
    ("Rescaling", {"scale": 0.2, "offset": 0.5}),
    ("ReLU", {"max_value": 1.0}),
]


def earlier_class(name: str) -> str:
    """The name that a class has in Keras 1.2."""
    name = name.rsplit(">", 1)[-1]  # later Keras puts a package in front of a registered class
    return _CLASSES.get(name, name)


def is_ours(cls: type) -> bool:
    """Whether it is a class of kerasnb itself."""
    return cls.__module__.split(".")[0] == __name__.split(".")[0]


def earlier_arguments(cls: type, arguments: Any) -> Any:
    """The config of a layer of this class in Keras 1.2's form; those of users' own classes stay as they are."""
    if not isinstance(arguments, dict) or "layers" in arguments:
        return arguments
    if not is_ours(cls):
        return {name: one for name, one in arguments.items() if name not in MEANINGS}
    arguments = dict(arguments)
    for name in [name for name, is_implied in _IMPLIED.items() if name in arguments and is_implied(arguments, cls)]:
        del arguments[name]
    taken = _taken_by(cls)
    kept = {"axis"} if getattr(cls, "takes_axes", False) else ()
    return {
        name: value if name in kept else _value(name, value)
        for name, value in arguments.items()
        if name in taken or not _says_nothing(name, value)
    }


def _computes_in_floatx(arguments: dict, cls: type) -> bool:
    if cls.__name__ == "InputLayer":
        return False
    return is_policy(arguments["dtype"]) or arguments["dtype"] == K.floatx()


def _has_one_initializer(arguments: dict, cls: type) -> bool:
    return arguments["pointwise_initializer"] == arguments.get("depthwise_initializer")


def _has_kernels_for_each_step(arguments: dict, cls: type) -> bool:
    """Whether it is separable: later Keras writes, and does not use, what a convolution says of its one kernel."""
    return "depthwise_initializer" in arguments


def _is_layer_turned_round(arguments: dict, cls: type) -> bool:
    """Whether the backward layer of a Bidirectional is the forward one but for its direction and name."""
    own = [
        without_identities({**one["config"], "name": "", "go_backwards": False})
        for one in (arguments["layer"], arguments["backward_layer"])
    ]
    return own[0] == own[1]


# arguments of later Keras that follow from the others, if this says so
_IMPLIED: dict[str, Callable[[dict, type], bool]] = {
    "dtype": _computes_in_floatx,
    "pointwise_initializer": _has_one_initializer,
    **dict.fromkeys(("kernel_initializer", "kernel_regularizer", "kernel_constraint"), _has_kernels_for_each_step),
    "backward_layer": _is_layer_turned_round,
    **dict.fromkeys(
        ("query_shape", "key_shape", "value_shape"), lambda arguments, cls: True
    ),  # it sees them when called
    **dict.fromkeys(("lora_rank", "lora_alpha"), lambda arguments, cls: True),  # the file has one kernel, all of it
}


def _taken_by(cls: type) -> set[str]:
    """The arguments that a class takes, in either spelling."""
    inits = [base.__init__ for base in cls.__mro__]  # type: ignore[misc]  # of each class by itself
    names = {name for init in inits for name in inspect.signature(init).parameters}
    spelt = {name for base in cls.__mro__ for table in (NAMES, ONLY) for name in table.get(base.__name__, ())}
    return names | spelt


def _says_nothing(name: str, value: Any) -> bool:
    return value is None or any(value == one for one in _NEUTRAL.get(name, ()))


def _value(name: str, value: Any) -> Any:
    if name == "axis" and isinstance(value, list):
        return _one_axis(value)
    if not isinstance(value, dict) or "class_name" not in value or name in ("layer", "backward_layer"):
        return value
    if name in ("activation", "recurrent_activation") and _is_hard_sigmoid(value):
        return "hard_sigmoid"
    if name == "dtype":
        return policy_name(value)
    if name.endswith("initializer"):
        return _initializer(value)
    return {"class_name": value["class_name"], "config": value.get("config") or {}}


def _is_hard_sigmoid(value: dict) -> bool:
    """Whether these layers as an activation are `0.2 x + 0.5` cut to 0..1, for which Keras 3 has no word."""
    layers = value["config"].get("layers") if isinstance(value.get("config"), dict) else None
    if value["class_name"] != "Sequential" or not isinstance(layers, list):
        return False
    parts = [(one["class_name"], one["config"]) for one in layers if one.get("class_name") != "InputLayer"]
    return len(parts) == len(HARD_SIGMOID) and all(
        name == own and {key: config.get(key) for key in wanted} == wanted
        for (name, config), (own, wanted) in zip(parts, HARD_SIGMOID, strict=True)
    )


def _one_axis(axes: list) -> Any:
    if len(axes) != 1:
        raise ArgumentError(
            f"axis={axes} in this config names {len(axes)} axes; layers here take one.",
            "Build the model here and load its weights: model.load_weights(...).",
            arguments=("axis",),
        )
    return axes[0]


def _initializer(value: dict) -> Any:
    """An initializer by its name where it has no arguments but a seed that is not fixed."""
    name, config = value["class_name"], value.get("config") or {}
    name = name.removesuffix("Initializer") if name.startswith(("Orthogonal", "Identity")) else name
    if name in _NAMED_INITIALIZERS and config.get("seed") is None:
        return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    if name in ("Zeros", "Ones"):
        return name.lower()
    chosen = {key: one for key, one in config.items() if one is not None and key != "dtype"}
    return {"class_name": name, "config": chosen}


# ---- graphs


def graph_as_earlier(config: dict) -> dict:
    """The config of a graph: its nodes as lists of `[layer, node, tensor]`, some with `{'training': ...}` behind."""
    models = {_name(one): one["class_name"] for one in config["layers"] if "layers" in one["config"]}
    listed = [_operation_as_layer(one, models) for one in config["layers"]]
    nodes = [one.get("inbound_nodes") or [] for one in listed]
    layers = [
        {**one, "name": _name(one), "inbound_nodes": [_node(node, one, models) for node in own]}
        for one, own in zip(listed, nodes, strict=True)
    ]
    outputs = ends_in(config["output_layers"])
    if any(isinstance(node, dict) for one in config["layers"] for node in one.get("inbound_nodes") or []):
        outputs = [[name, node + (models.get(name) == "Sequential"), place] for name, node, place in outputs]
    return {**config, "layers": layers, "input_layers": ends_in(config["input_layers"]), "output_layers": outputs}


def _operation_as_layer(described: dict, models: dict) -> dict:
    """A layer as it is; what is computed without one in a layer of ours."""
    if is_function(described):
        return function_as_layer(described)
    return operation_as_layer(described, lambda tensor: _end(tensor, models)) if is_operation(described) else described


def _name(layer: dict) -> str:
    return layer.get("name") or layer["config"]["name"]


def _node(node: Any, layer: dict, models: dict) -> list:
    """The tensors that a layer was called on: in Keras 2 lists that may end with arguments, in Keras 3 a dict."""
    if isinstance(node, dict):
        given, names = _tensors_apart(_without_what_follows(node.get("kwargs") or {}), layer)
        states, arguments = _states_apart(given, models)
        if names:
            states, arguments = (
                [_end(one, models) for one in names.values()],
                {**arguments, **_names_of(names, node, layer)},
            )
        tensors = [one for given in node["args"] for one in (given if isinstance(given, list | tuple) else [given])]
        if any(isinstance(one, dict) and "class_name" not in one for one in tensors):
            raise ArgumentError(
                f'layer "{_name(layer)}" was called on a dict of tensors, which layers do not take here.',
                "Call it on a list of them: layer([a, b]).",
            )
        ends = [_end(tensor, models) for tensor in tensors]
    else:
        ends = node if node and isinstance(node[0], list | tuple) else [node]
        given, names = _tensors_apart(ends[0][3] if ends and len(ends[0]) > 3 else {}, layer)
        states, arguments = _states_apart(given, models)
        if names:
            known = getattr(LAYERS[earlier_class(layer["class_name"])], "tensor_names", ())
            states, arguments = list(names.values()), {**arguments, "tensors": [*known[: len(ends)], *names]}
    chosen = _arguments(arguments, layer)
    return [[*end[:3], *chosen] for end in [*ends, *states]]


def _without_what_follows(given: dict) -> dict:
    """The arguments of a call without those that Keras 3 works out anew at each call of the model.

    Those are the masks that came along with its tensors, as they come along here, too; and `training`, in whose place
    its `fit`, `evaluate` and `predict` put what they are about (see `findings/keras3-training-overruled.sh`).
    """
    follows = {name for name, one in given.items() if name.endswith("mask") and _are_masks(one)} | {"training"}
    return {name: one for name, one in given.items() if name not in follows}


def _are_masks(value: Any) -> bool:
    """Whether these are masks that Keras 3 computed: its own comparison with the number that is hidden, and what its
    layers made of that on the way.
    """
    if isinstance(value, list | tuple):
        return all(one is None or _are_masks(one) for one in value)
    if not isinstance(value, dict) or value.get("class_name") != "__keras_tensor__":
        return False
    return _OF_MASKS.fullmatch(str((value["config"].get("keras_history") or [""])[0])) is not None


def _tensors_apart(given: dict, layer: dict) -> tuple[dict, dict]:
    """The arguments of a call, and those of them that are tensors which our class takes by name."""
    names = getattr(LAYERS.get(earlier_class(layer["class_name"])), "tensor_names", ())
    tensors = {name: one for name, one in given.items() if name in names and (isinstance(one, dict) or _is_end(one))}
    return {name: one for name, one in given.items() if name not in tensors}, tensors


def _names_of(tensors: dict, node: dict, layer: dict) -> dict:
    """What our class is told of tensors by name: what each of its inputs is."""
    names: tuple[str, ...] = getattr(LAYERS[earlier_class(layer["class_name"])], "tensor_names", ())
    return {"tensors": [*names[: len(node["args"])], *tensors]}


def _states_apart(given: dict, models: dict) -> tuple[list, dict]:
    """Where a call names the tensors that a recurrent layer begins with: these, and the other arguments."""
    states = given.get("initial_state")
    states = states if isinstance(states, list | tuple) and not _is_end(states) else [states]
    if not all(_is_end(state) or isinstance(state, dict) for state in states):
        return [], given  # numbers, or nothing
    ends = [_end(state, models) if isinstance(state, dict) else state for state in states]
    return ends, {name: value for name, value in given.items() if name != "initial_state"}


def _is_end(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], str)


def _arguments(given: dict, layer: dict) -> list[dict]:
    """The arguments of a call that have a value, if there are any; a layer of ours must take them."""
    chosen = {name: value for name, value in given.items() if value is not None}
    refused = chosen.keys() - _taken_by_call(layer["class_name"], chosen) - {"training"}
    if refused:
        raise ArgumentError(
            f'layer "{_name(layer)}" was called with {", ".join(sorted(refused))} in the file, which '
            "layers do not take here.",
            "Build the model here and load its weights: model.load_weights(...).",
        )
    return [chosen] if chosen else []


def _taken_by_call(class_name: str, chosen: dict) -> set[str]:
    """Which of these arguments a call of this class takes; all, where the class is a user's own."""
    cls = LAYERS.get(earlier_class(class_name))
    if cls is None or not is_ours(cls):
        return set(chosen)
    return set(inspect.signature(cls.call).parameters) - {"x", "mask"}


def _end(tensor: Any, models: dict) -> list:
    """The layer, node and output that Keras 3's tensor comes from; there, a model's first node is its first call."""
    try:
        name, node, place = tensor["config"]["keras_history"]
    except (KeyError, TypeError, ValueError) as error:
        raise ArgumentError(f"a layer was called on {str(tensor)[:60]!r}, which is no layer's output.") from error
    return [name, node + (name in models), place]


def ends_in(ends: Any) -> list:
    """A list of `[layer, node, tensor]`; Keras 3 writes them in the very lists and dicts that its model takes."""
    if _is_end(ends):
        return [list(ends[:3])]
    parts = [ends[name] for name in sorted(ends)] if isinstance(ends, dict) else ends
    return [end for part in parts for end in ends_in(part)]


def outputs_by_key(config: Any) -> dict[str, str]:
    """Of a model whose outputs are a dict: the layer that gives the output of each key."""
    ends = config.get("output_layers") if isinstance(config, dict) else None
    if not isinstance(ends, dict) or not all(map(_is_end, ends.values())):
        return {}
    return {key: end[0] for key, end in ends.items()}
