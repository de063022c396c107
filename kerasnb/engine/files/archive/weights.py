"""Weights in Keras 3's files: found by place, checked before they are read, given to the layers all or none."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from typing import Any

import numpy as np

from .... import backend as K
from ....backend.graph.tensor import Variable
from ....errors import FileError, WeightsError
from ....utils.damage import damage_named
from ....utils.np_utils import convert_kernel
from ..hdf5 import dataset, file_name, read_text, values_of
from ..later.weights import Pairs, kernels, own_from_later
from .places import Place, places
from .shards import Shards

__all__ = ["Found", "find_weights", "numbers_in", "pairs_of", "read_archive_weights"]

# the places with their datasets, and what turns kernels as the backend in use keeps them
Found = list[tuple[Place, list]]

# states of layers that are no weights: what the random numbers of a Dropout have come to
_NOT_WEIGHTS = ("seed_generator",)
_ROOTS = ("layers", "_layer_checkpoint_dependencies")
_NOTHING = "Nothing was loaded. Build the layer with the same arguments."


def read_archive_weights(
    model: Any, file: Any, by_name: bool = False, others: MutableMapping[str, int] | None = None
) -> Found:
    """Give a model the weights of a file; all of them, or none if anything does not fit.

    Args:
        by_name: only those of layers whose name the file has too, as it has from Keras 3.6 on.
        others: paths of layers that the model only shows; each gets how many numbers the file has for it.

    Raises:
        WeightsError: other layers, another number of arrays, or another shape.
        FileError: it is damaged.
    """
    with damage_named(_said(file), "It is damaged.", FileError):
        found = _find_by_name(model, file) if by_name else find_weights(model, file, others)
        K.batch_set_value(pairs_of(found))
    return found


def _said(file: Any) -> str:
    return f'list of weights "{file.path}"' if isinstance(file, Shards) else file_name(file)


def find_weights(model: Any, file: Any, others: MutableMapping[str, int] | None = None) -> Found:
    """Each place of a model with its datasets, not yet read."""
    groups, others = _groups(file), {} if others is None else others
    for shown in [*others]:
        theirs = [groups.pop(one) for one in [*groups] if one.startswith(f"{shown}/")]
        others[shown] = sum(_numbers(group) for parts in theirs for group in parts)
    found = []
    for place in places(model):
        path = _path_in(groups, place.path)
        if path is None:
            raise _missing(model, place, groups, file)
        found.append((place, _arrays(place, groups.pop(path), file)))
    if groups:
        raise WeightsError(
            f'load_weights: {_said(file)} also holds {_listed(groups)}, for which model "{model.name}" has no layer.',
            "Nothing was loaded. Build the same model, or load what has the same name: by_name=True.",
        )
    return found


def numbers_in(file: Any) -> int | None:
    """How many numbers all weights of a file are, wherever they stand; None of one that is divided."""
    if isinstance(file, Shards):
        return None
    return sum(_numbers(file[name]) for name in file if not name.startswith("optimizer"))


def _numbers(group: Any) -> int:
    found: list[int] = []
    group.visititems(lambda name, one: found.append(math.prod(one.shape)) if hasattr(one, "shape") else None)
    return sum(found)


def _find_by_name(model: Any, file: Any) -> Found:
    named: dict[tuple[str, str], list] = {}
    for path, groups in _groups(file).items():
        owner, inside = _owner(groups[0].file, path)
        if owner is not None:
            named[owner, inside] = groups
    if not named:
        raise FileError(
            f"{_said(file)} holds no names of layers; Keras writes them from 3.6 on.",
            "Load in order: by_name=False.",
        )
    found = []
    for layer in model.layers:
        for place in places(layer, "", True):
            own = named.get((layer.name, place.path))
            if own is not None:
                found.append((place, _arrays(place, own, file)))
    return found


def _owner(file: Any, path: str) -> tuple[str | None, str]:
    """The name of the layer of the model that a group belongs to, and its path inside that layer."""
    first, name, *rest = path.split("/")
    own = file[f"{first}/{name}"]
    return (read_text(own["vars"], "name") if "vars" in own else None), "/".join(rest)


def _groups(file: Any) -> dict[str, list]:
    """The groups that hold weights, by path; several where they are divided into files."""
    found: dict[str, list] = {}
    for one in file.files if isinstance(file, Shards) else [file]:
        for path, group in _groups_in(one):
            found.setdefault(path, []).append(group)
    return found


def _groups_in(file: Any) -> Iterator[tuple[str, Any]]:
    waiting = [(name, file.get(name)) for name in _ROOTS if name in file]
    seen = set()
    while waiting:
        path, group = waiting.pop()
        if group is None or not hasattr(group, "keys") or group.id in seen:
            continue  # a link to nothing, or to what was there already
        seen.add(group.id)
        if path.endswith("/vars"):
            if len(group):
                yield path, group
            continue
        waiting += [(f"{path}/{name}", group.get(name)) for name in group if name not in _NOT_WEIGHTS]


def _path_in(groups: dict[str, list], path: str) -> str | None:
    """The path as this file has it: attributes may begin with an underscore, and Keras 2.13 has another root."""
    plain = {one.replace(_ROOTS[1], _ROOTS[0]).replace("/_", "/"): one for one in groups}
    return path if path in groups else plain.get(path)


def _arrays(place: Place, groups: list, file: Any) -> list:
    homes = {name: group for group in groups for name in group}
    # named by their numbers, of which 10 comes after 9; what has a word for a name comes last
    names = sorted(homes, key=lambda name: (not name.isdigit(), int(name) if name.isdigit() else 0))
    arrays = [dataset(homes[name], name) for name in names]
    sizes = [sum(math.prod(one.shape) for one in listed) for listed in (arrays, place.weights)]
    if sizes[0] != sizes[1]:  # before anything is read: a damaged file may declare any shape
        raise _misfit(place, arrays, file)
    return arrays


def pairs_of(found: Found, value_of: Callable[[Any], np.ndarray] = values_of) -> Pairs:
    """Each weight with its array, in the form that its layer keeps it in.

    Args:
        value_of: what to take for a dataset, by default what is stored.
    """
    pairs: Pairs = []
    for place, arrays in found:
        own = own_from_later(place.layer, place.weights, [value_of(one) for one in arrays])
        if own is None or any(np.shape(value) != tuple(weight.shape) for weight, value in own):
            raise _misfit(place, arrays, arrays[0])
        pairs += [(weight, _turned(place, weight, value)) for weight, value in own]
    return pairs


def _turned(place: Place, weight: Variable, value: np.ndarray) -> np.ndarray:
    """A kernel as the backend in use keeps it; Keras 3 turns none over."""
    if not K.flips_kernels(K.backend()) or weight not in kernels(place.layer):
        return value
    return convert_kernel(value, kernels(place.layer)[weight])


def _misfit(place: Place, arrays: Sequence[Any], file: Any) -> WeightsError:
    ours, theirs = [tuple(one.shape) for one in place.weights], [tuple(one.shape) for one in arrays]
    return WeightsError(
        f'load_weights: {type(place.layer).__name__} "{place.layer.name}" has weights {ours}, {_said(file)} has '
        f'{theirs} in "{place.path}".',
        _NOTHING,
    )


def _missing(model: Any, place: Place, groups: dict[str, list], file: Any) -> WeightsError:
    if not groups:
        return WeightsError(
            f"load_weights: {_said(file)} holds no weights.",
            "A model that was never called or built had none when it was saved.",
        )
    return WeightsError(
        f'load_weights: {_said(file)} holds nothing in "{place.path}" for {type(place.layer).__name__} '
        f'"{place.layer.name}" of model "{model.name}"; of the rest there is {_listed(groups)}.',
        "Nothing was loaded. Keras 3's files tell layers by class and order: build the same model.",
    )


def _listed(groups: dict[str, list]) -> str:
    paths = sorted(groups)
    return ", ".join([*paths[:5], *(["..."] if len(paths) > 5 else [])])
