"""The runtime of a process that lets machines compute: programs, data and values go there, figures come back.

So fit and its callbacks are the same as on one machine. A variable lives on the machines until somebody here needs it.
"""

from __future__ import annotations

import collections
import contextlib
import itertools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..backend.graph.programs import Program
from ..backend.graph.tensor import Operation, Tensor, Variable
from ..backend.graph.travelling import packed
from ..backend.plans.plan import MOST_STEPS
from ..backend.runtime import chosen
from ..backend.runtime.contract import BatchLoop, Lowerable, Runtime
from ..errors import BackendError, MachineError
from .group import Group

__all__ = ["MachinesRuntime"]


class MachinesRuntime(Runtime):
    """A group of machines in place of a backend's own runtime; what it does not know itself, that one does.

    Args:
        group: who computes.
        backend: with which backend.
    """

    compiles_loops_at_once = True
    _serials = itertools.count(1)

    def __init__(self, group: Group, backend: str):
        self.group, self.backend = group, backend
        self.name = f"{backend} on machines {next(self._serials)}"
        self.numbers = itertools.count(1)
        self.pending: dict[int, np.ndarray] = {}  # values that the machines do not have yet
        self.known: dict[int, np.ndarray] = {}  # values that they have, as far as they are known here
        self.stale: set[int] = set()  # variables whose value only they know
        self.kept: dict[int, np.ndarray] = {}  # values that nothing can take away any more
        self.held: weakref.WeakKeyDictionary[Variable, int] = weakref.WeakKeyDictionary()
        self._unused: collections.deque[tuple[int, int]] = collections.deque()

    @property
    def reads_files(self) -> bool:  # type: ignore[override]
        """Whether the machines see the files of this computer."""
        return self.group.reads_files

    # ---- what the backend's own runtime knows

    @property
    def inner(self) -> Runtime:
        """The backend's own runtime in this process."""
        return chosen.load(self.backend)

    @property
    def library(self) -> Any:
        """That of the backend."""
        return self.inner.library

    @property
    def shared(self) -> Any:  # type: ignore[override]
        """What the backend keeps compiled in this process."""
        return self.inner.shared

    def seed_library(self, number: int) -> None:
        self.inner.seed_library(number)

    def constant(self, value: np.ndarray) -> Any:
        return self.inner.constant(value)

    def is_native(self, value: Any) -> bool:
        return self.inner.is_native(value)

    def static_shape(self, value: Any) -> tuple[int | None, ...]:
        return self.inner.static_shape(value)

    def dtype_of(self, value: Any) -> str:
        return self.inner.dtype_of(value)

    def to_array(self, value: Any) -> np.ndarray:
        return self.inner.to_array(value)

    def compute(self, op: Lowerable, arrays: Sequence[np.ndarray], layout: Sequence, attributes: dict) -> Any:
        return self.inner.compute(op, arrays, layout, attributes)

    def apply_op(self, op: Lowerable, arguments: Sequence, attributes: dict) -> Any:
        return self.inner.apply_op(op, arguments, attributes)

    def run(self, operations: Sequence[Operation], values: dict[Tensor, Any], phase: int) -> dict[Tensor, Any]:
        return self.inner.run(operations, values, phase)

    def trace_native(self, function: Callable, inputs: Sequence[Tensor]) -> tuple[list, list, list, bool]:
        return self.inner.trace_native(function, inputs)

    # ---- variables

    def make_variable(self, value: np.ndarray, name: str | None) -> int:
        number = next(self.numbers)
        self.write(number, value)
        return number

    def write(self, handle: int, value: np.ndarray) -> None:
        with self.group.lock:
            self.pending[handle] = self.known[handle] = self.kept[handle] = np.array(value)
            self.stale.discard(handle)

    def read(self, handle: int) -> np.ndarray:
        with self.group.lock:
            if handle in self.stale:
                self._fetch()
            return self.known[handle]

    def _fetch(self) -> None:
        """Learn the values of all that changed: whoever asks for one mostly asks for the others next."""
        self.known.update(self.group.ask({0: ("values", sorted(self.stale))})[0])
        self.stale.clear()

    def keep(self) -> None:
        with self.group.lock:
            if self.stale:
                self._fetch()
            self.kept.update(self.known)

    def number_of(self, variable: Variable) -> int:
        """The number by which the machines know a variable, which lives there from now on."""
        number = self.held[variable] = variable.handle(self)
        return number

    def release(self) -> None:
        """Take all variables back: their values of now, or those that were kept if the machines have ended."""
        with self.group.lock:
            if not self.group.ended:
                with contextlib.suppress(MachineError):  # then what was kept is what there is
                    if self.stale:
                        self._fetch()
                    self.group.ask_all("let_go")
            values = self.kept if self.stale else self.known
        for variable, number in list(self.held.items()):
            variable.leave(self, values[number], for_good=self.group.ended)
        for kept in (self.held, self.pending, self.known, self.kept, self.stale):
            kept.clear()

    # ---- programs

    def compile(self, program: Program) -> Callable[[Sequence[np.ndarray]], list[np.ndarray]]:
        return self._sent(program, self.inner.compile, Remote.step)

    def compile_batches(self, program: Program) -> BatchLoop:
        return self._sent(program, self.inner.compile_batches, RemoteLoop)

    def _sent(self, program: Program, here: Callable, there: Callable) -> Any:
        """What computes the program: here, if it is no training and holds code that cannot travel."""
        is_collective = _sums_gradients(program)
        try:
            remote = Remote(self, program, is_collective)
        except BackendError:
            if is_collective:
                raise
            return here(program)
        return there(remote) if there is RemoteLoop else remote.step

    def to_machines(self) -> None:
        """Let the machines know new values, and forget what nobody uses any more."""
        if self._unused:
            gone = [self._unused.popleft() for _ in range(len(self._unused))]
            programs, data = ([number for number, kind in gone if kind == each] for each in (0, 1))
            self.group.ask_all("forget", programs, data)
        if self.pending:
            self.group.ask_all("set_values", self.pending)
            self.pending = {}

    def forget_with(self, thing: Any, number: int, kind: int) -> None:
        """Have the machines forget a program (kind 0), or data (kind 1), when this thing goes."""
        weakref.finalize(thing, self._unused.append, (number, kind)).atexit = False


def _sums_gradients(program: Program) -> bool:
    """Whether it is a step of training, which all machines compute together.

    Raises:
        BackendError: it is one, and its optimizer does not sum its gradients.
    """
    found = {tensor for one in program.operations if one.op.name == "gradients" for tensor in one.outputs}
    if not (program.phase and program.updates and found):
        return False
    sums = [one for one in program.operations if one.op.name == "over_machines"]
    if any(tensor in found for one in sums for tensor in one.inputs):
        return True
    raise BackendError(
        "the optimizer computes its gradients itself, so that those of several machines cannot be added up.",
        "Let its get_updates call self.get_gradients(loss, params), or train on this machine: machines=None.",
    )


class Remote:
    """A program that the machines hold."""

    def __init__(self, runtime: MachinesRuntime, program: Program, is_collective: bool):
        self.runtime, self.program, self.is_collective = runtime, program, is_collective
        self.number = next(runtime.numbers)
        plain = packed(program, runtime.number_of)
        runtime.group.ask_all("take_program", self.number, plain)
        runtime.forget_with(self, self.number, 0)

    @property
    def count(self) -> int:
        """How many machines there are."""
        return self.runtime.group.count

    def step(self, arrays: Sequence[Any]) -> list[np.ndarray]:
        """The outputs of one step; the batch is cut where it has as many equal parts as there are machines."""
        calls = self._begin(1)
        if not self.is_collective:
            return self._asked({0: ("step", self.number, list(arrays), calls, None)})[0]
        rows = arrays[0].shape[0] if arrays else 0
        parts = self.count if rows and rows % self.count == 0 else 1
        each = rows // parts
        pieces = [slice(rank * each, (rank + 1) * each) if parts > 1 else slice(None) for rank in range(self.count)]
        return self._asked(
            {
                rank: ("step", self.number, [array[piece] for array in arrays], calls, parts)
                for rank, piece in enumerate(pieces)
            }
        )[0]

    def many(self, data: int, rows: np.ndarray, capacity: int) -> list[np.ndarray]:
        """The outputs of several steps, stacked: each machine has its part of every batch, or, without training,
        batches of its own."""
        calls = self._begin(len(rows))
        if self.is_collective:
            parts = np.split(rows, self.count, axis=1)
            return self._asked(
                {
                    rank: ("many", self.number, data, part, calls, capacity, self.count)
                    for rank, part in enumerate(parts)
                }
            )[0]
        # what adds up from batch to batch has to see all of them
        parts = [rows] if self.program.updates else np.array_split(rows, self.count)
        firsts = np.cumsum([0, *map(len, parts)])
        most = -(-capacity // len(parts))
        asked = {
            rank: ("many", self.number, data, part, calls + int(first), most, None)
            for rank, (part, first) in enumerate(zip(parts, firsts, strict=False))
            if len(part)
        }
        answers = self._asked(asked)
        return [np.concatenate(outputs) for outputs in zip(*(answers[rank] for rank in sorted(answers)), strict=True)]

    def _begin(self, calls: int) -> int:
        if self.program.moves != Variable.moves:
            for variable in self.program.all_variables:  # those that were taken back have lost their numbers
                self.runtime.number_of(variable)
        return self.runtime.begin_calls(self.program, calls)

    def _asked(self, messages: dict[int, tuple]) -> dict[int, Any]:
        runtime = self.runtime
        with runtime.group.lock:
            runtime.to_machines()
            answers = runtime.group.ask(messages)
            changed = {runtime.held[variable] for variable, _ in self.program.updates}
            runtime.stale |= changed
            if changed and not self.is_collective:  # only the first machine has the new values
                runtime._fetch()
                runtime.pending.update({number: runtime.known[number] for number in changed})
        return answers


class RemoteLoop(BatchLoop):
    """Many steps in a call, over data that the machines hold."""

    most_steps = MOST_STEPS

    def __init__(self, remote: Remote):
        self.remote = remote

    def hold(self, arrays: Sequence[np.ndarray]) -> HeldData:
        return HeldData(self.remote.runtime, arrays)

    def __call__(self, data: HeldData, indices: np.ndarray) -> list[np.ndarray]:
        remote = self.remote
        if remote.is_collective and indices.shape[1] % remote.count:
            results = [remote.step([array[rows] for array in data.arrays]) for rows in indices]
            return [np.stack(outputs) for outputs in zip(*results, strict=True)]
        return remote.many(data.number, indices, self.capacity)


class HeldData:
    """Arrays that the machines look at."""

    def __init__(self, runtime: MachinesRuntime, arrays: Sequence[np.ndarray]):
        self.arrays, self.number = list(arrays), next(runtime.numbers)
        self.kept = runtime.group.give_data(self.number, arrays)
        runtime.forget_with(self, self.number, 1)
