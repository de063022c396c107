"""How one means to train: what is asked of compile and fit beside the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """Arguments of compile and fit that bear on whether a training makes sense.

    Args:
        losses: the name of each output's loss, None where it is a function without one.
        trains: whether any weight may change.
    """

    losses: tuple[str | None, ...] = (None,)
    batch_size: int = 32
    validation_split: float = 0.0
    class_weight: Any = None
    learning_rate: float | None = None
    trains: bool = True
