"""The edits of a graph: each takes a graph and returns a new one, or refuses with a message."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ....errors import ArgumentError, GraphError, unknown_name
from ....layers import Merge
from .graph import Connection, Graph, LayerSpec
from .registry import layer_class

__all__ = [
    *("add", "connect", "disconnect", "rename", "remove", "change"),
    *("known", "model_name", "unique_name", "takes_many"),
]

# a name is written in code, in files and in HDF5 paths
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def takes_many(class_name: str) -> bool:
    """Whether the layer reads a list of inputs, as Merge and its kin do; the others read one."""
    return issubclass(layer_class(class_name), Merge)


# names short enough for a card on the canvas; other classes are named as Keras names them
_SHORT = {
    "Convolution": "conv",
    "AtrousConvolution": "conv",
    "SeparableConvolution": "conv",
    "Deconvolution": "deconv",
    "MaxPooling": "pool",
    "AveragePooling": "pool",
    "GlobalMaxPooling": "pool",
    "GlobalAveragePooling": "pool",
    "Dropout": "drop",
    "SpatialDropout": "drop",
    "Activation": "act",
    "BatchNormalization": "norm",
    "Embedding": "embed",
    "ZeroPadding": "pad",
    "Cropping": "crop",
    "UpSampling": "up",
    "InputLayer": "input",
    "Concatenate": "concat",
    "TimeDistributed": "each",
    "Bidirectional": "both",
}


def unique_name(graph: Graph, class_name: str) -> str:
    """A short word for the class and the next free number: `conv_1`, `dense_2`."""
    word = _SHORT.get(re.sub(r"[123]D$", "", class_name), class_name.lower())
    number = 1
    while f"{word}_{number}" in graph:
        number += 1
    return f"{word}_{number}"


def add(
    graph: Graph, spec: LayerSpec, after: str | None = None, before: str | None = None, branch: bool = False
) -> Graph:
    """Add a layer after another one, taking its place towards all that read it.

    With `before` the layer goes between those two only; with `branch` nothing else is moved.
    """
    _check_new_name(graph, spec.name)
    grown = replace(graph, layers=(*graph.layers, spec))
    if spec.is_input or after is None:
        return grown
    known(graph, after)
    if before is not None and (after, before) not in graph.connections:
        raise GraphError(f'"{after}" is not connected to "{before}", so nothing goes between them.')
    moved = [before] if before is not None else [] if branch else graph.outputs_of(after)
    connections = [
        (spec.name, target) if source == after and target in moved else (source, target)
        for source, target in graph.connections
    ]
    return replace(grown, connections=(*connections, *_new_inputs(graph, spec, after)))


def _new_inputs(graph: Graph, spec: LayerSpec, after: str) -> list[Connection]:
    """What the new layer reads: a merging layer put at an open end joins all open ends."""
    joins_ends = takes_many(spec.class_name) and after in graph.ends
    sources = [end for end in graph.ends if end == after or not graph[end].is_input] if joins_ends else [after]
    return [(source, spec.name) for source in sources]


def connect(graph: Graph, source: str, target: str) -> Graph:
    """Let `target` read `source`; a layer that reads one input lets go of its former one."""
    known(graph, source)
    known(graph, target)
    if graph[target].is_input:
        raise GraphError(f'InputLayer "{target}" takes data, it cannot read "{source}".')
    if (source, target) in graph.connections:
        raise GraphError(f'"{source}" is already connected to "{target}".')
    if graph.reaches(target, source):
        raise GraphError(f'"{target}" already leads to "{source}"; connecting "{source}" to it would close a circle.')
    kept = graph.connections if takes_many(graph[target].class_name) else _without(graph, target=target)
    return replace(graph, connections=(*kept, (source, target)))


def disconnect(graph: Graph, source: str, target: str) -> Graph:
    """Take one connection away."""
    if (source, target) not in graph.connections:
        raise GraphError(f'"{source}" is not connected to "{target}".')
    return replace(graph, connections=tuple(pair for pair in graph.connections if pair != (source, target)))


def rename(graph: Graph, name: str, new_name: str) -> Graph:
    """Give a layer another name; its connections follow."""
    known(graph, name)
    if new_name == name:
        return graph
    _check_new_name(graph, new_name)

    def renamed(old: str) -> str:
        return new_name if old == name else old

    return Graph(
        tuple(spec.changed(name=renamed(spec.name)) for spec in graph.layers),
        tuple((renamed(source), renamed(target)) for source, target in graph.connections),
    )


def remove(graph: Graph, name: str) -> Graph:
    """Take a layer away and join its neighbours."""
    known(graph, name)
    sources = graph.inputs_of(name)
    connections: list[Connection] = []
    for source, target in graph.connections:
        if source == name:
            joined = sources if takes_many(graph[target].class_name) else sources[:1]
            connections.extend((other, target) for other in joined)
        elif target != name:
            connections.append((source, target))
    layers = tuple(spec for spec in graph.layers if spec.name != name)
    return Graph(layers, tuple(dict.fromkeys(connections)))


def change(graph: Graph, name: str, **changes: Any) -> Graph:
    """Put other arguments, another class or another `trainable` in a layer's place."""
    known(graph, name)
    return replace(graph, layers=tuple(spec.changed(**changes) if spec.name == name else spec for spec in graph.layers))


def _without(graph: Graph, target: str) -> tuple[Connection, ...]:
    return tuple(pair for pair in graph.connections if pair[1] != target)


def known(graph: Graph, name: Any) -> None:
    """Refuse a name that no layer has."""
    if not isinstance(name, str) or name not in graph:
        raise unknown_name("layer", name, graph.names)


def model_name(name: Any) -> str:
    """The name for a model, without the spaces around it."""
    if not isinstance(name, str) or not name.strip():
        raise ArgumentError(f"a model needs a name, got {name!r}.", 'Such as name="digits_cnn".', arguments=("name",))
    return name.strip()


def _check_new_name(graph: Graph, name: Any) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ArgumentError(
            f'"{name}" cannot name a layer: use letters, digits, ".", "-" and "_", a letter first.', arguments=("name",)
        )
    if name in graph:
        raise ArgumentError(
            f'the name "{name}" is taken by {_article(graph[name].class_name)}; layer names are unique.',
            f'"{unique_name(graph, graph[name].class_name)}" is free.',
            arguments=("name",),
        )


def _article(class_name: str) -> str:
    return f"{'an' if class_name[0] in 'AEIOU' else 'a'} {class_name}"
