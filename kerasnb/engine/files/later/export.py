"""Weights as Keras 2 and later keep them, written from Keras 1.2's layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....utils.np_utils import convert_kernel
from ...layer import Layer
from ..hdf5 import write_names, write_text
from ..order import inner_layers
from .weights import counts, gate_kinds, has_parted_gates, is_deconvolution, kernels

__all__ = ["write_later_weights", "to_later", "own_to_later", "later_parts", "parts_to_later"]

# the Keras whose layout it is, and the backend that does not turn kernels over
_VERSION, _BACKEND = "2.3.1", "tensorflow"


def write_later_weights(layers: Sequence[Layer], group: Any) -> None:
    """A group for each layer in this group, with its weights in the form that Keras 2 and later read."""
    write_names(group, "layer_names", [layer.name for layer in layers])
    write_text(group, "keras_version", _VERSION)
    write_text(group, "backend", _BACKEND)
    for layer in layers:
        own = group.create_group(layer.name)
        arrays = {f"{layer.name}/{name}:0": array for name, array in _named(to_later(layer))}
        write_names(own, "weight_names", list(arrays))
        for name, array in arrays.items():
            own.create_dataset(name, data=array)


def _named(arrays: Sequence[np.ndarray]) -> list[tuple[str, np.ndarray]]:
    return [(f"weight_{place}", array) for place, array in enumerate(arrays)]


def to_later(layer: Layer) -> list[np.ndarray]:
    """The layer's weights as later Keras lists them: all gates in one, kernels with the filters last."""
    inner = inner_layers(layer)
    if inner:
        return _of_inner(layer, inner)
    if has_parted_gates(layer):
        return [_joined(layer, kind) for kind in gate_kinds(layer)]
    return [_as_later(layer, weight) for weight in layer.weights]


def _of_inner(layer: Layer, inner: Sequence[Layer]) -> list[np.ndarray]:
    """Those of the inner layers in turn; a model's trainable ones first."""
    parts = [(counts(one)[0] if layer.is_graph else None, to_later(one)) for one in inner]
    return [array for count, arrays in parts for array in arrays[:count]] + [
        array for count, arrays in parts if count is not None for array in arrays[count:]
    ]


def own_to_later(
    layer: Any, weights: Sequence[Variable], value_of: Callable[[Variable], np.ndarray]
) -> list[tuple[list[Variable], np.ndarray]]:
    """A layer's own weights (not those of layers in it) as later Keras has them, each with those of ours in it.

    Args:
        value_of: what to take for a weight: its value, or what an optimizer keeps for it.
    """
    return [(parts, parts_to_later(layer, parts, value_of)) for parts in later_parts(layer, weights)]


def parts_to_later(layer: Layer, parts: Sequence[Variable], value_of: Callable[[Variable], np.ndarray]) -> np.ndarray:
    """One array of later Keras, of the weights of ours that it consists of."""
    arrays = [_as_later(layer, one, value_of) for one in parts]
    return np.concatenate(arrays, axis=-1) if len(arrays) > 1 else arrays[0]


def later_parts(layer: Any, weights: Sequence[Variable]) -> list[list[Variable]]:
    """Of which weights of ours each of later Keras's consists, for a layer's own: of all gates, or of one."""
    if not has_parted_gates(layer):
        return [[one] for one in weights]
    return [[getattr(layer, f"{kind}_{gate}") for gate in layer.gates] for kind in gate_kinds(layer)]


def _joined(layer: Any, kind: str) -> np.ndarray:
    return np.concatenate([_as_later(layer, getattr(layer, f"{kind}_{gate}")) for gate in layer.gates], axis=-1)


def _as_later(layer: Layer, weight: Variable, value_of: Callable[[Variable], np.ndarray] = K.get_value) -> np.ndarray:
    value = value_of(weight)
    if weight not in kernels(layer) and "pointwise" not in (weight.name or ""):
        return value
    ordering = getattr(layer, "dim_ordering", "tf")
    if weight in kernels(layer) and K.flips_kernels(K.backend()):
        value = convert_kernel(value, ordering)
    if any(cls.__name__ in ("Convolution1D", "SeparableConvolution1D") for cls in type(layer).__mro__):
        return value[:, 0]
    if is_deconvolution(layer):
        last, spatial = value.ndim - 1, range(value.ndim - 2)
        return np.transpose(value, (*range(2, last + 1), 0, 1) if ordering == "th" else (*spatial, last, last - 1))
    return np.transpose(value, (*range(2, value.ndim), 1, 0)) if ordering == "th" else value
