"""The TensorFlow 2 runtime: the only file that knows TensorFlow."""
from __future__ import annotations

import contextlib
import logging
import os
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..errors import BackendError
from .phase import CALLS, PHASE
from .quiet import without_lines
from .runtime import BatchLoop, Program, Runtime, differentiating, values_in_progress
from .tensor import Constant, Operation, Tensor

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

with without_lines("oneDNN custom operations", "before absl::InitializeLog", "cpu_feature_guard", "rebuild TensorFlow",
                   "Could not find cuda drivers", "Unable to register cu"):
    import tensorflow as tf

    tf.constant(0)  # the first value starts the devices, which talk too

logging.getLogger("tensorflow").setLevel(logging.ERROR)

# XLA's convolution on the CPU halves the speed of a step, and ruins it inside a loop
_NOT_FOR_XLA = ("conv2d", "pool2d", "conv3d", "pool3d", "separable_conv2d", "deconv2d", "native tensorflow code")
_NOT_FOR_XLA += ("_ctc_loss", "_ctc_decode")  # it has no kernels for these


class TensorFlowRuntime(Runtime):
    """Programs become `tf.function`s; variables `tf.Variable`s."""

    name = "tensorflow"
    library = tf

    # ---- variables and values

    def make_variable(self, value: np.ndarray, name: str | None) -> tf.Variable:
        with tf.init_scope():
            return tf.Variable(value, trainable=False)

    def read(self, handle: tf.Variable) -> np.ndarray:
        return handle.numpy()

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

    # ---- programs

    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        handles = [variable.handle(self) for variable in program.variables]
        updated = [variable.handle(self) for variable, _ in program.updates]

        def step(calls, *inputs):
            variables = [handle.read_value() for handle in handles]
            outputs, new_values = self.lower(program, inputs, variables, calls)
            with tf.control_dependencies([*outputs, *new_values]):
                for handle, value in zip(updated, new_values, strict=True):
                    handle.assign(value, read_value=False)
            return [tf.identity(output) for output in outputs]

        signature = [tf.TensorSpec((), tf.int64), *_signature(program)]
        # XLA draws other random numbers than TensorFlow's kernels do; one training step draws as a loop of them does
        random_step = bool(program.updates) and program.uses("_uniform", "_normal")
        use_xla = random_step and not program.uses(*_NOT_FOR_XLA) and not program.has_sparse
        concrete = _concrete(step, signature, use_xla)

        def call(arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
            calls = tf.constant(self.begin_calls(program), tf.int64)
            with _blaming(program):
                return [output.numpy() for output in concrete(calls, *map(tf.constant, arrays))]

        def call_with_sparse(arrays: Sequence) -> list[np.ndarray]:
            calls = tf.constant(self.begin_calls(program), tf.int64)
            given = [_sparse(array) if tensor.is_sparse else tf.constant(array)
                     for tensor, array in zip(program.inputs, arrays, strict=True)]
            with _blaming(program):
                return [output.numpy() for output in concrete(calls, *given)]

        return call_with_sparse if any(tensor.is_sparse for tensor in program.inputs) else call

    def compile_batches(self, program: Program) -> BatchLoop:
        if program.has_sparse:
            return super().compile_batches(program)
        return TensorFlowBatchLoop(self, program)

    def lower(self, program: Program, inputs: Sequence, variables: Sequence, calls: Any) -> tuple[list, list]:
        """Outputs and new variable values of one step, from native inputs and variable values."""
        values: dict[Any, Any] = {_PLACES: {operation: place for place, operation in enumerate(program.operations)}}
        values |= {PHASE: tf.constant(program.phase, tf.uint8), CALLS: calls}
        values.update(zip(program.inputs, inputs, strict=True))
        values.update(zip(program.variables, variables, strict=True))
        with differentiating(program):
            self.run(program.operations, values, program.phase)
        return ([_dense(self.value(tensor, values)) for tensor in program.outputs],
                [self.value(value, values) for _, value in program.updates])

    def _apply_recorded(self, operation: Operation, inputs: list, values: dict, phase: int) -> Any:
        place = values.get(_PLACES, {}).get(operation)
        if place is None:
            return super()._apply_recorded(operation, inputs, values, phase)
        # an error while it runs can then be traced to its operation; places, since TensorFlow sorts by name: the same
        # model built twice must round alike
        with tf.name_scope(f"{_MARK}{place}"):
            return super()._apply_recorded(operation, inputs, values, phase)

    # ---- the user's own TensorFlow code

    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        stand_ins: dict[Tensor, Any] = {}

        def stand_in(tensor: Tensor) -> Any:
            if tensor not in stand_ins:
                make = tf.compat.v1.sparse_placeholder if tensor.is_sparse else tf.compat.v1.placeholder
                stand_ins[tensor] = (self.constant(tensor.value) if isinstance(tensor, Constant)
                                     else make(tensor.dtype, tensor.shape))
            return stand_ins[tensor]

        with tf.Graph().as_default(), values_in_progress(stand_in):
            result = function([stand_in(tensor) for tensor in inputs])
            several = isinstance(result, list | tuple)
            results = [tf.convert_to_tensor(one) for one in (result if several else [result])]
        read = [tensor for tensor in stand_ins if tensor not in inputs]
        return [tuple(one.shape) for one in results], [one.dtype.name for one in results], read, several


class TensorFlowBatchLoop(BatchLoop):
    """Several steps in one call: batches are gathered inside the graph, variables carried through the loop."""

    most_steps = 512

    def __init__(self, runtime: TensorFlowRuntime, program: Program):
        self.runtime = runtime
        self.program = program
        self.use_xla = not program.uses(*_NOT_FOR_XLA)
        self._loops: dict[tuple[int, int], Callable] = {}

    def hold(self, arrays: Sequence[np.ndarray]) -> list[tf.Tensor]:
        return [tf.constant(array) for array in arrays]

    def __call__(self, data: list[tf.Tensor], indices: np.ndarray) -> list[np.ndarray]:
        steps, batch = indices.shape
        capacity = max(self.capacity, steps)
        loop = self._loops.get((capacity, batch)) or self._make(capacity, batch)
        padded = np.zeros((capacity, batch), "int32")
        padded[:steps] = indices
        calls = tf.constant(self.runtime.begin_calls(self.program, steps), tf.int64)
        with _blaming(self.program):
            outputs = loop(calls, tf.constant(steps), tf.constant(padded), data)
            return [output.numpy()[:steps] for output in outputs]

    def _make(self, capacity: int, batch: int) -> Callable:
        plain = tf.function(self._loop, autograph=False, jit_compile=False)
        if not self.use_xla:
            self._loops[capacity, batch] = plain
            return plain
        compiled = tf.function(self._loop, autograph=False, jit_compile=True)

        def first_call(*arguments):
            try:
                result = compiled(*arguments)
                self._loops[capacity, batch] = compiled
            except (tf.errors.OpError, ValueError, TypeError) as error:
                self.use_xla = False
                self._loops[capacity, batch] = plain
                result = plain(*arguments)
                warnings.warn(f"XLA refused this model, training goes on without it: {str(error)[:300]}", stacklevel=2)
            return result
        return first_call

    def _loop(self, calls, steps, indices, data):
        program, runtime = self.program, self.runtime
        updated = [variable for variable, _ in program.updates]
        state = [variable.handle(runtime).read_value() for variable in updated]
        fixed = {
            variable: variable.handle(runtime).read_value() for variable in program.variables if variable not in updated
        }
        records = [
            tf.TensorArray(output.dtype, size=indices.shape[0], element_shape=output.shape)
            for output in program.outputs
        ]

        def body(step, state, records):
            carried = dict(zip(updated, state, strict=True)) | fixed
            rows = indices[step]
            batch = [tf.ensure_shape(tf.gather(array, rows), _joined(array, rows)) for array in data]
            outputs, new_state = runtime.lower(program, batch, [carried[v] for v in program.variables],
                                               calls + tf.cast(step, tf.int64))
            return (
                step + 1,
                new_state,
                [record.write(step, output) for record, output in zip(records, outputs, strict=True)],
            )

        _, state, records = tf.while_loop(lambda step, *_: step < steps, body, [tf.constant(0), state, records])
        for variable, value in zip(updated, state, strict=True):
            variable.handle(runtime).assign(value, read_value=False)
        return [record.stack() for record in records]


# the name under which values keep the places of operations in the program
_PLACES = "places"
_MARK = "kerasnb_operation_"


@contextlib.contextmanager
def _blaming(program: Program) -> Iterator[None]:
    """Errors of TensorFlow inside name the operation, its layer and the user's line."""
    try:
        yield
    except tf.errors.OpError as error:
        place = re.search(rf"{_MARK}(\d+)", str(error))
        if place is None:
            raise
        operation = program.operations[int(place.group(1))]
        raise BackendError(f"tensorflow refused {operation.describe()}: {_reason(error)}",
                           layer=operation.layer) from error


def _reason(error: tf.errors.OpError) -> str:
    """The line of TensorFlow's message that says what was wrong."""
    found = re.search(r"([^\n]+)\n\s*\[\[\{\{node", error.message)
    text = found.group(1) if found else error.message.strip().splitlines()[-1]
    return re.sub(rf"\{{\{{.*?\}}\}}|\S*{_MARK}\S*", "", text).strip()


def _joined(array: tf.Tensor, rows: tf.Tensor) -> list:
    return [rows.shape[0], *array.shape[1:]]


def _concrete(step: Callable, signature: Sequence, use_xla: bool) -> Callable:
    """The step as one compiled function; by XLA if that is wanted and it does not refuse."""
    def traced(jit_compile: bool) -> Callable:
        return tf.function(
            step, input_signature=signature, autograph=False, jit_compile=jit_compile
        ).get_concrete_function()

    chosen = traced(use_xla)

    def call(*arguments):
        nonlocal chosen, use_xla
        try:
            return chosen(*arguments)
        except tf.errors.OpError as error:
            if not use_xla:
                raise
            use_xla, chosen = False, traced(False)
            result = chosen(*arguments)
            warnings.warn(f"XLA refused this model, training goes on without it: {str(error)[:300]}", stacklevel=2)
            return result
    return call if use_xla else chosen


def _signature(program: Program) -> list[tf.TensorSpec | tf.SparseTensorSpec]:
    return [(tf.SparseTensorSpec if tensor.is_sparse else tf.TensorSpec)(tensor.shape, tensor.dtype)
            for tensor in program.inputs]


def _sparse(matrix: Any) -> tf.SparseTensor:
    """A scipy matrix whose values are in order as a sparse tensor."""
    found = matrix.tocoo()
    return tf.SparseTensor(np.stack([found.row, found.col], axis=1).astype("int64"), found.data, found.shape)


def _dense(value: Any) -> tf.Tensor:
    return tf.sparse.to_dense(value) if isinstance(value, tf.SparseTensor) else value
