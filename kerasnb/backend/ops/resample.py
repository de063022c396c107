"""Values between those along an axis, at other places than theirs."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...errors import unknown_name
from .einsum import einsum
from .elementwise import abs, cast, clip, equal, lesser, maximum, sin
from .indexing import arange
from .reduce import sum
from .registry import in_float
from .shaping import expand_dims, shape

__all__ = ["resample", "INTERPOLATIONS"]


def _hat(distance):
    return maximum(1.0 - abs(distance), 0.0)


def _cubic(distance):
    """Source: Keys 1981, doi:10.1109/TASSP.1981.1163711, equation 15."""
    t = abs(distance)
    near = (1.5 * t - 2.5) * t * t + 1.0
    far = ((-0.5 * t + 2.5) * t - 4.0) * t + 2.0
    is_near, is_far = cast(lesser(t, 1.0), t.dtype), cast(lesser(t, 2.0), t.dtype)
    return near * is_near + far * (is_far - is_near)


def _lanczos(radius: int) -> Callable:
    """Source: Duchon 1979, doi:10.1175/1520-0450(1979)018<1016:LFIOAT>2.0.CO;2."""

    def window(distance):
        t = clip(abs(distance), 1e-4, radius)
        return radius * sin(math.pi * t) * sin(math.pi * t / radius) / (math.pi**2 * t * t)

    return window


# how far each interpolation looks and the weight that it gives to a value at this distance
_WINDOWS: dict[str, Callable] = {
    "bilinear": _hat,
    "bicubic": _cubic,
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}
INTERPOLATIONS = ("nearest", *_WINDOWS)


def resample(x, size: int, axis: int, interpolation: str = "bilinear", antialias: bool = False):
    """`x` with so many values along an axis, which lie between those it has; beyond the outermost, theirs.

    A value is an interval with its number at the middle, as TensorFlow 2 and Keras 3 have it (half-pixel centers).

    Shape: `(..., n, ...)` -> `(..., size, ...)`.

    Args:
        axis: counted from the front.
        interpolation: 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.
        antialias: whether to take the mean over what one new value stands for, when there are fewer.
    """
    if interpolation not in INTERPOLATIONS:
        raise unknown_name("interpolation", interpolation, INTERPOLATIONS)
    x = in_float(x)
    count = shape(x)[axis] if x.shape[axis] is None else x.shape[axis]
    step = _as_float(count) / size
    middle = expand_dims((cast(arange(size), "float32") + 0.5) * step, 1)
    places = expand_dims(cast(arange(count), "float32"), 0)
    if interpolation == "nearest":
        parts = cast(equal(cast(cast(middle, "int32"), "float32"), places), x.dtype)
    else:
        wide = (maximum(step, 1.0) if hasattr(step, "dtype") else max(step, 1.0)) if antialias else 1.0
        parts = _WINDOWS[interpolation]((places + 0.5 - middle) / wide)
        parts = cast(parts / sum(parts, axis=1, keepdims=True), x.dtype)
    letters = "abcdefg"[: len(x.shape)]
    return einsum(f"z{letters[axis]},{letters}->{letters[:axis]}z{letters[axis + 1 :]}", parts, x)


def _as_float(count):
    return cast(count, "float32") if hasattr(count, "dtype") else float(count)
