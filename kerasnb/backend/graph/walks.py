"""Walks over recorded operations, without recursion, so that a thousand layers are no problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .tensor import Constant, Operation, Placeholder, Tensor, Variable

__all__ = ["order_operations", "chosen_input", "leaves", "depends_on"]


def chosen_input(operation: Operation, phase: int) -> Tensor:
    """The side of an `in_train_phase` that counts in this learning phase."""
    held = operation.attributes.get("held")
    return operation.inputs[0 if phase and not (held is not None and held.is_on) else 1]


def order_operations(
    outputs: Sequence[Tensor], known: Iterable[Tensor] = (), phase: int | None = None
) -> list[Operation]:
    """The operations needed for the outputs, inputs before users; `known` tensors need none.

    With a phase, only the chosen side of each `in_train_phase` is followed; with None, both are.
    """
    known = set(known)
    done: set[Operation] = set()
    order: list[Operation] = []
    stack = [(tensor.operation, False) for tensor in reversed(outputs) if tensor not in known and tensor.operation]
    # each operation comes up twice: first it puts its inputs above itself, then it takes its place behind them
    while stack:
        operation, is_ready = stack.pop()
        if operation in done:
            continue
        if is_ready:
            done.add(operation)
            order.append(operation)
            continue
        stack.append((operation, True))
        stack.extend(
            (tensor.operation, False)
            for tensor in _followed(operation, phase)
            if tensor.operation and tensor not in known and tensor.operation not in done
        )
    return order


def _followed(operation: Operation, phase: int | None) -> Sequence[Tensor]:
    if operation.op.is_phase_switch and phase is not None:
        return (chosen_input(operation, phase),)
    return operation.inputs


def leaves(outputs: Sequence[Tensor], operations: Sequence[Operation], phase: int | None) -> list[Tensor]:
    """The placeholders, variables and constants that these operations and outputs read, each once."""
    found: dict[Tensor, None] = {}
    for operation in operations:
        for tensor in _followed(operation, phase):
            if tensor.operation is None:
                found[tensor] = None
    for tensor in outputs:
        if isinstance(tensor, Placeholder | Variable | Constant):
            found[tensor] = None
    return list(found)


def depends_on(output: Tensor, sources: Sequence[Tensor]) -> list[bool]:
    """For each source, whether the output is computed from it (in either learning phase).

    Shape: `output` and `sources` any -> True or False for each of `sources`.
    """
    reached = {output}
    for operation in order_operations([output]):
        reached.update(operation.inputs)
    return [source in reached for source in sources]
