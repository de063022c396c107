"""Which run a model goes on from: what `attach` and the Fit panel set, and the next fit reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from .points import Point

__all__ = ["Continuation", "continuation", "go_on_from", "start_anew"]


@dataclass(frozen=True)
class Continuation:
    """A run whose weights a model has been given.

    Attributes:
        run: its id.
        epoch: how many epochs have trained the weights.
        planned: epochs that were asked for.
        points: its curve up to that epoch.
        frozen: the layers that were frozen in it; None where that is not known.
    """

    run: str
    epoch: int
    planned: int
    points: tuple[Point, ...]
    frozen: tuple[str, ...] | None = None


_continued: WeakKeyDictionary[Any, Continuation] = WeakKeyDictionary()


def go_on_from(model: Any, continued: Continuation) -> None:
    """Let the next fit of the model continue that run's count of epochs."""
    _continued[model] = continued


def continuation(model: Any) -> Continuation | None:
    """What the next fit of the model goes on from; None for a fit that begins anew."""
    return _continued.get(model)


def start_anew(model: Any) -> None:
    """Let the next fit begin at its first epoch."""
    _continued.pop(model, None)
