"""`tile`: a tensor repeated as a whole."""

from __future__ import annotations

import numpy as np

from ...errors import ShapeError
from ..runtime import chosen
from .known_sizes import is_computed, known_size
from .registry import op

__all__ = ["tile"]


@op(
    shape=lambda x, counts, template: tuple(
        size * times if isinstance(size, int) and times is not None else None
        for size, times in zip(x.shape, template, strict=True)
    ),
    inputs="x *counts",
)
def _tile(x, counts, template):
    """`tile` by whole numbers, and by symbolic ones where the template has None.

    Shape: `(a, b)` -> `(a * template[0], b * template[1])`.
    """


def _times(counts, template):
    rest = iter(counts or [])
    return [next(rest) if one is None else one for one in template]


@_tile.tensorflow
def _(tf, x, counts, template):
    times = _times(counts, template)
    return tf.tile(x, [one if isinstance(one, int) else tf.cast(one, "int32") for one in times])


@_tile.theano
def _(pt, x, counts, template):
    if counts:
        return pt.tile(x, _times(counts, template))
    for axis, times in enumerate(template):
        x = pt.concatenate([x] * times, axis=axis) if times != 1 else x
    return x


def tile(x, n):
    """The whole of `x` n times along each axis (a number: along the last).

    Shape: `(a, b)` -> `(a * n[0], b * n[1])`.

    Args:
        n: whole numbers, or symbolic ones such as `K.shape(y)[0]`.
    """
    times = [known_size(one) for one in (n if isinstance(n, tuple | list | np.ndarray) else (n,))]
    sizes = chosen.active().static_shape(x) if chosen.is_native(x) else tuple(x.shape)
    if len(times) > len(sizes):
        raise ShapeError(f"tile: {len(times)} numbers for the {len(sizes)} axes of {sizes}.")
    times = [1] * (len(sizes) - len(times)) + times
    counts = [one for one in times if is_computed(one)]
    return _tile(x, counts or None, tuple(None if is_computed(one) else int(one) for one in times))
