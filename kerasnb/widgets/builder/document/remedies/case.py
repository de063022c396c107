"""A layer that breaks, with what its mends need to know and the edits they are written in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .. import edits
from ..evaluation import Result
from ..fields import Field, fields_of, named_arguments
from ..graph import Graph, LayerSpec
from ..registry import layer_class
from ..values import Call, write

__all__ = ["Case", "Candidate", "Part"]

Candidate = tuple[str, Graph]


@dataclass(frozen=True, eq=False)
class Part:
    """A layer whose arguments can be changed: one on the canvas, or the one inside a wrapper on it.

    A live one has none, since nobody knows them.
    """

    name: str
    class_name: str
    arguments: Mapping[str, Any]
    is_inside: bool = False
    is_live: bool = False

    @cached_property
    def fields(self) -> dict[str, Field]:
        """Its arguments by name, as the form shows them."""
        cls = None if self.is_live else layer_class(self.class_name)
        return {field.name: field for field in (fields_of(cls) if cls is not None else ())}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part) and (self.name, self.is_inside) == (other.name, other.is_inside)

    def __hash__(self) -> int:
        return hash((self.name, self.is_inside))

    def value(self, argument: str) -> Any:
        """What the argument is, its default where nothing else is said."""
        return self.arguments.get(argument, self.fields[argument].default)


@dataclass(frozen=True)
class Case:
    """The layer `name` of the graph, which does not work."""

    graph: Graph
    name: str
    results: Mapping[str, Result]
    asked: str = ""  # the layer whose fix this is a part of, where that is another one

    def placed(self, words: str, where: str = "") -> str:
        """The words, with the layer's name where they belong to the fix of another one: `kernel 1x1 in conv_2`."""
        return f"{words} {where} {self.name}".replace("  ", " ") if self.asked else words

    @property
    def spec(self) -> LayerSpec:
        """The layer as the graph has it."""
        return self.graph[self.name]

    @property
    def class_name(self) -> str:
        """The layer's class."""
        return self.spec.class_name

    @property
    def joins(self) -> bool:
        """Whether the layer takes several inputs."""
        return edits.takes_many(self.spec)

    @property
    def sources(self) -> list[str]:
        """The names of the layers that it reads."""
        return self.graph.inputs_of(self.name)

    @cached_property
    def sizes(self) -> list[tuple]:
        """The shape of one sample of each input."""
        return [self.sizes_of(source) for source in self.sources]

    def sizes_of(self, name: str) -> tuple:
        """The shape of one sample that a layer gives."""
        output = self.results[name].output
        return tuple(output.shape[1:]) if output else ()

    @property
    def is_one_value(self) -> bool:
        """Whether its input is one value for each feature, so that a window has nothing to look at."""
        return any(len(sizes) > 1 and {1} in (set(sizes[:-1]), set(sizes[1:])) for sizes in self.sizes)

    def above(self, name: str) -> Iterator[LayerSpec]:
        """The layer and those before it, as long as each reads one."""
        while True:
            yield self.graph[name]
            before = self.graph.inputs_of(name)
            if len(before) != 1:
                return
            name = before[0]

    def parts(self, name: str) -> list[Part]:
        """The layer, and the one inside it where it is a wrapper."""
        spec = self.graph[name]
        own = Part(name, spec.class_name, spec.arguments, is_live=spec.live is not None)
        inner = spec.arguments.get("layer")
        if not isinstance(inner, Call):
            return [own]
        return [own, Part(name, inner.function, named_arguments(inner), is_inside=True)]

    # ---- edits

    def changed(self, part: Part, **arguments: Any) -> Graph:
        """The graph with other arguments in this part; an argument at its default is left out."""
        merged = {**part.arguments, **arguments}
        kept = {name: value for name, value in merged.items() if not _is_default(part, name, value)}
        if part.is_inside:
            kept = {**self.graph[part.name].arguments, "layer": Call(part.class_name, (), tuple(kept.items()))}
        return edits.change(self.graph, part.name, arguments=kept)

    def set(self, part: Part, **arguments: Any) -> Candidate:
        """Other arguments: `border_mode='same'`, `return_sequences=True in lstm_1`."""
        words = ", ".join(f"{name}={write(value)}" for name, value in arguments.items())
        return words + ("" if self._is_here(part.name) else f" in {part.name}"), self.changed(part, **arguments)

    def insert(self, class_name: str, source: str | None = None, **arguments: Any) -> Candidate:
        """A layer between a source and this one."""
        source = source or self.sources[0]
        label = f"{_written(class_name, arguments)} before {self.name if self.asked else 'it'}"
        if len(self.sources) > 1:
            label = f"{_written(class_name, arguments)} after {source}"
        return label, inserted(self.graph, class_name, arguments, source, self.name)

    def insert_each(self, layers: Sequence[tuple[str, str, dict]]) -> Candidate:
        """A layer after each of several sources: source, class and arguments of each."""
        graph, words = self.graph, []
        for source, class_name, arguments in layers:
            words.append(self.insert(class_name, source, **arguments)[0])
            graph = inserted(graph, class_name, arguments, source, self.name)
        return " and ".join(words), graph

    def replace(self, class_name: str, name: str | None = None, **arguments: Any) -> Candidate:
        """Another layer in this one's place, or in that of another."""
        name = name or self.name
        label = f"{_written(class_name, arguments)} instead" + ("" if self._is_here(name) else f" of {name}")
        return label, edits.change(self.graph, name, class_name=class_name, arguments=arguments)

    def _is_here(self, name: str) -> bool:
        return name == self.name and not self.asked

    def remove(self, name: str) -> Candidate:
        """The edit that takes a layer away, with its label."""
        return f"remove {name}", edits.remove(self.graph, name)


def inserted(graph: Graph, class_name: str, arguments: dict, source: str, target: str) -> Graph:
    """The graph with a new layer between two."""
    spec = LayerSpec(edits.unique_name(graph, class_name), class_name, arguments)
    return edits.add(graph, spec, source, target)


def _written(class_name: str, arguments: Mapping[str, Any]) -> str:
    """`Reshape((8, 8))`, `MaxPooling2D((2, 2))`: a single argument without its name."""
    if len(arguments) == 1:
        return f"{class_name}({write(*arguments.values())})"
    return f"{class_name}({', '.join(f'{name}={write(value)}' for name, value in arguments.items())})"


def _is_default(part: Part, name: str, value: Any) -> bool:
    field = part.fields.get(name)
    return field is not None and not field.is_required and type(value) is type(field.default) and value == field.default
