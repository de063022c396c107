"""The layers of a Keras model in order, what they are called on, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .keras_layer import KerasLayer, KerasWeight, layers_inside, shapes_of
from .view import Placed
from .watching import Watch

__all__ = ["Call", "KerasPart", "Structure", "everything_in", "has_graph", "inside", "operations_of"]

LIBRARIES = ("keras", "tf_keras")


@dataclass
class Call:
    """One call of a layer: its shapes, and the layers whose outputs it takes."""

    input_shape: Any = None
    output_shape: Any = None
    inbound: list[str] = field(default_factory=list)


class KerasPart(NamedTuple):
    """A layer anywhere in a model: its path, itself, and the path of what freezes it (None: it trains)."""

    path: str
    layer: KerasLayer
    frozen_by: str | None

    @property
    def weights(self) -> list[KerasWeight]:
        """Its own, without those of the layers in it."""
        return self.layer.own_weights


def has_graph(model: Any) -> bool:
    """Whether its layers are connected by symbolic tensors, so that nothing has to be run to see how."""
    return _graph(model) is not None


def operations_of(model: Any) -> list[Any]:
    """Layers, inputs and operator steps in the order of the data; of a model without a graph its layers."""
    graph = _graph(model)
    found = getattr(graph, "operations", None) or (graph or model).layers
    return list(found)


def everything_in(model: Any) -> list[Any]:
    """Each layer and step anywhere in a model, the model itself left out."""
    found: dict[int, Any] = {}

    def add(layer: Any) -> None:
        for one in inside(layer):
            if id(one) not in found:
                found[id(one)] = one
                add(one)

    add(model)
    return list(found.values())


def inside(layer: Any) -> list[Any]:
    """What stands directly in a model or layer, as far as its output can be seen from outside."""
    return operations_of(layer) if _is_model(layer) else layers_inside(layer)


def opens(layer: Any) -> bool:
    """Whether people look inside: a model, a layer of another maker's class that holds layers, or what holds such."""
    held = layers_inside(layer)
    if _is_model(layer):
        return True
    is_library = type(layer).__module__.partition(".")[0] in LIBRARIES
    return bool(held) and (not is_library or any(map(opens, held)))


def _is_model(layer: Any) -> bool:
    return hasattr(layer, "compile") and hasattr(layer, "fit")


def _graph(model: Any) -> Any:
    """What knows the nodes of a model; None where there are none."""
    inner = getattr(model, "_functional", None)  # of a Sequential of Keras 3
    for each in (inner, model):
        if each is not None and getattr(each, "_nodes_by_depth", None) and getattr(each, "outputs", None):
            return each
    return None


def _inbound(node: Any) -> list[str]:
    return list(dict.fromkeys(_operation(parent).name for parent in node.parent_nodes))


def _operation(node: Any) -> Any:
    return node.operation if hasattr(node, "operation") else node.layer


class Structure:
    """What is known of a model's layers; of one without a graph more after it was seen being called.

    Args:
        model: held by whoever holds this.
    """

    def __init__(self, model: Any):
        self._calls: dict[int, list[Call]] = {}
        self._views: dict[tuple[int, int], KerasLayer] = {}
        self._order: list[Any] = []
        self.is_whole = True  # whether all of it is known
        self._read(model)

    def view(self, layer: Any, call: int = 0) -> KerasLayer:
        """The view of a layer's call, always the same one."""
        key = (id(layer), call)
        if key not in self._views:
            self._views[key] = KerasLayer(layer, call, self._shapes)
        return self._views[key]

    def layers(self, model: Any) -> list[Any]:
        """The model's own layers and steps in order."""
        return self._in_order(operations_of(model))

    def calls(self, layer: Any) -> list[Call]:
        """Each call that is known."""
        return self._calls.get(id(layer), [])

    def placed(self, layers: list[Any], trains: bool) -> Iterator[Placed]:
        """These layers of Keras, what stands in one right after it."""
        yield from self._placed(layers, "", 0, trains)

    def _placed(self, layers: list[Any], before: str, depth: int, trains: bool) -> Iterator[Placed]:
        taken: set[str] = set()
        for layer in layers:
            name = _free(layer.name, taken)
            held = self.inside(layer)
            learns = trains and self.view(layer).trainable
            yield Placed(f"{before}{name}", self.view(layer), depth, len(held), learns)
            yield from self._placed(held, f"{before}{name}/", depth + 1, learns)

    def inside(self, layer: Any) -> list[Any]:
        """What is shown to stand in a layer; its inputs left out."""
        if not opens(layer):
            return []
        return [each for each in self._in_order(inside(layer)) if type(each).__name__ != "InputLayer"]

    def parts(self, model: Any) -> Iterator[KerasPart]:
        """Every layer anywhere in a model."""
        yield from self._parts(inside(model), "", None if model.trainable else model.name)

    def _parts(self, layers: list[Any], before: str, frozen_by: str | None) -> Iterator[KerasPart]:
        taken: set[str] = set()
        for layer in layers:
            view = self.view(layer)
            path = f"{before}{_free(layer.name, taken)}"
            by = frozen_by if frozen_by is not None or view.trainable else path
            yield KerasPart(path, view, by)
            yield from self._parts(inside(layer), f"{path}/", by)

    def watch(self, model: Any, call: Any, rows: int) -> None:
        """Learn from one call of a model what its graph does not tell.

        Args:
            call: calls the model on `rows` rows.
        """
        layers = everything_in(model)
        with Watch(layers) as seen:
            call()
        made_by: dict[int, list[str]] = {}  # the same tensor is what a layer gives and what the last one in it gives
        for layer in layers:
            for each in _flat(seen.outputs(layer)):
                made_by.setdefault(id(each), []).append(layer.name)
        for layer in layers:
            if id(layer) in self._calls:
                continue
            pairs = zip(seen.inputs(layer), seen.outputs(layer), strict=True)
            self._calls[id(layer)] = [
                Call(
                    _any_rows(shapes_of(taken), rows),
                    _any_rows(shapes_of(given), rows),
                    list(dict.fromkeys(name for each in _flat(taken) for name in made_by.get(id(each), ()))),
                )
                for taken, given in pairs
            ]
        self._order, self.is_whole = seen.order, True

    def _read(self, model: Any) -> None:
        for each in [model, *everything_in(model)]:
            graph = _graph(each)
            if graph is not None:
                self._read_graph(graph)
            elif opens(each):
                self.is_whole = False

    def _read_graph(self, graph: Any) -> None:
        # depth is counted from the outputs: the deepest node comes first in the data
        for depth in sorted(graph._nodes_by_depth, reverse=True):
            for node in graph._nodes_by_depth[depth]:
                # the names of tf_keras, then those of Keras 3
                taken = node.keras_inputs if hasattr(node, "keras_inputs") else node.input_tensors
                given = node.outputs
                call = Call(shapes_of(taken), shapes_of(given), _inbound(node))
                self._calls.setdefault(id(_operation(node)), []).append(call)

    def _shapes(self, layer: Any, call: int) -> tuple[Any, Any]:
        calls = self.calls(layer)
        return (calls[call].input_shape, calls[call].output_shape) if call < len(calls) else (None, None)

    def _in_order(self, layers: list[Any]) -> list[Any]:
        """As they were called, where that was seen and no graph tells it."""
        place = {id(layer): at for at, layer in enumerate(self._order)}
        if not any(id(layer) in place for layer in layers):
            return layers
        return sorted(layers, key=lambda layer: place.get(id(layer), len(place)))


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number where another layer of the same holder has it."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    taken.add(free)
    return free


def _flat(tensors: Any) -> list[Any]:
    if isinstance(tensors, dict):
        tensors = list(tensors.values())
    if isinstance(tensors, (list, tuple)):
        return [each for one in tensors for each in _flat(one)]
    return [tensors]


def _any_rows(shape: Any, rows: int) -> Any:
    """The shape with any number of rows, where its first axis is the batch."""
    if isinstance(shape, list):
        return [_any_rows(each, rows) for each in shape]
    return (None, *shape[1:]) if shape and shape[0] == rows else shape
