"""A model as a callback of Keras 3 sees it: what it asks is answered as Keras 3's models answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..utils.foreign_objects import kin_of

__all__ = ["model_for"]


def model_for(callback: Any, model: Any) -> Any:
    """The model as the callback may look at it."""
    return AsInKeras3(model) if kin_of(callback) else model


class _Seen:
    """An object seen through another: what is not defined here is its own."""

    def __init__(self, inner: Any):
        object.__setattr__(self, "_inner", inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(object.__getattribute__(self, "_inner"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)

    @property
    def __class__(self):  # for isinstance
        return type(self._inner)

    def __eq__(self, other: Any) -> bool:
        return self._inner is getattr(other, "_inner", other)

    __hash__ = object.__hash__


class AsInKeras3(_Seen):
    """A model whose optimizer's settings are numbers."""

    @property
    def optimizer(self) -> Any:
        return OptimizerAsInKeras3(self._inner.optimizer)


class OptimizerAsInKeras3(_Seen):
    """An optimizer whose learning rate and count of steps are numbers."""

    @property
    def learning_rate(self) -> np.ndarray:
        return np.asarray(K.get_value(self._inner.lr))

    @property
    def iterations(self) -> np.ndarray:
        return np.asarray(K.get_value(self._inner.iterations), "int64")
