"""Images read at other places than their pixels' middles, each at places of its own."""

from __future__ import annotations

from ...errors import unknown_name
from .elementwise import (
    add,
    cast,
    clip,
    floor_divide,
    greater,
    greater_equal,
    lesser,
    lesser_equal,
    logical_and,
    mod,
    switch,
)
from .indexing import arange, gather
from .registry import in_float
from .shaping import expand_dims, reshape, shape
from .state import ones_like, zeros_like

__all__ = ["read_at", "FILL_MODES"]

FILL_MODES = ("reflect", "wrap", "constant", "nearest")


def read_at(x, rows, cols, interpolation: str = "bilinear", fill_mode: str = "reflect", fill_value: float = 0.0):
    """The images' values at these places, in pixels from the first one's middle.

    Shape: `x` `(batch, rows, cols, features)`, places `(batch, new rows, new cols)`
        -> `(batch, new rows, new cols, features)`.

    Args:
        interpolation: 'nearest' or 'bilinear'.
        fill_mode: what is beyond the edge: 'reflect' (d c b a | a b c d | d c b a), 'wrap' (a b c d again), 'nearest'
            (the outermost pixel) or 'constant' (`fill_value`).
    """
    if fill_mode not in FILL_MODES:
        raise unknown_name("fill_mode", fill_mode, FILL_MODES)
    x = in_float(x)
    sizes = [shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape)]
    rows, cols = (_inside(at, sizes[axis], fill_mode) for axis, at in ((1, rows), (2, cols)))
    if interpolation == "nearest":
        return _pixels(x, _floor(rows + 0.5), _floor(cols + 0.5), sizes, fill_value)
    top, left = _floor(rows), _floor(cols)
    below, right = expand_dims(rows - top, -1), expand_dims(cols - left, -1)
    corners = [[_pixels(x, top + down, left + on, sizes, fill_value) for on in (0.0, 1.0)] for down in (0.0, 1.0)]
    upper, lower = ((1.0 - right) * pair[0] + right * pair[1] for pair in corners)
    return (1.0 - below) * upper + below * lower


def _floor(x):
    return floor_divide(x, 1.0)


def _as_float(size):
    return cast(size, "float32") if hasattr(size, "dtype") else float(size)


def _inside(at, size, fill_mode: str):
    """The places moved to within the image; 'constant' leaves those outside."""
    count = _as_float(size)
    if fill_mode == "constant":
        return at
    if fill_mode == "reflect":
        turn = mod(at, 2.0 * count)
        at = switch(greater_equal(turn, count), 2.0 * count - turn - 1.0, turn)
    elif fill_mode == "wrap":
        turn = mod(at, count)
        edge = switch(lesser(at, 0.0), ones_like(at) * (count - 1.0), zeros_like(at))
        at = switch(greater(turn, count - 1.0), edge, turn)
    return clip(at, 0.0, count - 1.0)


def _pixels(x, rows, cols, sizes, fill_value: float):
    """The pixels at whole places; `fill_value` outside."""
    batch, height, width, features = sizes
    is_there = greater_equal(rows, 0.0)
    for at, size in ((rows, height), (cols, width)):
        within = logical_and(greater_equal(at, 0.0), lesser_equal(at, _as_float(size) - 1.0))
        is_there = logical_and(is_there, within)
    row, col = (cast(clip(at, 0.0, _as_float(size) - 1.0), "int32") for at, size in ((rows, height), (cols, width)))
    first = reshape(arange(batch) * (height * width), (batch, 1, 1))
    found = gather(reshape(x, (batch * height * width, features)), add(first, row * width + col))
    there = expand_dims(cast(is_there, x.dtype), -1)
    return found * there + fill_value * (1.0 - there)
