"""Crossentropies by place: Keras 2 puts the truth first, Keras 1 the output; what they read tells which is which."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from ...graph.tensor import Ambient, Placeholder, Tensor, Variable
from ...graph.walks import leaves, order_operations

__all__ = ["CROSSENTROPIES", "output_first"]

CROSSENTROPIES = ("binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy")


def output_first(function: Callable) -> Callable:
    """The function, which takes the output first, also for a truth that is put before it."""

    @functools.wraps(function)
    def ordered(*args: Any, **kwargs: Any) -> Any:
        if len(args) > 1 and _is_truth(args[0]) and _has_weights(args[1]):
            args = (args[1], args[0], *args[2:])
        return function(*args, **kwargs)

    return ordered


def _is_truth(x: Any) -> bool:
    """Whether it is computed from what a function is given, and from no weights."""
    read = _read(x)
    return any(isinstance(one, Placeholder) for one in read) and not any(isinstance(one, Variable) for one in read)


def _has_weights(x: Any) -> bool:
    return any(isinstance(one, Variable) for one in _read(x))


def _read(x: Any) -> list[Tensor]:
    if not isinstance(x, Tensor):
        return []
    return [one for one in leaves([x], order_operations([x]), None) if not isinstance(one, Ambient)]
