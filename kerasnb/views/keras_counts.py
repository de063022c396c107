"""Multiplications of Keras's layers, where their kernels tell them."""

from __future__ import annotations

import math

from .keras_layer import KerasLayer
from .keras_structure import Structure, operations_of

__all__ = ["multiply_adds"]

# each value of a kernel counts once for each place of the output
_BY_PLACE = ("Dense", "Conv1D", "Conv2D", "Conv3D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D")
_BY_STEP = ("LSTM", "GRU", "SimpleRNN")


def multiply_adds(layer: KerasLayer, structure: Structure) -> int | None:
    """For one sample; None for classes of which that is not known, and where a size is not."""
    kernels = [weight for weight in layer.weights if len(weight.shape) >= 2]
    name = layer.viewed_class.__name__
    if not kernels or name == "Embedding":
        return 0
    if layer.is_model:
        inside = [multiply_adds(structure.view(each), structure) for each in operations_of(layer.layer)]
        known = [count for count in inside if count is not None]
        return sum(known) if len(known) == len(inside) else None
    shape = layer.input_shape if name in _BY_STEP else layer.output_shape
    if name not in (*_BY_PLACE, *_BY_STEP, "SeparableConv2D") or not isinstance(shape, tuple):
        return None
    places = shape[2:] if layer.dim_ordering == "th" and len(shape) > 2 and name not in _BY_STEP else shape[1:-1]
    if any(size is None for size in places):
        return None
    return math.prod(places) * sum(math.prod(weight.shape) for weight in dict.fromkeys(kernels))
