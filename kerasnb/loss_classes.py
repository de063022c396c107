"""Losses as later Keras makes them: objects with options, each for one of the objectives."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from . import backend as K
from . import later_loss_functions as later
from . import loss_functions as objectives
from .errors import unknown_name
from .later_loss_functions import smoothed
from .utils.custom_objects import snake_case

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
    "BinaryFocalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "Circle",
    "CTC",
    "Dice",
    "Tversky",
]

# of classes whose function has fewer of them
_OPTIONS = {
    "axis": "that of the classes or features.",
    "delta": "the difference above which its size counts, not its square.",
    "from_logits": "outputs are any numbers, not probabilities.",
    "ignore_class": "targets of this class do not count.",
    "label_smoothing": "share of each target, 0 to 1, that is given to all classes alike.",
}

# the mean over samples; a model takes it in place of None, too
MEANS = ("auto", "sum_over_batch_size", "mean", None, "none")
REDUCTIONS = (*MEANS, "sum", "mean_with_sample_weight")


class Loss:
    """A loss with options; a subclass of a program's own defines `call(y_true, y_pred)`, one value for each sample.

    Called by itself it reduces the values of the samples to one.

    Args:
        reduction: 'auto', 'mean' or 'sum_over_batch_size': the mean over the samples, which counts a weight of 2 twice
            and divides by their number; 'mean_with_sample_weight' divides by the sum of the weights; 'sum'; None for
            one value for each sample, of which a model takes the mean.
        name: what it is called.

    Raises:
        UnknownNameError: another reduction is asked for.
    """

    def __init__(self, reduction="auto", name=None, dtype=None):
        reduction = getattr(reduction, "value", reduction)
        if reduction not in REDUCTIONS:
            raise unknown_name("reduction", reduction, [one for one in REDUCTIONS if one], "None is one, too.")
        self.reduction = reduction
        self.name = name or snake_case(type(self).__name__)

    def call(self, y_true, y_pred):
        """One value for each sample (and time step)."""
        raise NotImplementedError(f"{type(self).__name__} needs call(y_true, y_pred).")

    def __call__(self, y_true, y_pred, sample_weight=None):
        values = self.call(_floats(y_true), _floats(y_pred))
        weights = None if sample_weight is None else _floats(sample_weight)
        values = values if weights is None else values * weights
        if self.reduction in (None, "none"):
            return values
        if self.reduction == "mean_with_sample_weight" and weights is not None:
            return K.sum(values) / K.sum(weights)
        return K.sum(values) if self.reduction == "sum" else K.mean(values)

    def as_function(self) -> Callable:
        """What a model minimizes: one value for each sample."""

        def loss(y_true, y_pred):
            return self.call(y_true, y_pred)

        loss.__name__ = loss.__qualname__ = self.name
        if self.reduction not in MEANS:
            loss.reduction = self.reduction  # type: ignore[attr-defined]
        return loss

    def get_config(self) -> dict:
        """The arguments."""
        return {"name": self.name} | ({} if self.reduction in MEANS else {"reduction": self.reduction})

    @classmethod
    def from_config(cls, config: dict) -> Loss:
        """The loss with these arguments."""
        return cls(**config)


def _floats(values: Any) -> Any:
    return K.cast(values, K.floatx()) if isinstance(values, K.Tensor) else np.asarray(values, K.floatx())


class _OfObjective(Loss):
    """The loss of one objective; with its usual options it is that objective itself."""

    objective: Callable
    with_options: Callable  # the same, and takes `options`
    options: ClassVar[dict[str, Any]] = {}  # with their usual values

    def __init__(self, *args, reduction="auto", name=None, dtype=None, **given):
        given |= dict(zip(self.options, args, strict=False))
        super().__init__(reduction, name or self.objective.__name__)
        for option in given:
            if option not in self.options:
                raise unknown_name(f"argument of {type(self).__name__}", option, [*self.options, "reduction", "name"])
        self.given = {option: value for option, value in given.items() if value != self.options[option]}

    def call(self, y_true, y_pred):
        return self.with_options(y_true, y_pred, **self.given) if self.given else self.objective(y_true, y_pred)

    def as_function(self):
        if not self.given and self.reduction in MEANS:
            return self.objective
        function = super().as_function()
        function.objective = self.objective
        return function

    def get_config(self):
        return super().get_config() | self.given


def _of(name: str, objective: Callable, with_options: Callable | None = None, **options) -> type[_OfObjective]:
    members = {"objective": objective, "with_options": with_options or objective}
    made = type(name, (_OfObjective,), {key: staticmethod(one) for key, one in members.items()} | {"options": options})
    made.__module__, made.__doc__ = __name__, _told(objective, options)
    return made


def _told(objective: Callable, options: dict[str, Any]) -> str:
    """What the objective says of itself, with the options that only the class has."""
    told = inspect.cleandoc(objective.__doc__ or "")
    head, _, args = told.partition("\n\nArgs:\n")
    lines = args.splitlines() if args else [f"    {name}: {_OPTIONS[name]}" for name in options]
    called = f"As a function: `{objective.__name__}`."
    return "\n".join([head, "", called, "", "Args:", *lines, "    reduction, name: as for `Loss`."])


def _classes_last(tensor: Any, axis: int) -> Any:
    """The tensor with this axis as its last one."""
    rank = K.ndim(tensor)
    axis %= rank
    if axis == rank - 1:
        return tensor
    return K.permute_dimensions(tensor, [*(place for place in range(rank) if place != axis), axis])


def _binary(y_true, y_pred, from_logits=False, label_smoothing=0, axis=-1):
    """Binary crossentropy with the options of the class."""
    values = K.binary_crossentropy(y_pred, smoothed(y_true, label_smoothing, 0.5), from_logits=from_logits)
    return K.mean(values, axis=axis)


def _categorical(y_true, y_pred, from_logits=False, label_smoothing=0, axis=-1):
    """Categorical crossentropy with the options of the class."""
    y_true, y_pred = _classes_last(y_true, axis), _classes_last(y_pred, axis)
    share = 1.0 / K.int_shape(y_pred)[-1]
    return K.categorical_crossentropy(y_pred, smoothed(y_true, label_smoothing, share), from_logits=from_logits)


def _sparse(y_true, y_pred, from_logits=False, ignore_class=None, axis=-1):
    """Sparse categorical crossentropy with the options of the class."""
    y_pred = _classes_last(y_pred, axis)
    if ignore_class is None:
        return K.sparse_categorical_crossentropy(y_pred, y_true, from_logits=from_logits)
    counts = K.cast(K.not_equal(y_true, ignore_class), K.floatx())
    values = K.sparse_categorical_crossentropy(y_pred, y_true * counts, from_logits=from_logits)
    counts = counts[..., 0] if K.ndim(counts) > K.ndim(values) else counts
    # the mean over all is then the mean over those that count
    return values * counts / K.maximum(K.mean(counts), K.epsilon())


MeanSquaredError = _of("MeanSquaredError", objectives.mean_squared_error)
MeanAbsoluteError = _of("MeanAbsoluteError", objectives.mean_absolute_error)
MeanAbsolutePercentageError = _of("MeanAbsolutePercentageError", objectives.mean_absolute_percentage_error)
MeanSquaredLogarithmicError = _of("MeanSquaredLogarithmicError", objectives.mean_squared_logarithmic_error)
BinaryCrossentropy = _of(
    "BinaryCrossentropy", objectives.binary_crossentropy, _binary, from_logits=False, label_smoothing=0, axis=-1
)
CategoricalCrossentropy = _of(
    "CategoricalCrossentropy",
    objectives.categorical_crossentropy,
    _categorical,
    from_logits=False,
    label_smoothing=0,
    axis=-1,
)
SparseCategoricalCrossentropy = _of(
    "SparseCategoricalCrossentropy",
    objectives.sparse_categorical_crossentropy,
    _sparse,
    from_logits=False,
    ignore_class=None,
    axis=-1,
)
Hinge = _of("Hinge", later.hinge)
SquaredHinge = _of("SquaredHinge", later.squared_hinge)
CategoricalHinge = _of("CategoricalHinge", objectives.categorical_hinge)
Poisson = _of("Poisson", objectives.poisson)
LogCosh = _of("LogCosh", objectives.logcosh)
KLDivergence = _of("KLDivergence", objectives.kullback_leibler_divergence)
CosineSimilarity = _of("CosineSimilarity", objectives.cosine_similarity, axis=-1)
Huber = _of("Huber", objectives.huber_loss, delta=1.0)
BinaryFocalCrossentropy = _of(
    "BinaryFocalCrossentropy",
    later.binary_focal_crossentropy,
    apply_class_balancing=False,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
)
CategoricalFocalCrossentropy = _of(
    "CategoricalFocalCrossentropy",
    later.categorical_focal_crossentropy,
    alpha=0.25,
    gamma=2.0,
    from_logits=False,
    label_smoothing=0.0,
    axis=-1,
)
CategoricalGeneralizedCrossEntropy = _of(
    "CategoricalGeneralizedCrossEntropy", later.categorical_generalized_cross_entropy, q=0.5
)
Circle = _of("Circle", later.circle, gamma=80.0, margin=0.4, remove_diagonal=True)
CTC = _of("CTC", later.ctc)
Dice = _of("Dice", later.dice, axis=None)
Tversky = _of("Tversky", later.tversky, alpha=0.5, beta=0.5, axis=None)
