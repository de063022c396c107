"""What a runtime must do, and which one is active.

A runtime turns recorded operations into something that computes. It is chosen by name at once and
loaded (its library imported) only when the first value is needed.
"""
from __future__ import annotations

import abc
import contextlib
import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..errors import BackendError, KerasnbError
from . import config
from .graph import chosen_input, leaves, order_operations
from .imports import untouched
from .registry import Op, rebuild
from .tensor import Ambient, Constant, NativeSignal, Operation, Placeholder, Seed, Tensor, Variable

__all__ = [
    "Runtime",
    "Program",
    "BatchLoop",
    "Subgraph",
    "active",
    "backend",
    "use",
    "in_force",
    "forced_backend",
    "preload",
    "is_native",
    "value_in_progress",
    "values_in_progress",
]

_progress = threading.local()


@dataclass(eq=False)
class Subgraph:
    """A step that a loop repeats: from `inputs` (placeholders of the step) to `outputs`."""

    inputs: Sequence[Tensor]
    outputs: Sequence[Tensor]
    captured: Sequence[Tensor] = ()


class CallCount:
    """How often something was called; random ops draw other numbers in each call."""

    def __init__(self):
        self.calls = 0

    def add(self, calls: int = 1) -> int:
        """Count these calls; gives how many there were before."""
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


class Runtime(abc.ABC):
    """One backend: lowers operations to its library, holds variables, compiles programs."""

    name: str
    library: Any  # what lowerings get as their first argument

    @abc.abstractmethod
    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        """A function from input arrays to output arrays that also writes the updates."""

    def begin_calls(self, program: Program, calls: int = 1) -> int:
        """Called before each call: how many there were so far; fetches variables that another backend held since."""
        if program.moves != Variable.moves:
            for variable in program.all_variables:
                variable.handle(self)
            program.moves = Variable.moves
        return program.count.add(calls)

    def compile_batches(self, program: Program) -> BatchLoop:
        """The program as a loop over batches of arrays held in memory."""
        return BatchLoop(self.compile(program))

    @abc.abstractmethod
    def make_variable(self, value: np.ndarray, name: str | None) -> Any:
        """A new variable of the backend."""

    @abc.abstractmethod
    def read(self, handle: Any) -> np.ndarray:
        """The value of a variable."""

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

    def compute(self, op: Op, arrays: Sequence[np.ndarray], layout: Sequence, attributes: dict) -> Any:
        """The value of one op on arrays, at once."""
        result = self.apply_op(op, rebuild([self.constant(array) for array in arrays], layout), attributes)
        return [self.to_array(one) for one in result] if isinstance(result, list | tuple) else self.to_array(result)

    @abc.abstractmethod
    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        """Run the backend's own code on symbolic inputs: shapes, dtypes, variables it read, whether it gave several."""

    def apply_op(self, op: Op, arguments: Sequence, attributes: dict) -> Any:
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
                values.setdefault(tensor, value)  # one of several outputs may be given as an input
        return values

    def _apply_recorded(self, operation: Operation, inputs: list, values: dict, phase: int) -> Any:
        attributes = {name: BoundStep(self, value, values, phase) if isinstance(value, Subgraph) else value
                      for name, value in operation.attributes.items() if name != "_layout"}
        return self.apply_op(operation.op, rebuild(inputs, operation.attributes["_layout"]), attributes)

    def value(self, tensor: Tensor, values: dict) -> Any:
        """The native value of a tensor among these; a constant is made when it is first met."""
        if tensor not in values:
            assert isinstance(tensor, Constant), f"{tensor!r} has no value"
            values[tensor] = self.constant(tensor.value)
        return values[tensor]


# ---- which runtime is active

_KEPT_BY_A_NEW_SESSION = 8  # programs: the models of a cell that is run again
_runtimes: dict[str, Runtime] = {}
_chosen: str | None = None
_forced = threading.local()  # the backend in force in this thread, whatever was chosen
_loading = threading.RLock()
_waiting_to_load: threading.Timer | None = None


def backend() -> str:
    """The name of the backend: 'tensorflow' or 'theano'."""
    global _chosen
    if forced := forced_backend():
        return forced
    if _chosen is None:
        _chosen = config.configured_backend()
    return _chosen


def forced_backend() -> str | None:
    """The backend in force in this thread, whatever was chosen for all; None outside `in_force`."""
    return getattr(_forced, "name", None)


@contextlib.contextmanager
def in_force(name: str) -> Iterator[None]:
    """While inside, this thread computes with this backend."""
    outer = forced_backend()
    _forced.name = name
    try:
        yield
    finally:
        _forced.name = outer


def use(name: str) -> None:
    """Compute with this backend from now on; models and their weights move along.

    Raises:
        BackendError: no such backend, or its library is not installed (the backend stays as it was).
    """
    global _chosen
    name = config.check_backend_name(name)
    if name not in config.available_backends():
        raise BackendError(f'backend "{name}" needs the package {config.LIBRARIES[name]}, which is not installed.',
                           f'Install it: pip install "kerasnb[{name}]".')
    _chosen = name


def active() -> Runtime:
    """The runtime of the chosen backend, loaded."""
    return load(backend())


def load(name: str) -> Runtime:
    """The runtime of this name; its library is imported the first time."""
    return _runtimes.get(name) or _load(name)


def _load(name: str) -> Runtime:
    with _loading:
        if name not in _runtimes:
            if name not in config.available_backends():
                use(name)  # raises the error that says what to install
            with untouched():
                if name == "tensorflow":
                    from .tensorflow_runtime import TensorFlowRuntime as Made
                else:
                    from .theano_runtime import TheanoRuntime as Made
                _runtimes[name] = Made()
        return _runtimes[name]


def forget_programs() -> None:
    """Let go what loaded backends compiled, but for the few programs that were used last."""
    for one in _runtimes.values():
        one.shared.keep(_KEPT_BY_A_NEW_SESSION)


def is_loaded(name: str) -> bool:
    """Whether the library of this backend was imported."""
    return name in _runtimes


def preload(after: float = 0.0) -> threading.Thread | None:
    """Load the chosen backend in the background; None when it is loaded already or not installed.

    Args:
        after: seconds in which it must not be asked for again, since loading makes other threads stutter.
    """
    global _waiting_to_load
    name = backend()
    if name in _runtimes or name not in config.available_backends():
        return None
    if _waiting_to_load is not None:
        _waiting_to_load.cancel()
    _waiting_to_load = threading.Timer(after, _load, args=(name,))
    _waiting_to_load.daemon = True
    _waiting_to_load.start()
    return _waiting_to_load


def is_native(value: Any) -> bool:
    """Whether the value is a tensor of a backend's own; one of the chosen backend's loads it."""
    name = backend()
    if name not in _runtimes and type(value).__module__.split(".")[0] == config.LIBRARIES[name]:
        load(name)
    return any(runtime.is_native(value) for runtime in _runtimes.values())


@contextlib.contextmanager
def lowering(program: Program) -> Iterator[None]:
    """While a program is lowered, `program_in_lowering` gives it."""
    outer = program_in_lowering(), getattr(_progress, "held", [])
    _progress.program, _progress.held = program, []
    try:
        yield
    finally:
        for items in _progress.held:
            items.clear()
        _progress.program, _progress.held = outer


def program_in_lowering() -> Program | None:
    """The program that is being lowered in this thread."""
    return getattr(_progress, "program", None)


def hold_while_lowering(*items: Any) -> list:
    """A list of these, emptied when the program is lowered: for functions that the library keeps for ever."""
    held = list(items)
    _progress.held.append(held)
    return held


def is_differentiating() -> bool:
    """Whether the program that is being lowered holds gradients, which a lowering may have to prepare for."""
    program = program_in_lowering()
    return program is not None and program.uses("gradients")


@contextlib.contextmanager
def lowering_for_xla(is_so: bool) -> Iterator[None]:
    """While a program is lowered for TensorFlow's compiler, `is_for_xla` says so."""
    outer = is_for_xla()
    _progress.for_xla = is_so
    try:
        yield
    finally:
        _progress.for_xla = outer


def is_for_xla() -> bool:
    """Whether XLA compiles what is being lowered for TensorFlow, whose own kernels it then replaces by others."""
    return getattr(_progress, "for_xla", False)


@contextlib.contextmanager
def values_in_progress(find: Callable[[Tensor], Any]) -> Iterator[None]:
    """While the backend's own code runs, `find` gives the native value of a symbolic tensor it meets."""
    outer = getattr(_progress, "find", None)
    _progress.find = find
    try:
        yield
    finally:
        _progress.find = outer


def value_in_progress(tensor: Tensor) -> Any:
    """The native value of the tensor while the backend's own code runs, else None."""
    find = getattr(_progress, "find", None)
    return find(tensor) if find else None
