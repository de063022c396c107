"""What there is to compute: a program, the step of a loop in it, and how often it was called."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field

from .seeding import SinceSeeding
from .tensor import Ambient, Operation, Placeholder, Seed, Tensor, Variable
from .walks import leaves, order_operations

__all__ = ["CallCount", "Program", "Subgraph"]


@dataclass(eq=False)
class Subgraph:
    """A step that a loop repeats: from `inputs` (placeholders of the step) to `outputs`."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    captured: Sequence[Tensor] = ()


class CallCount:
    """How often something was called since the program's seed was set; random ops draw other numbers in each call."""

    def __init__(self):
        self.calls = 0
        self._seeding = SinceSeeding()

    def add(self, calls: int = 1) -> int:
        """Count these calls; gives how many there were before."""
        if self._seeding.is_new():
            self.calls = 0
        # many steps in one call count one by one, so they draw the same numbers as single steps
        before, self.calls = self.calls, self.calls + calls
        return before


@dataclass(eq=False)
class Program:
    """All that is needed to compute outputs and new variable values from inputs, in one learning phase."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    updates: Sequence[tuple[Variable, Tensor]]
    phase: int
    count: CallCount = field(default_factory=CallCount)
    operations: list[Operation] = field(init=False)
    variables: list[Variable] = field(init=False)
    seeds: list[Seed] = field(init=False)
    missing: list[Tensor] = field(init=False)

    def __post_init__(self):
        wanted = [*self.outputs, *(value for _, value in self.updates)]
        self.operations = order_operations(wanted, known=self.inputs, phase=self.phase)
        read = [leaf for leaf in leaves(wanted, self.operations, self.phase) if leaf not in set(self.inputs)]
        self.variables = [leaf for leaf in read if isinstance(leaf, Variable)]
        self.seeds = [leaf for leaf in read if isinstance(leaf, Seed)]
        self.missing = [leaf for leaf in read if isinstance(leaf, Placeholder) and not isinstance(leaf, Ambient)]
        self.moves = Variable.moves

    @property
    def all_variables(self) -> list[Variable]:
        """The variables that are read or written, each once."""
        return list(dict.fromkeys([*self.variables, *(variable for variable, _ in self.updates)]))

    @property
    def has_sparse(self) -> bool:
        """Whether anything in it is sparse."""
        return any(tensor.is_sparse for operation in self.operations for tensor in operation.inputs) or any(
            tensor.is_sparse for tensor in self.inputs
        )

    @functools.cached_property
    def places(self) -> dict[Operation, int]:
        """The place of each operation among `operations`."""
        return {operation: place for place, operation in enumerate(self.operations)}

    def uses(self, *ops: str) -> bool:
        """Whether any operation is one of these ops."""
        return any(operation.op.name in ops for operation in self.operations)
