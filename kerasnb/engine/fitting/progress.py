"""How far a training came, so that another one goes on from there."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

__all__ = ["Progress", "beginning"]


class Progress(NamedTuple):
    """A place in a training.

    Attributes:
        epoch: its number.
        batch: how many batches of it are done.
        order: the places of the samples in this epoch; of an epoch that has not begun, in the one before.
    """

    epoch: int
    batch: int = 0
    order: Any = None


def beginning(model: Any, initial_epoch: int, order: np.ndarray) -> Progress:
    """Where a fit begins: where a callback found in `on_train_begin` that an earlier one ended, else as it was asked.

    Args:
        order: the places of the samples as they lie; an earlier order of other samples counts nothing.
    """
    found, model.resumption = model.resumption, None
    if found is None:
        return Progress(initial_epoch, 0, order)
    if found.order is None or len(found.order) != len(order):
        return Progress(found.epoch, 0, order)
    return found
