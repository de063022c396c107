"""A program as plain values, from which another process makes the same program.

Layers, losses and metrics need not be known there: what they compute was recorded as operations of K.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ...errors import BackendError
from ..ops.registry import OPS
from .phase import CALLS, PHASE
from .programs import Program, Subgraph
from .tensor import Constant, Operation, Placeholder, Seed, SparseConstant, Tensor, Variable
from .walks import chosen_input, order_operations

__all__ = ["Packed", "packed", "unpacked"]

_AMBIENT: dict[Tensor, str] = {PHASE: "phase", CALLS: "calls"}


class _Reference(NamedTuple):
    """A tensor among those of a packed program, by its number."""

    number: int


class _Steps(NamedTuple):
    """A loop's step: numbers of its inputs, outputs and captured tensors."""

    inputs: list[int]
    outputs: list[int]
    captured: list[int]


class Packed(NamedTuple):
    """A program without objects of the process that it was recorded in.

    Attributes:
        leaves: kind, number and description of each tensor that is given.
        operations: op, numbers of inputs, attributes, numbers and descriptions of outputs, layer and line of each.
    """

    leaves: list[tuple]
    operations: list[tuple]
    inputs: list[int]
    outputs: list[int]
    updates: list[tuple[int, int]]
    phase: int


def packed(program: Program, number_of: Callable[[Variable], int]) -> Packed:
    """The program ready for a pickle.

    Args:
        number_of: the number by which the other process knows a variable.

    Raises:
        BackendError: it holds code that only this process has.
    """
    walk = _Packing(program.phase, number_of)
    inputs = [walk.leaf(tensor, "input") for tensor in program.inputs]
    walk.operations_of(program.operations)
    return Packed(
        walk.leaves,
        walk.operations,
        inputs,
        [walk.place(tensor) for tensor in program.outputs],
        [(walk.place(variable), walk.place(value)) for variable, value in program.updates],
        program.phase,
    )


class _Packing:
    def __init__(self, phase: int, number_of: Callable[[Variable], int]):
        self.phase, self.number_of = phase, number_of
        self.numbers: dict[Tensor, int] = {}
        self.leaves: list[tuple] = []
        self.operations: list[tuple] = []
        self._count = 0

    def next_number(self) -> int:
        self._count += 1
        return self._count

    def leaf(self, tensor: Tensor, kind: str, value: Any = None) -> int:
        number = self.numbers[tensor] = self.next_number()
        self.leaves.append((kind, number, tuple(tensor.shape), tensor.dtype, tensor.name, tensor.is_sparse, value))
        return number

    def place(self, tensor: Tensor) -> int:
        """The number of a tensor; a leaf gets one when it is first met."""
        if tensor in self.numbers:
            return self.numbers[tensor]
        if isinstance(tensor, Variable):
            return self.leaf(tensor, "variable", self.number_of(tensor))
        if isinstance(tensor, Seed):
            return self.leaf(tensor, "seed", int(tensor.number()))
        if isinstance(tensor, Constant):
            return self.leaf(tensor, "constant", tensor.value)
        assert tensor.operation is None, f"{tensor!r} is not among what the program computes"
        return self.leaf(tensor, _AMBIENT.get(tensor, "input"))

    def operations_of(self, operations: Sequence[Operation]) -> None:
        for operation in operations:
            if operation.op.is_phase_switch:  # the side that this phase leaves out stays at home
                self.numbers.setdefault(operation.outputs[0], self.place(chosen_input(operation, self.phase)))
            else:
                self.operations.append(self.operation(operation))

    def operation(self, operation: Operation) -> tuple:
        name = operation.op.name
        if OPS.get(name) is not operation.op:
            raise BackendError(
                f"{operation.describe()} cannot be sent to another process.",
                "Write this code with K functions, or train on this machine: machines=None.",
                layer=operation.layer,
            )
        inputs = [self.place(tensor) for tensor in operation.inputs]
        attributes = {key: self.value(one) for key, one in operation.attributes.items()}
        _check_plain(operation, attributes)
        outputs = []
        for tensor in operation.outputs:
            number = self.next_number()
            self.numbers.setdefault(tensor, number)
            outputs.append((number, tuple(tensor.shape), tensor.dtype, tensor.is_sparse, tensor.has_declared_sizes))
        return name, inputs, attributes, outputs, operation.layer, operation.where

    def value(self, value: Any) -> Any:
        """An attribute, in which tensors are numbers."""
        if isinstance(value, Tensor):
            return _Reference(self.place(value))
        if isinstance(value, Subgraph):
            captured = [self.place(tensor) for tensor in value.captured]
            inputs = [self.leaf(tensor, "input") for tensor in value.inputs]
            known = [*value.inputs, *value.captured]
            self.operations_of(order_operations(value.outputs, known=known, phase=self.phase))
            return _Steps(inputs, [self.place(tensor) for tensor in value.outputs], captured)
        if type(value) in (list, tuple):
            return type(value)(map(self.value, value))
        if type(value) is dict:
            return {name: self.value(one) for name, one in value.items()}
        return value


def _check_plain(operation: Operation, attributes: dict) -> None:
    try:
        pickle.dumps(attributes)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise BackendError(
            f"{operation.describe()} cannot be sent to another process: {error}.",
            "Put the function into a module that can be imported, or train on this machine: machines=None.",
            layer=operation.layer,
        ) from error


def unpacked(plain: Packed, variable_of: Callable[[int, tuple, str, str | None], Variable]) -> Program:
    """The program that was packed.

    Args:
        variable_of: the variable of a number, shape, dtype and name.
    """
    tensors: dict[int, Tensor] = {}
    for kind, number, shape, dtype, name, is_sparse, value in plain.leaves:
        tensors[number] = _leaf(kind, shape, dtype, name, value, variable_of)
        tensors[number].is_sparse = is_sparse
    for name, inputs, attributes, outputs, layer, where in plain.operations:
        made = {key: _restored(one, tensors) for key, one in attributes.items()}
        operation = Operation(OPS[name], [tensors[number] for number in inputs], made)
        operation.layer, operation.where = layer, where
        operation.outputs = tuple(Tensor(shape, dtype, operation=operation) for _, shape, dtype, _, _ in outputs)
        for tensor, (number, _, _, is_sparse, has_declared_sizes) in zip(operation.outputs, outputs, strict=True):
            tensor.is_sparse, tensor.has_declared_sizes = is_sparse, has_declared_sizes
            tensors[number] = tensor
    return Program(
        [tensors[number] for number in plain.inputs],
        [tensors[number] for number in plain.outputs],
        [(tensors[variable], tensors[value]) for variable, value in plain.updates],  # type: ignore[misc]
        plain.phase,
    )


def _leaf(kind: str, shape: tuple, dtype: str, name: Any, value: Any, variable_of: Callable) -> Tensor:
    if kind == "variable":
        return variable_of(value, shape, dtype, name)
    if kind == "seed":
        return Seed(value, is_given=True)
    if kind == "constant":
        return SparseConstant(value, dtype, name) if hasattr(value, "tocsr") else Constant(value)
    fed = {known: tensor for tensor, known in _AMBIENT.items()}
    return fed[kind] if kind in fed else Placeholder(shape, dtype, name=name)


def _restored(value: Any, tensors: dict[int, Tensor]) -> Any:
    if isinstance(value, _Reference):
        return tensors[value.number]
    if isinstance(value, _Steps):
        return Subgraph(*([tensors[number] for number in numbers] for numbers in value))
    if type(value) in (list, tuple):
        return type(value)(_restored(one, tensors) for one in value)
    if type(value) is dict:
        return {name: _restored(one, tensors) for name, one in value.items()}
    return value
