"""Numbers that symbolic sizes stand for, such as `K.shape(x)[1] * 2`, where the sizes of `x` are known."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from ...errors import ShapeError
from ..graph.tensor import Constant, Tensor
from ..runtime import chosen

__all__ = ["in_parts", "is_computed", "is_of_batch", "known_size"]

_ARITHMETIC: dict[str, Callable] = {
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "floor_divide": operator.floordiv,
    "mod": operator.mod,
    "negative": operator.neg,
    "cast": lambda x: x,
}


def is_computed(size: Any) -> bool:
    """Whether a size is known only when a function runs: a tensor, also one of the backend's own."""
    return isinstance(size, Tensor) or (not isinstance(size, int | np.integer) and chosen.is_native(size))


def in_parts(shape: Any) -> Any:
    """A shape that is one tensor, such as `K.shape(x)`, as a list of its sizes; any other as it is."""
    if not is_computed(shape):
        return shape
    (count,) = chosen.active().static_shape(shape) if chosen.is_native(shape) else shape.shape
    if count is None:
        raise ShapeError(
            f"a shape must have a known number of axes, got {shape!r}.",
            "Give a list of sizes, such as [K.shape(x)[0], 4].",
        )
    return [shape[place] for place in range(count)]


def known_size(size: Any) -> Any:
    """The number that a scalar tensor of whole numbers stands for; the size itself if that is not known."""
    if not isinstance(size, Tensor):
        return size
    number = _number(size)
    return size if number is None else number


def _number(size: Tensor) -> int | None:
    if size.shape or not size.dtype.startswith(("int", "uint")):
        return None
    if isinstance(size, Constant):
        return int(size.value)
    made = size.operation
    if made is None:
        return None
    if made.op.name == "_getitem":
        return _size_of(made)
    if made.op.name not in _ARITHMETIC:
        return None
    parts = [_number(tensor) for tensor in made.inputs]
    return None if None in parts else _ARITHMETIC[made.op.name](*parts)


def _size_of(made) -> int | None:
    """The size that `K.shape(x)[place]` is, or `K.stack(sizes)[place]`."""
    whole, (place,) = made.inputs[0].operation, made.attributes["template"]
    if whole is None or not isinstance(place, int):
        return None
    if whole.op.name == "stack":
        return _number(whole.inputs[place])
    return whole.inputs[0].shape[place] if whole.op.name == "shape" else None


def is_of_batch(size: Any) -> bool:
    """Whether a size grows with the batch: it is computed from the first, unknown size of a tensor."""
    made = size.operation if isinstance(size, Tensor) else None
    if made is None:
        return False
    if made.op.name in _ARITHMETIC:
        return any(map(is_of_batch, made.inputs))
    whole, place = made.inputs[0].operation, made.attributes.get("template", [None])[0]
    if made.op.name != "_getitem" or whole is None or not isinstance(place, int):
        return False
    if whole.op.name == "stack":
        return is_of_batch(whole.inputs[place])
    return whole.op.name == "shape" and place == 0 and whole.inputs[0].shape[0] is None
