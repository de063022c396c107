"""The weights of a Keras model, and what its layers give."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from ..errors import ArgumentError
from .keras_layer import KerasWeight, weight_name
from .keras_layers import LayersOfKeras

__all__ = ["ValuesOfKeras"]


class ValuesOfKeras(LayersOfKeras):
    """Numbers by the library's own backend."""

    @property
    def weights(self) -> list[KerasWeight]:
        return [KerasWeight(each, weight_name(each, self.name)) for each in self.model.weights]

    @property
    def trainable_weights(self) -> list[KerasWeight]:
        return [KerasWeight(each, weight_name(each, self.name)) for each in self.model.trainable_weights]

    @property
    def writes(self) -> int:
        optimizer = getattr(self.model, "optimizer", None) if self.is_compiled else None
        return int(optimizer.iterations.numpy()) if optimizer is not None else 0

    def weights_mark(self) -> tuple[int, ...]:
        return tuple(zlib.crc32(np.ascontiguousarray(each.numpy()).data) for each in self.model.weights)

    def outputs(self, x: list[np.ndarray], phase: int) -> list[np.ndarray]:
        return self.outputs_of.model(x, phase)

    def layer_output(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        self.see(x)
        return self.outputs_of.layer(self.known(layer), x, phase)

    def output_gradient(self, layer: Any, x: list[np.ndarray], phase: int) -> np.ndarray:
        self.see(x)
        return self.outputs_of.gradient(self.known(layer), x, phase)

    def input_gradients(self, x: list[np.ndarray], chosen: np.ndarray | None) -> list[np.ndarray]:
        return self.outputs_of.input_gradients(x, chosen)

    def unit_gradient(self, layer: Any) -> Any:
        return self.outputs_of.unit_gradient(self.known(layer))

    def units(self, layer: Any) -> tuple[int, int | None]:
        shape = self.known(layer).output_shape
        shape = shape[0] if isinstance(shape, list) else shape
        if not shape:
            raise ArgumentError(f'what "{layer.name}" gives is not known yet.', "Look at its output first.")
        axis = 1 if self.known(layer).dim_ordering == "th" and len(shape) > 2 else len(shape) - 1
        return axis, shape[axis]
