"""The elementwise ends of updates: what an optimizer computes of a weight, place by place, from its gradient."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ..graph.programs import Program
from ..graph.tensor import Constant, Operation, Tensor, Variable
from ..graph.walks import leaves, order_operations

__all__ = ["Piece", "Rest", "piece_of"]

_EACH = "abs negative sqrt square exp log round sign sin cos tanh sigmoid erf is_finite _clip cast identity _choose"
_PAIRS = "add subtract multiply divide floor_divide mod pow maximum minimum logical_and logical_or logical_not"
_COMPARED = "equal not_equal greater greater_equal lesser lesser_equal"
# each place of a result depends on that place of the inputs alone, and on single numbers
ELEMENTWISE = frozenset(f"{_EACH} {_PAIRS} {_COMPARED}".split())


@dataclass(eq=False)
class Piece:
    """Some of a program's updates, as far back as they are elementwise.

    Attributes:
        updates: which.
        operations: what computes them, in order.
        given: what these are given besides variables of their shapes: gradients, and single numbers.
    """

    updates: list[tuple[Variable, Tensor]]
    operations: list[Operation]
    given: list[Tensor]

    @property
    def variables(self) -> list[Variable]:
        """The variables that it reads or writes by their places."""
        shapes = {tuple(variable.shape) for variable, _ in self.updates}
        read = [one for operation in self.operations for one in operation.inputs]
        read += [value for _, value in self.updates]
        whole = [one for one in read if isinstance(one, Variable) and tuple(one.shape) in shapes]
        return list(dict.fromkeys([*(variable for variable, _ in self.updates), *whole]))


def piece_of(program: Program, is_wanted: Callable[[Variable], bool]) -> Piece | None:
    """The elementwise ends of the updates of these variables; None where there are none."""
    updates = [(variable, value) for variable, value in program.updates if is_wanted(variable)]
    found: dict[Operation, None] = {}
    for variable, value in updates:
        found.update(dict.fromkeys(_elementwise(value, tuple(variable.shape))))
    updates = [(variable, value) for variable, value in updates if value.operation in found]
    if not updates:
        return None
    operations = [operation for operation in program.operations if operation in found]
    written = {variable for variable, _ in updates}
    shapes = {tuple(variable.shape) for variable in written}
    given = [
        tensor
        for operation in operations
        for tensor in operation.inputs
        if tensor.operation not in found
        and not (isinstance(tensor, Variable) and tuple(tensor.shape) in shapes)
        and not isinstance(tensor, Constant)
    ]
    return Piece(updates, operations, list(dict.fromkeys(given)))


class Rest:
    """What of a program is computed before some pieces of it.

    Attributes:
        operations: what computes the outputs, the other updates, and what the pieces are given.
        updates: those that are in no piece.
        variables: those that all this reads.
    """

    def __init__(self, program: Program, pieces: Sequence[Piece]):
        apart = {variable for piece in pieces for variable, _ in piece.updates}
        self.updates = [(variable, value) for variable, value in program.updates if variable not in apart]
        given = [tensor for piece in pieces for tensor in piece.given]
        wanted = [*program.outputs, *(value for _, value in self.updates), *given]
        self.operations = order_operations(wanted, known=program.inputs, phase=program.phase)
        read = leaves(wanted, self.operations, program.phase)
        found = dict.fromkeys([*read, *given])
        self.variables = [one for one in found if isinstance(one, Variable) and one not in program.inputs]


def _elementwise(value: Tensor, shape: tuple[int, ...]) -> Iterable[Operation]:
    """The operations behind a value of this shape, as far back as each place depends on that place alone."""
    pending = [value]
    found: set[Operation] = set()
    while pending:
        operation = pending.pop().operation
        if operation is None or operation in found or not _is_by_place(operation, shape):
            continue
        found.add(operation)
        pending += [tensor for tensor in operation.inputs if tuple(tensor.shape) == shape]
    return found


def _is_by_place(operation: Operation, shape: tuple[int, ...]) -> bool:
    if operation.op.name not in ELEMENTWISE or len(operation.outputs) != 1:
        return False
    sizes = [tuple(one.shape) for one in (*operation.outputs, *operation.inputs)]
    return sizes[0] == shape and all(size == shape or math.prod(s or 2 for s in size) == 1 for size in sizes)
