"""Native stand-ins for symbolic tensors, on which a program's own code is tried to learn what it gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..graph.tensor import Tensor
from .progress import values_in_progress

__all__ = ["Tried", "tried_on_stand_ins"]


class Tried(NamedTuple):
    """What a function gave.

    Attributes:
        results: native tensors.
        read: symbolic tensors that it met besides its inputs, in the order in which it met them.
        several: whether it gave a list.
    """

    results: list
    read: list[Tensor]
    several: bool


def tried_on_stand_ins(
    function: Callable[[list], Any],
    inputs: Sequence[Tensor],
    make: Callable[[Tensor], Any],
    as_native: Callable[[Any], Any],
) -> Tried:
    """Run the function on one stand-in for each tensor.

    Args:
        make: the stand-in for a tensor.
        as_native: a tensor of the backend, from what the function may give.
    """
    stand_ins: dict[Tensor, Any] = {}

    def stand_in(tensor: Tensor) -> Any:
        if tensor not in stand_ins:  # a tensor that is met twice is the same to the code both times
            stand_ins[tensor] = make(tensor)
        return stand_ins[tensor]

    with values_in_progress(stand_in):
        result = function([stand_in(tensor) for tensor in inputs])
        several = isinstance(result, list | tuple)
        results = [as_native(one) for one in (result if several else [result])]
    return Tried(results, [tensor for tensor in stand_ins if tensor not in inputs], several)
