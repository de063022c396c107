"""The curve of a run on disk: one line of JSON for each epoch, whole lines or none."""

from __future__ import annotations

import contextlib
import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ..report.history import Mark
from ..utils.writing import said_by_name

__all__ = ["Point", "PointsFile", "last_epoch", "read_points"]

_END = 1 << 16  # bytes, in which some lines are


@dataclass(frozen=True)
class Point:
    """What one epoch gave.

    Attributes:
        epoch: its number, from 1.
        seconds: since training began.
        logs: loss, metrics and val_*, by Keras's names.
        lr: the learning rate after it, where the optimizer has one.
        marks: what was changed in its course, or before it.
    """

    epoch: int
    seconds: float
    logs: dict[str, float] = field(default_factory=dict)
    lr: float | None = None
    marks: tuple[Mark, ...] = ()


class PointsFile:
    """Appends points; each line reaches the operating system at once, so that a killed process loses none.

    Raises:
        FileError: it cannot be written.
    """

    def __init__(self, path: Path):
        self.path = path
        with said_by_name(path):
            # O_APPEND: of two processes with one file neither writes over the other's lines
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)

    def append(self, points: Iterable[Point]) -> None:
        """Write whole lines, or none of them."""
        data = "".join(json.dumps(_plain(point), allow_nan=False) + "\n" for point in points).encode()
        size = os.fstat(self._file).st_size
        try:
            with said_by_name(self.path):
                if os.write(self._file, data) < len(data):
                    raise OSError("only a part of a line could be written")
        except OSError:
            with contextlib.suppress(OSError):
                # the next line would begin behind a broken one and be lost with it
                os.truncate(self.path, size)
            raise

    def close(self) -> None:
        """Finish; closing again does nothing."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self):
        with contextlib.suppress(OSError, AttributeError):
            self.close()


def read_points(path: Path) -> tuple[list[Point], int]:
    """The points of a file in order, and how many lines could not be read; of an epoch trained twice the later one."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError:
        return [], 0
    found: dict[int, Point] = {}
    damaged = 0
    for line in filter(None, lines):
        point = _point(line)
        if point is None:
            damaged += 1
        else:
            found[point.epoch] = point
    return [found[epoch] for epoch in sorted(found)], damaged


def last_epoch(path: Path) -> int:
    """The epoch of the last line that can be read; of a long file only the end is looked at. 0 without any."""
    try:
        with open(path, "rb") as file:
            file.seek(max(path.stat().st_size - _END, 0))
            lines = file.read().split(b"\n")
    except OSError:
        return 0
    points = (_point(line) for line in reversed(lines))
    return next((point.epoch for point in points if point is not None), 0)


def _plain(point: Point) -> dict[str, Any]:
    logs = {name: value if math.isfinite(value) else None for name, value in point.logs.items()}  # JSON has no nan
    marks = {"marks": [[mark.at, mark.what, mark.text] for mark in point.marks]} if point.marks else {}
    plain = {name: value for name, value in asdict(point).items() if name != "marks"}
    return plain | {"seconds": round(point.seconds, 3), "logs": logs} | marks


def _point(line: bytes) -> Point | None:
    try:
        read = json.loads(line)
        logs = {str(name): math.nan if value is None else float(value) for name, value in read["logs"].items()}
        lr = read.get("lr")
        epoch, seconds = read["epoch"], float(read["seconds"])
        marks = tuple(Mark(float(at), str(what), str(text)) for at, what, text in read.get("marks", ()))
        return Point(epoch, seconds, logs, None if lr is None else float(lr), marks) if _is_number(epoch) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError):
        return None


def _is_number(epoch: Any) -> bool:
    return isinstance(epoch, int) and not isinstance(epoch, bool) and 0 < epoch < 10**9
