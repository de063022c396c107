"""Weights in HDF5 groups, one group for each layer, in Keras 1.2's layout."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ... import backend as K
from ...backend.graph.tensor import Variable
from ...caller import warn_user
from ...errors import FileError, WeightsError
from ...utils.damage import damage_named
from ..layer import Layer
from .hdf5 import dataset, file_name, read_names, subgroup, values_of, write_names
from .later.weights import Pairs, from_later, is_later, turned_over
from .names import parted_by_name
from .order import in_file_order

__all__ = [
    "Values",
    "write_weights",
    "read_weights",
    "read_weights_by_name",
    "weights_group",
    "write_arrays",
    "read_arrays",
    "saved_layers",
    "fitted",
    "holds_weights_of_keras_3",
]

# a layer of a file: its name, and its arrays
Saved = tuple[str, list]

# what gives the arrays of variables
Values = Callable[[list[Variable]], list[np.ndarray]]

# how a layer's weights are had from arrays with these names; None where they cannot be
Reading = Callable[[Layer, Sequence[np.ndarray], Sequence[str]], Pairs | None]


def write_weights(layers: Sequence[Layer], group: Any, values: Values = K.batch_get_value) -> None:
    """A group for each layer in this group, with its weights in it.

    Args:
        values: what gives the arrays of listed variables, by default those that they have now.
    """
    write_names(group, "layer_names", [layer.name for layer in layers])
    for layer in layers:
        write_arrays(group.create_group(layer.name), in_file_order(layer), values)


def write_arrays(group: Any, variables: Sequence[Variable], values: Values = K.batch_get_value) -> None:
    """A dataset for each variable, in the order of the attribute `weight_names`."""
    names = _names_in_file(variables)
    write_names(group, "weight_names", names)
    for name, value in zip(names, values(list(variables)), strict=True):
        group.create_dataset(name, data=value)


def _names_in_file(variables: Sequence[Variable]) -> list[str]:
    """The variables' names with Keras's ending; a number for those without a name of their own."""
    found: list[str] = []
    for number, variable in enumerate(variables):
        name = f"{variable.name}:0" if variable.name else f"param_{number}"
        found.append(name if _is_free(name, found) else f"param_{number}")
    return found


def _is_free(name: str, taken: Iterable[str]) -> bool:
    """Whether an HDF5 group with the taken names has room for it: 'a' and 'a/b' exclude each other."""
    parts = name.split("/")
    is_path = all(part not in ("", ".", "..") for part in parts)
    return is_path and not any(name == one or one.startswith(f"{name}/") or name.startswith(f"{one}/") for one in taken)


def weights_group(file: Any) -> Any:
    """Where the weights are: in `model_weights` if a whole model was saved, else at the root.

    Raises:
        FileError: neither.
    """
    if read_names(file, "layer_names") is None and "nb_layers" not in file.attrs:
        if "model_weights" in file:
            return subgroup(file, "model_weights")
        raise FileError(
            f"{file_name(file)} holds no weights of a model.",
            f"At its root there are {sorted(file)[:8] or 'no groups'}; weights are written by model.save_weights.",
        )
    return file


def holds_weights_of_keras_3(file: Any) -> bool:
    """Whether it is a `.weights.h5`."""
    return not len(file.attrs) and any(name in file for name in ("layers", "_layer_checkpoint_dependencies"))


def read_weights(owner: str, layers: Sequence[Layer], group: Any, by_name: bool) -> None:
    """Give the layers the weights of a file: all of them, or none if anything does not fit.

    Args:
        owner: whose layers they are, for errors.
        by_name: layers of the same name, whatever else there is; otherwise all layers that have weights, in order.

    Raises:
        WeightsError: another number of layers or arrays, or another shape.
        FileError: it is damaged.
    """
    with damage_named(file_name(group), "It is damaged.", FileError):
        # all is fitted before the first is set: a file that does not fit changes nothing
        K.batch_set_value(fitted(owner, layers, group, by_name))


def read_weights_by_name(owner: str, layers: Sequence[Layer], group: Any, skip_mismatch: bool = False) -> None:
    """Give those of the layers that have a name in a file the weights there.

    Args:
        skip_mismatch: leave layers whose weights do not fit as they are, with a warning; else all or nothing.
    """
    if not skip_mismatch:
        read_weights(owner, layers, group, by_name=True)
        return
    names = set(read_names(group, "layer_names") or ())
    for layer in (one for one in layers if one.name in names):
        try:
            read_weights(owner, [layer], group, by_name=True)
        except WeightsError as error:
            warn_user(f"left as it is: {error}")


def fitted(
    owner: str,
    layers: Sequence[Layer],
    group: Any,
    by_name: bool = False,
    value_of: Callable[[Any], np.ndarray] = values_of,
) -> Pairs:
    """Each weight of the layers with its array of a file, in the form that the layer keeps it in.

    Args:
        owner: whose layers they are, for errors.
        value_of: what to take for an array of the file, by default what is stored.
    """
    saved = saved_layers(group)
    pairs = _by_name(owner, layers, saved, group) if by_name else _in_order(owner, layers, saved)
    readings = [_earlier, from_later][:: -1 if is_later(group) else 1]
    turn = turned_over(group)
    found = []
    for layer, (name, arrays) in pairs:
        weights = _fitting(layer, name, arrays, readings, value_of)
        if weights is None:
            raise _misfit(layer, name, arrays, group)
        found += [(weight, turn(layer, weight, value)) for weight, value in weights]
    return found


def saved_layers(group: Any) -> list[Saved]:
    """The layers of a file, with their arrays not yet read."""
    if "nb_layers" in group.attrs:  # before Keras 1.0 layers had no names
        return [
            (f"layer_{number}", _numbered(subgroup(group, f"layer_{number}")))
            for number in range(int(group.attrs["nb_layers"]))
        ]
    names = read_names(group, "layer_names")
    if names is None:
        raise FileError(
            f'{file_name(group)}: "{group.name}" does not say which layers it holds.',
            "It lacks the attribute layer_names.",
        )
    return [(name, read_arrays(subgroup(group, name))) for name in names]


def _numbered(group: Any) -> list:
    return [dataset(group, f"param_{number}") for number in range(int(group.attrs.get("nb_params", 0)))]


def read_arrays(group: Any) -> list:
    """The datasets that the attribute `weight_names` of this group lists."""
    names = read_names(group, "weight_names")
    if names is None:
        raise FileError(
            f'{file_name(group)}: group "{group.name}" does not say which weights it holds.',
            "It lacks the attribute weight_names.",
        )
    return [dataset(group, name) for name in names]


def _in_order(owner: str, layers: Sequence[Layer], saved: Sequence[Saved]) -> list[tuple[Layer, Saved]]:
    ours = [layer for layer in layers if layer.weights]
    theirs = [(name, arrays) for name, arrays in saved if arrays]
    if len(ours) != len(theirs):
        raise WeightsError(
            f"load_weights: {owner} has {len(ours)} layers with weights "
            f"({_listed(layer.name for layer in ours)}), the file has {len(theirs)} "
            f"({_listed(name for name, _ in theirs)}).",
            "Build the same model, or load what has the same name: by_name=True.",
        )
    by_name = dict(theirs)
    if by_name.keys() == {layer.name for layer in ours}:  # other Kerases list branches in other orders
        return [(layer, (layer.name, by_name[layer.name])) for layer in ours]
    return list(zip(ours, theirs, strict=True))


def _by_name(owner: str, layers: Sequence[Layer], saved: Sequence[Saved], group: Any) -> list[tuple[Layer, Saved]]:
    if "nb_layers" in group.attrs:
        raise FileError(
            f"{file_name(group)} is older than Keras 1.0 and has no names of layers.",
            "Load it in order: by_name=False.",
        )
    found = [(layer, one) for one in saved for layer in layers if layer.name == one[0]]
    if not any(layer.weights for layer, _ in found):
        warn_user(
            f"load_weights(by_name=True) loaded nothing into {owner}: its layers with weights are called "
            f"{_listed(layer.name for layer in layers if layer.weights)}, those in {file_name(group)} "
            f"{_listed(name for name, arrays in saved if arrays)}. Give layers names of their own (a model that is "
            "built again gets new numbers), or load in order: by_name=False.",
        )
    return found


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join([*names[:6], *(["..."] if len(names) > 6 else [])]) or "none"


def _fitting(
    layer: Layer, name: str, arrays: Sequence, readings: Sequence[Reading], value_of: Callable
) -> Pairs | None:
    """Each weight of a layer with its array from the file, in the form that this layer keeps it in."""
    if sum(map(_size, arrays)) != sum(map(_size, layer.weights)):
        return None  # before anything is read: a damaged file may declare any shape
    values = [value_of(one) for one in arrays]
    return _by_parts(layer, values, [one.name.partition(f"/{name}/")[2] for one in arrays], readings)


def _size(array: Any) -> int:
    return math.prod(array.shape)


def _by_parts(layer: Layer, values: Sequence, names: Sequence[str], readings: Sequence[Reading]) -> Pairs | None:
    """The weights of a model inside part by part where the names say whose they are, else in order."""
    parts = parted_by_name(layer, names) if layer.is_graph else None
    found: Pairs = []
    for part, places in parts or [(layer, list(range(len(values))))]:
        pairs = _read([values[place] for place in places], [names[place] for place in places], part, readings)
        if pairs is None:
            return _read(values, names, layer, readings) if parts else None
        found += pairs
    return found


def _read(values: Sequence, names: Sequence[str], layer: Layer, readings: Sequence[Reading]) -> Pairs | None:
    for reading in readings:
        pairs = reading(layer, values, [name.rsplit("/", 1)[-1] for name in names])
        if pairs is not None and all(np.shape(value) == tuple(weight.shape) for weight, value in pairs):
            return pairs
    return None


def _earlier(layer: Layer, values: Sequence, names: Sequence[str]) -> Pairs | None:
    """Weights as Keras 1.2 saved them: by name, else in order."""
    weights = in_file_order(layer)
    if len(weights) != len(values):
        return None
    by_name: dict[str | None, Any] = dict(zip((name.removesuffix(":0") for name in names), values, strict=True))
    if len(by_name) == len(weights) and set(by_name) == {weight.name for weight in weights}:
        values = [by_name[weight.name] for weight in weights]
    return [(weight, _upright(weight, value)) for weight, value in zip(weights, values, strict=True)]


def _upright(weight: Variable, value: np.ndarray) -> np.ndarray:
    """A kernel of a 1D convolution as it is now; until Keras 1.1 it was (filters, features, length, 1)."""
    moved = np.transpose(value, (2, 3, 1, 0)) if value.ndim == 4 and value.shape[-1] == 1 else value
    is_old = value.shape != tuple(weight.shape) and len(weight.shape) == 4 and weight.shape[1] == 1
    return moved if is_old else value


def _misfit(layer: Layer, name: str, arrays: Sequence, group: Any) -> WeightsError:
    ours, theirs = [tuple(weight.shape) for weight in layer.weights], [tuple(one.shape) for one in arrays]
    said = f'load_weights: {type(layer).__name__} "{layer.name}"'
    if any("lora_kernel" in one.name for one in arrays):
        return WeightsError(
            f'{said} was trained by LoRA; HDF5 has its kernel and what LoRA learned apart, for "{name}" in '
            f"{file_name(group)}.",
            'Nothing was loaded. Save it there as model.save("model.keras"), which has one kernel.',
        )
    if len(ours) != len(theirs):
        return WeightsError(
            f'{said} needs {len(ours)} arrays {ours}, {file_name(group)} has {len(theirs)} {theirs} for "{name}".',
            "Nothing was loaded. Build the layer with the same arguments.",
        )
    place = next((index for index, pair in enumerate(zip(ours, theirs, strict=True)) if pair[0] != pair[1]), 0)
    return WeightsError(
        f'{said} needs "{layer.weights[place].name}" of shape {ours[place]}, {file_name(group)} has '
        f'"{arrays[place].name}" of shape {theirs[place]}.',
        "Nothing was loaded. Build the layer with the same arguments.",
    )
