"""What a program computes, as a key: programs of one structure share what is compiled for them."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Hashable
from typing import Any

import numpy as np

from .. import config
from ..ops.registry import OPS
from ..runtime.machines import machines
from .programs import Program, Subgraph
from .tensor import Constant, Operation, Seed, Tensor
from .walks import chosen_input, order_operations

__all__ = ["structure_of"]

_PLAIN = (str, int, float, bool, complex, bytes, type(None), type(Ellipsis))


class _Unshareable(Exception):  # noqa: N818 - a way out of the walk, caught below
    """The program holds something of the user's own that has no key."""


def structure_of(program: Program) -> tuple | None:
    """A key that is equal for programs which differ in variables, seeds and names only.

    None for programs that hold the backend's own code or a function.
    """
    walk = _Walk(program.phase)
    try:
        leaves = [walk.number(tensor, "input", tensor.is_sparse) for tensor in program.inputs]
        # by size and type alone: their names and values are what models of one structure differ in
        leaves += [walk.number(tensor, "variable") for tensor in program.variables]
        leaves += [walk.number(tensor, "seed") for tensor in program.seeds]
        operations = walk.operations(program.operations)
        outputs = tuple(walk.place(tensor) for tensor in program.outputs)
        read = {variable: place for place, variable in enumerate(program.variables)}
        # what is written and not read has no number: its size and type say where the value goes
        targets = [read.get(one, (tuple(one.shape), one.dtype)) for one, _ in program.updates]
        updates = tuple(zip(targets, [walk.place(value) for _, value in program.updates], strict=True))
    except _Unshareable:
        return None
    return program.phase, config.floatx(), machines(), tuple(leaves), operations, outputs, updates


class _Walk:
    """Gives numbers to the tensors of one graph in the order in which they are met, as a runtime gives them values."""

    def __init__(self, phase: int):
        self.phase = phase
        self.numbers: dict[Tensor, int] = {}
        self._next = itertools.count()  # not the size of `numbers`: an input given twice has two numbers

    def number(self, tensor: Tensor, kind: str, *about: Hashable) -> tuple:
        self.numbers[tensor] = next(self._next)
        return kind, tuple(tensor.shape), tensor.dtype, *about

    def result(self, tensor: Tensor) -> tuple:
        """Numbers a computed tensor; one that is an input as well keeps the input's value."""
        number = next(self._next)
        self.numbers.setdefault(tensor, number)
        return tuple(tensor.shape), tensor.dtype

    def place(self, tensor: Tensor) -> Hashable:
        """The number of a tensor; what a constant holds."""
        if tensor in self.numbers:
            return self.numbers[tensor]
        if type(tensor) is Constant:
            return "constant", self.frozen(tensor.value)
        if tensor.operation is None and not isinstance(tensor, Constant | Seed):
            return self.number(tensor, "ambient", tensor.name)
        raise _Unshareable

    def operations(self, operations: list[Operation]) -> tuple:
        return tuple(self.operation(operation) for operation in operations)

    def operation(self, operation: Operation) -> tuple:
        op, name = operation.op, operation.op.name
        # the branch that this phase leaves out is never computed, and is no part of the key
        if op.is_phase_switch:
            chosen = self.place(chosen_input(operation, self.phase))
            return "phase", chosen, self.result(operation.outputs[0])
        if OPS.get(name) is not op:  # made of a program's own code, whose meaning no name tells
            raise _Unshareable
        inputs = tuple(self.place(tensor) for tensor in operation.inputs)
        attributes = self.frozen(operation.attributes)
        return name, inputs, attributes, tuple(self.result(tensor) for tensor in operation.outputs)

    def frozen(self, value: Any) -> Hashable:
        """The value as part of a key: each kind under its own name, so that nothing is taken for another kind."""
        kind = type(value)
        if isinstance(value, float | complex):
            return kind, repr(value)  # 0.0 equals -0.0
        if isinstance(value, _PLAIN):
            return kind, value
        if isinstance(value, list | tuple):
            return kind, tuple(self.frozen(one) for one in value)
        if isinstance(value, dict):
            return kind, tuple((self.frozen(name), self.frozen(one)) for name, one in value.items())
        if isinstance(value, slice):
            return kind, self.frozen((value.start, value.stop, value.step))
        if isinstance(value, np.ndarray | np.generic) and value.dtype != object:
            # a digest, since keys are kept: a large table would stay in memory with its key
            return kind, str(value.dtype), value.shape, hashlib.blake2b(value.tobytes()).digest()
        if isinstance(value, Subgraph):
            return kind, self.subgraph(value)
        if isinstance(value, Tensor):
            return "tensor", self.place(value)
        raise _Unshareable

    def subgraph(self, graph: Subgraph) -> tuple:
        """A step of a loop: what it reads from around it, and a walk of its own."""
        around = tuple(self.place(tensor) for tensor in graph.captured)
        walk = _Walk(self.phase)  # of its own: the step's tensors have no place outside, and its numbers begin at 0
        leaves = tuple(walk.number(tensor, "slot") for tensor in [*graph.inputs, *graph.captured])
        inside = order_operations(graph.outputs, known=[*graph.inputs, *graph.captured], phase=self.phase)
        operations = walk.operations(inside)
        return len(graph.inputs), around, leaves, operations, tuple(walk.place(tensor) for tensor in graph.outputs)
