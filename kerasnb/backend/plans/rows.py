"""Updates by rows: where a step leaves all rows of a table as they are but those that its words picked.

A word that is not in the batch has the gradient 0. If all that is written for the table then is what was there before
(plain SGD, Adagrad), only the rows of the batch need be computed, and the results are those of the whole table. Where
running means decay or momentum moves on without a gradient, they are not, and the whole table is computed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..graph.programs import Program, Subgraph
from ..graph.tensor import Constant, Operation, Tensor, Variable
from ..graph.walks import order_operations
from .pieces import Piece, piece_of

__all__ = ["RowUpdate", "is_only_picked", "row_update"]

_ZERO = "zero"


@dataclass(eq=False)
class RowUpdate:
    """A table whose rows are picked by `gather` alone, and what is written for it in one step.

    Attributes:
        table: the variable.
        gradient: its derivative in the step.
        piece: what is computed of both, place by place.
        indices: of each `gather`, the words that it picks.
        zeros: single numbers that are zero, on which this stands, such as the momentum of plain SGD.
        emptied: variables that become 0 in all other rows, such as the velocity of plain SGD.
    """

    table: Variable
    gradient: Tensor
    piece: Piece
    indices: list[Tensor]
    zeros: list[Variable] = field(default_factory=list)
    emptied: list[Variable] = field(default_factory=list)

    @property
    def words_per_sample(self) -> int | None:
        """How many words of a sample are picked; None where that is not known."""
        count = 0
        for tensor in self.indices:
            known = [size for size in tensor.shape[1:] if size is not None]
            if len(known) < tensor.ndim - 1:
                return None
            count += math.prod(known)
        return count


def row_update(program: Program, table: Variable) -> RowUpdate | None:
    """How the table is updated by rows; None where the result would be another one."""
    readers = [operation for operation in program.operations if table in _read_by(operation)]
    picking = [operation for operation in readers if operation.op.name == "gather" and operation.inputs[0] is table]
    gradients = [operation for operation in readers if operation.op.name == "gradients"]
    if not picking or len(gradients) != 1 or table in program.outputs:
        return None
    place = gradients[0].inputs[1:].index(table) if table in gradients[0].inputs[1:] else None
    if place is None:
        return None
    gradient = _on_one_machine(program, gradients[0].outputs[place])
    group = _written_with(program, gradient)
    piece = piece_of(program, lambda variable: variable in group)
    if piece is None or table not in group or len(piece.updates) != len(group):
        return None
    by_place = {*picking, *gradients, *piece.operations}
    if any(operation not in by_place for variable in group for operation in _readers(program, variable)):
        return None
    if any(operation not in piece.operations for operation in _readers(program, gradient)):
        return None
    if any(tuple(one.shape) == tuple(table.shape) for one in piece.given if one is not gradient):
        return None  # it depends on something else of its size
    found = RowUpdate(table, gradient, piece, [operation.inputs[1] for operation in picking])
    return found if _AtRest(program, found).stays() else None


def _on_one_machine(program: Program, gradient: Tensor) -> Tensor:
    """The gradient that the optimizer is given: its mean over machines, which of one machine is the gradient itself."""
    readers = _readers(program, gradient)
    if len(readers) != 1 or readers[0].op.name != "over_machines":
        return gradient
    return readers[0].outputs[readers[0].inputs.index(gradient)]


def is_only_picked(program: Program, variable: Variable) -> bool:
    """Whether the program does nothing with the variable but pick rows of it."""
    picks = [one.op.name == "gather" and one.inputs[0] is variable for one in _readers(program, variable)]
    is_given_out = variable in program.outputs or any(variable in pair for pair in program.updates)
    return bool(picks) and all(picks) and not is_given_out


def _written_with(program: Program, gradient: Tensor) -> set[Variable]:
    """The variables whose new values depend on the gradient."""
    reached: set[Tensor] = {gradient}
    for operation in program.operations:
        if any(tensor in reached for tensor in operation.inputs):
            reached.update(operation.outputs)
    return {variable for variable, value in program.updates if value in reached}


def _readers(program: Program, tensor: Tensor) -> list[Operation]:
    return [operation for operation in program.operations if tensor in _read_by(operation)]


def _read_by(operation: Operation) -> list[Tensor]:
    """What an operation reads, in the steps of its loops too."""
    read = list(operation.inputs)
    for value in operation.attributes.values():
        if isinstance(value, Subgraph):
            read += [*value.captured]
            inside = order_operations(value.outputs, known=[*value.inputs, *value.captured])
            read += [tensor for one in inside for tensor in one.inputs]
    return read


class _AtRest:
    """What each tensor of an update is at a place whose gradient is 0: zero, a variable's old value, or neither."""

    def __init__(self, program: Program, update: RowUpdate):
        self.update, self.updated = update, {variable for variable, _ in program.updates}
        self.values: dict[Tensor, Any] = {update.gradient: _ZERO}

    def stays(self) -> bool:
        """Whether all that is written is what was there before, or 0 that nothing reads."""
        for operation in self.update.piece.operations:
            self.values[operation.outputs[0]] = self._result(operation)
        written = self.update.piece.updates
        self.update.emptied = [one for one, value in written if self._at(value) is _ZERO and self._is_unread(one)]
        return all(self._at(value) is variable or variable in self.update.emptied for variable, value in written)

    def _at(self, tensor: Tensor) -> Any:
        if tensor not in self.values:
            self.values[tensor] = self._leaf(tensor)
        return self.values[tensor]

    def _leaf(self, tensor: Tensor) -> Any:
        if isinstance(tensor, Constant):
            return _ZERO if not np.any(tensor.value) else None
        if not isinstance(tensor, Variable):
            return None
        if tensor.shape:
            return tensor
        if tensor not in self.updated and not np.any(tensor.peek()):
            self.update.zeros.append(tensor)
            return _ZERO
        return None

    def _is_unread(self, variable: Variable) -> bool:
        """Whether nothing depends on the variable, since it is always multiplied by zero."""
        readers = [operation for operation in self.update.piece.operations if variable in operation.inputs]
        return all(
            operation.op.name == "multiply" and any(self._at(one) is _ZERO for one in operation.inputs)
            for operation in readers
        )

    def _result(self, operation: Operation) -> Any:
        name, values = operation.op.name, [self._at(tensor) for tensor in operation.inputs]
        is_zero = [value is _ZERO for value in values]
        if name in ("add", "subtract") and is_zero[1]:
            return values[0]
        if name == "add" and is_zero[0]:
            return values[1]
        if name == "multiply" and any(is_zero):
            return _ZERO
        if name == "divide" and is_zero[0] and self._is_positive(operation.inputs[1]):
            return _ZERO
        if name in ("abs", "negative", "sqrt", "square", "sign", "cast", "identity") and is_zero[0]:
            return _ZERO
        if name == "_clip" and is_zero[0]:
            low, high = (operation.attributes[bound] for bound in ("min_value", "max_value"))
            return _ZERO if (low is None or low <= 0) and (high is None or high >= 0) else None
        return None

    def _is_positive(self, tensor: Tensor) -> bool:
        """Whether it is a root and a little more, or the root of a sum and a little more: never 0."""
        operation = tensor.operation
        if operation is None:
            return False
        if operation.op.name == "sqrt":
            inner = operation.inputs[0].operation
            return inner is not None and inner.op.name == "add" and _has_positive(inner)
        inner = operation.inputs[0].operation
        return operation.op.name == "add" and _has_positive(operation) and inner is not None and inner.op.name == "sqrt"


def _has_positive(operation: Operation) -> bool:
    return any(isinstance(one, Constant) and bool(np.all(one.value > 0)) for one in operation.inputs)
