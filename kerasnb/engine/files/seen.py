"""The shapes that the config of a model tells of the calls of its layers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from ..stand_in import Seen
from .later.configs import ends_in

__all__ = ["Given", "built_for", "seen_in", "tensors_in"]

Given = tuple[tuple[int | None, ...], str]


def seen_in(config: dict, ends: Sequence[Given] = ()) -> dict[str, list[Seen]]:
    """The calls of each layer by its name; Keras 3 tells what a layer gives where another one reads it.

    Args:
        config: of a graph of layers, or of a Sequential.
        ends: shape and dtype of each output of the model, where they are known.
    """
    return _in_graph(config, ends) if "input_layers" in config else _in_line(config["layers"], ends)


def _in_graph(config: dict, ends: Sequence[Given]) -> dict[str, list[Seen]]:
    takes: dict[str, list[tuple]] = {}
    gives: dict[tuple[str, int], dict[int, Given]] = defaultdict(dict)
    for one in config["layers"]:
        nodes = [list(tensors_in(node)) for node in one.get("inbound_nodes") or ()]
        takes[_name(one)] = [tuple(shape for tensor in node if (shape := _shape(tensor))) for node in nodes]
        for tensor in (tensor for node in nodes for tensor in node if _shape(tensor)):
            name, call, place = tensor["config"]["keras_history"]
            gives[name, call][place] = _shape(tensor), str(tensor["config"].get("dtype", "float32"))
        if not any(takes[_name(one)]):
            takes[_name(one)] = [built_for(one)] * len(nodes)
    for (name, call, place), given in zip(ends_in(config.get("output_layers") or []), ends, strict=False):
        gives[name, min(call, len(takes.get(name, [0])) - 1)][place] = given
    found = {}
    for name, calls in takes.items():
        found[name] = [Seen(read, _in_places(gives[name, call])) for call, read in enumerate(calls)]
    return found


def _in_line(layers: Sequence[dict], ends: Sequence[Given]) -> dict[str, list[Seen]]:
    reads = [built_for(one) for one in layers]
    given = [((shapes[0], "float32"),) if len(shapes) == 1 else () for shapes in reads[1:]]
    return {
        _name(one): [Seen(read, gives)] for one, read, gives in zip(layers, reads, [*given, tuple(ends)], strict=True)
    }


def _in_places(given: dict[int, Given]) -> tuple[Given, ...]:
    """The outputs up to the last one that is known; of one before it, what the next one is."""
    found: list[Given] = []
    for place in reversed(range(max(given, default=-1) + 1)):
        found.insert(0, given.get(place) or found[0])
    return tuple(found)


def built_for(described: dict) -> tuple:
    """The shapes for which the layer was built, as Keras 3 and later versions of Keras 2 write them."""
    built = described.get("build_config")
    if not isinstance(built, dict):
        return ()
    shapes = [built["input_shape"]] if built.get("input_shape") else list((built.get("shapes_dict") or {}).values())
    return tuple(shape for value in shapes for shape in _shapes(value))


def _shapes(value: Any) -> Iterator[tuple]:
    if isinstance(value, list | tuple) and all(size is None or isinstance(size, int) for size in value):
        yield tuple(value)
    elif isinstance(value, list | tuple | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _shapes(one)


def tensors_in(node: Any) -> Iterator[dict]:
    """What a layer was called on, as Keras 3 writes it, wherever it stands among the arguments."""
    if isinstance(node, dict) and node.get("class_name") == "__keras_tensor__":
        yield node
    elif isinstance(node, list | tuple | dict):
        for one in node.values() if isinstance(node, dict) else node:
            yield from tensors_in(one)


def _shape(tensor: dict) -> tuple:
    return tuple(tensor["config"].get("shape") or ())


def _name(described: dict) -> str:
    return str(described.get("name") or described["config"].get("name") or "")
