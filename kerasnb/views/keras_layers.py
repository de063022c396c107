"""The layers of a Keras model, as tables and trees show them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..engine.summary import LayerRow
from .keras_counts import multiply_adds
from .keras_ends import EndsOfKeras
from .keras_layer import KerasLayer
from .keras_outputs import KerasOutputs
from .keras_structure import KerasPart, Structure, has_graph, inside, operations_of
from .naming import class_of, family_of
from .view import Placed

__all__ = ["LayersOfKeras"]


class LayersOfKeras(EndsOfKeras):
    """Read from the model at that moment; what was compiled to look at outputs is kept."""

    def __init__(self, model: Any):
        super().__init__(model)
        self._made_of: tuple = ()
        self._structure: Structure | None = None
        self._outputs: KerasOutputs | None = None

    @property
    def structure(self) -> Structure:
        """Read anew where layers were added or taken away."""
        made_of = tuple(map(id, operations_of(self.model))), self.model.built
        if self._structure is None or made_of != self._made_of:
            self._structure, self._outputs, self._made_of = Structure(self.model), None, made_of
            if not self._structure.is_whole:
                self._see_a_call()
        return self._structure

    def _see_a_call(self) -> None:
        """Call a model that has no graph on zeros, if it has been called before and so is known to take them."""
        inputs = self.zeros()
        if self.model.built and inputs is not None:
            self.see(inputs)

    def see(self, x: list[np.ndarray]) -> None:
        """Learn what only a call shows, from one on these rows; a model that is not built yet is built by it."""
        structure = self._structure
        if structure is None or not structure.is_whole:
            self.outputs_of.call_once(x)  # builds it
            structure = self._structure = self._structure or Structure(self.model)
            structure.watch(self.model, lambda: self.outputs_of.call_once(x), len(x[0]))
            self._made_of = tuple(map(id, operations_of(self.model))), self.model.built

    @property
    def outputs_of(self) -> KerasOutputs:
        """Computes what layers give."""
        if self._outputs is None:
            self._outputs = KerasOutputs(self)
        return self._outputs

    @property
    def layers(self) -> list[KerasLayer]:
        hidden = () if any(type(each).__name__ == "InputLayer" for each in self.model.layers) else ("InputLayer",)
        return [layer for layer in self.viewable if class_of(layer).__name__ not in hidden]

    @property
    def viewable(self) -> list[KerasLayer]:
        structure = self.structure
        return [structure.view(layer) for layer in structure.layers(self.model)]

    def known(self, layer: Any) -> KerasLayer:
        """The view of a layer, which may be given as the layer itself."""
        return layer if isinstance(layer, KerasLayer) else self.structure.view(layer)

    def placed(self, layers: list | None = None) -> list[Placed]:
        raw = [self.known(layer).layer for layer in (self.layers if layers is None else layers)]
        return list(self.structure.placed(raw, self.trainable))

    def placed_calls(self, layers: list) -> list[Placed]:
        structure, found = self.structure, []
        for placed in self.placed(layers):
            found.append(placed)
            calls = len(structure.calls(placed.layer.layer)) if not placed.depth else 1
            for call in range(1, calls):
                path = f"{placed.path} again" + (f" {call + 1}" if call > 1 else "")
                found.append(placed._replace(path=path, layer=structure.view(placed.layer.layer, call), inside=0))
        return found

    def parts(self) -> Iterator[KerasPart]:
        return self.structure.parts(self.model)

    def rows(self) -> list[LayerRow]:
        layers = self.layers
        names = {layer.name for layer in layers}
        return [self._row(layer, names) for layer in layers]

    def _row(self, layer: KerasLayer, names: set[str]) -> LayerRow:
        trains = self.trainable and layer.trainable
        params = layer.count_params()
        trained = sum(int(np.prod(each.shape)) for each in dict.fromkeys(layer.trainable_weights)) if trains else 0
        calls = self.structure.calls(layer.layer)
        return LayerRow(
            name=layer.name,
            class_name=class_of(layer).__name__,
            family=family_of(class_of(layer)),
            input_shape=layer.input_shape,
            output_shape=layer.output_shape,
            params=params,
            trainable_params=trained,
            trainable=trains or not params,
            inbound=[name for call in calls for name in call.inbound if name in names],
            multiply_adds=multiply_adds(layer, self.structure),
            layer=layer,
        )

    def before(self, path: str) -> list[str]:
        """In what has no graph, all that comes earlier counts."""
        outer, _, rest = path.partition("/")
        found = self._before(outer)
        if not rest:
            return found
        inside = [placed.path for placed in self.placed() if placed.path.startswith(f"{outer}/")]
        return [*(name for name in found if name != outer), *inside[: inside.index(path) + 1]]

    def _before(self, name: str) -> list[str]:
        rows = {row.name: row.inbound for row in self.rows()}
        if not has_graph(self.model):
            names = list(rows)
            return names[: names.index(name) + 1]
        needed, waiting = {name}, [name]
        while waiting:
            sources = [source for source in rows[waiting.pop()] if source not in needed]
            needed.update(sources)
            waiting += sources
        return [each for each in rows if each in needed]

    def expression(self, path: str, name: str) -> str:
        """`model.get_layer('backbone').get_layer('conv')`; of what has no such method by the list of all layers."""
        code, holder = name, self.model
        for part in path.split("/"):
            held = next((one for one in inside(holder) if one.name == part), None)
            if held is None or not hasattr(holder, "get_layer"):
                wanted = next(placed.layer for placed in self.placed() if placed.path == path)
                return f"next(one for one in {name}._flatten_layers() if one.name == {wanted.name!r})"
            is_layer = any(one is held for one in holder.layers)
            place = next((at for at, one in enumerate(operations_of(holder)) if one is held), 0)
            code += f".get_layer({part!r})" if is_layer else f".operations[{place}]"
            holder = held
        return code

    @property
    def output_activations(self) -> list[str]:
        """The name of the activation that gives each output; "" where it is not known."""
        by_name = {layer.name: layer for layer in self.layers}
        last = [by_name.get(name) for name in self.output_names] if has_graph(self.model) else self.layers[-1:]
        return [_activation(layer) for layer in last]


def _activation(layer: KerasLayer | None) -> str:
    activation = getattr(layer.layer, "activation", None) if layer is not None else None
    return getattr(activation, "__name__", "") or ""
