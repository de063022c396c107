"""The edits of a graph: each takes a graph and returns a new one, or refuses with a message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ....errors import ArgumentError, GraphError, unknown_name
from .graph import Connection, Graph, LayerSpec
from .registry import class_of

__all__ = [
    *("add", "call_again", "connect", "disconnect", "rename", "remove", "change", "set_flags"),
    *("known", "model_name", "unique_name", "again_name", "takes_many", "bridged", "with_outputs_of"),
]

# a name is written in code, in files and in HDF5 paths
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def takes_many(spec: LayerSpec) -> bool:
    """Whether the layer reads a list of inputs, as Merge, its kin and attention do; the others read one."""
    return spec.reads_list or class_of(spec).takes_list  # type: ignore[attr-defined]  # of a layer


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
    "PickOutput": "output",
}


def unique_name(graph: Graph, class_name: str) -> str:
    """A short word for the class and the next free number: `conv_1`, `dense_2`."""
    word = _SHORT.get(re.sub(r"[123]D$", "", class_name), class_name.lower())
    number = 1
    while f"{word}_{number}" in graph:
        number += 1
    return f"{word}_{number}"


def again_name(graph: Graph, name: str) -> str:
    """The name of a further call of a layer: `dense_1 again`, `dense_1 again 3`; no layer can be called so."""
    number = 2
    while (words := f"{name} again" + (f" {number}" if number > 2 else "")) in graph:
        number += 1
    return words


def add(
    graph: Graph, spec: LayerSpec, after: str | None = None, before: str | None = None, branch: bool = False
) -> Graph:
    """Add a layer after another one, taking its place towards all that read it.

    With `before` the layer goes between those two only; with `branch` nothing else is moved.
    """
    _check_new_name(graph, spec.name)
    return _added(graph, spec, after, before, branch)


def call_again(graph: Graph, name: str, after: str, before: str | None = None, branch: bool = False) -> Graph:
    """Call a layer of the graph once more, after another one: both calls share its weights."""
    known(graph, name)
    spec = graph[graph[name].layer_name]
    if spec.is_input:
        raise GraphError(f'InputLayer "{name}" takes data, it is not called.')
    again = spec.changed(name=again_name(graph, spec.name), shares=spec.name)
    return _added(graph, again, after, before, branch)


def _added(graph: Graph, spec: LayerSpec, after: str | None, before: str | None, branch: bool) -> Graph:
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
    grown = replace(grown, connections=(*connections, *_new_inputs(graph, spec, after)))
    return with_outputs_of(graph, grown, {after: spec.name})


def _new_inputs(graph: Graph, spec: LayerSpec, after: str) -> list[Connection]:
    """What the new layer reads: a merging layer put at an open end joins all open ends."""
    # who puts a merging layer at an open end means the other open ends too: it cannot stand with one
    joins_ends = takes_many(spec) and after in graph.ends
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
    # a second wire into a layer that reads one can only be meant to replace the first
    kept = graph.connections if takes_many(graph[target]) else _without(graph, target=target)
    return with_outputs_of(graph, replace(graph, connections=(*kept, (source, target))))


def disconnect(graph: Graph, source: str, target: str) -> Graph:
    """Take one connection away."""
    if (source, target) not in graph.connections:
        raise GraphError(f'"{source}" is not connected to "{target}".')
    return replace(graph, connections=tuple(pair for pair in graph.connections if pair != (source, target)))


def rename(graph: Graph, name: str, new_name: str) -> Graph:
    """Give a layer another name; its connections and its other calls follow."""
    known(graph, name)
    old = graph[name].layer_name
    if new_name in (name, old):
        return graph
    _check_new_name(graph, new_name)
    names = {old: new_name}
    for spec in graph:
        if spec.shares == old:
            names[spec.name] = again_name(Graph(tuple(LayerSpec(taken, "") for taken in names.values())), new_name)

    def renamed(spec: LayerSpec) -> LayerSpec:
        new, shares = names.get(spec.name, spec.name), names.get(spec.shares or "", spec.shares)
        return spec if (new, shares) == (spec.name, spec.shares) else spec.changed(name=new, shares=shares)

    return Graph(
        tuple(map(renamed, graph.layers)),
        tuple((names.get(source, source), names.get(target, target)) for source, target in graph.connections),
        tuple(names.get(marked, marked) for marked in graph.marked),
    )


def remove(graph: Graph, name: str) -> Graph:
    """Take a layer away and join its neighbours; of one that is called several times, this call.

    The layer stays with its other calls: the next one has its name from then on.
    """
    known(graph, name)
    left = bridged(graph, name)
    return _with_first_call(left, name) if graph[name].shares is None else left


def bridged(graph: Graph, name: str) -> Graph:
    """The graph without this box, what read it reading what it read."""
    sources = graph.inputs_of(name)
    connections: list[Connection] = []
    for source, target in graph.connections:
        if source == name:
            # a layer that reads one takes the first of what the removed one joined
            joined = sources if takes_many(graph[target]) else sources[:1]
            connections.extend((other, target) for other in joined)
        elif target != name:
            connections.append((source, target))
    layers = tuple(spec for spec in graph.layers if spec.name != name)
    marked = [_in_place(graph, name) if end == name else end for end in graph.marked]
    return Graph(layers, tuple(dict.fromkeys(connections)), tuple(dict.fromkeys(filter(None, marked))))


def _in_place(graph: Graph, name: str) -> str:
    """What becomes an output when this one is taken away: what it alone read."""
    sources = graph.inputs_of(name)
    return sources[0] if len(sources) == 1 and graph.outputs_of(sources[0]) == [name] else ""


def _with_first_call(graph: Graph, name: str) -> Graph:
    """Let the first of the calls that are left be the layer of that name."""
    heir = next((spec for spec in graph if spec.shares == name), None)
    if heir is None:
        return graph
    named = {heir.name: name}
    layers = tuple(spec.changed(name=name, shares=None) if spec is heir else spec for spec in graph.layers)
    connections = tuple((named.get(source, source), named.get(target, target)) for source, target in graph.connections)
    return Graph(layers, connections, tuple(named.get(end, end) for end in graph.marked))


def change(graph: Graph, name: str, **changes: Any) -> Graph:
    """Put other arguments, another class or another `trainable` in a layer's place, in all its calls."""
    known(graph, name)
    layer = graph[name].layer_name
    if "class_name" in changes:  # another layer, which is no live one and called plainly
        changes = {"live": None, "inside": {}, "reads_list": False, "called_with": {}, **changes}
    layers = (spec.changed(**changes) if spec.layer_name == layer else spec for spec in graph.layers)
    return replace(graph, layers=tuple(layers))


def set_flags(graph: Graph, flags: Mapping[str, bool]) -> Graph:
    """Let layers learn (True) or not; those inside live ones by their paths."""
    for path, flag in flags.items():
        name, rest = known_path(graph, path)
        spec = graph[name]
        graph = change(graph, name, **({"inside": {**spec.inside, rest: flag}} if rest else {"trainable": flag}))
    return graph


def known_path(graph: Graph, path: Any) -> tuple[str, str]:
    """The layer of a path, and the path inside it; one that leads to nothing is refused."""
    if isinstance(path, str):
        name, _, rest = (path, "", "") if path in graph else path.partition("/")
        if name in graph and (not rest or rest in graph[name].inside):
            return name, rest
    raise unknown_name("layer", path, [*graph.names, *graph.flags])


def with_outputs_of(before: Graph, after: Graph, instead: Mapping[str, str] | None = None) -> Graph:
    """The outputs that were marked, where an edit has put readers behind some that nothing read.

    Args:
        instead: what takes the place of an output that is none any more.
    """
    marked = []
    for name in before.marked:
        was_end, is_end = not before.outputs_of(name), not after.outputs_of(name)
        new = name if not was_end or is_end else (instead or {}).get(name)
        if new is not None and new not in marked:
            marked.append(new)
    return replace(after, marked=tuple(marked))


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
