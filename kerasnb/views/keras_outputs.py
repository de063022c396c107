"""What the layers of a Keras model give, and gradients, by a compiled call of the model that watches its layers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from ..backend.on_keras.stateless import Stateless
from ..errors import ArgumentError
from .keras_layer import KerasLayer
from .watching import Watch

__all__ = ["KerasOutputs"]

MOST = 64  # compiled functions that are kept


class KerasOutputs:
    """Compiles once for each thing looked at; nothing of a call stays in the model, neither averages nor seeds."""

    def __init__(self, view: Any):
        self._view = view
        self._runner = view.runner
        self._stateless = Stateless(view.keras, view.runner, lambda: view.model.variables)
        self._functions: dict[tuple, Callable] = {}
        self._lock = threading.RLock()

    def call_once(self, x: list[np.ndarray]) -> Any:
        """Call the model as it is, for prediction; one that is not built is built."""
        tensors = [self._runner.tensor(np.asarray(part)) for part in self._whole(x)]
        return self._call(tensors, 0, keeps=not self._view.model.built)

    def model(self, x: list[np.ndarray], phase: int) -> list[np.ndarray]:
        """The model's outputs for the rows of `x`."""
        self._build(x)
        run = self._compiled(("outputs", phase), lambda tensors: self._flat(self._call(tensors, phase)))
        return [self._runner.array(each)[: len(x[0])] for each in run(self._tensors(self._whole(x)))]

    def layer(self, layer: KerasLayer, x: list[np.ndarray], phase: int) -> np.ndarray:
        """The first output of a layer's call."""
        self._build(x)
        if layer.viewed_class.__name__ == "InputLayer":
            return np.asarray(x[self._view.input_names.index(layer.name)] if len(x) > 1 else x[0])
        run = self._compiled(
            ("layer", layer, phase), lambda tensors: self._seen(layer, lambda: self._call(tensors, phase))[0]
        )
        return self._runner.array(run(self._tensors(self._whole(x))))[: len(x[0])]

    def gradient(self, layer: KerasLayer, x: list[np.ndarray], phase: int) -> np.ndarray:
        """d(largest output of each row) / d(output of the layer), by what is added to that output: nothing."""
        zeros = np.zeros_like(self.layer(layer, x, phase))
        if zeros.dtype.kind != "f":
            raise ArgumentError(
                f'"{layer.name}" gives {zeros.dtype}; whole numbers have no gradient.',
                "Look at the layer after it.",
                layer=layer.name,
            )
        if layer.viewed_class.__name__ == "InputLayer":
            return self.input_gradients(x, None)[0]

        def compute(tensors: list[Any], added: Any) -> Any:
            def score(at: list[Any]) -> Any:
                return self._score(self._seen(layer, lambda: self._call(tensors, phase), at[0])[1], None)

            return self._runner.gradient(score, [added])[0]

        run = self._compiled(("gradient", layer, phase), compute)
        found = run(self._tensors(x), self._runner.tensor(zeros))
        if found is None:
            raise ArgumentError(f'the output does not depend on "{layer.name}".', "Choose another layer.")
        return self._runner.array(found)

    def input_gradients(self, x: list[np.ndarray], chosen: np.ndarray | None) -> list[np.ndarray]:
        """d(score) / d(each input), for prediction."""
        self._build(x)

        def compute(tensors: list[Any], weights: Any) -> Any:
            return self._runner.gradient(
                lambda at: self._score(self._call(at, 0), None if chosen is None else weights), tensors
            )

        run = self._compiled(("input", chosen is None), compute)
        weights = self._runner.tensor(np.zeros(1, "float32") if chosen is None else chosen)
        found = run(self._tensors(x), weights)
        return [
            np.zeros_like(part) if each is None else self._runner.array(each)
            for part, each in zip(x, found, strict=True)
        ]

    def unit_gradient(self, layer: KerasLayer) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
        """d(sum of a layer's output, weighed along its features) / d(the input)."""
        axis, _ = self._view.units(layer)
        ops = self._view.ops

        def compute(tensors: list[Any], weights: Any) -> Any:
            def picked(at: list[Any]) -> Any:
                output = self._seen(layer, lambda: self._call(at, 0))[0]
                shape = [1] * len(output.shape)
                shape[axis] = -1
                return ops.sum(output * ops.reshape(weights, shape))

            return self._runner.gradient(picked, tensors)[0]

        run = self._compiled(("units", layer), compute)
        return lambda x, chosen: self._runner.array(run(self._tensors([x]), self._runner.tensor(chosen)))

    # ---- inside

    def _build(self, x: list[np.ndarray]) -> None:
        if not self._view.model.built:
            self.call_once(x)

    def _whole(self, x: list[np.ndarray]) -> list[np.ndarray]:
        """As many rows as a model takes that was made for a fixed number of them: these again and again."""
        shapes = self._view.input_shapes if self._view.ends else ()  # without a graph they are those of the first call
        wanted = next((shape[0] for shape in shapes if shape[0]), None)
        if wanted is None or len(x[0]) >= wanted:
            return x
        return [np.resize(part, (wanted, *np.shape(part)[1:])) for part in x]

    def _tensors(self, x: list[np.ndarray]) -> list[Any]:
        return [self._runner.tensor(np.ascontiguousarray(part)) for part in x]

    def _call(self, tensors: list[Any], phase: int, keeps: bool = False) -> Any:
        model = self._view.model
        given = self._view.packed(tensors)
        # a model that is not built makes its weights in this call, and has to keep them
        if keeps:
            return model(given, training=bool(phase))
        with self._stateless.scope():
            return model(given, training=bool(phase))

    def _seen(self, layer: KerasLayer, call: Callable[[], Any], added: Any = None) -> tuple[Any, Any]:
        """The output of a layer's call while the model runs, and the model's; something is added to the former."""

        def change(_: Any, number: int, output: Any) -> Any:
            if added is None or number != layer.call:
                return output
            first, *others = self._flat(output)
            return first + added if not others and not isinstance(output, (list, tuple)) else [first + added, *others]

        with Watch([layer.layer], change) as seen:
            result = call()
        outputs = seen.outputs(layer.layer)
        if layer.call >= len(outputs):
            raise ArgumentError(
                f'"{layer.name}" was not run when the model was called.', "Choose a layer that is.", layer=layer.name
            )
        return self._flat(outputs[layer.call])[0], result

    def _score(self, outputs: Any, weights: Any) -> Any:
        ops = self._view.ops
        first = self._flat(outputs)[0]
        # JAX knows the number of rows while it traces, TensorFlow does not
        rows = ops.reshape(first, (first.shape[0] or -1, int(np.prod(first.shape[1:]))))
        return ops.sum(ops.max(rows, axis=-1)) if weights is None else ops.sum(rows * weights)

    def _flat(self, outputs: Any) -> list[Any]:
        return self._view.flat(outputs)

    def _compiled(self, key: tuple, compute: Callable) -> Callable:
        with self._lock:
            if key not in self._functions:
                if len(self._functions) >= MOST:
                    # the oldest, since a dict keeps the order in which keys came
                    self._functions.pop(next(iter(self._functions)))
                is_eager = bool(getattr(self._view.model, "run_eagerly", False))
                self._functions[key] = self._stateless.compiled(compute, is_eager)
            return self._functions[key]
