"""Edits of several layers in one step: taken away, copied, put elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from ....errors import ArgumentError, GraphError
from .block import Block, listed
from .edits import again_name, bridged, known, remove, takes_many, with_outputs_of
from .graph import Connection, Graph, LayerSpec

__all__ = ["duplicate", "move", "remove_all", "shift"]

_NUMBERED = re.compile(r"(.*?)(\d+)")


def remove_all(graph: Graph, names: Collection[Any]) -> Graph:
    """Take layers away and join their neighbours."""
    # further calls first: without the first call, the next one would take its name
    for name in sorted(Block(graph, names).names, key=lambda name: graph[name].shares is None):
        graph = remove(graph, name)
    return graph


def duplicate(graph: Graph, names: Collection[Any], after: str | None = None, before: str | None = None) -> Graph:
    """Copy layers with their arguments and the connections among them; the copies are the last layers of the graph.

    They go after the layers themselves where those stand in a line, otherwise beside them: they read the same, and
    what reads any number of inputs reads them too. A copy has weights of its own, so it learns.

    Args:
        after: where the copies go instead.
        before: with it, between these two only.
    """
    block = Block(graph, names)
    grown, copies = _with_copies(graph, block)
    if after is None and before is None and not block.is_in_line:
        return _beside(grown, block, copies)
    block.check_in_line()
    place = after or block.exits[0]
    known(graph, place)
    wires = [(copies.get(source, place), copies[target]) for source, target in block.wires]
    wires += [(place, copies[name]) for name in block.names if not graph.inputs_of(name)]
    return _put(grown, wires, place, before, copies[block.exits[0]])


def move(graph: Graph, names: Collection[Any], after: str, before: str | None = None) -> Graph:
    """Take layers out of their line and put them in after another layer, which they read from then on.

    Args:
        before: with it, between these two only.
    """
    block = Block(graph, names)
    block.check_in_line()
    known(graph, after)
    for place in {after, before}.intersection(block.names):
        raise GraphError(f'"{place}" is one of the layers to be moved.', "Say another place.")
    end, taken = block.exits[0], graph
    for name in block.names:
        taken = bridged(taken, name)
    wires = [(source if source in block else after, target) for source, target in block.wires]
    wires += [(after, name) for name in block.names if not graph.inputs_of(name)]
    put = _put(replace(taken, layers=graph.layers), wires, after, before, end)
    # outputs stay at the ends of their lines: where the moved layers were one, the layer above is it now
    instead = {end: (block.sources or [""])[0], after: end}
    instead = {name: other for name, other in instead.items() if other in put.ends}
    return with_outputs_of(graph, put, instead)


def shift(graph: Graph, names: Collection[Any], by: int) -> Graph:
    """Let layers change places with the next one in their line (`by` = 1) or with the one before (-1)."""
    if by not in (1, -1) or isinstance(by, bool):
        raise ArgumentError(f"layers move by 1 or -1, got {by!r}.")
    parts = [part.names for part in Block(graph, names).parts()]
    # those in front first, or two blocks in a row would change places with each other
    for part in parts if by < 0 else reversed(parts):
        graph = _lowered(graph, Block(graph, part)) if by > 0 else _raised(graph, Block(graph, part))
    return graph


def _lowered(graph: Graph, block: Block) -> Graph:
    block.check_in_line()
    readers = [name for name in graph.outputs_of(block.exits[0]) if name not in block]
    if not readers:
        raise GraphError(f'nothing reads "{block.exits[0]}", so there is nothing to move it past.')
    if len(readers) > 1:
        raise GraphError(f'"{block.exits[0]}" is read by {len(readers)} layers.', "Say after which one it is to stand.")
    return move(graph, block.names, readers[0])


def _raised(graph: Graph, block: Block) -> Graph:
    block.check_in_line()
    source = (block.sources or [""])[0]
    above = graph.inputs_of(source)
    if not above:
        raise GraphError(f"{listed(block.names)}: there is no layer above to change places with.")
    if len(above) > 1:
        raise GraphError(f'"{source}" reads {len(above)} layers.', "Say between which two layers it is to stand.")
    return move(graph, block.names, above[0], source)


def _with_copies(graph: Graph, block: Block) -> tuple[Graph, dict[str, str]]:
    """The graph with copies of the layers that read nothing yet, and their names by those of the layers."""
    copies: dict[str, str] = {}
    owners: dict[str, str] = {}  # layers that are called -> their copies
    for name in block.names:
        spec = graph[name]
        if spec.live is not None:
            raise ArgumentError(
                "is shown as it is: no arguments describe it, so none can make a copy.",
                "Call it again to use it twice.",
            ).named(spec.class_name, spec.layer_name)
        # calls of one layer become calls of one copy: they go on sharing, with each other and not with the original
        owner = owners.get(spec.layer_name)
        copies[name] = _free_name(graph, spec.layer_name) if owner is None else again_name(graph, owner)
        owners.setdefault(spec.layer_name, copies[name])
        graph = replace(graph, layers=(*graph.layers, _copy(spec, copies[name], owner)))
    return graph, copies


def _copy(spec: LayerSpec, name: str, owner: str | None) -> LayerSpec:
    return spec.changed(name=name, shares=owner, trainable=True)


def _free_name(graph: Graph, name: str) -> str:
    """The next free name of the same kind: `dense_2` after `dense_1`, `hidden_2` after `hidden`."""
    numbered = _NUMBERED.fullmatch(name)
    stem, number = (numbered[1], int(numbered[2]) + 1) if numbered else (f"{name}_", 2)
    while f"{stem}{number}" in graph:
        number += 1
    return f"{stem}{number}"


def _beside(grown: Graph, block: Block, copies: dict[str, str]) -> Graph:
    wires = [(copies.get(source, source), copies[target]) for source, target in block.wires]
    wires += [
        (copies[source], target)
        for source, target in block.graph.connections
        if source in block and target not in block and takes_many(grown[target])
    ]
    return replace(grown, connections=(*grown.connections, *wires))


def _put(graph: Graph, wires: list[Connection], after: str, before: str | None, end: str) -> Graph:
    """Connect layers by `wires` after another one; what read that reads their `end`."""
    if before is not None and (after, before) not in graph.connections:
        raise GraphError(f'"{after}" is not connected to "{before}", so nothing goes between them.')
    moved = graph.outputs_of(after) if before is None else [before]
    kept = [
        (end, target) if source == after and target in moved else (source, target)
        for source, target in graph.connections
    ]
    grown = replace(graph, connections=(*kept, *dict.fromkeys(wires)))
    return with_outputs_of(graph, grown, {after: end})
