"""Models with layers that kerasnb does not have: from their configs, a stand-in for each of these."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from typing import Any

from ...absent import found_absent
from ...errors import ArgumentError, KerasnbError
from ...spelling.later import snake_case
from ...utils.custom_objects import custom_object_scope
from ..inputs import Input
from ..layer import Layer
from ..node import one_or_list
from ..stand_in import Seen, StandIn, stand_ins_of
from ..training import Model
from .archive.places import numbered
from .archive.weights import numbers_in, read_archive_weights
from .configs import layer_from_config, model_from_description
from .known import unknown_layers
from .later.configs import earlier_class, ends_in, graph_as_earlier
from .later.operators import is_operation
from .later.versions import as_written_by
from .seen import Given, built_for, seen_in, tensors_in
from .weights import read_weights, saved_layers

__all__ = ["Given", "fill_from_group", "fill_from_places", "model_with_stand_ins"]

# the name by which a marked description is read; no class of a program can be called so
_MARK = "a stand-in"


def model_with_stand_ins(config: dict, version: str, what: str, ends: Sequence[Given] = (), reads: Any = ()) -> Any:
    """The model that a file or text describes, what kerasnb does not have shown in its place and not computed.

    Args:
        version: of the Keras that wrote it.
        what: the file or text, for messages.
        ends: shape and dtype of each output, where they are known.
        reads: the same of each input, for a model that describes no graph.

    Raises:
        ArgumentError: it describes no model, or one of which not even the inputs are known.
    """
    inner = config.get("config")
    if not isinstance(inner, dict) or not isinstance(inner.get("layers"), list) or _is_own(config):
        return _as_a_whole(config, what, ends, reads)
    inner = {**inner, "layers": _named(inner["layers"])}
    seen = seen_in(inner, ends)
    inner["layers"] = [_checked(one, version, seen) for one in inner["layers"]]
    return _made({**config, "config": inner}, version, what, seen)


def _named(layers: Sequence[dict]) -> list[dict]:
    """The descriptions, each with a name: a layer of a program's own need not say its name."""
    taken = {_name(one) for one in layers if _name(one)}
    found = []
    for one in layers:
        if not _name(one):
            word, number = snake_case(earlier_class(one["class_name"])), 1
            while f"{word}_{number}" in taken:
                number += 1
            one = {**one, "name": f"{word}_{number}"}
            taken.add(one["name"])
        found.append(one)
    return found


def _made(config: dict, version: str, what: str, seen: dict[str, list[Seen]]) -> Any:
    """The model; a layer that turns out not to fit where it stands gets a stand-in, too."""
    inner = config["config"]
    while True:
        try:
            with custom_object_scope({_MARK: _Marked}):
                return model_from_description(_with_ends(config), None, False, what, version)
        except KerasnbError as error:
            names = [_name(one) for one in inner["layers"] if one["class_name"] not in (_MARK, "InputLayer")]
            if error.layer not in names:
                raise
            inner["layers"] = [
                _marked(one, error.message, seen) if _name(one) == error.layer else one for one in inner["layers"]
            ]


class _Marked(Layer, listed=False):
    """What reads marked descriptions."""

    @classmethod
    def from_config(cls, config: dict) -> Layer:  # a stand-in is of a class of its own
        seen = [Seen.read(one) for one in config["seen"]]
        made = StandIn.of(config["stands_for"], reason=config["reason"], seen=seen, name=config["name"])
        made.trainable = bool(config["trainable"])
        return made


def _checked(described: dict, version: str, seen: dict[str, list[Seen]]) -> dict:
    """The description of a layer, marked where kerasnb does not have it as it is described."""
    try:
        unknown = unknown_layers(described)
        if unknown:
            return _marked(described, _unknown(described, unknown), seen)
        alone = {"layers": [described], "input_layers": [], "output_layers": []}
        read = graph_as_earlier(alone)["layers"][0] if described.get("inbound_nodes") is not None else described
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what is to be said is said of the whole model
            layer_from_config(as_written_by(read, version, f'"{_name(described)}"'))
    except KerasnbError as error:
        return _marked(described, error.message, seen)
    return described


def _unknown(described: dict, unknown: dict[str, str]) -> str:
    name = earlier_class(described["class_name"])
    kind = "operation" if is_operation(described) else "layer"
    if name in unknown:
        _, instead = found_absent("layers", name) or (name, "")
        return f"kerasnb has no {kind} {name}. {instead}".strip()
    return f"it holds {' and '.join(unknown)}, which kerasnb does not have."


def _marked(described: dict, reason: str, seen: dict[str, list[Seen]]) -> dict:
    name = _name(described)
    trains = described["config"].get("trainable", True) if isinstance(described["config"], dict) else True
    stands_for = re.sub(r"^\d+|\W", "", earlier_class(described["class_name"])) or "Layer"
    config = {"name": name, "stands_for": stands_for, "reason": reason, "seen": seen.get(name, []), "trainable": trains}
    nodes = [_tensors_only(node) for node in described.get("inbound_nodes") or ()]
    return {"class_name": _MARK, "config": config, "name": name, "inbound_nodes": nodes}


def _tensors_only(node: Any) -> Any:
    """A call on the same tensors, one after the other, without other arguments."""
    if isinstance(node, dict):
        return {"args": [list(tensors_in(node))], "kwargs": {}}
    return [[*end[:3], {}] for end in node]


def _with_ends(config: dict) -> dict:
    """The outputs of models that have become stand-ins by the numbers of their calls, of which they have one less."""
    calls = {_name(one): len(one["inbound_nodes"]) for one in config["config"]["layers"] if one["class_name"] == _MARK}
    outputs = config["config"].get("output_layers")
    if not calls or not outputs:
        return config
    ends = [[name, min(call, calls.get(name, call + 1) - 1), *rest] for name, call, *rest in ends_in(outputs)]
    return {**config, "config": {**config["config"], "output_layers": ends}}


def _is_own(config: dict) -> bool:
    """Whether it is of a program's own class, whose config may mean anything."""
    return bool(unknown_layers({**config, "config": {}}))


def _as_a_whole(config: dict, what: str, ends: Sequence[Given], reads: Sequence[Given]) -> Any:
    """A model whose calls are code, as one box between its inputs and outputs."""
    if not isinstance(config.get("class_name"), str):
        raise ArgumentError(f"{what} describes no model.", "Models are what model.save writes.")
    name = config["class_name"]
    shapes = [*reads] or [((None, *shape[1:]), "float32") for shape in built_for(config)]
    if not shapes:
        raise ArgumentError(
            f"{what} holds a model of class {name}, whose layers and inputs only its own code knows.",
            f"Define {name} in a cell and load it by Keras: every widget but the Builder shows it.",
        )
    own = config["config"].get("name") if isinstance(config.get("config"), dict) else None
    inputs = [Input(batch_shape=shape, dtype=dtype) for shape, dtype in shapes]
    reason = f"what it computes is the code of class {name}; only a graph of layers can be taken apart."
    seen = [Seen(tuple(shape for shape, _ in shapes), tuple(ends))]
    box = StandIn.of(earlier_class(name), reason=reason, seen=seen, name=f"{own or name.lower()}_call")
    return Model(inputs, box(one_or_list(inputs)), name=own or "model")


def _name(described: dict) -> str:
    config = described["config"] if isinstance(described["config"], dict) else {}
    return str(described.get("name") or config.get("name") or "")


# ---- weights


def fill_from_places(model: Any, file: Any) -> None:
    """Give the layers that kerasnb has the weights of Keras 3's file; of the others it is only told how many they are.

    Raises:
        WeightsError: they are not those of its layers; nothing was loaded.
    """
    others = stand_ins_of(model)
    if len(others) + len(model.inputs) == len(model.layers) and len(others) == 1:
        others[0].size = numbers_in(file)
        return
    paths = dict(zip(numbered(model.layers, "layers/"), model.layers, strict=True))
    sizes = {path: 0 for path, layer in paths.items() if isinstance(layer, StandIn)}
    read_archive_weights(model, file, others=sizes)
    for path, size in sizes.items():
        paths[path].size = size


def fill_from_group(model: Any, group: Any) -> None:
    """The same with a file that has a group for each layer."""
    sizes = {name: sum(math.prod(one.shape) for one in arrays) for name, arrays in saved_layers(group)}
    for layer in stand_ins_of(model):
        layer.size = sizes.get(layer.name)
    layers = [layer for layer in model.layers if not isinstance(layer, StandIn)]
    read_weights(f'model "{model.name}"', layers, group, by_name=True)
