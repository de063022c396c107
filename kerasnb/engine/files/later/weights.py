"""Weights as Keras 2 and later save them, turned into those of Keras 1.2's layers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....utils.np_utils import convert_kernel
from ...layer import Layer
from ..hdf5 import read_text
from ..order import by_nature, inner_layers

__all__ = [
    "is_later",
    "version_of",
    "turned_over",
    "from_later",
    "own_from_later",
    "counts",
    "kernels",
    "has_parted_gates",
    "gate_kinds",
    "is_deconvolution",
]

Pairs = list[tuple[Variable, np.ndarray]]


def is_later(group: Any) -> bool:
    """Whether a group of weights was written by Keras 2 or later."""
    return version_of(group).split(".")[0] not in ("", "0", "1")


def version_of(group: Any) -> str:
    """The version of the Keras that wrote a group of weights; empty if it does not say."""
    return read_text(group, "keras_version") or read_text(group.file, "keras_version") or ""


def turned_over(group: Any) -> Callable[[Layer, Variable, np.ndarray], np.ndarray]:
    """What makes a kernel of this group suit the backend in use.

    From Keras 2 on files say which backend wrote them, and kernels are turned over where the two differ; Keras 1.2's do
    not say, and are taken as they are: see `layer_utils.convert_all_kernels_in_model`.
    """
    written = K.flips_kernels(read_text(group, "backend") or "")
    used = K.flips_kernels(K.backend())
    if not is_later(group) or written is None or written == used:
        return lambda layer, weight, value: value
    return lambda layer, weight, value: (
        convert_kernel(value, kernels(layer)[weight]) if weight in kernels(layer) else value
    )


def kernels(layer: Layer) -> dict[Variable, str]:
    """The convolution kernels of a layer and of those in it, each with its axes' order."""
    parts = layer.layers if layer.is_graph else layer.inner_layers
    inner = [kernel for one in parts for kernel in kernels(one).items()]
    return dict([*getattr(layer, "convolution_kernels", []), *inner])


def from_later(layer: Layer, values: Sequence[np.ndarray], names: Sequence[str] = ()) -> Pairs | None:
    """Each weight of a layer with its array from later Keras; None if their number does not fit."""
    if sum(counts(layer)) != len(values):
        return None
    if inner_layers(layer):
        return _from_later_inside(layer, values)
    if has_parted_gates(layer):
        return _parted(layer, values)
    # what is trained comes first, unless the layer was frozen when it was written
    orders = [[*by_nature(layer)[0], *by_nature(layer)[1]], layer.weights]
    found = [_in_order(layer, order, values) for order in orders]
    return next((pairs for pairs in found if _fit(pairs)), found[0])


def _in_order(layer: Layer, weights: Sequence[Variable], values: Sequence[np.ndarray]) -> Pairs:
    return [(weight, _as_earlier(layer, weight, value)) for weight, value in zip(weights, values, strict=True)]


def _fit(pairs: Pairs) -> bool:
    return all(tuple(weight.shape) == np.shape(value) for weight, value in pairs)


def own_from_later(layer: Layer, weights: Sequence[Variable], values: Sequence[np.ndarray]) -> Pairs | None:
    """A layer's own weights (not those of layers in it) with their arrays; None if their number does not fit."""
    if has_parted_gates(layer):
        return _parted(layer, values) if len(gate_kinds(layer)) == len(values) else None
    return _in_order(layer, weights, values) if len(weights) == len(values) else None


def counts(layer: Layer) -> tuple[int, int]:
    """How many arrays later Keras saves of what a layer trains when nothing is frozen, and how many others."""
    inner = inner_layers(layer)
    if inner:
        trained, others = map(sum, zip(*map(counts, inner), strict=True))
        return trained, others
    if has_parted_gates(layer):
        return len(gate_kinds(layer)), 0
    own_trained, own_others = by_nature(layer)
    return len(own_trained), len(own_others)


def _from_later_inside(layer: Layer, values: Sequence) -> Pairs | None:
    """The arrays of a model or wrapper: the trainable ones of all inner layers, then the others."""
    sizes = [counts(one) for one in inner_layers(layer)]
    trainable, other = list(values), list(values[sum(first for first, _ in sizes) :])
    if not layer.is_graph:
        other = trainable  # a wrapper's come layer by layer
    found: Pairs = []
    for one, (first, rest) in zip(inner_layers(layer), sizes, strict=True):
        pairs = from_later(one, _taken(trainable, first) + _taken(other, rest))
        if pairs is None:
            return None
        found += pairs
    return found


def _taken(values: list, count: int) -> list:
    taken = values[:count]
    del values[:count]
    return taken


def has_parted_gates(layer: Layer) -> bool:
    """Whether it keeps weights for each gate, where later Keras has all gates in one."""
    return hasattr(layer, "weight_order") and hasattr(layer, f"W_{layer.weight_order[0]}")


def gate_kinds(layer: Any) -> list[str]:
    """Kernel, recurrent kernel, bias: those it has."""
    return [kind for kind in "WUb" if getattr(layer, f"{kind}_{layer.weight_order[0]}", None) is not None]


def _parted(layer: Any, values: Sequence[np.ndarray]) -> Pairs | None:
    """The kernel, recurrent kernel and bias of all gates, cut into those of each."""
    pairs: Pairs = []
    for kind, value in zip(gate_kinds(layer), values, strict=True):
        if not value.ndim or value.shape[-1] % len(layer.gates):
            return None
        # `layer.gates` is in later Keras's order of gates along the last axis
        for gate, part in zip(layer.gates, np.split(value, len(layer.gates), axis=-1), strict=True):
            weight = getattr(layer, f"{kind}_{gate}")
            pairs.append((weight, _as_earlier(layer, weight, part)))
    return pairs


def is_deconvolution(layer: Layer) -> bool:
    """Whether later Keras exchanges the last two axes of its kernel."""
    return any(cls.__name__ in ("Deconvolution2D", "Deconvolution3D") for cls in type(layer).__mro__)


def _as_earlier(layer: Layer, weight: Variable, value: np.ndarray) -> np.ndarray:
    """One array in the axes' order of Keras 1.2: 1D kernels have a second axis, 'th' ones begin with the filters."""
    # Keras 1.2 convolves sequences as images of one column: (length, 1, features, filters)
    if value.ndim == len(weight.shape) - 1 and weight.shape[1] == 1 and value.ndim == 3:
        return value[:, None]
    if value.ndim != len(weight.shape):
        return value
    if weight not in kernels(layer) and "pointwise" not in (weight.name or ""):
        return value
    is_th = getattr(layer, "dim_ordering", "tf") == "th"
    spatial = tuple(range(value.ndim - 2))
    if is_deconvolution(layer):
        last, before = value.ndim - 1, value.ndim - 2
        # a deconvolution's kernel goes from outputs to inputs, so later Keras lists filters before features
        return np.transpose(value, (before, last, *spatial) if is_th else (*spatial, last, before))
    return np.transpose(value, (value.ndim - 1, value.ndim - 2, *spatial)) if is_th else value
