"""Metrics as later Keras makes them: objects with options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from . import backend as K
from . import loss_classes, loss_functions, metric_functions
from .errors import ArgumentError, unknown_name

__all__ = [
    "Metric",
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
    "Precision",
    "Recall",
    *(
        _LEFT_OUT := (
            "AUC Mean Sum MeanIoU RootMeanSquaredError FalseNegatives FalsePositives TrueNegatives TruePositives "
            "SensitivityAtSpecificity SpecificityAtSensitivity"
        ).split()
    ),
]


class Metric:
    """A number about a batch, a mean over what the batch counts; epochs average it by those counts.

    A subclass defines `of_batch(y_true, y_pred)`, which gives the number and how much the batch counts; None for its
    samples.

    Args:
        name: what it is called in logs.
    """

    usual_name: ClassVar[str] = ""

    def __init__(self, name=None, dtype=None):
        self.name = self.__name__ = name or self.usual_name

    def of_batch(self, y_true, y_pred) -> tuple[Any, Any]:
        """The number of a batch, and how much the batch counts in averages."""
        raise NotImplementedError(f"{type(self).__name__} needs of_batch(y_true, y_pred).")

    def __call__(self, y_true, y_pred):
        return self.of_batch(y_true, y_pred)[0]

    def get_config(self) -> dict:
        """The arguments."""
        return {"name": self.name}


class MeanMetricWrapper(Metric):
    """The mean of a function over the samples.

    Args:
        fn: function of targets and outputs.
        options: its further arguments.
    """

    def __init__(self, fn, name=None, dtype=None, **options):
        super().__init__(name or getattr(fn, "__name__", type(fn).__name__))
        self.fn, self.options = fn, options

    def of_batch(self, y_true, y_pred):
        values = self.fn(y_true, y_pred, **self.options)
        return K.mean(values) if K.ndim(values) else values, None

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
    return K.mean(K.equal(y_true, K.cast(K.greater(y_pred, threshold), K.floatx())))


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


class _Share(Metric):
    """Of some values, those that are true positives; an epoch's is that of all its values, not a mean of batches."""

    def __init__(self, thresholds=0.5, name=None, dtype=None, **later):
        super().__init__(name)
        thresholds = 0.5 if thresholds is None else thresholds
        asked = next((one for one, value in later.items() if value is not None), None)
        if asked or not isinstance(thresholds, int | float):
            raise ArgumentError(
                f"{type(self).__name__} takes one threshold and a name, got {asked or thresholds!r}.",
                "Write a function of (y_true, y_pred) for it.",
            )
        self.thresholds = thresholds

    def of_batch(self, y_true, y_pred):
        predicted = K.cast(K.greater(y_pred, self.thresholds), K.floatx())
        positive = K.cast(K.greater(y_true, 0.5), K.floatx())
        counted = K.sum(self._among(positive, predicted))
        return K.sum(positive * predicted) / K.maximum(counted, 1.0), counted

    def _among(self, positive, predicted):
        raise NotImplementedError

    def get_config(self):
        return super().get_config() | {"thresholds": self.thresholds}


class Precision(_Share):
    """The share of positive outputs whose target is positive, over all outputs of an epoch.

    Args:
        thresholds: outputs above it are positive.
        name: what it is called in logs.
    """

    usual_name = "precision"

    def _among(self, positive, predicted):
        return predicted


class Recall(_Share):
    """The share of positive targets whose output is positive, over all targets of an epoch.

    Args:
        thresholds: outputs above it are positive.
        name: what it is called in logs.
    """

    usual_name = "recall"

    def _among(self, positive, predicted):
        return positive


def __getattr__(name: str) -> Callable:
    """A metric that is no mean over batches: it says so when it is made."""
    if name not in _LEFT_OUT:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def missing(*args, **kwargs):
        raise ArgumentError(
            f"the metric {name} is not in kerasnb, whose metrics are means over batches.",
            "Work it out of model.predict(x), in a callback if it is wanted after each epoch.",
        )

    missing.__name__ = missing.__qualname__ = name
    return missing
