"""Compiled steps of a model: one batch at a time, or many in one call over arrays held in memory."""

from __future__ import annotations

import collections
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...backend import Function
from ...backend.functions import as_input
from ...backend.graph.seeding import SinceSeeding
from ...backend.plans.plan import FEWEST
from ...backend.runtime import chosen
from ...backend.runtime.aligned import rows_held
from ...backend.runtime.contract import BatchLoop
from ...backend.runtime.in_files import place_in_file
from .standardize import slice_X

__all__ = ["Step", "OwnStep", "StepRunner"]

# a call takes about this long (seconds), so that Stop and progress stay live
_CALL_TIME = 0.05
# larger data than this is cut into batches on the way instead of being held by the backend (bytes)
_HELD_AT_MOST = 2 << 30
# so is what lies in files, unless it is small beside the program (bytes)
_COPIED_AT_MOST = 64 << 20
# what the steps of one call give is gathered in memory before it is returned (bytes)
_OUTPUTS_AT_MOST = 64 << 20


def _stays_in_file(array: np.ndarray) -> bool:
    """Whether the backend reads it where it lies, by rows."""
    return chosen.active().reads_files and place_in_file(array) is not None


def _can_be_held(arrays: Sequence[np.ndarray]) -> bool:
    """Whether they take little memory where the backend holds them."""
    copied = [array for array in arrays if not _stays_in_file(array)]
    of_files = sum(array.nbytes for array in copied if isinstance(array, np.memmap))
    return of_files < _COPIED_AT_MOST and sum(array.nbytes for array in copied) < _HELD_AT_MOST


class Step:
    """A function of arrays in one learning phase: a train, test or predict step.

    Args:
        shares: a tensor with how much the batch counts in the average of each output; None where by its size alone.
        factors: the first output is the sum of the next ones times these, and of what always counts.
        running: the places of outputs that are those of the epoch so far, and are not averaged.

    Attributes:
        figures: the number of outputs; the shares, where there are some, are one more output of `whole` and of loops.
    """

    runs_alone = False

    def __init__(
        self,
        inputs: Sequence,
        outputs: Sequence,
        updates: Sequence,
        phase: int,
        name: str,
        lock: threading.RLock,
        shares: Any = None,
        factors: Sequence[float] = (),
        running: Sequence[int] = (),
    ):
        self.figures, self.factors, self.running = len(outputs), factors, running
        self.function = Function(inputs, [*outputs, *([] if shares is None else [shares])], updates, name)
        self.phase = phase
        self.lock = lock
        self.run_before: collections.Counter = collections.Counter()  # batches, by the number of samples and batch size
        self._seeding = SinceSeeding()
        self._programs: dict[str, BatchLoop] = {}

    def __call__(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The outputs for one batch; the updates are written."""
        return self.whole(arrays)[: self.figures]

    def whole(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The outputs for one batch, and the shares after them."""
        if len(arrays) == len(self.function.inputs) + 1:
            arrays = arrays[:-1]  # Keras 1 programs append the learning phase, which a step has by itself
        arrays = [self._in_type(*pair) for pair in zip(arrays, self.function.inputs, strict=True)]
        # a step reads variables, computes, and writes them: of two threads at once one would lose its update
        with self.lock:
            return self.function.compiled(self.phase)(arrays)

    def _in_type(self, array: Any, tensor: Any) -> Any:
        """The array as it is where it has the type of the input, which is what a batch usually has."""
        if type(array) is np.ndarray and array.dtype == tensor.dtype and not tensor.is_sparse:
            return array
        if tensor.is_sparse:
            return as_input(array, tensor, self.function.name)
        return np.asarray(array.toarray() if hasattr(array, "tocsr") else array, dtype=tensor.dtype)

    def loop(self) -> BatchLoop:
        """The step as a loop over batches, made once for each backend."""
        active = chosen.active()
        with self.lock:
            if active.name not in self._programs:
                self._programs[active.name] = active.compile_batches(self.function.program(self.phase))
            return self._programs[active.name]

    def count_batches(self, sizes: tuple[int, int], batches: int) -> int:
        """Count so many more batches of these sizes; gives how many there were since the program's seed was set."""
        if self._seeding.is_new():
            self.run_before.clear()
        self.run_before[sizes] += batches
        return self.run_before[sizes]

    def output_bytes(self, batch_size: int) -> float:
        """The size of what one batch gives; infinite where it is not known before."""
        return sum(
            np.dtype(output.dtype).itemsize * math.prod(math.inf if size is None else size for size in sizes)
            for output in self.function.outputs
            for sizes in [(batch_size if output.shape[:1] == (None,) else 1, *output.shape[1:])]
        )


class OwnStep:
    """A function that a program gave in place of a step of ours, called as Keras 1.2 does.

    Args:
        function: takes one list of arrays, with the learning phase at its end where the model needs one.
        phase: the learning phase to append; None to append nothing.
    """

    runs_alone = True
    factors = running = ()

    def __init__(self, function: Callable, phase: int | None, lock: threading.RLock):
        self.function, self.phase, self.lock = function, phase, lock
        self.figures: int | None = None  # all that it gives

    def __call__(self, arrays: Sequence[np.ndarray]) -> list[np.ndarray]:
        with self.lock:
            outputs = self.function([*arrays, *([] if self.phase is None else [float(self.phase)])])
        return [np.asarray(output) for output in (outputs if isinstance(outputs, list | tuple) else [outputs])]

    whole = __call__


class StepRunner:
    """Runs a step over batches of some arrays, as many in one call as fit into about 50 ms.

    Args:
        after: a call of many batches is compiled only once this many were run on so many samples, and for `FEWEST` of
            them at least, so that a few never wait for it; what is compiled serves about as many samples.
    """

    def __init__(
        self, step: Step | OwnStep, arrays: Sequence[Any], batch_size: int, one_by_one: bool = False, after: int = 0
    ):
        self.step = step
        self.arrays = list(arrays)
        self.batch_size = batch_size
        self.one_by_one, self.after = one_by_one or step.runs_alone, after
        self.held = None
        # until it is known how long a step takes: Stop must not wait for a call of unknown length
        self.steps_a_call = 1
        self.seconds_a_step: float | None = None
        if not after:
            self._hold_if_fit()

    def _hold_if_fit(self) -> None:
        """Let the backend hold the arrays where many batches a call are worth it."""
        step, samples = self.step, self.arrays[0].shape[0] if self.arrays else 0
        if (
            isinstance(step, Step)
            and all(isinstance(array, np.ndarray) for array in self.arrays)
            and not self.one_by_one
            and samples >= 2 * self.batch_size
            and (not self.after or self._are_many(step, samples))
            # two batches at least have to fit into a call, or there is nothing to gain
            and step.output_bytes(self.batch_size) <= _OUTPUTS_AT_MOST / 2
            and _can_be_held(self.arrays)
        ):
            self._hold(step, samples)

    def _are_many(self, step: Step, samples: int) -> bool:
        """Whether enough batches were run of about so many samples, for which one program serves."""
        whole = samples // self.batch_size
        if whole < FEWEST:
            return False
        return step.count_batches((rows_held(samples), self.batch_size), whole) >= self.after

    def _hold(self, step: Step, samples: int) -> None:
        # once for the whole fit: a loop gathers its batches by rows from memory that lies in order
        typed = [
            array if _stays_in_file(array) else np.ascontiguousarray(array, dtype=tensor.dtype)
            for array, tensor in zip(self.arrays, step.function.inputs, strict=True)
        ]
        self.loop = step.loop()
        fitting = int(_OUTPUTS_AT_MOST // max(step.output_bytes(self.batch_size), 1))
        self.loop.capacity = min(self.loop.most_steps, fitting, rows_held(samples) // self.batch_size)
        self.held = self.loop.hold(typed)

    def run(
        self, order: np.ndarray | None = None, before: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[int, np.ndarray, list[np.ndarray]]]:
        """Go through the samples; yields (first batch's number, sizes of batches, outputs and shares stacked).

        Args:
            order: the places of the samples; as they lie when left out.
            before: called with number and size of each batch that runs by itself, before it does.
        """
        if self.after and self.held is None:
            self._hold_if_fit()
        samples, size = self.arrays[0].shape[0] if order is None else len(order), self.batch_size
        whole = samples // size
        one_size = np.array([size])
        batch = 0
        while batch < whole:
            count = min(self.steps_a_call, whole - batch)
            span = slice(batch * size, (batch + count) * size)
            if self.held is None:
                if before is not None:
                    before(batch, size)
                outputs = self._single(span if order is None else order[span])
            else:
                rows = np.arange(span.start, span.stop) if order is None else order[span]
                outputs = self._call(rows.reshape(count, size))
            yield batch, one_size if count == 1 else np.full(count, size), outputs
            batch += count
        # all batches of a loop have one size; the rest runs by itself
        if rest := samples - whole * size:
            span = slice(whole * size, samples)
            if before is not None:
                before(whole, rest)
            yield whole, np.asarray([rest]), self._single(span if order is None else order[span])

    def _call(self, rows: np.ndarray) -> list[np.ndarray]:
        begin = time.perf_counter()
        with self.step.lock:
            outputs = self.loop(self.held, rows)
        self._adapt(time.perf_counter() - begin, len(rows))
        return outputs

    def _single(self, rows: np.ndarray | slice) -> list[np.ndarray]:
        batch = [
            array[rows] if isinstance(array, np.ndarray) or isinstance(rows, slice) else slice_X(array, rows)
            for array in self.arrays
        ]
        # stacked, as a call of many batches gives them: who sums up need not ask which it was
        return [output[None] for output in self.step.whole(batch)]

    def _adapt(self, seconds: float, steps: int) -> None:
        """Set the number of steps so that a call takes `_CALL_TIME`; the first call, which compiles, does not count."""
        if self.seconds_a_step is None:
            self.seconds_a_step = float("inf")
            return
        # the quickest call counts: one that was disturbed says nothing about the step
        self.seconds_a_step = min(self.seconds_a_step, seconds / steps)
        wanted = int(_CALL_TIME / max(self.seconds_a_step, 1e-7))
        self.steps_a_call = max(1, min(wanted, self.loop.capacity))
