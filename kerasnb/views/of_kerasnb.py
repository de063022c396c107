"""A model of kerasnb as its own view: structure by its nodes, values and gradients by K."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from .. import backend as K
from ..engine.files.moments import Moment, put_back
from ..engine.handover import renew_optimizer
from ..engine.node import one_or_list
from ..engine.statistics import Statistics, frozen_statistics_move, parts_of, remark_on_statistics, statistics_rule
from ..engine.summary import LayerRow, layer_rows
from ..errors import ArgumentError
from ..models import clone_model
from .naming import known_rate
from .own_placed import before, expression_of, placed_calls, placed_layers
from .unrolled import unrolled
from .view import OfModel, Placed

__all__ = ["KerasnbView", "output_tensor"]

# model -> {(what, id of tensor): compiled function}; a rebuilt model has new tensors and so new entries
_compiled: WeakKeyDictionary = WeakKeyDictionary()


class KerasnbView(OfModel):
    """Holds nothing but the model; its layers are views as they are."""

    library, remedy = "kerasnb", "model.recompile()"

    def __init__(self, model: Any):
        self.model = model

    # ---- structure

    @property
    def layers(self) -> list[Any]:
        return list(self.model.layers)

    @property
    def viewable(self) -> list[Any]:
        layers = self.layers
        hidden = [each._keras_history[0] for each in self.model.inputs if each._keras_history[0] not in layers]
        return hidden + layers

    @property
    def ends(self) -> list[Any]:
        return list(getattr(self.model, "outputs", ()))

    def placed(self, layers: list | None = None) -> list[Placed]:
        return placed_layers(self.model, layers)

    def placed_calls(self, layers: list) -> list[Placed]:
        return placed_calls(self.model, layers)

    def parts(self) -> Iterator[Any]:
        return parts_of(self.model)

    def rows(self) -> list[LayerRow]:
        return layer_rows(self.model)

    def before(self, path: str) -> list[str]:
        return before(self.model, path)

    def expression(self, path: str, name: str) -> str:
        return expression_of(self.model, path, name)

    @property
    def input_names(self) -> list[str]:
        return [tensor._keras_history[0].name for tensor in self.model.inputs]

    @property
    def output_names(self) -> list[str]:
        return list(self.model.output_names)

    @property
    def input_types(self) -> list[str]:
        return [K.dtype(tensor) for tensor in self.model.inputs]

    @property
    def input_shapes(self) -> list[tuple]:
        return [K.int_shape(tensor) for tensor in self.model.inputs]

    # ---- values

    @property
    def backend(self) -> str:
        return K.backend()

    @property
    def weights(self) -> list[Any]:
        return list(dict.fromkeys(weight for layer in self.model._weighted_layers for weight in layer.weights))

    @property
    def trainable_weights(self) -> list[Any]:
        return self.model.trainable_weights

    @property
    def moving(self) -> set:
        return set(Statistics(self.model).frozen) if frozen_statistics_move(self.model) else set()

    @property
    def remark(self) -> str:
        return remark_on_statistics(self.model)

    @property
    def writes(self) -> int:
        return sum(weight.writes for part in self.parts() for weight in part.weights)

    def weights_mark(self) -> tuple[int, ...]:
        return tuple(weight.writes for weight in self.model.weights)

    def outputs(self, x: list[np.ndarray], phase: int) -> list[np.ndarray]:
        outputs = list(self.model.outputs)
        run = self._function(("outputs", *map(id, outputs)), lambda: (outputs, []))
        return [np.asarray(output) for output in run([*x, phase])]

    def layer_output(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        if type(layer).__name__ == "InputLayer":
            return np.asarray(x[self.input_names.index(layer.name)])
        tensor = self._tensor(layer)
        return np.asarray(self._function(("output", id(tensor)), lambda: ([tensor], []))([*x, phase])[0])

    def output_gradient(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        tensor = self._tensor(layer)
        if not K.dtype(tensor).startswith("float"):
            raise ArgumentError(
                f'"{layer.name}" gives {K.dtype(tensor)}; whole numbers have no gradient.',
                "Look at the layer after it.",
                layer=layer.name,
            )
        run = self._function(("gradient", id(tensor)), lambda: ([self._gradient(layer, tensor)], []))
        return np.asarray(run([*x, phase])[0])

    def _gradient(self, layer: Any, tensor: Any) -> Any:
        # the output that this tensor leads to: that of a layer inside a model leads to the one computed with it
        is_own = any(node in self.model.network.node_set for node in layer.inbound_nodes)
        outputs = self.model.outputs if is_own else unrolled(self.model).outputs
        score = K.sum(K.max(K.batch_flatten(outputs[0]), axis=-1))
        return K.gradients(score, [tensor])[0]

    def input_gradients(self, x: list[np.ndarray], chosen: np.ndarray | None) -> list[np.ndarray]:
        run = self._function(("saliency", chosen is not None), lambda: self._input_gradients(chosen is not None))
        return run([*x, 0, *([] if chosen is None else [chosen])])

    def _input_gradients(self, is_chosen: bool) -> tuple[list, list]:
        scores, inputs = K.batch_flatten(self.model.outputs[0]), list(self.model.inputs)
        if not is_chosen:
            return K.gradients(K.sum(K.max(scores, axis=-1)), inputs), []
        chosen = K.placeholder(shape=(K.int_shape(scores)[1],))
        return K.gradients(K.sum(scores * chosen), inputs), [chosen]

    def unit_gradient(self, layer: Any) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        values, (axis, units) = self._tensor(layer), self.units(layer)

        def made() -> tuple[list, list]:
            chosen = K.placeholder(shape=(units,))
            shape = (1, units, *[1] * (K.ndim(values) - 2)) if axis == 1 else (units,)
            return K.gradients(K.sum(values * K.reshape(chosen, shape)), [self.model.inputs[0]]), [chosen]

        run = self._function(("maximize", id(values)), made)
        return lambda x, chosen: np.asarray(run([x.astype(K.floatx()), 0, chosen])[0])

    def units(self, layer: Any) -> tuple[int, int | None]:
        values = self._tensor(layer)
        axis = 1 if getattr(layer, "dim_ordering", "") == "th" and K.ndim(values) > 2 else K.ndim(values) - 1
        return axis, K.int_shape(values)[axis]

    def _tensor(self, layer: Any) -> Any:
        tensor = output_tensor(self.model, layer)
        return tensor[0] if isinstance(tensor, list) else tensor

    def _function(self, key: tuple, make: Callable[[], tuple[list, list]]) -> Callable:
        """The function from inputs, phase and further inputs that gives what `make()` says, made once for `key`."""
        functions = _compiled.setdefault(self.model, {})
        if key not in functions:
            wanted, more = make()
            functions[key] = K.function([*self.model.inputs, K.learning_phase(), *more], wanted)
        return functions[key]

    def turn(self, layers: list[Any]) -> None:
        for layer in layers:
            layer.trainable = not layer.trainable

    def averages(self) -> tuple[str, bool, list[str], list[str]]:
        statistics = Statistics(self.model)
        written = {pair[0] for pair in statistics.pairs}
        keeping = [part.path for part in self.parts() if any(weight in written for weight in part.weights)]
        frozen = [part.path for part in statistics.frozen.values()]
        return statistics_rule(self.model), frozen_statistics_move(self.model), keeping, list(dict.fromkeys(frozen))

    # ---- training

    @property
    def is_compiled(self) -> bool:
        return self.model.is_compiled

    @property
    def is_in_force(self) -> bool:
        return self.model.is_compiled and {*self.model._collected_trainable_weights} == {*self.trainable_weights}

    def recompile(self) -> None:
        self.model.recompile()

    @property
    def learning_rate(self) -> float | None:
        rate = getattr(self.model.optimizer, "lr", None) if self.model.compile_arguments is not None else None
        return known_rate(K.get_value(rate)) if isinstance(rate, K.Variable) else None

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        K.set_value(self.model.optimizer.lr, rate)

    @property
    def control(self) -> Any:
        return self.model.control

    @property
    def compile_arguments(self) -> dict[str, Any]:
        return self.model.compile_arguments or {}

    def fit(self, arguments: dict[str, Any], callbacks: list[Any]) -> Any:
        return self.model.fit(**arguments | {"callbacks": callbacks, "verbose": 0})

    def moment(self, epoch: int, has_state: bool = True) -> Moment:
        return Moment(self.model, epoch, has_state=has_state)

    def take_weights(self, path: Any) -> bool:
        return put_back(self.model, path)

    def begin_anew(self, renewed: Sequence[bool]) -> Callable[[], None]:
        first = K.batch_get_value(KerasnbView(clone_model(self.model)).weights)
        weights = zip(self.weights, first, renewed, strict=True)
        K.batch_set_value([(weight, value) for weight, value, is_meant in weights if is_meant])
        return renew_optimizer(self.model)

    @property
    def compiled_by(self) -> Sequence[Any]:
        return self.model.compile_arguments, getattr(self.model, "objective", None)

    @property
    def history(self) -> Any:
        return getattr(self.model, "history", None)


def output_tensor(model: Any, layer: Any) -> Any:
    """What `layer` gives inside `model`, also where the layer is used elsewhere too, or stands in a model in it.

    Raises:
        ArgumentError: it runs inside another layer, where its output is none of the model's.
    """
    inside = model.network.node_set
    for index, node in enumerate(layer.inbound_nodes):
        if node in inside:
            return layer.get_output_at(index)
    outputs = unrolled(model).inner.get(layer)
    if outputs is None:
        raise ArgumentError(
            f'"{layer.name}" runs inside another layer, and gives nothing outside it.',
            "Look at its weights, or at the output of the layer that holds it.",
            layer=layer.name,
        )
    return one_or_list(outputs)
