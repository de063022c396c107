"""Whose the arrays of a nested model's group in a file are, by their names.

Until Keras 3 the order of such a group depended on which layers were frozen when it was written; the names say more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ..layer import Layer
from .order import inner_layers

__all__ = ["parted_by_name"]

# a layer's name without its number, and the number; layers of one kind are numbered in the order they are made in
Key = tuple[str, int]


def parted_by_name(layer: Layer, names: Sequence[str]) -> list[tuple[Layer, list[int]]] | None:
    """Each layer of a model with the places of its arrays; None where the names do not say.

    Layers whose names differ only in their number, as when a program builds its model again, are told by the order of
    the numbers.

    Args:
        names: of the arrays in the model's group, such as 'dense_1_W:0' or 'inner/dense_1/kernel:0'.
    """
    # what is in a wrapper goes by the wrapper's name in later Keras, by its own in Keras 1.2
    for is_whole in (lambda one: not one.is_graph, lambda one: not inner_layers(one)):
        parts = _by_key(layer, is_whole)
        found = _parted(parts, names) if parts else None
        if found:
            return found
    return None


def _by_key(layer: Layer, is_whole: Callable[[Layer], bool]) -> dict[Key, Layer] | None:
    """The layers inside that have weights; None if two share a name."""
    found: dict[Key, Layer] = {}
    for one in _parts(layer, is_whole):
        if found.setdefault(_key(one.name), one) is not one:
            return None
    return found


def _parts(layer: Layer, is_whole: Callable[[Layer], bool]) -> list[Layer]:
    if is_whole(layer):
        return [layer] if layer.weights else []
    return [one for each in inner_layers(layer) for one in _parts(each, is_whole)]


def _parted(parts: dict[Key, Layer], names: Sequence[str]) -> list[tuple[Layer, list[int]]] | None:
    found = [_owner(name, {kind for kind, _ in parts}) for name in names]
    owners = [one for one in found if one is not None]
    if len(owners) < len(found):
        return None
    own, theirs = _numbers(parts), _numbers(owners)
    if {kind: len(numbers) for kind, numbers in own.items()} != {kind: len(one) for kind, one in theirs.items()}:
        return None
    places: dict[Layer, list[int]] = {one: [] for one in parts.values()}
    for place, (kind, number) in enumerate(owners):
        places[parts[kind, own[kind][theirs[kind].index(number)]]].append(place)
    return list(places.items())


def _key(name: str) -> Key:
    found = re.fullmatch(r"(.*?)(?:_(\d+))?", name, re.DOTALL)
    assert found is not None  # any name matches
    return _plain(found[1]), int(found[2] or 0)


def _plain(kind: str) -> str:
    """A kind of layer as both Kerases write it: 'batchnormalization' and 'batch_normalization', the same of Conv2D."""
    kind = kind.lower().replace("_", "")
    for later, earlier in _earlier_kinds().items():
        if kind.endswith(later):  # 'forward_conv2d' too
            return kind.removesuffix(later) + earlier
    return kind


def _earlier_kinds() -> dict[str, str]:
    return {later.lower(): cls.__name__.lower() for later, cls in Layer.aliases.items()}


def _owner(name: str, kinds: set[str]) -> Key | None:
    """The layer that an array's name begins with, or has as the last of its folders that is one."""
    *folders, last = name.removesuffix(":0").split("/")
    keys = [_key(folder) for folder in reversed(folders)]
    keys += [_key(last[: found.start()]) for found in reversed(list(re.finditer("_", last)))]
    return next((key for key in keys if key[0] in kinds), None)


def _numbers(keys: Iterable[Key]) -> dict[str, list[int]]:
    """kind -> the numbers of its layers, in order."""
    found: dict[str, set[int]] = {}
    for kind, number in keys:
        found.setdefault(kind, set()).add(number)
    return {kind: sorted(numbers) for kind, numbers in found.items()}
