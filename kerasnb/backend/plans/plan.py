"""`plan_for`: how a program is to be run, by rules on its operations and sizes, each with its reason.

No rule asks the clock: the same program is run the same way in each run, and so rounds the same.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..graph.programs import Program
from ..graph.tensor import Operation, Variable
from ..runtime.machines import machines
from .pieces import Piece, piece_of
from .rows import RowUpdate, is_only_picked, row_update

__all__ = ["FEWEST", "KERNELS", "MANY", "MOST_STEPS", "PIECES", "XLA", "Choice", "Plan", "plan_for"]

KERNELS, PIECES, XLA = "kernels", "kernels, large updates by XLA", "XLA"

CONVOLUTIONS = ("conv2d", "conv3d", "depthwise_conv2d")
_WITHOUT_KERNELS = ("_ctc_loss", "_ctc_decode", "refused_unless")  # XLA leaves the last one out
_OWN_CODE = ("native tensorflow code", "native theano code")

# XLA takes some seconds of CPU for a program, and TensorFlow keeps what it compiled for ever
_PATIENCE_IF_LARGE, _PATIENCE, _PATIENCE_IF_SMALL = 32, 256, 1024  # steps
# evaluate and predict compile a call of many batches after this many: it takes as long as some hundreds of single ones
MANY = 256
_SMALL_MODEL, _LARGE_MODEL = 100_000, 1_000_000  # numbers that a step writes
# an update of fewer numbers takes less time by TensorFlow's kernels than a call of what XLA compiled (0.1 ms)
_LARGE_UPDATE = 100_000
# a batch's words are sorted and summed: worth it where they are a small part of the table
_LARGE_TABLE, _TIMES_THE_WORDS, _USUAL_BATCH = 1_000_000, 4, 32
MOST_STEPS = 512
# batches: fewer take some ms one by one, and a call of many would take over 100 ms to compile
FEWEST = 32


@dataclass(frozen=True)
class Choice:
    """One thing that was chosen, and why."""

    about: str
    chosen: str
    reason: str

    def __str__(self) -> str:
        return f"{self.about}: {self.chosen}; {self.reason}"


@dataclass(frozen=True, repr=False)
class Plan:
    """How a program is run.

    Attributes:
        backend: by which.
        form: what its steps become, once they were called often enough.
        patience: how many steps run by the library's own kernels before that.
        most_steps: the most that run in one call; 1: each by itself.
        is_patient: whether steps that could run many in a call wait, too.
        fuses: whether TensorFlow may fuse products with what follows them.
        piece: the updates that XLA computes, where it does not compute all.
        tables: those of which only the rows of a batch are read and written.
        picked: large variables of which a step reads single rows only.
        choices: all this in words.
    """

    backend: str
    form: str
    patience: int
    most_steps: int
    is_patient: bool
    fuses: bool
    piece: Piece | None
    tables: tuple[RowUpdate, ...]
    picked: tuple[Variable, ...]
    choices: tuple[Choice, ...]

    def __repr__(self) -> str:
        return "\n".join([f"on {self.backend}", *(f"  {choice}" for choice in self.choices)])


def plan_for(program: Program, backend: str, linker: str = "") -> Plan:
    """How this backend is to run the program.

    Args:
        linker: by which of its compilers PyTensor runs.
    """
    tables = _tables(program) if backend == "tensorflow" else ()
    form = _form_on_theano(linker) if linker else _form(program, bool(tables))
    patience = _patience(program)
    most_steps = _most_steps(program, linker, form.chosen, bool(tables))
    waits = [_patience_choice(program, *patience, most_steps.chosen)] if form.chosen in (XLA, PIECES) else []
    piece = _large_piece(program) if form.chosen == PIECES else None
    return Plan(
        backend,
        form.chosen,
        patience[0] if form.chosen in (XLA, PIECES) else 0,
        int(most_steps.chosen),
        patience[1],
        program.uses(*CONVOLUTIONS),
        piece,
        tables,
        _picked(program, tables),
        (form, *waits, most_steps, *_of_tables(program, tables, linker)),
    )


# ---- the compiler


def _form_on_theano(linker: str) -> Choice:
    why = {
        "jax": "of PyTensor's linkers it is the fastest",
        "numba": "JAX is not installed",
        "python": "it compiles nothing, as was asked for",
    }
    return Choice("compiler", linker, why[linker])


def _form(program: Program, by_rows: bool) -> Choice:
    about = "compiler"
    if program.has_sparse:
        return Choice(about, KERNELS, "XLA has no sparse tensors")
    if program.uses(*_OWN_CODE):
        return Choice(about, KERNELS, "the model holds code of its own for TensorFlow")
    if program.uses(*_WITHOUT_KERNELS):
        return Choice(about, KERNELS, f"XLA cannot compute {_first(program, _WITHOUT_KERNELS)}")
    if machines().count > 1:
        return Choice(about, KERNELS, "XLA has none that sums over machines")
    if by_rows:
        return Choice(about, KERNELS, "they read and write single rows of a variable; XLA would copy all of it")
    if slow := _slow_in_xla(program):
        piece = _large_piece(program)
        why = f"XLA's {slow} takes a multiple of the time of oneDNN's on a CPU"
        if piece is None:
            return Choice(about, KERNELS, why)
        count = sum(math.prod(variable.shape) for variable, _ in piece.updates)
        return Choice(about, PIECES, f"{why}; but it updates {count:,} numbers in one pass instead of ten")
    return Choice(about, XLA, "it makes one pass of many elementwise ones, and calls cost less")


def _first(program: Program, ops: tuple[str, ...]) -> str:
    return next(operation.op.name for operation in program.operations if operation.op.name in ops).lstrip("_")


def _slow_in_xla(program: Program) -> str | None:
    """The first operation that XLA is slow at: a convolution or pooling over more than one axis, or in a loop."""
    trains = program.uses("gradients")
    for operation in program.operations:
        if operation.op.name in (*CONVOLUTIONS, "pool2d") and not (trains and _is_over_one_axis(operation)):
            return operation.op.name
    return None


def _is_over_one_axis(operation: Operation) -> bool:
    """Whether it is a convolution along one axis; there XLA's products of matrices keep up with oneDNN's."""
    if operation.op.name != "conv2d":
        return False
    window = operation.inputs[1].shape
    window = window[2:] if operation.attributes["dim_ordering"] == "th" else window[:2]
    return 1 in tuple(window) and tuple(window) != (1, 1)


def _large_piece(program: Program) -> Piece | None:
    return piece_of(program, _is_large) if program.uses("gradients") else None


def _is_large(variable: Variable) -> bool:
    return math.prod(variable.shape) >= _LARGE_UPDATE


# ---- when, and how many


def _patience(program: Program) -> tuple[int, bool]:
    """How many times a step runs before XLA compiles it; and whether a loop of many waits as well.

    By the numbers that a step writes: about as much time passes as compiling takes.
    """
    if not program.uses("gradients"):
        return FEWEST, False
    written = sum(math.prod(variable.shape) for variable, _ in program.updates)
    if written >= _LARGE_MODEL:
        return _PATIENCE_IF_LARGE, False
    is_small = written < _SMALL_MODEL and not program.uses("_scan", *CONVOLUTIONS)
    return (_PATIENCE_IF_SMALL, True) if is_small else (_PATIENCE, False)


def _patience_choice(program: Program, steps: int, is_small: bool, most_steps: str) -> Choice:
    about, why = "compiled after", "to compile takes as long as about so many"
    if not program.uses("gradients"):
        return Choice(about, f"{MANY} batches", f"{why}, and serves calls of many only")
    if is_small or most_steps == "1":
        return Choice(about, f"{steps} steps", f"{why}{' of a small model' if is_small else ''}")
    return Choice(about, f"{steps} steps", f"{why}; an epoch of {FEWEST} batches or more is compiled at once")


def _most_steps(program: Program, linker: str, form: str, by_rows: bool) -> Choice:
    about = "steps in one call, at most"
    if linker and linker != "jax":
        return Choice(about, "1", f"{linker} has no loop over batches")
    if program.has_sparse:
        return Choice(about, "1", "sparse inputs are converted batch by batch")
    if by_rows:
        return Choice(about, "1", "tables that are written by rows stay where they are")
    if linker and program.uses(*CONVOLUTIONS):
        return Choice(about, "1", "XLA's convolution is many times slower inside a loop")
    if linker and program.uses("native theano code"):
        return Choice(about, "1", "the model holds code of its own for Theano")
    if form == PIECES or form == XLA and program.uses(*CONVOLUTIONS):
        return Choice(about, "1", "a step takes far longer than a call")
    return Choice(about, str(MOST_STEPS), "Python is asked once for as many as fit into 50 ms")


# ---- tables


def _tables(program: Program) -> tuple[RowUpdate, ...]:
    """The updates by rows that are worth it."""
    if not program.uses("gradients") or program.has_sparse or machines().count > 1:
        return ()
    wide = [variable for variable, _ in program.updates if len(variable.shape) == 2 and _is_table(variable)]
    found = [row_update(program, variable) for variable in dict.fromkeys(wide)]
    return tuple(one for one in found if one is not None and _is_worth_it(one))


def _is_table(variable: Variable) -> bool:
    return math.prod(variable.shape) >= _LARGE_TABLE


def _is_worth_it(update: RowUpdate) -> bool:
    words = update.words_per_sample
    return words is not None and words * _USUAL_BATCH * _TIMES_THE_WORDS <= update.table.shape[0]


def _picked(program: Program, tables: tuple[RowUpdate, ...]) -> tuple[Variable, ...]:
    """Tables that are written by rows, and those that a program without gradients reads by rows alone."""
    by_rows = [update.table for update in tables]
    if program.uses("gradients"):
        return tuple(by_rows)
    large = [variable for variable in program.variables if len(variable.shape) == 2 and _is_table(variable)]
    return tuple(variable for variable in large if is_only_picked(program, variable))


def _of_tables(program: Program, tables: tuple[RowUpdate, ...], linker: str) -> list[Choice]:
    by_rows = {update.table for update in tables}
    choices = []
    for operation in program.operations if program.uses("gradients") else ():
        table = operation.inputs[0] if operation.op.name == "gather" else None
        if (
            not isinstance(table, Variable)
            or not _is_table(table)
            or not any(table is one for one, _ in program.updates)
        ):
            continue
        about = f'updates of "{table.name}"'
        if table in by_rows:
            choices.append(Choice(about, "by rows", "a word that is not in the batch stays as it is"))
        else:
            why = (
                "its optimizer moves rows without a gradient too, something else reads it, or a batch picks much of it"
            )
            choices.append(Choice(about, "whole", "JAX's arrays are not written in place" if linker == "jax" else why))
    return choices
