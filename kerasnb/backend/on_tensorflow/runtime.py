"""The TensorFlow 2 runtime: programs become functions of TensorFlow, by XLA or by its own kernels."""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...caller import warn_user
from ..graph.phase import CALLS, PHASE
from ..graph.programs import Program
from ..graph.seeding import SinceSeeding
from ..graph.structure import structure_of
from ..graph.tensor import Constant, Operation, Tensor, Variable
from ..plans.pieces import Rest
from ..plans.plan import FEWEST, KERNELS, PIECES, XLA, Plan
from ..runtime.aligned import Taken, aligned_copy
from ..runtime.contract import BatchLoop, Runtime
from ..runtime.freed import give_back
from ..runtime.machines import machines
from ..runtime.progress import lowering, lowering_for_xla, program_in_lowering
from ..runtime.shared import Shared
from ..runtime.stand_ins import tried_on_stand_ins
from .blame import MARK, blaming
from .quiet import without_lines
from .slices import map_slices
from .updates import LastRows, Table, update_by_xla, update_rows, whole

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

with without_lines(
    "oneDNN custom operations",
    "before absl::InitializeLog",
    "cpu_feature_guard",
    "rebuild TensorFlow",
    "Could not find cuda drivers",
    "Unable to register cu",
):
    import tensorflow as tf
    from tensorflow.core.protobuf import rewriter_config_pb2
    from tensorflow.python.eager import context
    from tensorflow.python.framework import func_graph, ops

    tf.constant(0)  # the first value starts the devices, which talk too

logging.getLogger("tensorflow").setLevel(logging.ERROR)


def _eagerly(function: Callable) -> Callable:
    """The function lifted out of a `tf.Graph` that the caller has made the default, where nothing has a value."""

    @functools.wraps(function)
    def lifted(*args, **kwargs):
        if tf.executing_eagerly():
            return function(*args, **kwargs)
        with context.eager_mode():
            return function(*args, **kwargs)

    return lifted


def _let_kernels_go() -> None:
    context.context().clear_kernel_cache()
    give_back()


class TensorFlowRuntime(Runtime):
    """Programs become `tf.function`s; variables `tf.Variable`s."""

    name = "tensorflow"
    library = tf

    def __init__(self):
        self.shared = Shared(after_drops=_let_kernels_go)

    def seed_library(self, number: int) -> None:
        tf.random.set_seed(number)

    # ---- variables and values

    def make_variable(self, value: np.ndarray, name: str | None) -> tf.Variable:
        # a variable that is made while a function is traced would else belong to that function
        with tf.init_scope():
            return tf.Variable(value, trainable=False)

    @_eagerly
    def read(self, handle: tf.Variable) -> np.ndarray:
        value = handle.read_value()
        # its memory as it is: an assignment takes another, where somebody still looks at this one
        return value.numpy() if value.dtype == tf.bfloat16 else np.asarray(memoryview(value))

    @_eagerly
    def write(self, handle: tf.Variable, value: np.ndarray) -> None:
        handle.assign(value)

    def constant(self, value: Any) -> tf.Tensor | tf.SparseTensor:
        return _sparse(value) if hasattr(value, "tocoo") else tf.constant(value)

    def to_array(self, value: tf.Tensor) -> np.ndarray:
        return value.numpy()

    def is_native(self, value: Any) -> bool:
        return isinstance(value, tf.Tensor | tf.Variable | tf.SparseTensor)

    def static_shape(self, value: Any) -> tuple[int | None, ...]:
        return tuple(value.shape)

    def dtype_of(self, value: Any) -> str:
        return value.dtype.base_dtype.name

    def with_declared_sizes(self, value: Any, tensor: Tensor) -> Any:
        return tf.ensure_shape(value, tensor.shape)

    def map_natives(self, function: Callable[[Sequence], Any], sequences: Sequence) -> Any:
        return map_slices(tf, function, sequences)

    # ---- programs

    @_eagerly
    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        return CompiledStep(self, program)

    @_eagerly
    def compile_batches(self, program: Program) -> BatchLoop:
        plan = self.plan(program)
        return TensorFlowBatchLoop(self, program, plan) if plan.most_steps > 1 else super().compile_batches(program)

    def lower(
        self, program: Program, inputs: Sequence, variables: Sequence, calls: Any, seeds: Any
    ) -> tuple[list, list]:
        """Outputs and new variable values of one step, from native inputs and variable values."""
        values = self.leaves(program, inputs, calls, seeds)
        values.update(zip(program.variables, variables, strict=True))
        with lowering(program):
            self.run(program.operations, values, program.phase)
        return (
            [_dense(self.value(tensor, values)) for tensor in program.outputs],
            [self.value(value, values) for _, value in program.updates],
        )

    def leaves(self, program: Program, inputs: Sequence, calls: Any, seeds: Any) -> dict[Tensor, Any]:
        """The values that a step begins with, but for variables."""
        values: dict[Tensor, Any] = {PHASE: tf.constant(program.phase, tf.uint8), CALLS: calls}
        values.update((seed, seeds[place]) for place, seed in enumerate(program.seeds))
        values.update(zip(program.inputs, inputs, strict=True))
        return values

    def _apply_recorded(self, operation: Operation, inputs: list, values: dict, phase: int) -> Any:
        program = program_in_lowering()
        place = program.places.get(operation) if program else None
        if place is None:  # inside a loop, whose own operation has a place
            return super()._apply_recorded(operation, inputs, values, phase)
        # an error while it runs can then be traced to its operation; places, since TensorFlow sorts by name: the same
        # model built twice must round alike
        with tf.name_scope(f"{MARK}{place}"):
            return super()._apply_recorded(operation, inputs, values, phase)

    # ---- the user's own TensorFlow code

    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        def stand_in(tensor: Tensor) -> Any:
            if isinstance(tensor, Constant):
                return self.constant(tensor.value)
            make = tf.compat.v1.sparse_placeholder if tensor.is_sparse else tf.compat.v1.placeholder
            return make(tensor.dtype, tensor.shape)

        with func_graph.FuncGraph("takes in tensors of its own").as_default():
            results, read, several = tried_on_stand_ins(function, inputs, stand_in, tf.convert_to_tensor)
        return [tuple(one.shape) for one in results], [one.dtype.name for one in results], read, several


class HeldHandles:
    """What a compiled function is given besides its inputs: a model's variables and seeds."""

    def __init__(self, runtime: TensorFlowRuntime, program: Program):
        # handles, not values: what is compiled serves several models, and each call says whose variables it reads
        self.handles = [variable.handle(runtime).handle for variable in program.all_variables]
        self._of_seeds, self._seeds, self._seeding = program.seeds, None, SinceSeeding()

    @property
    def seeds(self) -> tf.Tensor:
        if self._seeds is None or self._seeding.is_new():
            self._seeds = tf.constant([seed.number() for seed in self._of_seeds], tf.int64)
        return self._seeds


class CompiledStep:
    """A compiled step of one program, with its variables and seeds.

    A training step that is called often with arrays of the same sizes takes the form that its plan says. Calls are
    counted, not timed: the same program gives the same numbers.
    """

    def __init__(self, runtime: TensorFlowRuntime, program: Program):
        self.runtime, self.program = runtime, program
        self.structure = structure_of(program)
        self.held = HeldHandles(runtime, program)
        self.conversions = [_sparse if tensor.is_sparse else _plain for tensor in program.inputs]
        self.counts: dict[tuple, int] = {}
        self._seeding = SinceSeeding()
        self._follow_plan()

    def _follow_plan(self) -> None:
        self.plan = plan = self.runtime.plan(self.program)
        self.zeros = [(one, one.writes) for update in plan.tables for one in update.zeros]
        self.last_rows = LastRows(self.runtime, plan.tables)
        self.compiled = self._compiled(KERNELS)
        self.grows_faster = plan.form != KERNELS and bool(self.program.updates) and self.program.uses("gradients")
        self.faster: CompiledFunction | None = None

    @_eagerly
    def __call__(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        if any(variable.writes != writes for variable, writes in self.zeros):
            self._follow_plan()  # a momentum may be 0 no more
        calls = _plain(np.int64(self.runtime.begin_calls(self.program)))
        given = [convert(array) for convert, array in zip(self.conversions, arrays, strict=True)]
        compiled = self._chosen(arrays) if self.grows_faster else self.compiled
        with blaming(self.program, tf.errors.OpError):
            results = compiled(calls, self.held.seeds, *self.held.handles, *given, *self.last_rows.begin())
            outputs = results[: len(self.program.outputs)] if results else ()
            self.last_rows.end(results[len(outputs) :] if results else ())
            return [output.numpy() for output in outputs]

    def _chosen(self, arrays: Sequence[np.ndarray]) -> CompiledFunction:
        if self._seeding.is_new():
            self.counts.clear()  # XLA rounds otherwise in the last place
        # XLA compiles for each size anew, so each has to come often by itself
        sizes = tuple([array.shape for array in arrays])
        count = self.counts[sizes] = self.counts.get(sizes, 0) + 1
        if count <= self.plan.patience:
            return self.compiled
        self.faster = self.faster or self._compiled(self.plan.form)
        return self.faster

    def _compiled(self, form: str) -> CompiledFunction:
        program, plan = self.program, self.plan
        rows = [tf.TensorSpec([None], tf.int64)] * len(self.last_rows.tables)
        signature = [tf.TensorSpec((), tf.int64), *_held_signature(program), *_signature(program), *rows]

        def make(form: str) -> Callable:
            run = functools.partial(_run_step, self.runtime, program, plan, form == PIECES)
            return _traced(run, signature, form == XLA, plan.fuses)

        key = self.structure and ("step", self.structure, form, len(plan.tables))
        return self.runtime.shared.get(key, lambda: CompiledFunction(make, form))[0]


def _run_step(
    runtime: TensorFlowRuntime,
    program: Program,
    plan: Plan,
    by_pieces: bool,
    calls: tf.Tensor,
    seeds: tf.Tensor,
    *given: tf.Tensor,
):
    """The outputs of one step, whose updates are written, and the rows that tables were written in.

    Args:
        given: handles of variables, the inputs, and the rows that tables were written in by the last step.
    """
    variables = program.all_variables
    handles, given = dict(zip(variables, given, strict=False)), given[len(variables) :]
    inputs, last_rows = given[: len(program.inputs)], iter(given[len(program.inputs) :])
    piece = plan.piece if by_pieces else None
    rest = Rest(program, [*(update.piece for update in plan.tables), *([piece] if piece else [])])
    values = runtime.leaves(program, inputs, calls, seeds)
    picked = {variable: Table(tf, handles[variable], variable) for variable in plan.picked}
    values.update((one, picked[one] if one in picked else _read(handles[one], one)) for one in rest.variables)
    with lowering(program):
        runtime.run(rest.operations, values, program.phase)
    outputs = [_dense(runtime.value(tensor, values)) for tensor in program.outputs]
    new_values = [runtime.value(value, values) for _, value in rest.updates]
    # all is computed from the old values before the first new one is written
    with tf.control_dependencies([*outputs, *new_values]):
        if piece is not None:
            update_by_xla(runtime, program, piece, handles, values)
        rows = [update_rows(runtime, program, one, handles, values, last_rows) for one in plan.tables]
        for (variable, _), value in zip(rest.updates, new_values, strict=True):
            tf.raw_ops.AssignVariableOp(resource=handles[variable], value=value)
    return [*(tf.identity(output) for output in outputs), *(one for one in rows if one is not None)]


class CompiledFunction:
    """A traced function of flat arguments; in the form that is wanted, if XLA does not refuse.

    Args:
        make: a function of the form that traces.
        form: one of those of plans.
    """

    def __init__(self, make: Callable[[str], Callable], form: str):
        self._call = make(form)
        # None once it is settled, so that a model of which only the compiled function is kept can go
        self._make = None if form == KERNELS else make

    def __call__(self, *arguments: Any) -> list:
        if self._make is None:
            return self._call(*arguments)
        try:
            results = self._call(*arguments)
        # what XLA has no kernel for shows only when the function is first run
        except (tf.errors.OpError, ValueError, TypeError) as error:
            self._call = self._make(KERNELS)
            results = self._call(*arguments)
            warn_user(f"XLA refused this model, training goes on without it: {str(error)[:300]}")
        self._make = None
        return results


def _traced(function: Callable, signature: Sequence, use_xla: bool, fuses: bool) -> Callable:
    made = tf.function(function, input_signature=signature, autograph=False, jit_compile=use_xla)
    with lowering_for_xla(use_xla):
        concrete = made.get_concrete_function()
    call: Callable = concrete
    if not concrete.captured_inputs and not any(isinstance(one, tf.SparseTensorSpec) for one in signature):
        # past the check of every argument against the signature, which takes longer than a small step
        call = getattr(getattr(concrete, "_inference_function", None), "call_flat", None) or concrete
    return call if use_xla or fuses else _without_fusing(call)


def _without_fusing(function: Callable) -> Callable:
    """The function, whose products TensorFlow does not fuse with the sums that follow them.

    A fused product is one of oneDNN's, made for its sizes: 0.1 MB, of which TensorFlow keeps the last 1,024 in each of
    its threads. It is hardly faster; a convolution is one of these in any case, and fused a fifth faster.
    """
    config = context.context().config
    config.allow_soft_placement = True
    config.graph_options.rewrite_options.remapping = rewriter_config_pb2.RewriterConfig.OFF
    options = context.FunctionCallOptions(config_proto=config)

    @functools.wraps(function)
    def unfused(*arguments: Any) -> Any:
        of_thread = context.context()
        before, of_thread.function_call_options = of_thread.function_call_options, options
        try:
            return function(*arguments)
        finally:
            of_thread.function_call_options = before

    return unfused


def _read(handle: Any, variable: Variable) -> tf.Tensor:
    return whole(tf, handle, variable)


class TensorFlowBatchLoop(BatchLoop):
    """Several steps in one call: batches are gathered inside the graph, variables carried through the loop.

    XLA takes seconds to compile a loop, and TensorFlow keeps what XLA compiled until the process ends. So the first
    batches of a small model are run one by one, and those of a small data set.
    """

    def __init__(self, runtime: TensorFlowRuntime, program: Program, plan: Plan):
        self.runtime, self.program = runtime, program
        self.structure = structure_of(program)
        self.held = HeldHandles(runtime, program)
        self.plan, self.most_steps, self.patience = plan, plan.most_steps, plan.patience
        self.first_steps = 0  # that were run one by one
        self._seeding = SinceSeeding()
        self._step: CompiledStep | None = None
        self._loops: dict[tuple, CompiledFunction] = {}

    @_eagerly
    def hold(self, arrays: Sequence[np.ndarray]) -> list[tf.Tensor]:
        return [tf.constant(Taken(aligned_copy(array))) for array in arrays]

    @_eagerly
    def __call__(self, data: list[tf.Tensor], indices: np.ndarray) -> list[np.ndarray]:
        steps, batch = indices.shape
        first = self._waiting_for_xla(steps)
        if first == steps:
            return self._one_by_one(data, indices)
        if first:
            parts = self._one_by_one(data, indices[:first]), self(data, indices[first:])
            return [np.concatenate(outputs) for outputs in zip(*parts, strict=True)]
        capacity = max(self.capacity, steps)
        padded = np.zeros((capacity, batch), "int32")
        padded[:steps] = indices
        calls = tf.constant(self.runtime.begin_calls(self.program, steps), tf.int64)
        loop = self._loop_for(capacity, batch, data)
        held = self.held.seeds, *self.held.handles
        with blaming(self.program, tf.errors.OpError):
            outputs = loop(calls, *held, tf.constant(steps), tf.constant(padded), *data)
            return [output.numpy()[:steps] for output in outputs]

    def _waiting_for_xla(self, steps: int) -> int:
        """How many of the next steps are run one by one: by count, since how many come in one call is timed."""
        if self._seeding.is_new():
            self.first_steps = 0
        waits = self.plan.form == XLA and (self.plan.is_patient or self.capacity < FEWEST)
        return min(steps, max(0, self.patience - self.first_steps)) if waits else 0

    def _one_by_one(self, data: list[tf.Tensor], indices: np.ndarray) -> list[np.ndarray]:
        self.first_steps += len(indices)
        self._step = self._step or CompiledStep(self.runtime, self.program)
        arrays = [np.asarray(memoryview(array)) for array in data]  # numpy() would copy them
        results = [self._step([array[rows] for array in arrays]) for rows in indices]
        return [np.stack(outputs) for outputs in zip(*results, strict=True)]

    def _loop_for(self, capacity: int, batch: int, data: Sequence[tf.Tensor]) -> CompiledFunction:
        sizes = capacity, batch, *(tuple(array.shape[1:]) for array in data)
        if sizes not in self._loops:
            key = self.structure and (self.structure, sizes)
            self._loops[sizes], _ = self.runtime.shared.get(key, lambda: self._compiled(capacity, batch, data))
        return self._loops[sizes]

    def _compiled(self, capacity: int, batch: int, data: Sequence[tf.Tensor]) -> CompiledFunction:
        signature = [
            tf.TensorSpec((), tf.int64),
            *_held_signature(self.program),
            tf.TensorSpec((), tf.int32),
            tf.TensorSpec((capacity, batch), tf.int32),
            *(tf.TensorSpec((None, *array.shape[1:]), array.dtype) for array in data),
        ]
        run = functools.partial(_run_batches, self.runtime, self.program)
        return CompiledFunction(lambda form: _traced(run, signature, form == XLA, True), self.plan.form)


def _run_batches(runtime: TensorFlowRuntime, program: Program, calls: tf.Tensor, seeds: tf.Tensor, *given: tf.Tensor):
    """The outputs of several steps, stacked; given are handles of variables, number of steps, places, and the data."""
    variables = program.all_variables
    handles = dict(zip(variables, given, strict=False))
    steps, indices, *data = given[len(variables) :]
    updated = [variable for variable, _ in program.updates]
    values = {variable: _read(handle, variable) for variable, handle in handles.items()}
    records = [
        tf.TensorArray(output.dtype, size=indices.shape[0], element_shape=output.shape) for output in program.outputs
    ]

    def body(step, state, records):
        carried = values | dict(zip(updated, state, strict=True))
        rows = indices[step]
        batch = [tf.ensure_shape(tf.gather(array, rows), _joined(array, rows)) for array in data]
        current = [carried[variable] for variable in program.variables]
        outputs, new_state = runtime.lower(program, batch, current, calls + tf.cast(step, tf.int64), seeds)
        written = [record.write(step, output) for record, output in zip(records, outputs, strict=True)]
        return step + 1, new_state, written

    # the variables themselves are read once and written once: inside the loop their values are its state
    start = [tf.constant(0), [values[variable] for variable in updated], records]
    # a step's sums over machines must not begin before those of the step before are done
    at_once = 10 if machines().count == 1 else 1
    _, state, records = tf.while_loop(lambda step, *_: step < steps, body, start, parallel_iterations=at_once)
    for variable, value in zip(updated, state, strict=True):
        tf.raw_ops.AssignVariableOp(resource=handles[variable], value=value)
    return [record.stack() for record in records]


def _joined(array: tf.Tensor, rows: tf.Tensor) -> list:
    return [rows.shape[0], *array.shape[1:]]


def _held_signature(program: Program) -> list[tf.TensorSpec]:
    """The seeds, and the handle of each variable."""
    handles = [tf.TensorSpec((), tf.resource)] * len(program.all_variables)
    return [tf.TensorSpec((len(program.seeds),), tf.int64), *handles]


def _signature(program: Program) -> list[tf.TensorSpec | tf.SparseTensorSpec]:
    return [
        (tf.SparseTensorSpec if tensor.is_sparse else tf.TensorSpec)(tensor.shape, tensor.dtype)
        for tensor in program.inputs
    ]


def _sparse(matrix: Any) -> tf.SparseTensor:
    """A scipy matrix whose values are in order as a sparse tensor."""
    found = matrix.tocoo()
    return tf.SparseTensor(np.stack([found.row, found.col], axis=1).astype("int64"), found.data, found.shape)


_SMALL = 1 << 17  # bytes, which are copied in less time than `tf.constant` needs for itself


def _plain(array: np.ndarray | np.generic) -> tf.Tensor:
    """The array as a tensor, past the op by which `tf.constant` takes several times as long.

    What begins at TensorFlow's places would be shared with the caller, and a variable that is set to it too.
    """
    return ops.EagerTensor(array.copy(), None, None) if array.nbytes <= _SMALL else tf.constant(array)


def _dense(value: Any) -> tf.Tensor:
    return tf.sparse.to_dense(value) if isinstance(value, tf.SparseTensor) else value


made = TensorFlowRuntime  # what `chosen` calls
