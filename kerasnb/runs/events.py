"""Points as TensorBoard reads them."""

from __future__ import annotations

from collections.abc import Iterable

from ..callbacks.tensorboard_events import EventWriter, scalar
from .points import Point

__all__ = ["write_events"]


def write_events(writer: EventWriter, points: Iterable[Point]) -> None:
    """Write loss, metrics and learning rate of each epoch, counted from 0 as the TensorBoard callback does."""
    for point in points:
        figures = point.logs | ({} if point.lr is None else {"lr": point.lr})
        writer.add_summary([scalar(name, value) for name, value in figures.items()], point.epoch - 1)
    writer.flush()
