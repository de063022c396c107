"""An optimizer's state in Keras 3's files: a count, a rate, then what is kept of each trained weight, in turn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....errors import WeightsError
from ..hdf5 import dataset, subgroup, values_of
from ..order import by_nature
from .weights import Found, pairs_of

__all__ = ["read_archive_state", "STATE", "slot_variables"]

STATE = "optimizer"


def read_archive_state(model: Any, file: Any, found: Found) -> bool:
    """Give a model's optimizer the state in a file; False where there is none.

    Args:
        found: where the model's own weights are in the file, in whose form a state is kept.

    Raises:
        WeightsError: it is of another optimizer or model.
    """
    if STATE not in file or "vars" not in file[STATE] or len(file[STATE]["vars"]) < 2:
        return False
    group = subgroup(subgroup(file, STATE), "vars")
    optimizer = model.optimizer
    kept = [dataset(group, str(number)) for number in range(len(group))]
    count, *rest = kept
    if optimizer.schedule is None and rest and rest[0].shape == ():
        rate, *rest = rest
        values: list = [(optimizer.lr, values_of(rate))]
    else:
        values = []
    values += _slots(model, _without_product(optimizer, rest), found)
    K.batch_set_value(values)
    _count(optimizer, float(values_of(count)))
    return True


def _count(optimizer: Any, steps: float) -> None:
    """Take over the number of steps, and what follows from it."""
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
    trained = set(model._collected_trainable_weights)
    # numbers stand for the datasets, so that gates and turned kernels are parted as the weights themselves are
    numbers = [one for place, arrays in found if place.is_trainable for one in _natural(place, arrays)]
    variables = slot_variables(model.optimizer, trained)
    widths = {len(slots) for slots in variables.values()}
    width = widths.pop() if len(widths) == 1 else -1
    needed = width * len(numbers)
    if width < 0 or needed != len(kept):
        raise WeightsError(
            f"the file keeps {len(kept)} arrays, {type(model.optimizer).__name__} keeps {max(width, 0)} for each of "
            f"{len(numbers)} trained weights."
        )
    values: list[tuple[Variable, np.ndarray]] = []
    for slot in range(width):
        states = {
            one.name: kept[place] for one, place in zip(numbers, _order(model, slot, width, len(numbers)), strict=True)
        }
        values += _of_slot(found, variables, slot, states)
    return values


def _natural(place: Any, arrays: list) -> list:
    """The datasets of what the layer trains when nothing is frozen: all others come last."""
    trained = set(by_nature(place.layer)[0])
    others = sum(weight not in trained for weight in place.weights)
    return arrays[: len(arrays) - others]


def _order(model: Any, slot: int, width: int, count: int) -> list[int]:
    """The places of one slot's arrays: averages and sums of all weights first, then slot beside slot by weight."""
    before = _whole_groups(model.optimizer)
    last = 1 if getattr(model.optimizer, "amsgrad", False) else 0
    if slot < before:
        return list(range(slot * count, (slot + 1) * count))
    if last and slot == width - 1:
        return list(range((width - 1) * count, width * count))
    beside = width - before - last
    if type(model.optimizer).__name__ == "RMSprop":  # whose kinds follow each other
        return list(range(slot * count, (slot + 1) * count))
    return [before * count + place * beside + slot - before for place in range(count)]


def _whole_groups(optimizer: Any) -> int:
    return bool(optimizer.use_ema) + bool(optimizer.gradient_accumulation_steps)


def slot_variables(optimizer: Any, trained: set[Variable]) -> dict[Variable, list[Variable]]:
    """What an optimizer keeps for each trained weight, in Keras 3's order of kinds."""
    found: dict[Variable, list[Variable]] = {}
    for weight in trained:
        averages = [optimizer.averages[weight]] if optimizer.use_ema else []
        sums = [optimizer.gathered[weight]] if optimizer.gradient_accumulation_steps else []
        own = optimizer._state.get(weight, [])
        if type(optimizer).__name__ == "SGD" and not K.get_value(optimizer.momentum):
            own = []  # Keras 3 keeps none then
        found[weight] = [*averages, *sums, *own]
    return found


def _of_slot(found: Found, variables: dict, slot: int, states: dict) -> list[tuple[Variable, np.ndarray]]:
    def value_of(array: Any) -> np.ndarray:
        state = states.get(array.name)
        if state is None:
            return np.broadcast_to(np.float32(0), array.shape)
        if state.shape != array.shape:
            raise WeightsError(f'the file keeps shape {state.shape} for "{array.name}", which has shape {array.shape}.')
        return values_of(state)

    return [(variables[weight][slot], value) for weight, value in pairs_of(found, value_of) if weight in variables]
