"""Metrics that are means over the samples of a function."""

from __future__ import annotations

from collections.abc import Callable

from .. import backend as K
from .. import loss_classes, loss_functions, metric_functions
from ..errors import unknown_name
from .base import Metric, numbers, share, weights_for

__all__ = [
    "MeanMetricWrapper",
    "Accuracy",
    "BinaryAccuracy",
    "CategoricalAccuracy",
    "SparseCategoricalAccuracy",
    "TopKCategoricalAccuracy",
    "SparseTopKCategoricalAccuracy",
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
    "LogCoshError",
    "KLDivergence",
    "CosineSimilarity",
    "PearsonCorrelation",
    "ConcordanceCorrelation",
]


class MeanMetricWrapper(Metric):
    """The mean of a function over the samples.

    Args:
        fn: function of targets and outputs.
        options: its further arguments.
    """

    def __init__(self, fn, name=None, dtype=None, **options):
        super().__init__(name or getattr(fn, "__name__", type(fn).__name__), dtype)
        self.fn, self.options = fn, options
        self.total, self.count = self.add_weight(name="total"), self.add_weight(name="count")

    def of_samples(self, y_true, y_pred):
        """The value of each sample, where the function gives one."""
        return metric_functions.of_samples(self.fn)(y_true, y_pred, **self.options)

    def of_batch(self, y_true, y_pred):
        """The mean over a batch."""
        values = self.fn(y_true, y_pred, **self.options)
        return K.mean(values) if K.ndim(values) else values

    def update_state(self, y_true, y_pred, sample_weight=None):
        values = K.cast(self.of_samples(numbers(y_true), numbers(y_pred)), K.floatx())
        weights = weights_for(values, sample_weight)
        self.total.assign_add(K.sum(values * weights))
        self.count.assign_add(K.sum(weights))

    def result(self):
        return share(self.total.value, self.count.value)

    def get_config(self):
        return super().get_config() | self.options


def _mean_of(class_name: str, name: str, fn: Callable, **options) -> type[Metric]:
    """The class of a metric that is the mean of a function with these options, here with their usual values."""

    def __init__(self, *args, name=name, dtype=None, **given):
        given |= dict(zip(options, args, strict=False))
        for option in given:
            if option not in options:
                raise unknown_name(f"argument of {class_name}", option, [*options, "name"])
        MeanMetricWrapper.__init__(self, fn, name, **options | given)

    made = type(class_name, (MeanMetricWrapper,), {"__init__": __init__})
    made.__module__, made.__doc__ = __name__, f"The mean over the samples of `{name}`."
    return made


def _above(y_true, y_pred, threshold):
    return K.mean(K.equal(y_true, K.cast(K.greater(y_pred, threshold), K.floatx())), axis=-1)


def _of_loss(class_name: str):
    loss_class = getattr(loss_classes, class_name)

    def mean(y_true, y_pred, **options):
        return loss_class(**options).call(y_true, y_pred)

    return _mean_of(class_name, loss_class.objective.__name__, mean, **loss_class.options)


def _cosine(y_true, y_pred, axis):
    return -loss_functions.cosine_similarity(y_true, y_pred, axis)


Accuracy = _mean_of("Accuracy", "accuracy", metric_functions.accuracy)
BinaryAccuracy = _mean_of("BinaryAccuracy", "binary_accuracy", _above, threshold=0.5)
CategoricalAccuracy = _mean_of("CategoricalAccuracy", "categorical_accuracy", metric_functions.categorical_accuracy)
SparseCategoricalAccuracy = _mean_of(
    "SparseCategoricalAccuracy", "sparse_categorical_accuracy", metric_functions.sparse_categorical_accuracy
)
TopKCategoricalAccuracy = _mean_of(
    "TopKCategoricalAccuracy", "top_k_categorical_accuracy", metric_functions.top_k_categorical_accuracy, k=5
)
SparseTopKCategoricalAccuracy = _mean_of(
    "SparseTopKCategoricalAccuracy",
    "sparse_top_k_categorical_accuracy",
    metric_functions.sparse_top_k_categorical_accuracy,
    k=5,
)
MeanSquaredError = _of_loss("MeanSquaredError")
MeanAbsoluteError = _of_loss("MeanAbsoluteError")
MeanAbsolutePercentageError = _of_loss("MeanAbsolutePercentageError")
MeanSquaredLogarithmicError = _of_loss("MeanSquaredLogarithmicError")
BinaryCrossentropy = _of_loss("BinaryCrossentropy")
CategoricalCrossentropy = _of_loss("CategoricalCrossentropy")
SparseCategoricalCrossentropy = _of_loss("SparseCategoricalCrossentropy")
Hinge = _of_loss("Hinge")
SquaredHinge = _of_loss("SquaredHinge")
CategoricalHinge = _of_loss("CategoricalHinge")
Poisson = _of_loss("Poisson")
KLDivergence = _of_loss("KLDivergence")
LogCoshError = _mean_of("LogCoshError", "logcosh", loss_functions.logcosh)
CosineSimilarity = _mean_of("CosineSimilarity", "cosine_similarity", _cosine, axis=-1)


def _normed(y, axis):
    y = y - K.mean(y, axis=axis, keepdims=True)
    return y / K.std(y, axis=axis, keepdims=True)


def pearson_correlation(y_true, y_pred, axis=-1):
    """The correlation of outputs and targets along an axis, -1 to 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(_normed(y_true, axis) * _normed(y_pred, axis), axis=axis)


def concordance_correlation(y_true, y_pred, axis=-1):
    """The correlation of outputs and targets along an axis, less where their means or spreads differ.

    Shape: `(..., features)` twice -> `(...)`.
    """
    centers = [K.mean(y, axis=axis, keepdims=True) for y in (y_true, y_pred)]
    both = K.mean((y_true - centers[0]) * (y_pred - centers[1]), axis=axis)
    spread = K.var(y_true, axis=axis) + K.var(y_pred, axis=axis)
    apart = K.mean(K.square(centers[0] - centers[1]), axis=axis)
    return 2.0 * both / (spread + apart + K.epsilon())


PearsonCorrelation = _mean_of("PearsonCorrelation", "pearson_correlation", pearson_correlation, axis=-1)
ConcordanceCorrelation = _mean_of("ConcordanceCorrelation", "concordance_correlation", concordance_correlation, axis=-1)
