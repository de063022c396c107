"""What numpy's arrays and Theano's variables do by methods, such as `x.sum(axis=1)` and `x.dimshuffle(0, 'x')`."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["METHODS", "bound"]

# methods that take what K's function of that name takes
_SAME = "sum mean max min prod std var any all argmax argmin clip dot round squeeze".split()


def bound(tensor: Any, name: str) -> Any:
    """The method `name` of this tensor, or its transposed for `T`."""
    K = sys.modules[__package__]
    if name == "T":
        return K.transpose(tensor)
    if name == "broadcastable":
        return tuple(size == 1 for size in tensor.shape)
    found = _OWN.get(name) or getattr(K, name)
    return lambda *args, **kwargs: found(tensor, *args, **kwargs)


def _reshape(x, *shape, ndim=None):
    K = sys.modules[__package__]
    return K.reshape(x, shape[0] if len(shape) == 1 else shape)


def _transpose(x, *axes):
    K = sys.modules[__package__]
    if not axes:
        return K.transpose(x)
    return K.permute_dimensions(x, axes[0] if isinstance(axes[0], list | tuple) else axes)


def _dimshuffle(x, *pattern):
    """The axes in the order of the pattern, with a new axis of size 1 at each 'x'; axes left out have size 1."""
    K = sys.modules[__package__]
    pattern = pattern[0] if isinstance(pattern[0], list | tuple) else pattern
    kept = [axis for axis in pattern if axis != "x"]
    dropped = [axis for axis in range(len(x.shape)) if axis not in kept]
    x = K.permute_dimensions(x, (*kept, *dropped))
    for _ in dropped:
        x = K.squeeze(x, len(x.shape) - 1)
    for place, axis in enumerate(pattern):
        x = K.expand_dims(x, place) if axis == "x" else x
    return x


def _flatten(x, ndim=1):
    """All axes from number `ndim` on as one."""
    K = sys.modules[__package__]
    sizes = [K.shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape[: ndim - 1])]
    return K.reshape(x, (*sizes, -1))


def _astype(x, dtype):
    return sys.modules[__package__].cast(x, dtype)


_OWN = {
    "reshape": _reshape,
    "transpose": _transpose,
    "dimshuffle": _dimshuffle,
    "flatten": _flatten,
    "astype": _astype,
}
METHODS = {*_SAME, *_OWN, "T", "broadcastable"}
