"""What a runtime must do: lower operations to its library, hold variables, compile programs."""

from __future__ import annotations

import abc
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

from ...errors import BackendError, KerasnbError
from ..graph.programs import Program, Subgraph
from ..graph.tensor import Constant, NativeSignal, Operation, Tensor, Variable, rebuild
from ..graph.walks import chosen_input, order_operations
from ..plans.plan import Plan, plan_for
from .shared import Shared

__all__ = ["BatchLoop", "BoundStep", "Lowerable", "Runtime"]


class BoundStep:
    """A sub-graph as a function of native values, for the lowering of a loop.

    Args:
        outer: values of the graph around it; what the sub-graph captured is taken from there.
    """

    def __init__(self, runtime: Runtime, subgraph: Subgraph, outer: dict[Tensor, Any], phase: int):
        self.runtime, self.outer, self.phase = runtime, outer, phase
        self.inputs, self.outputs, self.captured = subgraph.inputs, subgraph.outputs, subgraph.captured
        self.operations = order_operations(self.outputs, known=[*self.inputs, *self.captured], phase=phase)

    def __call__(self, *inputs: Any) -> list:
        """The outputs for these inputs."""
        return self.evaluate(self.outputs, inputs)

    def evaluate(
        self,
        wanted: Sequence[Tensor],
        inputs: Sequence,
        captured: Sequence | None = None,
        instead: Mapping[Operation, Callable] | None = None,
    ) -> list:
        """The values of any of the step's tensors.

        Args:
            captured: native values in place of those of the graph around it.
            instead: functions that compute some of the operations in another way.
        """
        if captured is None:
            captured = [self.runtime.value(tensor, self.outer) for tensor in self.captured]
        values = dict(zip([*self.inputs, *self.captured], [*inputs, *captured], strict=True))
        for operation in self.operations:
            if instead and operation in instead:
                values[operation.outputs[0]] = instead[operation](*(values[tensor] for tensor in operation.inputs))
            else:
                self.runtime.run([operation], values, self.phase)
        return [self.runtime.value(tensor, values) for tensor in wanted]


class BatchLoop:
    """Runs one compiled step over batches of arrays that stay in memory: here one after the other.

    A runtime that can run several steps in one call returns its own kind.
    """

    most_steps = 64
    capacity = 1  # the most steps that one call will be asked for; set before the first call

    def __init__(self, step: Callable[[Sequence[np.ndarray]], list[np.ndarray]]):
        self.step = step

    def hold(self, arrays: Sequence[np.ndarray]) -> Any:
        """The data in the form that calls take; made once per fit."""
        return list(arrays)

    def __call__(self, data: Any, indices: np.ndarray) -> list[np.ndarray]:
        """The outputs of every step, stacked; row i of `indices` (steps, batch) picks the samples of step i."""
        results = [self.step([array[rows] for array in data]) for rows in indices]
        return [np.stack(outputs) for outputs in zip(*results, strict=True)]


class Lowerable(Protocol):
    """An op as a runtime sees it: a name, and by backend the functions that compute it."""

    name: str
    lowerings: dict[str, Callable]


class Runtime(abc.ABC):
    """One backend: lowers operations to its library, holds variables, compiles programs."""

    name: str
    library: Any  # what lowerings get as their first argument
    linker = ""  # by which of its own compilers it runs, where it has several
    shared: Shared
    compiles_loops_at_once = False  # whether a loop over batches is worth it however few there are
    reads_files = False  # whether a loop over batches takes arrays that lie in files without a copy

    def plan(self, program: Program) -> Plan:
        """How it runs the program, and why so."""
        return plan_for(program, self.name, self.linker)

    @abc.abstractmethod
    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        """A function from input arrays to output arrays that also writes the updates."""

    def keep(self) -> None:  # noqa: B027 - most have nothing to lose
        """Called after each epoch: what would be lost together with what computes is kept from now on."""

    def begin_calls(self, program: Program, calls: int = 1) -> int:
        """Called before each call: how many there were so far.

        Fetches variables that another backend held since, and counts that those it updates are written.
        """
        if program.moves != Variable.moves:
            for variable in program.all_variables:
                variable.handle(self)
            program.moves = Variable.moves
        for variable, _ in program.updates:
            variable.writes += 1
        return program.count.add(calls)

    def compile_batches(self, program: Program) -> BatchLoop:
        """The program as a loop over batches of arrays held in memory."""
        return BatchLoop(self.compile(program))

    @abc.abstractmethod
    def seed_library(self, number: int) -> None:
        """Let the library's own random numbers, which the backend's own code draws, begin by this seed."""

    @abc.abstractmethod
    def make_variable(self, value: np.ndarray, name: str | None) -> Any:
        """A new variable of the backend."""

    @abc.abstractmethod
    def read(self, handle: Any) -> np.ndarray:
        """The value of a variable, to be looked at only: it may share memory, and stays when the variable changes."""

    @abc.abstractmethod
    def write(self, handle: Any, value: np.ndarray) -> None:
        """Give a variable another value."""

    @abc.abstractmethod
    def constant(self, value: np.ndarray) -> Any:
        """The array as a tensor of the backend."""

    @abc.abstractmethod
    def is_native(self, value: Any) -> bool:
        """Whether the value is a tensor of the backend."""

    @abc.abstractmethod
    def static_shape(self, value: Any) -> tuple[int | None, ...]:
        """The sizes of a native tensor that are known without computing."""

    @abc.abstractmethod
    def dtype_of(self, value: Any) -> str:
        """The dtype of a native tensor."""

    @abc.abstractmethod
    def to_array(self, value: Any) -> np.ndarray:
        """The value of a native tensor that depends on no input."""

    def compute(self, op: Lowerable, arrays: Sequence[np.ndarray], layout: Sequence, attributes: dict) -> Any:
        """The value of one op on arrays, at once."""
        result = self.apply_op(op, rebuild([self.constant(array) for array in arrays], layout), attributes)
        return [self.to_array(one) for one in result] if isinstance(result, list | tuple) else self.to_array(result)

    @abc.abstractmethod
    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        """Run the backend's own code on symbolic inputs: shapes, dtypes, variables it read, whether it gave several."""

    def with_declared_sizes(self, value: Any, tensor: Tensor) -> Any:
        """The value, refused when it is computed if its sizes are not those that the author of a layer declares."""
        return value

    def map_natives(self, function: Callable[[Sequence], Any], sequences: Sequence) -> Any:
        """`function(slices)` of all slices of native tensors along the first axis, stacked."""
        raise BackendError(
            f"K.map_fn needs a known first axis of at most 64 slices beside {self.name}'s own code.",
            "Write the code with K functions.",
        )

    def apply_op(self, op: Lowerable, arguments: Sequence, attributes: dict) -> Any:
        """One op on native tensors."""
        lowering = op.lowerings.get(self.name)
        if lowering is None:
            raise BackendError(
                f"K.{op.name} cannot run on {self.name}.", f"It runs on: {', '.join(op.lowerings) or 'no backend'}."
            )
        return lowering(self.library, *arguments, **attributes)

    def run(self, operations: Sequence[Operation], values: dict[Tensor, Any], phase: int) -> dict[Tensor, Any]:
        """Compute the operations in order; `values` holds the leaves and receives every result."""
        for operation in operations:
            if operation.op.is_phase_switch:
                values[operation.outputs[0]] = self.value(chosen_input(operation, phase), values)
                continue
            inputs = [self.value(tensor, values) for tensor in operation.inputs]
            try:
                results = self._apply_recorded(operation, inputs, values, phase)
            except (KerasnbError, NativeSignal):
                raise
            except Exception as error:
                raise BackendError(
                    f"{self.name} refused {operation.describe()}: {error}", layer=operation.layer
                ) from error
            many = isinstance(results, list | tuple)
            for tensor, value in zip(operation.outputs, results if many else [results], strict=True):
                if tensor.has_declared_sizes:
                    value = self.with_declared_sizes(value, tensor)
                values.setdefault(tensor, value)  # one of several outputs may be given as an input
        return values

    def _apply_recorded(self, operation: Operation, inputs: list, values: dict, phase: int) -> Any:
        attributes = {
            name: BoundStep(self, value, values, phase) if isinstance(value, Subgraph) else value
            for name, value in operation.attributes.items()
            if name != "_layout"
        }
        return self.apply_op(operation.op, rebuild(inputs, operation.attributes["_layout"]), attributes)

    def value(self, tensor: Tensor, values: dict) -> Any:
        """The native value of a tensor among these; a constant is made when it is first met."""
        if tensor not in values:
            assert isinstance(tensor, Constant), f"{tensor!r} has no value"
            values[tensor] = self.constant(tensor.value)
        return values[tensor]
