"""What training has changed in a Keras model, at one moment: held in memory, written, put back from either."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..engine.files.hdf5 import reading
from ..errors import WeightsError
from .keras_weight_files import load_weights, save_weights

__all__ = ["KerasMoment", "put_back"]


class KerasMoment:
    """Takes the arrays of all variables.

    Args:
        epoch: how many epochs have trained it.
        has_state: False leaves the optimizer's state out.
    """

    def __init__(self, model: Any, epoch: int, has_state: bool = True):
        self.model, self.epoch, self.has_state = model, epoch, has_state
        optimizer = getattr(model, "optimizer", None) if has_state else None
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

    def check(self) -> None:
        """Refuse a model that has changed.

        Raises:
            WeightsError: it has other layers since.
        """
        known = {id(variable) for variable, _ in self._arrays}
        if not {id(variable) for variable in self.model.weights} <= known:
            raise WeightsError(
                f'model "{self.model.name}" has other layers than after epoch {self.epoch}.', "Train it anew."
            )

    def put_back(self) -> None:
        """Give the model what it had at that moment.

        Raises:
            WeightsError: it has other layers since; nothing was changed.
        """
        self.check()
        self._assign()

    def write(self, path: Any) -> None:
        """Write a file of weights, which `model.load_weights` reads too; whole or not at all.

        Keras writes a model as it is now: an earlier moment is put into it for as long as that takes.

        Raises:
            FileError: it cannot be written.
        """
        present = None if self._is_now else KerasMoment(self.model, self.epoch)
        try:
            if present is not None:
                self._assign()
            save_weights(self.model, path, self.epoch, self.has_state)
        finally:
            if present is not None:
                present._assign()

    @property
    def _is_now(self) -> bool:
        return all(np.array_equal(variable.numpy(), array, equal_nan=True) for variable, array in self._arrays)

    def _assign(self) -> None:
        for variable, array in self._arrays:
            variable.assign(array)


def put_back(model: Any, path: Any) -> bool:
    """Give a model the weights of a file, and its optimizer the state that it holds; all or nothing.

    Returns:
        Whether there was a state for the optimizer.

    Raises:
        WeightsError: they do not fit; nothing was changed.
        FileError: it is no file of weights.
    """
    with reading(path):  # a damaged file is said by name
        pass
    before = KerasMoment(model, 0)
    try:
        return load_weights(model, path)
    except Exception as error:
        before.put_back()
        raise WeightsError(f'the weights in "{path}" do not fit model "{model.name}": {error}') from error
