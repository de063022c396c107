"""Functions of JAX arrays compiled: one step, and many steps in one call, with the variables of a program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ...errors import BackendError
from ..runtime.aligned import aligned_copy
from ..runtime.contract import BatchLoop
from ..runtime.machines import machines
from .inside import full_precision, options_of_compiler
from .machines import on_machines
from .to_jax import JaxFunction, NeedsValuesError

__all__ = ["JaxStep", "JaxBatchLoop", "compiled_step", "compiled_batches"]


def here(function: Callable) -> Callable:
    """The function compiled for this machine alone."""
    return jax.jit(function, compiler_options=options_of_compiler())


class CompiledByJax:
    """A function compiled by XLA; where a size depends on values, which XLA cannot, it is run op by op.

    Args:
        op_by_op: the same function for arrays whose values are known.
        refusals: where the function notes what it refuses, if it may.
    """

    def __init__(self, function: Callable, op_by_op: Callable, refusals: list[BackendError] | None):
        self.op_by_op, self.refusals = op_by_op, refusals
        self.call: Callable = on_machines(function) if machines().count > 1 else here(function)

    def __call__(self, *arguments: Any) -> Any:
        try:
            results = self.call(*arguments)
        except NeedsValuesError:
            # from now on: compiling would fail at the same place again
            self.call = self.op_by_op
            results = self.call(*arguments)
        if self.refusals is not None:
            # callbacks may still be on their way when the results are there
            jax.effects_barrier()
            # the first one only: what later operations refuse follows from it
            refusals, self.refusals[:] = self.refusals[:1], []
            for refusal in refusals:
                raise refusal
        return results


def compiled_step(function: JaxFunction) -> CompiledByJax:
    """A function of (count of calls, *seeds, *inputs, *variables) to (*outputs, *new values), compiled."""
    return CompiledByJax(function, lambda *arguments: function(*map(jnp.asarray, arguments)), function.refusals)


class JaxStep:
    """A compiled step with the variables and seeds of one program.

    Variables stay JAX arrays from call to call. They are not donated: an interrupt between the call and the
    writing would leave none.
    """

    def __init__(self, compiled: Callable, held: Any, lock: Any):
        self.compiled, self.held, self.lock = compiled, held, lock

    def __call__(self, calls: np.int64, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        held = self.held
        with self.lock, full_precision():
            results = self.compiled(calls, *held.seeds, *arrays, *_values(held.read))
            count = len(results) - len(held.written)
            for cell, value in zip(held.written, results[count:], strict=True):
                cell[0] = value
        # copies: JAX's own arrays refuse to be written, and programs do write into outputs
        return [np.array(result) for result in results[:count]]


def _values(cells: Sequence[list]) -> list[jax.Array]:
    """What the cells hold, as JAX's arrays from now on: one of numpy's would be copied anew in each call."""
    for cell in cells:
        if not isinstance(cell[0], jax.Array):
            cell[0] = jnp.asarray(cell[0])
    return [cell[0] for cell in cells]


def compiled_batches(function: JaxFunction, carried: Sequence[int | None]) -> Callable:
    """Many steps of `function`, batches gathered inside the loop, variables carried through it; compiled.

    Args:
        carried: for each variable that is written, its place among those that are read.
    """

    def one_step(number, written, calls, indices, seeds, data, variables):
        # `clip`, since the rows are ours and exist; the usual mode checks each, and fills in NaN
        batch = [jnp.take(array, indices[number], axis=0, mode="clip") for array in data]
        # a step reads what the one before has written; what is only written has no place among those read
        now = list(variables)
        for place, value in zip(carried, written, strict=True):
            if place is not None:
                now[place] = value
        results = function(calls + number, *seeds, *batch, *now)
        count = len(results) - len(written)
        new = [jnp.asarray(new, old.dtype) for new, old in zip(results[count:], written, strict=True)]
        return results[:count], new

    def loop(calls, steps, indices, seeds, data, variables, written):
        def step(number, written):
            return one_step(number, written, calls, indices, seeds, data, variables)

        def body(number, state):
            written, records = state
            outputs, written = step(number, written)
            return written, [record.at[number].set(output) for record, output in zip(records, outputs, strict=True)]

        written = [jnp.asarray(value) for value in written]
        # a loop's state has one size from beginning to end, so the records of all steps are made before it
        shapes, _ = jax.eval_shape(step, jnp.zeros((), "int64"), written)
        records = [jnp.zeros((len(indices), *one.shape), one.dtype) for one in shapes]
        written, records = jax.lax.fori_loop(0, steps, body, (written, records))
        return records, written

    def op_by_op(calls, steps, indices, seeds, data, variables, written):
        records, written = [], [jnp.asarray(value) for value in written]
        for number in range(int(steps)):
            outputs, written = one_step(number, written, calls, indices, seeds, data, variables)
            records.append(outputs)
        return [jnp.stack(outputs) for outputs in zip(*records, strict=True)], written

    return CompiledByJax(loop, op_by_op, function.refusals)


class JaxBatchLoop(BatchLoop):
    """Several steps in one call, with the variables and seeds of one program."""

    def __init__(self, compiled: Callable, held: Any, lock: Any, begin_calls: Callable, most_steps: int):
        self.most_steps = most_steps
        self.compiled, self.held, self.lock, self.begin_calls = compiled, held, lock, begin_calls

    def hold(self, arrays: Sequence[np.ndarray]) -> list[jax.Array]:
        with full_precision():
            return [jax.device_put(aligned_copy(array)) for array in arrays]

    def __call__(self, data: list[jax.Array], indices: np.ndarray) -> list[np.ndarray]:
        steps, batch = indices.shape
        # XLA compiles anew for each size of an argument: this table always has the same, and `steps` ends the loop
        padded = np.zeros((max(self.capacity, steps), batch), "int32")
        padded[:steps] = indices
        calls, held = np.int64(self.begin_calls(steps)), self.held
        with self.lock, full_precision():
            records, values = self.compiled(
                calls,
                np.int64(steps),
                padded,
                held.seeds,
                data,
                _values(held.read),
                _values(held.written),
            )
            for cell, value in zip(held.written, values, strict=True):
                cell[0] = value
        return [np.array(record)[:steps] for record in records]
