"""Values between those of neighbouring pixels, written with other ops."""

from __future__ import annotations

from .convolve import resolve_ordering
from .shaping import concatenate, expand_dims, reshape, shape

__all__ = ["between_pixels"]


def between_pixels(x, height_factor, width_factor, dim_ordering):
    """Images enlarged, with values between those of neighbouring pixels; beyond the outermost, theirs.

    A pixel is a square with its value at the middle, as TensorFlow 2 and Keras 3 have it (half-pixel centers).
    Shape: rows, cols -> `rows * height_factor, cols * width_factor`.
    """
    first = 2 if resolve_ordering(dim_ordering) == "th" else 1
    return _between(_between(x, height_factor, first), width_factor, first + 1)


def _between(x, factor: int, axis: int):
    """The same along one axis: each value's `factor` successors lie between it and its neighbours."""
    if factor == 1:
        return x
    sizes = [_size(x, place) for place in range(len(x.shape))]
    ahead = tuple([slice(None)] * axis)
    before = concatenate([x[(*ahead, slice(0, 1))], x[(*ahead, slice(0, -1))]], axis)
    after = concatenate([x[(*ahead, slice(1, None))], x[(*ahead, slice(-1, None))]], axis)
    places = [(place + 0.5) / factor - 0.5 for place in range(factor)]
    values = [(1.0 - abs(place)) * x + abs(place) * (before if place < 0 else after) for place in places]
    sizes[axis] *= factor
    return reshape(concatenate([expand_dims(one, axis + 1) for one in values], axis + 1), sizes)


def _size(x, axis: int):
    return shape(x)[axis] if x.shape[axis] is None else x.shape[axis]
