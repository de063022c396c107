"""Indexing by arrays of places, `x[rows, places]`, as numpy does it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import ShapeError
from ..graph.tensor import Tensor, as_tensor
from .elementwise import cast, less, switch
from .indexing import gather
from .shaping import permute_dimensions, reshape, shape

__all__ = ["is_array_of_places", "take"]


def is_array_of_places(part) -> bool:
    """Whether this part of an index is an array (or list, or tensor with axes) of whole numbers.

    Raises:
        ShapeError: it is a mask, by which nobody could know how much is taken.
    """
    if not isinstance(part, Tensor | np.ndarray | list) or len(getattr(part, "shape", part)) == 0:
        return False
    dtype = part.dtype if isinstance(part, Tensor) else np.asarray(part).dtype.name
    if not str(dtype).startswith(("int", "uint")):
        raise ShapeError(
            f"an index must be of whole numbers, got {dtype}.",
            "For a mask multiply by it, or write K.switch(mask, x, other).",
        )
    return True


def take(x, index: tuple):
    """`x[index]`, some parts of which are arrays of places.

    Shape: the axes of the arrays come where the first of them stands.
    """
    rank = len(x.shape)
    rest = rank - sum(part is not None and part is not Ellipsis for part in index)
    spread = [[slice(None)] * rest if part is Ellipsis else [part] for part in index]
    parts = [part for group in spread for part in group]
    chosen = [at for at, part in enumerate(parts) if isinstance(part, int | np.integer) or is_array_of_places(part)]
    if chosen != list(range(chosen[0], chosen[-1] + 1)):
        raise ShapeError(
            f"arrays of places must stand side by side in an index of {tuple(x.shape)}.", "Index in two steps."
        )
    places = [as_tensor(part) for part in parts if is_array_of_places(part)]
    x = x[tuple(slice(None) if is_array_of_places(part) else part for part in parts)]
    return _taken(x, chosen[0], places)


def _taken(x, first: int, places: list):
    """The values at these places of the axes from number `first` on."""
    rank, count = len(x.shape), len(places)
    axes = list(range(first, first + count))
    others = [axis for axis in range(rank) if axis not in axes]
    sizes = [shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape)]
    flat: Any = 0
    for axis, part in zip(axes, places, strict=True):
        part = cast(part, "int32")
        flat = flat * sizes[axis] + switch(less(part, 0), part + sizes[axis], part)
    turned = permute_dimensions(x, (*axes, *others))
    rows = reshape(turned, (-1, *(sizes[axis] for axis in others))) if count > 1 else turned
    found = gather(rows, flat)
    new = len(flat.shape)
    order = [*range(new, new + first), *range(new), *range(new + first, len(found.shape))]
    return permute_dimensions(found, order) if first else found
