"""What callbacks that watch a figure or change the learning rate need."""

from __future__ import annotations

import numpy as np

from ..caller import warn_user
from ..errors import ArgumentError

__all__ = ["better", "learning_rate"]


def better(mode: str, monitor: str, by_accuracy_only: bool = False):
    """How to tell that a figure got better: np.less or np.greater ('auto' decides by the figure's name).

    Args:
        by_accuracy_only: whether only names with 'acc' go up by themselves, not those that start with 'fmeasure'.
    """
    if mode not in ("auto", "min", "max"):
        warn_user(f"mode {mode!r} is unknown, taking 'auto'", RuntimeWarning)
        mode = "auto"
    if mode == "auto":
        goes_up = "acc" in monitor or (monitor.startswith("fmeasure") and not by_accuracy_only)
        mode = "max" if goes_up else "min"
    return np.greater if mode == "max" else np.less


def learning_rate(model, who: str):
    """The variable of the optimizer's learning rate, for who changes it.

    Raises:
        ArgumentError: the optimizer has none, or a schedule says what it is.
    """
    if not hasattr(model.optimizer, "lr"):
        raise ArgumentError(f'{who}: Optimizer must have a "lr" attribute; {type(model.optimizer).__name__} has none.')
    if hasattr(model.optimizer, "refuse_rate"):
        model.optimizer.refuse_rate(who)
    return model.optimizer.lr
