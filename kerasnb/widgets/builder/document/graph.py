"""A model as plain values: layers with their arguments, and the connections between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .picking import is_pick
from .registry import class_of
from .values import key_of

__all__ = ["LayerSpec", "Graph", "Connection"]

Connection = tuple[str, str]


@dataclass(frozen=True, eq=False)
class LayerSpec:
    """One call of a layer as the user describes it: only the arguments that differ from their defaults.

    Attributes:
        live: the layer itself, where no arguments describe it: a model, a layer around one, one of somebody's own that
            does not say how it was made.
        inside: whether each layer inside a live one learns, by its path there.
        shares: the name of the first call, where this is another call of the same layer; all else is as there.
        reads_list: whether it was called on a list of tensors.
        called_with: further arguments of the call.
    """

    name: str
    class_name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    trainable: bool = True
    live: Any = None
    inside: Mapping[str, bool] = field(default_factory=dict)
    shares: str | None = None
    reads_list: bool = False
    called_with: Mapping[str, Any] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LayerSpec) and self.key == other.key

    __hash__ = None  # type: ignore[assignment]  # as Python does itself beside an __eq__

    @property
    def key(self) -> tuple:
        """What makes it equal to another one; values such as arrays cannot be compared themselves."""
        return self.name, self.trainable, key_of(self.inside), self.shares, self.making

    @property
    def making(self) -> tuple:
        """What its shapes and counts depend on, besides its inputs."""
        live = None if self.live is None else id(self.live)
        return self.class_name, key_of(self.arguments), live, self.reads_list, key_of(self.called_with)

    @property
    def is_input(self) -> bool:
        """Whether it is an input."""
        return self.class_name == "InputLayer"

    @property
    def layer_name(self) -> str:
        """The name of the layer that is called."""
        return self.shares or self.name

    def changed(self, **changes: Any) -> LayerSpec:
        """The same with some attributes otherwise."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Graph:
    """Layers in the order they were made, and connections (source, target) in the order of the target's inputs.

    A graph is a value: every edit makes a new one, so an undo history is a list of graphs. A layer that is called
    several times stands in it once for each call.

    Attributes:
        marked: outputs of the model in their order, also such as other layers read; what nothing reads is one anyhow.
    """

    layers: tuple[LayerSpec, ...] = ()
    connections: tuple[Connection, ...] = ()
    marked: tuple[str, ...] = ()

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
        """The layers' names, in the order in which they were made."""
        return list(self._by_name)

    def inputs_of(self, name: str) -> list[str]:
        """The names of the layers that this one reads."""
        return self._sources.get(name, [])

    def outputs_of(self, name: str) -> list[str]:
        """The names of the layers that read this one."""
        return self._targets.get(name, [])

    @cached_property
    def ends(self) -> list[str]:
        """Layers that nothing reads, in the order of the data."""
        return [spec.name for spec in self.ordered if not self.outputs_of(spec.name)]

    @cached_property
    def outputs(self) -> list[str]:
        """The layers whose outputs are the model's, in its order."""
        return [*self.marked, *(name for name in self.ends if name not in self.marked)]

    def calls_of(self, name: str) -> list[LayerSpec]:
        """All calls of the layer that this one calls, in the order of the data."""
        layer = self[name].layer_name
        return [spec for spec in self.ordered if spec.layer_name == layer]

    def is_shared(self, name: str) -> bool:
        """Whether the layer is called several times."""
        return self[name].layer_name in self._shared

    @cached_property
    def _shared(self) -> set[str]:
        return {spec.shares for spec in self.layers if spec.shares}

    @cached_property
    def flags(self) -> dict[str, bool]:
        """Whether each layer learns, those inside live ones by their paths: `backbone/conv_1`."""
        layers = [spec for spec in self.layers if not spec.shares and not spec.is_input]
        inside = {f"{spec.name}/{path}": flag for spec in layers for path, flag in spec.inside.items()}
        return {spec.name: spec.trainable for spec in layers} | inside

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
            and not any(spec.shares or spec.reads_list or spec.called_with or is_pick(spec) for spec in rest)
            and not any(spec.is_input or class_of(spec).takes_list for spec in rest)  # type: ignore[attr-defined]
            and self.outputs == self.ends
            and len(self.connections) == len(rest)
            and all(len(self.inputs_of(spec.name)) == 1 for spec in rest)
            and all(len(self.outputs_of(spec.name)) <= 1 for spec in self.ordered)
        )

    @cached_property
    def unfrozen(self) -> Graph:
        """The same graph with every layer learning."""
        learning = (spec.changed(trainable=True, inside=dict.fromkeys(spec.inside, True)) for spec in self.layers)
        return replace(self, layers=tuple(learning))

    def renamed_since(self, before: Graph) -> tuple[str, str] | None:
        """The new and the old name of the one layer that was renamed since; None where that is not what happened."""
        pairs = [(spec, former) for spec, former in zip(self.layers, before.layers, strict=False) if not spec.shares]
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
