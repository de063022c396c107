"""The weights of a Keras model and its optimizer's state at one moment, in memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import WeightsError

__all__ = ["KerasMoment"]


class KerasMoment:
    """Takes the arrays of all variables.

    Args:
        epoch: how many epochs have trained it.
    """

    def __init__(self, model: Any, epoch: int):
        self.model, self.epoch = model, epoch
        optimizer = getattr(model, "optimizer", None)
        variables = [*model.weights, *(getattr(optimizer, "variables", None) or ())]
        self._arrays = [(variable, np.array(variable.numpy())) for variable in variables]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for _, array in self._arrays)

    @property
    def is_finite(self) -> bool:
        """Whether no value is nan or infinite."""
        return all(np.isfinite(array).all() for _, array in self._arrays if array.dtype.kind == "f")

    def put_back(self) -> None:
        """Give the model what it had at that moment.

        Raises:
            WeightsError: it has other layers since; nothing was changed.
        """
        known = {id(variable) for variable, _ in self._arrays}
        if not {id(variable) for variable in self.model.weights} <= known:
            raise WeightsError(
                f'model "{self.model.name}" has other layers than after epoch {self.epoch}.', "Train it anew."
            )
        for variable, array in self._arrays:
            variable.assign(array)
