"""What training has changed in a model, at one moment: held in memory, written to a file, put back from either."""

from __future__ import annotations

from typing import Any

import numpy as np

from ... import backend as K
from ...backend.graph.tensor import Variable
from ...errors import WeightsError
from .hdf5 import reading, writing
from .training import counters, read_state, write_state
from .weights import read_weights, weights_group, write_weights

__all__ = ["EPOCH", "Moment", "epoch_in", "put_back"]

# our own addition to a file of weights: the last epoch (from 1) that trained them
EPOCH = "kerasnb_epoch"


class Moment:
    """The weights of a model as they are now, and the state of its optimizer where it has one.

    Args:
        epoch: how many epochs have trained it.
        has_state: False leaves the optimizer's state out.
    """

    def __init__(self, model: Any, epoch: int, has_state: bool = True):
        self.model, self.epoch = model, epoch
        self.state = _state_of(model) if has_state else []
        variables = list(dict.fromkeys([*_weights_of(model), *self.state]))
        self.arrays: dict[Variable, np.ndarray] = dict(zip(variables, K.batch_get_value(variables), strict=True))

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for array in self.arrays.values())

    @property
    def is_finite(self) -> bool:
        """Whether no weight is nan or infinite."""
        return all(np.isfinite(array).all() for array in self.arrays.values())

    def check(self) -> None:
        """Refuse a model that has changed.

        Raises:
            WeightsError: it has other layers since.
        """
        if not self.arrays.keys() >= set(_weights_of(self.model)):
            raise WeightsError(
                f'model "{self.model.name}" has other layers than after epoch {self.epoch}.', "Train it anew."
            )

    def put_back(self) -> None:
        """Give the model what it had at that moment.

        Raises:
            WeightsError: it has other layers since; nothing was changed.
        """
        self.check()
        K.batch_set_value(list(self.arrays.items()))

    def write(self, path: Any) -> None:
        """Write a file of weights, which `model.load_weights` reads too; whole or not at all.

        Raises:
            FileError: it cannot be written.
        """
        with writing(path) as file:
            write_weights(self.model._weighted_layers, file, self._values)
            file.attrs[EPOCH] = self.epoch
            if self.state:
                write_state(self.model, file, self._values)

    def _values(self, variables: list[Variable]) -> list[np.ndarray]:
        return [self.arrays[variable] for variable in variables]


def put_back(model: Any, path: Any) -> bool:
    """Give a model the weights of a file, and its optimizer the state that it holds; all or nothing.

    Returns:
        Whether there was a state for the optimizer.

    Raises:
        WeightsError: they do not fit; nothing was changed.
        FileError: it is no file of weights.
    """
    with reading(path) as file:
        group = weights_group(file)
        read_weights(f'model "{model.name}"', model._weighted_layers, group, by_name=False)
        return model.is_compiled and read_state(model, file, group)


def epoch_in(path: Any) -> int | None:
    """How many epochs had trained the weights of a file that a `Moment` wrote; None where it does not say."""
    with reading(path) as file:
        return int(file.attrs[EPOCH]) if EPOCH in file.attrs else None


def _weights_of(model: Any) -> list[Variable]:
    return [weight for layer in model._weighted_layers for weight in layer.weights]


def _state_of(model: Any) -> list[Variable]:
    own = list(getattr(model.optimizer, "weights", None) or ())
    return [*own, *counters(model.optimizer).values()] if own else []
