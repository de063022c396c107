"""A lowering written with K's own ops, for an op that one backend has whole and the other must put together."""

from __future__ import annotations

from collections.abc import Callable

from ..graph.tensor import Placeholder
from ..graph.walks import order_operations
from ..runtime import chosen

__all__ = ["by_ops"]


def by_ops(backend: str, function: Callable) -> Callable:
    """The lowering for this backend that computes `function(*symbolic inputs)`, a tensor or several."""

    def lowering(library, *values, **attributes):
        active = chosen.load(backend)
        inputs = [Placeholder(active.static_shape(value), active.dtype_of(value)) for value in values]
        result = function(*inputs, **attributes)
        outputs = result if isinstance(result, list) else [result]
        known = dict(zip(inputs, values, strict=True))
        found = active.run(order_operations(outputs, known=inputs), known, 0)
        return [found[output] for output in outputs] if isinstance(result, list) else found[result]

    return lowering
