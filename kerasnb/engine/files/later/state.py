"""The states of later Kerases' optimizers, found weight by weight through the names in the file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....errors import WeightsError
from ..hdf5 import read_names, values_of
from ..slots import layout
from ..weights import fitted, read_arrays, saved_layers
from .weights import Pairs

__all__ = ["take_later_state"]

# what our optimizers keep for each weight, in this order, and what later Kerases call it
_KEPT: dict[str, tuple[tuple[str, ...], ...]] = {
    "SGD": (("momentum", "m"),),
    "RMSprop": (("velocity", "rms"),),
    "Adagrad": (("accumulator",),),
    "Adadelta": (("accumulated_grad", "accum_grad"), ("accumulated_delta_var", "accum_var")),
    "Adam": (("m", "momentum"), ("v", "velocity"), ("vhat", "velocity_hat")),
    "AdamW": (("m", "momentum"), ("v", "velocity"), ("vhat", "velocity_hat")),
    "Adamax": (("m", "momentum"), ("v", "u", "norm")),
    "Nadam": (("m", "momentum"), ("v", "velocity")),
    "Ftrl": (("accumulator",), ("linear",)),
    "Lion": (("m", "momentum"),),
}
_COUNTS = ("iteration", "iter", "iterations")

# a dataset of weights in the file -> the one of a state that belongs to it
Slot = dict[str, Any]


def take_later_state(model: Any, group: Any, weights: Any) -> None:
    """Give the model's optimizer the state in a group.

    Args:
        weights: the group of the model's own weights: a state has their form.

    Raises:
        WeightsError: it is of another optimizer or model.
    """
    optimizer = model.optimizer
    states = dict(zip(read_names(group, "weight_names") or (), read_arrays(group), strict=True))
    numbered = [one for _, arrays in saved_layers(weights) for one in arrays]
    # by name where names say it: their order differs between versions, and with what was frozen
    first, groups = layout(model)
    kept = _KEPT.get(type(optimizer).__name__, ())[:groups]
    slots = _by_name(kept, states, numbered) or _by_count(model, states, weights, numbered)
    if slots:
        moved = [array for place, slot in enumerate(slots) for array in _by_weight(model, weights, slot, place)]
        optimizer.set_weights([*optimizer.get_weights()[:first], *moved])
    _count(optimizer, states)


def _by_name(kept: Iterable[tuple[str, ...]], states: dict[str, Any], arrays: Sequence[Any]) -> list[Slot]:
    """The state's slots by the names of what is in them; empty if they do not say."""
    known = {_without_optimizer(name): state for name, state in states.items()}
    slots = [
        {one.name: known[name] for one in arrays if (name := _first_known(_names_of(one, names), known))}
        for names in kept
    ]
    return slots if any(slots) else []


def _without_optimizer(name: str) -> str:
    """'dense/kernel/m' of 'Adam/dense/kernel/m:0' or, in TensorFlow 1, of 'training/Adam/dense/kernel/m:0'."""
    return name.removesuffix(":0").removeprefix("training/").partition("/")[2]


def _first_known(names: Iterable[str], known: dict[str, Any]) -> str:
    return next((name for name in names if name in known), "")


def _names_of(array: Any, kept: Iterable[str]) -> Iterator[str]:
    """What later Kerases may call that which is kept for an array."""
    path = array.name.removesuffix(":0")
    for name in [path[place + 1 :] for place, letter in enumerate(path) if letter == "/"]:
        for one in kept:
            yield from (f"{one}/{name}", f"{name}/{one}", f"{name.replace('/', '_')}_{one}")


def _by_count(model: Any, states: dict[str, Any], weights: Any, arrays: Sequence[Any]) -> list[Slot]:
    """The slots of Keras 2, which did not name them: all of one kind after all of the other, weights layer by layer."""
    kept = [state for state in states.values() if state.shape]
    if not kept:
        return []
    if any(name.rsplit("/", 1)[-1].removesuffix(":0") in _COUNTS[:2] for name in states):
        raise WeightsError("the file names its arrays after no weights of this model.")
    trained = _trained(model, weights, arrays)
    _, slots = layout(model)
    if len(kept) < slots * len(trained):
        raise WeightsError(f"the file has {len(kept)} arrays, {slots * len(trained)} are needed.")
    return [dict(zip(trained, kept[slot * len(trained) :], strict=False)) for slot in range(slots)]


def _trained(model: Any, weights: Any, arrays: Sequence[Any]) -> list[str]:
    """The names of those arrays in the file that the model trains."""
    numbers = {one.name: number for number, one in enumerate(arrays)}
    pairs = _fitted(model, weights, lambda one: np.broadcast_to(numbers[one.name], one.shape))
    trained = set(model._collected_trainable_weights)
    found = {int(value.flat[0]) for weight, value in pairs if weight in trained and value.size}
    return [arrays[number].name for number in sorted(found)]


def _fitted(model: Any, weights: Any, value_of: Callable[[Any], np.ndarray]) -> Pairs:
    """What is kept in the file for each weight of the model, found as the weight itself is."""
    return fitted(f'model "{model.name}"', model._weighted_layers, weights, value_of=value_of)


def _by_weight(model: Any, weights: Any, slot: Slot, place: int) -> list[np.ndarray]:
    """One slot for each trained weight in our order; what the file does not have stays as it is."""

    def value_of(array: Any) -> np.ndarray:
        state = slot.get(array.name)
        if state is None:
            # a mark for `the file has none`, which no state that was trained with has
            return np.broadcast_to(np.nan, array.shape)
        if state.shape != array.shape:
            raise WeightsError(
                f'the file has "{state.name}" of shape {state.shape} for "{array.name}", which has shape {array.shape}.'
            )
        return values_of(state)

    found: dict[Variable, np.ndarray] = dict(_fitted(model, weights, value_of))
    trained = model._collected_trainable_weights
    current = K.batch_get_value([model.optimizer._state[weight][place] for weight in trained])
    return [np.where(np.isnan(found[weight]), now, found[weight]) for weight, now in zip(trained, current, strict=True)]


def _count(optimizer: Any, states: dict[str, Any]) -> None:
    """Take over the number of steps, and what follows from it."""
    counts = [
        float(state[()])
        for name, state in states.items()
        if not state.shape and name.rsplit("/", 1)[-1].removesuffix(":0") in _COUNTS
    ]
    if not counts or not isinstance(getattr(optimizer, "iterations", None), Variable):
        return
    K.set_value(optimizer.iterations, counts[0])
    if hasattr(optimizer, "scheduled"):
        K.set_value(optimizer.m_schedule, optimizer.scheduled(counts[0]))
