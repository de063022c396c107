"""A lowering written with K's own ops, for an op that one backend has whole and the other must put together."""

from __future__ import annotations

from collections.abc import Callable

from . import runtime
from .graph import order_operations
from .tensor import Placeholder

__all__ = ["by_ops"]


def by_ops(backend: str, function: Callable) -> Callable:
    """The lowering for this backend that computes `function(*symbolic inputs)`, a tensor, from native inputs."""

    def lowering(library, *values, **attributes):
        active = runtime.load(backend)
        inputs = [Placeholder(active.static_shape(value), active.dtype_of(value)) for value in values]
        output = function(*inputs, **attributes)
        known = dict(zip(inputs, values, strict=True))
        return active.run(order_operations([output], known=inputs), known, 0)[output]

    return lowering
