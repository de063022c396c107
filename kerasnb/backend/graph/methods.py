"""What numpy's arrays and Theano's variables do by methods, such as `x.sum(axis=1)` and `x.dimshuffle(0, 'x')`."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["METHODS", "bound"]

_K = __package__.rpartition(".")[0]  # found when it is asked, since K imports this module

# methods that take what K's function of that name takes
_SAME = "sum mean max min prod std var any all argmax argmin clip dot round squeeze".split()


def bound(tensor: Any, name: str) -> Any:
    """The method `name` of this tensor, or its transposed for `T`."""
    K = sys.modules[_K]
    if name == "T":
        return K.transpose(tensor)
    if name == "broadcastable":
        return tuple(size == 1 for size in tensor.shape)
    found = _OWN.get(name) or getattr(K, name)
    return lambda *args, **kwargs: found(tensor, *args, **_without_numpys(kwargs))


def _without_numpys(kwargs: dict) -> dict:
    """The arguments without those that numpy's functions pass on at their defaults, as `np.mean(x)` does."""
    return {name: value for name, value in kwargs.items() if _DEFAULTS.get(name, ()) != value}


def _best(name: str):
    """argmax or argmin, over all values unless an axis is given."""

    def find(x, axis=None):
        K = sys.modules[_K]
        return getattr(K, name)(K.flatten(x), 0) if axis is None else getattr(K, name)(x, axis)

    return find


def _reshape(x, *shape, ndim=None, order="C"):
    K = sys.modules[_K]
    return K.reshape(x, shape[0] if len(shape) == 1 else shape)


def _transpose(x, *axes):
    K = sys.modules[_K]
    if axes in ((), (None,)):
        return K.transpose(x)
    return K.permute_dimensions(x, axes[0] if isinstance(axes[0], list | tuple) else axes)


def _dimshuffle(x, *pattern):
    """The axes in the order of the pattern, with a new axis of size 1 at each 'x'; axes left out have size 1."""
    K = sys.modules[_K]
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
    K = sys.modules[_K]
    sizes = [K.shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape[: ndim - 1])]
    return K.reshape(x, (*sizes, -1))


def _eval(x, feed=None, session=None, *, feed_dict=None):
    """Its value as an array; `feed` (TensorFlow 1: `feed_dict`) maps placeholders to arrays. No session is needed."""
    feed = feed or feed_dict or {}
    return sys.modules[_K].function(list(feed), [x])(list(feed.values()))[0]


def _astype(x, dtype):
    return sys.modules[_K].cast(x, dtype)


_DEFAULTS = {"out": None, "dtype": None}
_OWN = {
    "argmax": _best("argmax"),
    "argmin": _best("argmin"),
    "reshape": _reshape,
    "transpose": _transpose,
    "dimshuffle": _dimshuffle,
    "flatten": _flatten,
    "astype": _astype,
    "eval": _eval,
}
METHODS = {*_SAME, *_OWN, "T", "broadcastable"}
