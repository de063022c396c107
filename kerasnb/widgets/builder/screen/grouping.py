"""Which layers a Builder draws as one box: blocks that a large model repeats, while they are folded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ....errors import ArgumentError
from ....report.graph_layout import Edge, Layout, arrange
from ....report.repeats import Part, Repeat, repeats
from ..document.document import Document

__all__ = ["Group", "Grouping", "box_of", "folded_layout"]

FROM = 20  # layers; smaller models are seen at a glance


@dataclass(frozen=True)
class Group:
    """Repeated blocks as they stand on the canvas."""

    repeat: Repeat
    is_folded: bool

    @property
    def box(self) -> str:
        """What the canvas calls the box; no layer can be called so."""
        return f"blocks from {self.repeat.names[0]}"


class Grouping:
    """The repeated blocks of a document, and which are folded.

    What a large document repeats when it is first shown is folded then; blocks that arise by edits are not. Where a
    layer breaks, its blocks are drawn layer by layer.
    """

    def __init__(self, document: Document):
        self._known: tuple[tuple[Part, ...], list[Repeat]] = ((), [])
        self._folded = {name for repeat in self._repeats(document) for name in repeat.names}

    def groups(self, document: Document) -> list[Group]:
        """In the order of the data."""
        return [Group(repeat, self._is_folded(document, repeat)) for repeat in self._repeats(document)]

    def fold(self, document: Document, name: str, folded: bool) -> None:
        """Draw the blocks that the layer belongs to as one box, or layer by layer.

        Raises:
            ArgumentError: it belongs to none.
        """
        repeat = next((repeat for repeat in self._repeats(document) if name in repeat.names), None)
        if repeat is None:
            raise ArgumentError(
                f'"{name}" belongs to no blocks that repeat.', f"They are looked for from {FROM} layers on."
            )
        names = set(repeat.names)
        self._folded = self._folded | names if folded else self._folded - names

    def _is_folded(self, document: Document, repeat: Repeat) -> bool:
        return all(name in self._folded and not document.results[name].has_failed for name in repeat.names)

    def _repeats(self, document: Document) -> list[Repeat]:
        graph = document.graph
        if len(graph) < FROM:
            return []
        parts = tuple(
            Part(
                spec.name,
                spec.class_name,
                tuple(graph.inputs_of(spec.name)),
                document.results[spec.layer_name].params > 0,
            )
            for spec in graph.ordered
        )
        if parts != self._known[0]:
            self._known = parts, repeats(parts)
        return self._known[1]


def box_of(groups: Iterable[Group]) -> dict[str, str]:
    """Layer -> the box that stands for it, for layers that are not drawn themselves."""
    return {name: group.box for group in groups if group.is_folded for name in group.repeat.names}


def folded_layout(document: Document, groups: Iterable[Group]) -> Layout:
    """Where the layers and boxes of a canvas stand."""
    boxes = box_of(groups)
    graph = document.graph
    names = dict.fromkeys(boxes.get(name, name) for name in graph.names)
    return arrange(list(names), drawn_edges(graph.connections, boxes))


def drawn_edges(connections: Iterable[Edge], boxes: dict[str, str]) -> list[Edge]:
    """The connections between what is drawn, each once."""
    ends = ((boxes.get(source, source), boxes.get(target, target)) for source, target in connections)
    return list(dict.fromkeys(edge for edge in ends if edge[0] != edge[1]))
