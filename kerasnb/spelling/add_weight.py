"""The later order of the arguments of `Layer.add_weight`, in which the name comes first."""

from __future__ import annotations

import functools
from collections.abc import Callable

from .. import backend as K
from ..errors import ArgumentError

__all__ = ["name_first"]


def name_first(method: Callable) -> Callable:
    """Let `add_weight` take the later order of arguments too."""
    order = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")

    @functools.wraps(method)
    def add_weight(self, *args, dtype=None, **kwargs):
        if args and isinstance(args[0], str | None):
            spelt = args if len(args) < 3 or isinstance(args[2], str | None) else (*args[:2], None, *args[2:])
            kwargs |= dict(zip(order, spelt, strict=False))
            dtype, args = kwargs.pop("dtype", dtype), ()
        if kwargs.get("initializer", "") is None or (len(args) < 2 and "initializer" not in kwargs):
            kwargs["initializer"] = "glorot_uniform"
        if dtype not in (None, K.floatx()):
            raise ArgumentError(
                f"weights are {K.floatx()} (K.floatx()), got dtype {dtype!r}.", "Leave dtype out.", arguments=("dtype",)
            ).named(type(self).__name__, self.name)
        return method(self, *args, **kwargs)

    return add_weight
