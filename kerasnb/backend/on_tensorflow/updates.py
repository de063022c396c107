"""Variables read and written in parts: by rows, or where XLA computes a large update in one pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..graph.programs import Program
from ..graph.tensor import Tensor, Variable
from ..plans.pieces import Piece
from ..plans.rows import RowUpdate
from ..runtime.contract import Runtime
from ..runtime.progress import lowering, lowering_for_xla

__all__ = ["LastRows", "Table", "update_by_xla", "update_rows", "whole"]


def whole(tf: Any, handle: Any, variable: Variable) -> Any:
    """The value of the variable that is behind the handle."""
    value = tf.raw_ops.ReadVariableOp(resource=handle, dtype=variable.dtype)
    value.set_shape(variable.shape)
    return value


def update_by_xla(
    runtime: Runtime, program: Program, piece: Piece, handles: dict[Variable, Any], values: dict[Tensor, Any]
) -> None:
    """Write some updates in one pass, as XLA computes them, in the memory of the variables."""
    tf, variables = runtime.library, piece.variables

    def update(*arguments):
        places = dict(zip(variables, arguments, strict=False))
        inner = dict(zip(piece.given, arguments[len(variables) :], strict=True))
        inner.update((variable, whole(tf, place, variable)) for variable, place in places.items())
        with lowering(program), lowering_for_xla(True):
            runtime.run(piece.operations, inner, program.phase)
        for variable, value in piece.updates:
            tf.raw_ops.AssignVariableOp(resource=places[variable], value=inner[value])

    given = [runtime.value(tensor, values) for tensor in piece.given]
    tf.function(update, autograph=False, jit_compile=True)(*(handles[one] for one in variables), *given)


def update_rows(
    runtime: Runtime,
    program: Program,
    update: RowUpdate,
    handles: dict[Variable, Any],
    values: dict[Tensor, Any],
    last_rows: Iterator[Any],
) -> Any:
    """Write the rows of a table that the batch has picked.

    Args:
        last_rows: those of the last step, of each table that has something to be emptied.

    Returns:
        The rows, if what is written there is to be emptied by the next step.
    """
    tf, slices, piece = runtime.library, values[update.gradient], update.piece
    # a word that comes several times is written once, by the sum of its gradients
    rows, places = tf.unique(slices.indices)
    inner = {tensor: runtime.value(tensor, values) for tensor in piece.given}
    inner[update.gradient] = tf.math.unsorted_segment_sum(slices.values, places, tf.size(rows))
    inner.update((variable, Table(tf, handles[variable], variable).sparse_read(rows)) for variable in piece.variables)
    with lowering(program):
        runtime.run(piece.operations, inner, program.phase)
    new_rows = [inner[value] for _, value in piece.updates]
    with tf.control_dependencies(new_rows):
        if update.emptied:
            emptied = next(last_rows)
        for variable in update.emptied:
            zeros = tf.zeros([tf.size(emptied), *variable.shape[1:]], variable.dtype)
            tf.raw_ops.ResourceScatterUpdate(resource=handles[variable], indices=emptied, updates=zeros)
        for (variable, _), value in zip(piece.updates, new_rows, strict=True):
            tf.raw_ops.ResourceScatterUpdate(resource=handles[variable], indices=rows, updates=value)
    return tf.cast(rows, tf.int64) if update.emptied else None


class LastRows:
    """Which rows of tables the last step wrote: the next one empties these, as the whole table's update would."""

    def __init__(self, runtime: Runtime, tables: Sequence[RowUpdate]):
        self.runtime, self.tables = runtime, [update for update in tables if update.emptied]
        self.written: list[tuple[Any, list[int]]] = []

    def begin(self) -> list[Any]:
        """What the step that has begun empties, for each table; all of it is emptied now where that is not known."""
        rows = [rows for rows, _ in self.written]
        before = [[one - 1 for one in self._writes(update)] for update in self.tables]  # this step counts already
        if before != [writes for _, writes in self.written]:
            tf = self.runtime.library
            rows = [tf.zeros([0], tf.int64) for _ in self.tables]
            for handle in (one.handle(self.runtime) for update in self.tables for one in update.emptied):
                handle.assign(tf.zeros_like(handle))
        self.written = []
        return rows

    def end(self, rows: Sequence[Any]) -> None:
        """Keep what the step wrote, while nobody else writes."""
        self.written = [(one, self._writes(update)) for one, update in zip(rows, self.tables, strict=True)]

    def _writes(self, update: RowUpdate) -> list[int]:
        return [variable.writes for variable in update.emptied]


class Table:
    """A variable of which `tf.gather` reads single rows: all of it would be copied, once rows were written."""

    def __init__(self, tf: Any, handle: Any, variable: Variable):
        self.tf, self.handle, self.variable = tf, handle, variable

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        """The rows of these numbers; the name by which `tf.gather` asks for them."""
        gather, dtype = self.tf.raw_ops.ResourceGather, self.variable.dtype
        rows = gather(resource=self.handle, indices=indices, dtype=dtype, name=name)
        rows.set_shape([*indices.shape, *self.variable.shape[1:]])
        return rows
