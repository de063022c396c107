"""Losses as later Keras makes them: objects with options, each for one of the objectives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from . import backend as K
from . import loss_functions as objectives
from .errors import unknown_name

__all__ = [
    "Loss",
    "MeanSquaredError",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredLogarithmicError",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "Hinge",
    "SquaredHinge",
    "CategoricalHinge",
    "Poisson",
    "LogCosh",
    "KLDivergence",
    "CosineSimilarity",
    "Huber",
]

# all of these are the mean over samples here, which weights divide
REDUCTIONS = ("auto", "sum_over_batch_size", None)


class Loss:
    """A loss with options; a subclass of a program's own defines `call(y_true, y_pred)`, one value for each sample.

    Called by itself it gives the mean over the samples.

    Args:
        reduction: 'auto' or 'sum_over_batch_size', the mean.
        name: what it is called.

    Raises:
        UnknownNameError: another reduction is asked for.
    """

    def __init__(self, reduction="auto", name=None):
        reduction = getattr(reduction, "value", reduction)
        if reduction not in REDUCTIONS:
            raise unknown_name("reduction", reduction, REDUCTIONS[:2], "Multiply the loss by loss_weights instead.")
        self.reduction = reduction
        self.name = name or _snake(type(self).__name__)

    def call(self, y_true, y_pred):
        """One value for each sample (and time step)."""
        raise NotImplementedError(f"{type(self).__name__} needs call(y_true, y_pred).")

    def __call__(self, y_true, y_pred, sample_weight=None):
        values = self.call(_floats(y_true), _floats(y_pred))
        return K.mean(values if sample_weight is None else values * _floats(sample_weight))

    def as_function(self) -> Callable:
        """What a model minimizes: one value for each sample."""

        def loss(y_true, y_pred):
            return self.call(y_true, y_pred)

        loss.__name__ = loss.__qualname__ = self.name
        return loss

    def get_config(self) -> dict:
        """The arguments."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict) -> Loss:
        """The loss with these arguments."""
        return cls(**config)


def _floats(values: Any) -> Any:
    return K.cast(values, K.floatx()) if isinstance(values, K.Tensor) else np.asarray(values, K.floatx())


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")


class _OfObjective(Loss):
    """The loss of one objective; with its usual options it is that objective itself."""

    objective: Callable
    with_options: Callable  # the same, and takes `options`
    options: ClassVar[dict[str, Any]] = {}  # with their usual values

    def __init__(self, *args, reduction="auto", name=None, **given):
        given |= dict(zip(self.options, args, strict=False))
        super().__init__(reduction, name or self.objective.__name__)
        for option in given:
            if option not in self.options:
                raise unknown_name(f"argument of {type(self).__name__}", option, [*self.options, "reduction", "name"])
        self.given = {option: value for option, value in given.items() if value != self.options[option]}

    def call(self, y_true, y_pred):
        return self.with_options(y_true, y_pred, **self.given) if self.given else self.objective(y_true, y_pred)

    def as_function(self):
        if not self.given:
            return self.objective
        function = super().as_function()
        function.objective = self.objective
        return function

    def get_config(self):
        return super().get_config() | self.given


def _of(name: str, objective: Callable, with_options: Callable | None = None, **options) -> type[_OfObjective]:
    members = {"objective": objective, "with_options": with_options or objective}
    made = type(name, (_OfObjective,), {key: staticmethod(one) for key, one in members.items()} | {"options": options})
    made.__module__, made.__doc__ = __name__, f"The objective `{objective.__name__}` as an object."
    return made


def _smoothed(y_true: Any, amount: float, floor: float) -> Any:
    return y_true * (1.0 - amount) + amount * floor if amount else y_true


def _binary(y_true, y_pred, from_logits=False, label_smoothing=0):
    values = K.binary_crossentropy(y_pred, _smoothed(y_true, label_smoothing, 0.5), from_logits=from_logits)
    return K.mean(values, axis=-1)


def _categorical(y_true, y_pred, from_logits=False, label_smoothing=0):
    share = 1.0 / K.int_shape(y_pred)[-1]
    return K.categorical_crossentropy(y_pred, _smoothed(y_true, label_smoothing, share), from_logits=from_logits)


def _sparse(y_true, y_pred, from_logits=False):
    return K.sparse_categorical_crossentropy(y_pred, y_true, from_logits=from_logits)


MeanSquaredError = _of("MeanSquaredError", objectives.mean_squared_error)
MeanAbsoluteError = _of("MeanAbsoluteError", objectives.mean_absolute_error)
MeanAbsolutePercentageError = _of("MeanAbsolutePercentageError", objectives.mean_absolute_percentage_error)
MeanSquaredLogarithmicError = _of("MeanSquaredLogarithmicError", objectives.mean_squared_logarithmic_error)
BinaryCrossentropy = _of(
    "BinaryCrossentropy", objectives.binary_crossentropy, _binary, from_logits=False, label_smoothing=0
)
CategoricalCrossentropy = _of(
    "CategoricalCrossentropy", objectives.categorical_crossentropy, _categorical, from_logits=False, label_smoothing=0
)
SparseCategoricalCrossentropy = _of(
    "SparseCategoricalCrossentropy", objectives.sparse_categorical_crossentropy, _sparse, from_logits=False
)
Hinge = _of("Hinge", objectives.hinge)
SquaredHinge = _of("SquaredHinge", objectives.squared_hinge)
CategoricalHinge = _of("CategoricalHinge", objectives.categorical_hinge)
Poisson = _of("Poisson", objectives.poisson)
LogCosh = _of("LogCosh", objectives.logcosh)
KLDivergence = _of("KLDivergence", objectives.kullback_leibler_divergence)
CosineSimilarity = _of("CosineSimilarity", objectives.cosine_similarity, axis=-1)
Huber = _of("Huber", objectives.huber_loss, delta=1.0)
