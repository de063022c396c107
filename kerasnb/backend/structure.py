"""What a program computes, as a key: programs of one structure share what is compiled for them."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from . import config
from .graph import chosen_input, order_operations
from .registry import OPS
from .runtime import Program, Subgraph
from .tensor import Constant, Operation, Seed, Tensor

__all__ = ["structure_of", "Shared"]

_PLAIN = (str, int, float, bool, complex, bytes, type(None), type(Ellipsis))


class Shared:
    """What was compiled, by structure; what was not used for longest goes first.

    Args:
        limit: how many to keep.

    Attributes:
        made: how many were compiled so far.
    """

    def __init__(self, limit: int = 64):
        self.limit, self.made = limit, 0
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Hashable | None, make: Callable[[], Any]) -> tuple[Any, bool]:
        """What is kept under the key, or is made now; and whether it was made now. Nothing is kept without a key."""
        if key is None:
            self.made += 1
            return make(), True
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key], False
            self.made += 1
            self._kept[key] = made = make()
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)
            return made, True


class _Unshareable(Exception):  # noqa: N818 - a way out of the walk, caught below
    """The program holds something of the user's own that has no key."""


def structure_of(program: Program) -> tuple | None:
    """A key that is equal for programs which differ in variables, seeds and names only.

    None for programs that hold the backend's own code or a function.
    """
    walk = _Walk(program.phase)
    try:
        leaves = [walk.number(tensor, "input", tensor.is_sparse) for tensor in program.inputs]
        leaves += [walk.number(tensor, "variable") for tensor in program.all_variables]
        leaves += [walk.number(tensor, "seed") for tensor in program.seeds]
        operations = walk.operations(program.operations)
        ends = [walk.place(tensor) for tensor in program.outputs]
        ends += [(walk.place(variable), walk.place(value)) for variable, value in program.updates]
    except _Unshareable:
        return None
    return program.phase, config.floatx(), tuple(leaves), operations, tuple(ends)


class _Walk:
    """Gives numbers to tensors in the order in which they are met."""

    def __init__(self, phase: int):
        self.phase = phase
        self.numbers: dict[Tensor, int] = {}

    def number(self, tensor: Tensor, kind: str, *about: Hashable) -> tuple:
        self.numbers[tensor] = len(self.numbers)
        return kind, tuple(tensor.shape), tensor.dtype, *about

    def place(self, tensor: Tensor) -> Hashable:
        """The number of a tensor; what a constant holds."""
        if tensor in self.numbers:
            return self.numbers[tensor]
        if type(tensor) is Constant:
            return self.frozen(tensor.value)
        if tensor.operation is None and not isinstance(tensor, Constant | Seed):
            return self.number(tensor, "ambient", tensor.name)
        raise _Unshareable

    def operations(self, operations: list[Operation]) -> tuple:
        return tuple(self.operation(operation) for operation in operations)

    def operation(self, operation: Operation) -> tuple:
        op = operation.op
        if op.is_phase_switch:
            chosen = self.place(chosen_input(operation, self.phase))
            return ("phase", chosen, self.number(operation.outputs[0], "output"))
        if OPS.get(op.name) is not op:
            raise _Unshareable
        inputs = tuple(self.place(tensor) for tensor in operation.inputs)
        attributes = self.frozen(operation.attributes)
        return op.name, inputs, attributes, tuple(self.number(tensor, "output") for tensor in operation.outputs)

    def frozen(self, value: Any) -> Hashable:
        if isinstance(value, _PLAIN):
            return type(value), value
        if isinstance(value, list | tuple):
            return tuple(self.frozen(one) for one in value)
        if isinstance(value, dict):
            return tuple((name, self.frozen(one)) for name, one in value.items())
        if isinstance(value, slice):
            return "slice", self.frozen((value.start, value.stop, value.step))
        if isinstance(value, np.ndarray | np.generic) and value.dtype != object:
            return str(value.dtype), value.shape, hashlib.blake2b(value.tobytes()).digest()
        if isinstance(value, Subgraph):
            return self.subgraph(value)
        if isinstance(value, Tensor):
            return self.place(value)
        raise _Unshareable

    def subgraph(self, graph: Subgraph) -> tuple:
        inputs = tuple(self.number(tensor, "slot") for tensor in graph.inputs)
        captured = tuple(self.place(tensor) for tensor in graph.captured)
        inside = order_operations(graph.outputs, known=[*graph.inputs, *graph.captured], phase=self.phase)
        operations = self.operations(inside)
        return inputs, captured, operations, tuple(self.place(tensor) for tensor in graph.outputs)
