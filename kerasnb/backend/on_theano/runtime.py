"""The Theano runtime: PyTensor, Theano's maintained successor, compiled by JAX where it is installed, else by Numba."""

from __future__ import annotations

import functools
import importlib.util
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytensor
import pytensor.tensor as pt

from ...errors import BackendError
from .. import config
from ..graph.phase import CALLS, PHASE
from ..graph.programs import Program
from ..graph.structure import structure_of
from ..graph.tensor import Constant, Operation, Seed, Tensor, met_native
from ..runtime.contract import BatchLoop, Runtime
from ..runtime.freed import give_back
from ..runtime.progress import value_in_progress
from ..runtime.shared import Shared
from ..runtime.stand_ins import tried_on_stand_ins
from .inside import Constant as NativeConstant
from .inside import (
    FunctionGraph,
    Print,
    SharedVariable,
    TensorType,
    as_tensor_of,
    cell_of,
    disconnected_grad,
    forget_traces,
    full_precision,
    infer_static_shape,
    scan,
)
from .ops import Convolve, Draw, Largest, Loop, OnHost, Refuse, Total

# before any graph: PyTensor's own default of float64 does not mix with JAX and scan
pytensor.config.floatX = config.floatx()

_MODES = {"numba": "NUMBA", "python": "FAST_COMPILE"}


@as_tensor_of(Tensor)
def _native_value(x: Tensor, name=None, ndim=None, **kwargs) -> pt.TensorVariable:
    """What PyTensor's own functions make of a symbolic tensor: its value, or the signal to record them whole."""
    value = value_in_progress(x)
    if value is None:
        raise met_native("pytensor")
    return pt.as_tensor_variable(value, name=name, ndim=ndim)


class Library:
    """What lowerings get as `pt`: pytensor.tensor and what it lacks."""

    def __init__(self, mode: str | None):
        self._mode = mode  # PyTensor's own, None for JAX

    def __getattr__(self, name: str) -> Any:
        return getattr(pt, name)

    @property
    def whole(self) -> Any:
        """PyTensor itself."""
        return pytensor

    @property
    def sparse(self) -> Any:
        """PyTensor's own sparse matrices; K's are not of this kind."""
        import pytensor.sparse

        return pytensor.sparse

    def gradients(self, loss: Any, variables: Sequence) -> list:
        """The derivatives of a scalar, zeros where it does not depend on a variable."""
        found: Any = pytensor.grad(loss, list(variables), disconnected_inputs="ignore", return_disconnected="zero")
        return found

    def is_computed(self, x: Any) -> bool:
        """Whether it is no constant."""
        return not isinstance(x, NativeConstant)

    def stop_gradient(self, x: Any) -> Any:
        return disconnected_grad(x)

    def identity(self, x: Any) -> Any:
        return pt.tensor_copy(x)

    def printed(self, x: Any, message: str) -> Any:
        """`x` itself, printed whenever it is computed."""
        return Print(message)(x)

    def largest(self, x: Any, axes: Sequence[int]) -> Any:
        """The largest value along these axes, counted from the front; equal ones share the gradient."""
        return Largest(tuple(axes))(x) if axes else x

    def convolve(
        self,
        x: Any,
        kernel: Any,
        strides: Sequence[int],
        border_mode: str,
        dilation: Sequence[int],
        apart: bool = False,
    ) -> Any:
        """A kernel (..., features, filters) slid over (batch, ..., features), flipped as Theano does.

        Args:
            apart: each feature by itself, by a kernel (..., features, multiplier).
        """
        return Convolve(strides, border_mode, dilation, apart)(x, kernel)

    def draw(self, distribution: str, sizes: Sequence, calls: Any, seed: Any, dtype: str) -> Any:
        """Random numbers that depend on seed and count of calls only."""
        return Draw(distribution, dtype)(calls, seed, *sizes)

    def on_host(self, function: Callable, sizes: Callable, dtypes: Sequence[str], *inputs: Any) -> list:
        """What a function of numpy arrays gives, with results of these sizes (a function of the inputs') and dtypes."""
        return OnHost(function, sizes, dtypes).make_node(*inputs).outputs

    def total(self, x: Any) -> Any:
        """The sum over the machines that compute together."""
        return Total()(x)

    def refuse(self, x: Any, holds: Any, reason: str, advice: str) -> Any:
        """`x` itself; an error when it is computed unless `holds`."""
        return Refuse(reason, advice)(x, holds)

    def loop(
        self, step: Callable, sequences: Sequence, initial: Sequence, captured: Sequence, count: int | None
    ) -> list:
        """`step` repeated along the first axis of the sequences; collected outputs, then the last states."""
        slices = [TensorType(one.dtype, one.type.shape[1:])() for one in sequences]
        states = [TensorType(one.dtype, one.type.shape)() for one in initial]
        outputs = [pt.as_tensor_variable(one) for one in step(*slices, *states)]
        if self._mode:
            return _scanned(step, outputs, sequences, initial, count, self._mode)
        outer = list(dict.fromkeys(one for one in captured if not isinstance(one, NativeConstant)))
        # a copy: rewrites work in place, and what is captured belongs to the graph around
        graph = FunctionGraph([*slices, *states, *outer], outputs, clone=True)
        steps = sequences[0].type.shape[0] if sequences else count
        steps = pt.as_tensor_variable(sequences[0].shape[0] if steps is None else steps, dtype="int64")
        return Loop(graph, len(slices), len(states)).make_node(steps, *sequences, *initial, *outer).outputs


def _scanned(
    step: Callable, outputs: Sequence, sequences: Sequence, initial: Sequence, count: int | None, mode: str
) -> list:
    """A loop by pytensor.scan, whose states must keep one type."""
    states = len(initial)

    def scanned(*given):
        new = [pt.as_tensor_variable(one) for one in step(*given[: len(sequences) + states])]
        return [pt.specify_shape(one, old.type.shape) for one, old in zip(new, initial, strict=False)] + new[states:]

    results = scan(
        scanned,
        mode,
        sequences=list(sequences),
        n_steps=None if sequences else count,
        outputs_info=[*initial, *[None] * (len(outputs) - states)],
    )
    results = results if isinstance(results, list | tuple) else [results]
    return [*results[states:], *(result[-1] for result in results[:states])]


def _let_traces_go() -> None:
    forget_traces()
    give_back()


class TheanoRuntime(Runtime):
    """Programs become PyTensor graphs; variables are shared variables.

    Args:
        linker: 'jax', 'numba', or 'python' (compiles nothing and runs slowly); by default the best one installed.
    """

    name = "theano"

    def __init__(self, linker: str | None = None):
        self.linker = linker or ("jax" if importlib.util.find_spec("jax") else "numba")
        self._mode = _MODES.get(self.linker)
        if self.linker == "jax":
            # heavy, and not there without JAX; a runtime imports all that it needs when it is loaded
            from . import steps, to_jax

            self._jax, self._steps = to_jax, steps
        self.library = Library(self._mode)
        self.shared = Shared(after_drops=_let_traces_go if self.linker == "jax" else give_back)
        self._graphs = threading.RLock()  # PyTensor builds and rewrites graphs in one thread at a time
        self._values = threading.RLock()  # held from reading variables to writing their updates

    # ---- variables and values

    def make_variable(self, value: np.ndarray, name: str | None) -> SharedVariable:
        # with its shape, since PyTensor would else know none while graphs are built
        return pytensor.shared(np.array(value), name=name, shape=value.shape)

    def read(self, handle: SharedVariable) -> np.ndarray:
        value = cell_of(handle)[0]
        # JAX puts another array in its place, PyTensor's own functions may write into this one
        return np.asarray(value) if self.linker == "jax" else np.array(value)

    def write(self, handle: Any, value: np.ndarray) -> None:
        with self._values:
            cell_of(handle)[0] = np.array(value, dtype=handle.dtype)

    def constant(self, value: Any) -> Any:
        value = _dense(value)
        return pt.constant(value, dtype=value.dtype.name)

    def is_native(self, value: Any) -> bool:
        return isinstance(value, pt.TensorVariable)

    def static_shape(self, value: Any) -> tuple[int | None, ...]:
        return tuple(infer_static_shape(value.shape)[1])

    def dtype_of(self, value: Any) -> str:
        return value.dtype

    def to_array(self, value: Any) -> np.ndarray:
        with self._graphs:
            return np.array(self._evaluated(FunctionGraph([], [value], clone=True)))

    def seed_library(self, number: int) -> None:
        """Nothing to set: PyTensor's random numbers have seeds of their own, in its graphs."""

    # ---- programs

    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        make = self._compiled_by_jax if self.linker == "jax" else self._compiled_by_pytensor
        call = make(program)
        if any(tensor.is_sparse for tensor in program.inputs):
            return lambda arrays: call(np.int64(self.begin_calls(program)), list(map(_dense, arrays)))
        return lambda arrays: call(np.int64(self.begin_calls(program)), arrays)

    def compile_batches(self, program: Program) -> BatchLoop:
        most_steps = self.plan(program).most_steps
        if most_steps == 1:
            return super().compile_batches(program)
        key, carried = structure_of(program), _carried(program)
        compiled = self._shared_or_own(
            key and ("batches", key), lambda: self._steps.compiled_batches(self._jax_function(program), carried)
        )
        begin = functools.partial(self.begin_calls, program)
        return self._steps.JaxBatchLoop(compiled, self._held(program), self._values, begin, most_steps)

    def lower(self, program: Program, variables: Sequence) -> tuple[list, list, list]:
        """The program as a PyTensor graph: inputs (the count of calls and the seeds first), outputs, new values.

        Args:
            variables: what stands for the program's variables.
        """
        calls = pt.scalar("calls", dtype="int64")
        seeds = [pt.scalar("seed", dtype="int64") for _ in program.seeds]
        inputs = [TensorType(one.dtype, one.shape)(one.name) for one in program.inputs]
        # for code that reads K.learning_phase() itself; which side of an `in_train_phase` counts is decided before
        values: dict[Tensor, Any] = {PHASE: pt.constant(program.phase, dtype="uint8"), CALLS: calls}
        values.update(zip(program.variables, variables, strict=True))
        values.update(zip([*program.seeds, *program.inputs], [*seeds, *inputs], strict=True))
        self.run(program.operations, values, program.phase)
        return (
            [calls, *seeds, *inputs],
            [self.value(tensor, values) for tensor in program.outputs],
            [self.value(value, values) for _, value in program.updates],
        )

    def _apply_recorded(self, operation: Operation, inputs: list, values: dict, phase: int) -> list:
        """The results with the dtypes and sizes that were declared, where PyTensor says otherwise or does not know."""
        results = super()._apply_recorded(operation, inputs, values, phase)
        results = results if isinstance(results, list | tuple) else [results]
        results = [_as_declared(result, tensor) for result, tensor in zip(results, operation.outputs, strict=True)]
        for result in results:
            if result.owner is not None and not any(result is one for one in inputs):  # else it has its maker
                # for errors that show only once arrays have sizes
                result.tag.made_by = operation.describe(), operation.layer
        return results

    # ---- the two linkers

    def _compiled_by_jax(self, program: Program) -> Callable:
        compiled = self._shared_or_own(
            structure_of(program), lambda: self._steps.compiled_step(self._jax_function(program))
        )
        return self._steps.JaxStep(compiled, self._held(program), self._values)

    def _shared_or_own(self, key: Any, make: Callable[[], Callable]) -> Callable:
        """What is compiled for all programs of this key; an error comes with the program's own names."""
        compiled, is_own = self.shared.get(key, make)
        if is_own:
            return compiled

        def call(*arguments: Any) -> Any:
            try:
                return compiled(*arguments)
            except BackendError:
                pass
            return make()(*arguments)  # fails likewise, with names of layers and lines of this program

        return call

    def _jax_function(self, program: Program) -> Callable:
        with self._graphs:
            stand_ins = [TensorType(one.dtype, one.shape)(one.name) for one in program.variables]
            inputs, outputs, new_values = self.lower(program, stand_ins)
            graph = FunctionGraph([*inputs, *stand_ins], [*outputs, *new_values], clone=True)
            return self._jax.as_jax_function(self._jax.simplify(graph, thoroughly=program.uses("native theano code")))

    def _held(self, program: Program) -> HeldCells:
        """Where the values of the variables that the program reads are kept, and of those that it writes; its seeds."""
        return HeldCells(
            [cell_of(variable.handle(self)) for variable in program.variables],
            [cell_of(variable.handle(self)) for variable, _ in program.updates],
            program.seeds,
        )

    def _compiled_by_pytensor(self, program: Program) -> Callable:
        with self._graphs:
            handles = [variable.handle(self) for variable in program.variables]
            inputs, outputs, new_values = self.lower(program, handles)
            updates = [
                (variable.handle(self), value) for (variable, _), value in zip(program.updates, new_values, strict=True)
            ]
            with warnings.catch_warnings():
                # our ops are in numpy: meant so
                warnings.filterwarnings("ignore", message="Numba will use object mode")
                function = pytensor.function(
                    inputs, outputs, updates=updates, mode=self._mode, on_unused_input="ignore"
                )

        def call(calls: np.int64, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
            with self._values:
                return [
                    np.array(result) for result in function(calls, *[seed.number() for seed in program.seeds], *arrays)
                ]

        return call

    def _evaluated(self, graph: FunctionGraph) -> Any:
        if self.linker != "jax":
            # what runs once is not worth compiling
            return pytensor.function([], graph.outputs, mode=_MODES["python"])()[0]
        with full_precision():
            return self._jax.as_jax_function(graph)()[0]

    # ---- the user's own PyTensor code

    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        def stand_in(tensor: Tensor) -> Any:
            if isinstance(tensor, Constant):
                return self.constant(tensor.value)
            return TensorType(tensor.dtype, tensor.shape)(tensor.name)

        with self._graphs:
            results, read, several = tried_on_stand_ins(function, inputs, stand_in, pt.as_tensor_variable)
            return [self.static_shape(one) for one in results], [one.dtype for one in results], read, several


@dataclass
class HeldCells:
    """What a compiled function is given besides its inputs: cells of variables that it reads and writes, seeds."""

    read: Sequence[list]
    written: Sequence[list]
    of_seeds: Sequence[Seed]

    @property
    def seeds(self) -> list[np.ndarray]:
        return [seed.number() for seed in self.of_seeds]


def _carried(program: Program) -> list[int | None]:
    """For each variable that is written, its place among those that are read."""
    places = {variable: place for place, variable in enumerate(program.variables)}
    return [places.get(variable) for variable, _ in program.updates]


def _dense(array: Any) -> np.ndarray:
    """The array itself, or all values of a scipy matrix: JAX has no sparse matrices of PyTensor's kind."""
    return array.toarray() if hasattr(array, "toarray") else array


def _as_declared(value: Any, tensor: Tensor) -> Any:
    value = pt.as_tensor_variable(value)
    if value.dtype != tensor.dtype:
        value = pt.cast(value, tensor.dtype)
    if any(known is None and said is not None for known, said in zip(value.type.shape, tensor.shape, strict=True)):
        value = pt.specify_shape(value, tensor.shape)
    return value


made = TheanoRuntime  # what `chosen` calls
