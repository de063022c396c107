"""Metrics: numbers about a batch, each a scalar (or a dict of scalars), weighted by batch size into epoch figures."""

from __future__ import annotations

import inspect
import re

from . import backend as K
from . import loss_functions as objectives

__all__ = [
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "hinge",
    "squared_hinge",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "kullback_leibler_divergence",
    "poisson",
    "cosine_proximity",
    "matthews_correlation",
    "precision",
    "recall",
    "fbeta_score",
    "fmeasure",
    "mse",
    "mae",
    "mape",
    "msle",
    "cosine",
    "fscore",
    "f1score",
]


def accuracy(y_true, y_pred):
    """The share of outputs that equal their target.

    Came with Keras 2, for outputs that are classes already.

    Shape: any, twice -> `()`.
    """
    return K.mean(K.equal(y_true, y_pred))


def binary_accuracy(y_true, y_pred):
    """The share of outputs that round to their target.

    Shape: any, twice -> `()`.
    """
    return K.mean(K.equal(y_true, K.round(y_pred)))


def categorical_accuracy(y_true, y_pred):
    """The share of samples whose largest output is at the one-hot target's place.

    Shape: `(..., classes)` twice -> `()`.
    """
    return K.mean(_hits(y_true, y_pred))


def _hits(y_true, y_pred):
    return K.equal(K.argmax(y_true, axis=-1), K.argmax(y_pred, axis=-1))


def sparse_categorical_accuracy(y_true, y_pred):
    """The share of samples whose largest output is at the class that the target names.

    Shape: `(..., 1)`, `(..., classes)` -> `()`.
    """
    return K.mean(_sparse_hits(y_true, y_pred))


def _sparse_hits(y_true, y_pred):
    named = K.cast(K.max(y_true, axis=-1), K.floatx())
    return K.equal(named, K.cast(K.argmax(y_pred, axis=-1), K.floatx()))


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """The share of samples whose one-hot class is among the k largest outputs.

    Shape: `(batch, classes)` twice -> `()`.
    """
    return K.mean(K.in_top_k(y_pred, K.argmax(y_true, axis=-1), k))


def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """The share of samples for which the class that the target names is among the k largest outputs.

    Came with Keras 2.

    Shape: `(batch, 1)`, `(batch, classes)` -> `()`.
    """
    return K.mean(K.in_top_k(y_pred, K.cast(K.max(y_true, axis=-1), "int32"), k))


def _mean_of(name: str):
    objective = getattr(objectives, name)

    def metric(y_true, y_pred):
        return K.mean(objective(y_true, y_pred))

    metric.__name__ = metric.__qualname__ = name
    told = inspect.cleandoc(objective.__doc__ or "")
    metric.__doc__ = re.sub(r"-> `.*?`", "-> `()`", told) + "\n\nAs a metric it is the mean over the batch."
    return metric


mean_squared_error = _mean_of("mean_squared_error")
mean_absolute_error = _mean_of("mean_absolute_error")
mean_absolute_percentage_error = _mean_of("mean_absolute_percentage_error")
mean_squared_logarithmic_error = _mean_of("mean_squared_logarithmic_error")
hinge = _mean_of("hinge")
squared_hinge = _mean_of("squared_hinge")
categorical_crossentropy = _mean_of("categorical_crossentropy")
sparse_categorical_crossentropy = _mean_of("sparse_categorical_crossentropy")
binary_crossentropy = _mean_of("binary_crossentropy")
kullback_leibler_divergence = _mean_of("kullback_leibler_divergence")
poisson = _mean_of("poisson")
cosine_proximity = _mean_of("cosine_proximity")


def _counts(y_true, y_pred):
    """Rounded targets and outputs of each value."""
    return K.round(K.clip(y_true, 0, 1)), K.round(K.clip(y_pred, 0, 1))


def matthews_correlation(y_true, y_pred):
    """Matthews' correlation of rounded targets and outputs, -1 to 1.

    Shape: any, twice -> `()`.
    Source: Matthews 1975, Biochimica et Biophysica Acta 405.
    """
    positive, predicted = _counts(y_true, y_pred)
    tp, tn = K.sum(positive * predicted), K.sum((1 - positive) * (1 - predicted))
    fp, fn = K.sum((1 - positive) * predicted), K.sum(positive * (1 - predicted))
    return (tp * tn - fp * fn) / (K.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) + K.epsilon())


def precision(y_true, y_pred):
    """The share of positive outputs whose target is positive, per batch.

    Shape: any, twice -> `()`.
    """
    positive, predicted = _counts(y_true, y_pred)
    return K.sum(positive * predicted) / (K.sum(predicted) + K.epsilon())


def recall(y_true, y_pred):
    """The share of positive targets whose output is positive, per batch.

    Shape: any, twice -> `()`.
    """
    positive, predicted = _counts(y_true, y_pred)
    return K.sum(positive * predicted) / (K.sum(positive) + K.epsilon())


def fbeta_score(y_true, y_pred, beta=1):
    """The mean of precision and recall that weighs recall `beta` times; 0 for a batch with no positive target.

    Shape: any, twice -> `()`.
    """
    if beta < 0:
        raise ValueError(f"fbeta_score: beta must be 0 or more (it weighs recall), got {beta}.")
    p, r = precision(y_true, y_pred), recall(y_true, y_pred)
    score = (1 + beta**2) * (p * r) / (beta**2 * p + r + K.epsilon())
    return K.switch(K.greater(K.sum(K.round(K.clip(y_true, 0, 1))), 0), score, 0.0 * score)


def fmeasure(y_true, y_pred):
    """The harmonic mean of precision and recall.

    Shape: any, twice -> `()`.
    """
    return fbeta_score(y_true, y_pred, beta=1)


mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
cosine = cosine_proximity
fscore = f1score = fmeasure


# metrics that are means over a batch, and what they are means of
_OF_SAMPLES = {
    binary_accuracy: lambda y_true, y_pred: K.mean(K.equal(y_true, K.round(y_pred)), axis=-1),
    categorical_accuracy: _hits,
    sparse_categorical_accuracy: _sparse_hits,
    top_k_categorical_accuracy: lambda y_true, y_pred, k=5: K.in_top_k(y_pred, K.argmax(y_true, axis=-1), k),
    sparse_top_k_categorical_accuracy: lambda y_true, y_pred, k=5: K.in_top_k(
        y_pred, K.cast(K.max(y_true, axis=-1), "int32"), k
    ),
    accuracy: lambda y_true, y_pred: K.mean(K.equal(y_true, y_pred), axis=-1),
    **{globals()[name]: getattr(objectives, name) for name in __all__ if hasattr(objectives, name)},
}


def of_samples(metric):
    """The function that gives each sample's value, of which the metric is the mean; other functions as they are."""
    return _OF_SAMPLES.get(metric, metric)
