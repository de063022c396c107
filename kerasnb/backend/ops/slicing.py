"""`x[...]`: by whole numbers, slices, scalar tensors and arrays of places."""

from __future__ import annotations

import operator

from ...errors import ShapeError
from ..graph.tensor import OPERATORS, Tensor
from .known_sizes import known_size
from .places import is_array_of_places, take
from .registry import op

__all__ = ["getitem"]


def _sliced(x, parts, template):
    sizes, axis = [], 0
    rank = len(x.shape)
    taken = sum(1 for part in template if part is not None and part is not Ellipsis)
    if taken > rank:
        raise ShapeError(f"{taken} indices for a tensor of shape {tuple(x.shape)}.")
    for part in template:
        if part is None:
            sizes.append(1)
        elif part is Ellipsis:
            sizes.extend(x.shape[axis : axis + rank - taken])
            axis += rank - taken
        elif isinstance(part, slice):
            sizes.append(_slice_size(x.shape[axis], part))
            axis += 1
        else:
            if isinstance(part, int) and x.shape[axis] is not None and not -x.shape[axis] <= part < x.shape[axis]:
                raise ShapeError(f"index {part} is outside axis {axis} of {tuple(x.shape)}.")
            axis += 1
    return (*sizes, *x.shape[axis:])


def _slice_size(size: int | None, part: slice) -> int | None:
    if size is None or any(isinstance(bound, str) for bound in (part.start, part.stop, part.step)):
        return None
    return len(range(*part.indices(size)))


@op(shape=_sliced, inputs="x *parts")
def _getitem(x, parts, template):
    """`x[...]`; each "index" in `template`, or in a slice of it, is the next of `parts`."""


def _spec(parts, template):
    rest = iter(parts or [])

    def known(part):
        if isinstance(part, slice):
            return slice(known(part.start), known(part.stop), known(part.step))
        return next(rest) if isinstance(part, str) else part

    return tuple(known(part) for part in template)


@_getitem.tensorflow
def _(tf, x, parts, template):
    return x[_spec(parts, template)]


@_getitem.theano
def _(pt, x, parts, template):
    return x[_spec(parts, template)]


def getitem(x, index):
    """`x[index]`, by whole numbers, slices, None, Ellipsis, scalar tensors, and arrays of whole numbers.

    A list in which slices stand is a tuple, as in TensorFlow and in numpy before 1.23.

    Shape: as numpy.
    """
    if isinstance(index, list) and any(isinstance(part, slice | None) or part is Ellipsis for part in index):
        index = tuple(index)
    index = index if isinstance(index, tuple) else (index,)
    if any(is_array_of_places(part) for part in index):
        return take(x, index)
    parts: list[Tensor] = []
    template = tuple(_template(part, parts) for part in index)
    return _getitem(x, parts or None, template)


def _template(part, parts: list[Tensor]):
    """The part of an index with "index" in place of tensors, which are added to `parts`."""
    part = known_size(part)
    if isinstance(part, Tensor):
        parts.append(part)
        return "index"
    if isinstance(part, slice):
        bounds = (part.start, part.stop, part.step)
        return slice(*(bound if bound is None else _template(bound, parts) for bound in bounds))
    return part if part is None or part is Ellipsis else operator.index(part)


OPERATORS["getitem"] = getitem
