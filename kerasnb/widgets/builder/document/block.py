"""Layers that are edited together: what they read from outside, and which of them the others read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from ....errors import ArgumentError, GraphError
from .edits import known
from .graph import Connection, Graph

__all__ = ["Block", "listed"]

_MOST_NAMED = 3


class Block:
    """Layers of a graph, in the order of the data.

    Raises:
        ArgumentError: there are none.
        UnknownNameError: one of them is not in the graph.
    """

    def __init__(self, graph: Graph, names: Collection[Any]):
        if not names:
            raise ArgumentError("no layer is said.", "Name one at least.")
        for name in names:
            known(graph, name)
        self.graph = graph
        self.names = [spec.name for spec in graph.ordered if spec.name in names]

    def __contains__(self, name: str) -> bool:
        return name in self.names

    @cached_property
    def wires(self) -> list[Connection]:
        """Every connection to one of them, in the order of their inputs."""
        return [pair for pair in self.graph.connections if pair[1] in self]

    @cached_property
    def sources(self) -> list[str]:
        """What they read from outside."""
        return list(dict.fromkeys(source for source, _ in self.wires if source not in self))

    @cached_property
    def exits(self) -> list[str]:
        """Those that others read, or that nothing reads."""
        readers = {name: self.graph.outputs_of(name) for name in self.names}
        return [name for name, all_of in readers.items() if not all_of or any(reader not in self for reader in all_of)]

    @property
    def has_input(self) -> bool:
        """Whether one of the layers is an input."""
        return any(self.graph[name].is_input for name in self.names)

    @property
    def is_in_line(self) -> bool:
        """Whether they stand in a line as one layer would: one thing is read, one of them gives what they make."""
        return not self.has_input and len(self.sources) <= 1 and len(self.exits) == 1

    def check_in_line(self) -> None:
        """Refuse layers that cannot stand elsewhere as one layer would."""
        for name in self.names:
            if self.graph[name].is_input:
                raise GraphError(f'InputLayer "{name}" takes data, it cannot stand after another layer.')
        if len(self.sources) > 1:
            raise GraphError(
                f"{listed(self.names)} read {_quoted(self.sources)}; what stands in a line reads one layer.",
                "Take layers that follow each other, or connect them by hand.",
            )
        if len(self.exits) > 1:
            raise GraphError(
                f"{_quoted(self.exits)} both lead out of {listed(self.names)}; what stands in a line has one end.",
                "Take layers that follow each other, or connect them by hand.",
            )

    def parts(self) -> list[Block]:
        """The layers that hang together, each part as a block, in the order of the data."""
        found: list[set[str]] = []
        for name in self.names:
            near = {name, *(source for source, target in self.wires if target == name and source in self)}
            joined = [part for part in found if part & near]
            found = [part for part in found if not part & near] + [near.union(*joined)]
        return [Block(self.graph, part) for part in sorted(found, key=lambda part: min(map(self.names.index, part)))]


def listed(names: Iterable[str]) -> str:
    """A few names, or how many layers there are."""
    names = list(names)
    return ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} layers"


def _quoted(names: Iterable[str]) -> str:
    return " and ".join(f'"{name}"' for name in names)
