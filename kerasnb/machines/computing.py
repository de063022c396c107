"""What one machine holds: programs, their variables, data; and how it computes its part."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..backend.graph.programs import Program
from ..backend.graph.tensor import Variable
from ..backend.graph.travelling import Packed, unpacked
from ..backend.runtime import chosen
from ..backend.runtime.contract import BatchLoop
from ..backend.runtime.machines import ALONE, Machines, together
from .data import Piece, mapped

__all__ = ["Computing"]


class Computing:
    """One of several machines.

    Args:
        rank: its number, from 0 on.
        count: how many there are.
        total: the sum of an array over all of them, where the backend is not to sum itself.
    """

    def __init__(self, rank: int, count: int, total: Callable[[np.ndarray], np.ndarray] | None):
        self.rank, self.count, self.total = rank, count, total
        self.programs: dict[int, Program] = {}
        self.data: dict[int, list[np.ndarray]] = {}
        self.in_files: set[int] = set()  # data of which only the rows that are needed come into memory
        self.variables: weakref.WeakValueDictionary[int, Variable] = weakref.WeakValueDictionary()
        self.in_use: dict[int, Variable] = {}  # those that live here, whatever becomes of the programs that use them
        self.compiled: dict[tuple, Callable] = {}
        self.loops: dict[tuple, BatchLoop] = {}
        self.held: dict[tuple, Any] = {}

    # ---- what it is given

    def take_program(self, number: int, plain: Packed) -> None:
        """Hold a program."""
        self.programs[number] = unpacked(plain, self._variable)

    def _variable(self, number: int, shape: tuple, dtype: str, name: str | None) -> Variable:
        known = self.variables.get(number)
        if known is None:
            # the value comes before the first call
            known = Variable(lambda: np.zeros(shape, dtype), shape, dtype, name)
            self.variables[number] = known
        self.in_use[number] = known
        return known

    def take_data(self, number: int, pieces: Sequence[Piece]) -> None:
        """Hold arrays."""
        self.data[number] = mapped(pieces)
        if not all(piece.is_copy for piece in pieces):
            self.in_files.add(number)

    def take_arrays(self, number: int, arrays: Sequence[np.ndarray]) -> None:
        """Hold arrays that are in memory."""
        self.data[number] = list(arrays)

    def forget(self, programs: Sequence[int], data: Sequence[int]) -> None:
        """Let go what is not used any more."""
        for number in programs:
            self.programs.pop(number, None)
        for number in data:
            self.data.pop(number, None)
            self.in_files.discard(number)
        for kept in (self.compiled, self.loops, self.held):
            for key in [key for key in kept if key[0] in programs or key[-1] in data and kept is self.held]:
                del kept[key]

    def let_go(self) -> None:
        """Hold variables for programs only: they live elsewhere now, and get values before the next call."""
        self.in_use.clear()

    def set_values(self, values: dict[int, np.ndarray]) -> None:
        """Give variables their values."""
        for number, value in values.items():
            if number in self.variables:
                self.variables[number].set_value(value)

    def values(self, numbers: Sequence[int]) -> dict[int, np.ndarray]:
        """The values of those variables that are here."""
        return {number: self.variables[number].get_value() for number in numbers if number in self.variables}

    # ---- what it computes

    def step(self, number: int, arrays: Sequence, calls: int, parts: int | None) -> list[np.ndarray] | None:
        """The outputs of one step.

        Args:
            arrays: its part of the batch, or all of it.
            calls: how many calls there were before, by which random numbers are drawn.
            parts: into how many the batch is cut; None where this machine computes by itself.
        """
        program = self.programs[number]
        with together(self._those(parts)):
            key = number, parts
            if key not in self.compiled:
                self.compiled[key] = chosen.active().compile(program)
            program.count.calls = calls
            return self._told(self.compiled[key](arrays), parts)

    def many(
        self, number: int, data: int, rows: np.ndarray, calls: int, capacity: int, parts: int | None
    ) -> list[np.ndarray] | None:
        """The outputs of several steps, stacked; row i of `rows` picks this machine's samples of step i."""
        if data in self.in_files:
            return self._many_from_files(number, data, rows, calls, parts)
        program = self.programs[number]
        with together(self._those(parts)):
            key = number, parts
            if key not in self.loops:
                self.loops[key] = chosen.active().compile_batches(program)
            loop = self.loops[key]
            loop.capacity = max(capacity, loop.capacity)
            held = (*key, data)
            if held not in self.held:
                self.held[held] = loop.hold(self.data[data])
            program.count.calls = calls
            return self._told(loop(self.held[held], rows), parts)

    def _many_from_files(
        self, number: int, data: int, rows: np.ndarray, calls: int, parts: int | None
    ) -> list[np.ndarray] | None:
        inputs, arrays = self.programs[number].inputs, self.data[data]
        steps = []
        for place, samples in enumerate(rows):
            batch = [
                np.ascontiguousarray(array[samples], dtype=tensor.dtype)
                for array, tensor in zip(arrays, inputs, strict=True)
            ]
            steps.append(self.step(number, batch, calls + place, parts))
        told = [outputs for outputs in steps if outputs is not None]
        return [np.stack(outputs) for outputs in zip(*told, strict=True)] if told else None

    def _those(self, parts: int | None) -> Machines:
        return ALONE if parts is None else Machines(self.count, parts, self.rank, self.total)

    def _told(self, outputs: list[np.ndarray], parts: int | None) -> list[np.ndarray] | None:
        """What is worth sending: where all compute together, each has the same figures."""
        return outputs if parts is None or self.rank == 0 else None
