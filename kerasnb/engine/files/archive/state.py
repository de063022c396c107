"""An optimizer's state in Keras 3's files: a count, a rate, then what is kept of each trained weight, in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....errors import WeightsError
from ...layer import Layer
from ..hdf5 import dataset, subgroup, values_of
from ..later.export import later_parts
from ..later.weights import Pairs, is_deconvolution
from ..order import by_nature
from .places import Place
from .weights import Found, pairs_of

__all__ = ["read_archive_state", "STATE", "slot_order", "slot_variables"]
__all__ += ["mean_axis", "own_kind", "later_axis", "spread", "gathered"]

STATE, INNER = "optimizer", "inner_optimizer"


def read_archive_state(model: Any, file: Any, found: Found) -> bool:
    """Give a model's optimizer the state in a file; False where there is none.

    Args:
        found: where the model's own weights are in the file, in whose form a state is kept.

    Raises:
        WeightsError: it is of another optimizer or model.
    """
    if STATE not in file:
        return False
    state = subgroup(file, STATE)
    # one around another keeps what it counts itself beside the other's own state
    group = subgroup(subgroup(state, INNER) if INNER in state else state, "vars")
    if not len(group):
        return False
    optimizer = model.optimizer
    kept = [dataset(group, str(number)) for number in range(len(group))]
    count, *rest = kept
    # a rate that a schedule works out is no variable in Keras 3, so none is kept
    if optimizer.schedule is None and rest and rest[0].shape == ():
        rate, *rest = rest
        values: list = [(optimizer.lr, values_of(rate))]
    else:
        values = []
    if not rest and not values_of(count):
        K.batch_set_value(values)
        return True  # one that was never used, and so has made nothing yet
    values += _slots(model, _without_product(optimizer, rest), found)
    K.batch_set_value(values)
    _count(optimizer, float(values_of(count)))
    return True


def _count(optimizer: Any, steps: float) -> None:
    """Take over the number of steps, and what follows from it; Keras 3 counts batches where gradients gather."""
    if optimizer.gradient_accumulation_steps:
        steps, rest = divmod(steps, optimizer.gradient_accumulation_steps)
        K.set_value(optimizer.gathered_batches, rest)
    if isinstance(getattr(optimizer, "iterations", None), Variable):
        K.set_value(optimizer.iterations, steps)
        optimizer.follow_schedule()
    if hasattr(optimizer, "scheduled"):
        K.set_value(optimizer.m_schedule, optimizer.scheduled(steps))


def _without_product(optimizer: Any, kept: list) -> list:
    """What is kept of weights: Nadam's product of its schedule stands before or after, by the version."""
    if type(optimizer).__name__ != "Nadam" or not kept:
        return kept
    return kept[1:] if kept[0].shape == () else kept[:-1] if kept[-1].shape == () else kept


def _slots(model: Any, kept: Sequence[Any], found: Found) -> list[tuple[Variable, np.ndarray]]:
    """Each variable of the optimizer's state with its array."""
    variables = slot_variables(model.optimizer, set(model._collected_trainable_weights))
    optimizer = model.optimizer
    names: dict[Variable, str] = {}
    layers: dict[Variable, Layer] = {}
    for place, arrays in found:
        for parts, array in zip(later_parts(place.layer, place.weights), arrays, strict=True):
            names[parts[0]], layers[parts[0]] = array.name, place.layer
    order = slot_order(model.optimizer, [place for place, _ in found], variables)
    if len(order) != len(kept):
        raise WeightsError(
            f"the file keeps {len(kept)} arrays of weights, {type(model.optimizer).__name__} keeps {len(order)} of "
            "those that are trained."
        )
    states: dict[int, dict[str, Any]] = {}
    for (parts, kind), state in zip(order, kept, strict=True):
        states.setdefault(own_kind(optimizer, layers[parts[0]], kind), {})[names[parts[0]]] = state
    return [pair for kind, slot in states.items() for pair in _of_slot(optimizer, found, variables, kind, slot)]


def slot_order(optimizer: Any, own: Sequence[Place], variables: dict) -> list[tuple[list[Variable], int]]:
    """The order in which Keras 3 keeps a state: weights (parted ones together), and which of what is kept of them.

    Running means and sums of gradients of all weights come first; then what the rule keeps, weight by weight.
    """
    trained = (parts for place in own if place.is_trainable for parts in _natural_parts(place) if parts[0] in variables)
    weights = list({parts[0]: parts for parts in trained}.values())  # a wrapper may have the kernel of its layer, too
    before = bool(optimizer.use_ema) + bool(optimizer.gradient_accumulation_steps)
    behind = 1 if getattr(optimizer, "amsgrad", False) else 0
    widths = [len(variables[parts[0]]) for parts in weights]
    width = max(widths, default=0)
    if type(optimizer).__name__ == "RMSprop":  # whose kinds follow each other
        before, behind = width, 0
    whole = [(parts, kind) for kind in range(before) for parts in weights]
    beside = [
        (parts, kind)
        for parts, own_width in zip(weights, widths, strict=True)
        for kind in range(before, own_width - behind)
    ]
    return [*whole, *beside, *((parts, kind) for kind in range(width - behind, width) for parts in weights)]


def _natural_parts(place: Place) -> list[list[Variable]]:
    """What the layer trains when nothing is frozen."""
    natural = set(by_nature(place.layer)[0])
    return [parts for parts in later_parts(place.layer, place.weights) if parts[0] in natural]


def slot_variables(optimizer: Any, trained: set[Variable]) -> dict[Variable, list[Variable]]:
    """What an optimizer keeps for each trained weight, in Keras 3's order of kinds."""
    found: dict[Variable, list[Variable]] = {}
    for weight in trained:
        averages = [optimizer.averages[weight]] if optimizer.use_ema else []
        sums = [optimizer.gathered[weight]] if optimizer.gradient_accumulation_steps else []
        own = optimizer._state.get(weight, [])
        if type(optimizer).__name__ == "SGD" and not K.get_value(optimizer.momentum):
            own = []  # Keras 3 keeps none then
        if hasattr(optimizer, "is_for_adam") and not optimizer.is_for_adam(weight):
            own = own[:1]  # Muon's own rule needs no more
        found[weight] = [*averages, *sums, *own]
    return found


def mean_axis(optimizer: Any, kind: int) -> int | None:
    """The axis of a weight over which a kind of state is a mean, as Adafactor's are of matrices; else None."""
    own = kind - bool(optimizer.use_ema) - bool(optimizer.gradient_accumulation_steps)
    axes = getattr(optimizer, "mean_axes", ())
    return axes[own] if 0 <= own < len(axes) else None


def own_kind(optimizer: Any, layer: Layer, kind: int) -> int:
    """Our place of a kind of state: means of rows are those of columns where a kernel has these axes exchanged."""
    axis = mean_axis(optimizer, kind)
    return kind if axis is None or not is_deconvolution(layer) else kind + (1 if axis == -1 else -1)


def later_axis(layer: Layer, axis: int) -> int:
    """Where Keras 3's weight has one of the last two axes of ours: a deconvolution's has them exchanged."""
    return -3 - axis if is_deconvolution(layer) else axis


def spread(state: np.ndarray, axis: int, shape: Sequence[int]) -> np.ndarray:
    """Means over an axis as large as the weight: what turns and parts the weight then does so with them.

    Raises:
        WeightsError: they are none of such a weight.
    """
    if state.shape != mean_shape(shape, axis):
        raise WeightsError(f"the file keeps shape {state.shape} for means over axis {axis} of {tuple(shape)}.")
    return np.broadcast_to(np.expand_dims(state, axis) if len(shape) > 1 else state, shape)


def mean_shape(shape: Sequence[int], axis: int) -> tuple:
    """The shape of means over an axis of a weight; there are none of vectors, and one number stands for them."""
    axis %= max(len(shape), 2)
    return (*shape[:axis], *shape[axis + 1 :]) if len(shape) > 1 else ()


def gathered(values: np.ndarray, axis: int) -> np.ndarray:
    """The means again; those of several gates become one mean over all."""
    return np.mean(values, axis=axis if values.ndim > 1 else None, dtype="float64").astype(values.dtype)


def _of_slot(optimizer: Any, found: Found, variables: dict, slot: int, states: dict) -> Pairs:
    axis = mean_axis(optimizer, slot)
    homes = {array.name: place.layer for place, arrays in found for array in arrays}

    def value_of(array: Any) -> np.ndarray:
        state = states.get(array.name)
        if state is None:
            return np.broadcast_to(np.float32(0), array.shape)
        if axis is not None:
            return spread(values_of(state), later_axis(homes[array.name], axis), array.shape)
        if state.shape != array.shape:
            raise WeightsError(f'the file keeps shape {state.shape} for "{array.name}", which has shape {array.shape}.')
        return values_of(state)

    known = {weight for weight, slots in variables.items() if slot < len(slots)}
    pairs = [(weight, value) for weight, value in pairs_of(found, value_of) if weight in known]
    if axis is None:
        return [(variables[weight][slot], value) for weight, value in pairs]
    if any(value.ndim > 1 and np.any(value != value.take([0], axis)) for _, value in pairs):
        raise WeightsError("the file keeps means over other axes of kernels whose features come first.")
    return [(variables[weight][slot], gathered(value, axis)) for weight, value in pairs]
