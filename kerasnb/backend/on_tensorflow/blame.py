"""Errors of TensorFlow while a program runs, told with the operation, its layer and the user's line."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from ...errors import BackendError
from ..graph.programs import Program

__all__ = ["MARK", "blaming"]

MARK = "kerasnb_operation_"  # before an operation's place in the program, in the name of all that it becomes


@contextlib.contextmanager
def blaming(program: Program, kind: Any) -> Iterator[None]:
    """Errors of this kind, TensorFlow's own, name the operation, its layer and the user's line."""
    try:
        yield
    except kind as error:
        found = re.search(rf"{MARK}(\d+)", str(error))
        if not found:
            raise
        operation = program.operations[int(found.group(1))]
        raise BackendError(
            f"tensorflow refused {operation.describe()}: {_reason(error.message)}", layer=operation.layer
        ) from error


def _reason(message: str) -> str:
    """The line of TensorFlow's message that says what was wrong."""
    found = re.search(r"([^\n]+)\n\s*\[\[\{\{node", message)
    text = found.group(1) if found else message.strip().splitlines()[-1]
    text = text.removeprefix("assertion failed: [").removesuffix("]")
    text = re.sub(r"slice index (-?\d+) of dimension (\d+) out of bounds", _outside, text)
    return re.sub(rf"\{{\{{.*?\}}\}}|\S*{MARK}\S*", "", text).strip()


def _outside(found: re.Match) -> str:
    index, axis = found.groups()
    empty = ", which is empty" if index in ("0", "-1") else ""
    return f"index {index} is outside axis {axis}{empty}"
