"""A model as plain values: layers with their arguments, and the connections between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .values import key_of

__all__ = ["LayerSpec", "Graph", "Connection"]

Connection = tuple[str, str]


@dataclass(frozen=True, eq=False)
class LayerSpec:
    """One layer as the user describes it: only the arguments that differ from their defaults."""

    name: str
    class_name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    trainable: bool = True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LayerSpec) and self.key == other.key

    __hash__ = None  # type: ignore[assignment]  # as Python does itself beside an __eq__

    @property
    def key(self) -> tuple:
        """What makes it equal to another one; values such as arrays cannot be compared themselves."""
        return self.name, self.class_name, key_of(self.arguments), self.trainable

    @property
    def is_input(self) -> bool:
        return self.class_name == "InputLayer"

    def changed(self, **changes: Any) -> LayerSpec:
        return replace(self, **changes)


@dataclass(frozen=True)
class Graph:
    """Layers in the order they were made, and connections (source, target) in the order of the target's inputs.

    A graph is a value: every edit makes a new one, so an undo history is a list of graphs.
    """

    layers: tuple[LayerSpec, ...] = ()
    connections: tuple[Connection, ...] = ()

    def __iter__(self) -> Iterator[LayerSpec]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> LayerSpec:
        return self._by_name[name]

    @property
    def names(self) -> list[str]:
        return list(self._by_name)

    def inputs_of(self, name: str) -> list[str]:
        return self._sources.get(name, [])

    def outputs_of(self, name: str) -> list[str]:
        return self._targets.get(name, [])

    @cached_property
    def ends(self) -> list[str]:
        """Layers that nothing reads, in the order of the data."""
        return [spec.name for spec in self.ordered if not self.outputs_of(spec.name)]

    @cached_property
    def ordered(self) -> list[LayerSpec]:
        """Layers in the order of the data: each after the ones it reads, otherwise as they were made."""
        waiting = {spec.name: len(self.inputs_of(spec.name)) for spec in self.layers}
        ready = [name for name, count in reversed(waiting.items()) if count == 0]
        order = []
        while ready:
            name = ready.pop()
            order.append(self[name])
            for target in reversed(self.outputs_of(name)):
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        return order

    @cached_property
    def is_chain(self) -> bool:
        """Whether it is one input and one layer after another, as in a Sequential model."""
        if not self.ordered:
            return False
        first, *rest = self.ordered
        return bool(
            rest
            and first.is_input
            and not any(spec.is_input for spec in rest)
            and len(self.connections) == len(rest)
            and all(len(self.inputs_of(spec.name)) == 1 for spec in rest)
            and all(len(self.outputs_of(spec.name)) <= 1 for spec in self.ordered)
        )

    @cached_property
    def unfrozen(self) -> Graph:
        """The same graph with every layer learning."""
        return replace(self, layers=tuple(spec.changed(trainable=True) for spec in self.layers))

    def renamed_since(self, before: Graph) -> tuple[str, str] | None:
        """The new and the old name of the one layer that was renamed since; None where that is not what happened."""
        pairs = list(zip(self.layers, before.layers, strict=False))
        moved = [(spec, former) for spec, former in pairs if spec is not former and spec.name != former.name]
        if len(self) != len(before) or len(moved) != 1:
            return None
        ((spec, former),) = moved
        return (spec.name, former.name) if spec == former.changed(name=spec.name) else None

    def reaches(self, source: str, target: str) -> bool:
        """Whether data flows from one layer to the other."""
        seen, stack = set(), [source]
        while stack:
            name = stack.pop()
            if name == target:
                return True
            if name not in seen:
                seen.add(name)
                stack.extend(self.outputs_of(name))
        return False

    @cached_property
    def _by_name(self) -> dict[str, LayerSpec]:
        return {spec.name: spec for spec in self.layers}

    @cached_property
    def _sources(self) -> dict[str, list[str]]:
        return _grouped((target, source) for source, target in self.connections)

    @cached_property
    def _targets(self) -> dict[str, list[str]]:
        return _grouped(self.connections)


def _grouped(pairs) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups
