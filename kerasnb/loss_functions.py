"""Objectives: what training makes small; each gives one value per sample (and time step)."""

from __future__ import annotations

import numpy as np

from . import backend as K

__all__ = [
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "squared_hinge",
    "hinge",
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "binary_crossentropy",
    "kullback_leibler_divergence",
    "poisson",
    "cosine_proximity",
    "cosine_similarity",
    "huber_loss",
    "categorical_hinge",
    "logcosh",
    "mse",
    "mae",
    "mape",
    "msle",
    "kld",
    "cosine",
]


def mean_squared_error(y_true, y_pred):
    """Mean over the last axis of `(y_pred - y_true)^2`.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(K.square(y_pred - y_true), axis=-1)


def mean_absolute_error(y_true, y_pred):
    """Mean over the last axis of `|y_pred - y_true|`.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(K.abs(y_pred - y_true), axis=-1)


def mean_absolute_percentage_error(y_true, y_pred):
    """Mean over the last axis of `100 * |y_true - y_pred| / |y_true|`, in percent.

    Shape: `(..., features)` twice -> `(...)`.
    """
    share = K.abs((y_true - y_pred) / K.clip(K.abs(y_true), K.epsilon(), np.inf))
    return 100.0 * K.mean(share, axis=-1)


def mean_squared_logarithmic_error(y_true, y_pred):
    """Mean over the last axis of `(log(1 + y_pred) - log(1 + y_true))^2`.

    Shape: `(..., features)` twice -> `(...)`.
    """
    first, second = (K.log(K.clip(y, K.epsilon(), np.inf) + 1.0) for y in (y_pred, y_true))
    return K.mean(K.square(first - second), axis=-1)


def squared_hinge(y_true, y_pred):
    """Mean over the last axis of `max(1 - y_true * y_pred, 0)^2`, for targets of -1 and 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(K.square(K.maximum(1.0 - y_true * y_pred, 0.0)), axis=-1)


def hinge(y_true, y_pred):
    """Mean over the last axis of `max(1 - y_true * y_pred, 0)`, for targets of -1 and 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(K.maximum(1.0 - y_true * y_pred, 0.0), axis=-1)


def categorical_crossentropy(y_true, y_pred):
    """`-sum(y_true * log(y_pred))` over the classes, for one-hot targets and probabilities.

    Shape: `(..., classes)` twice -> `(...)`.
    """
    return K.categorical_crossentropy(y_pred, y_true)


def sparse_categorical_crossentropy(y_true, y_pred):
    """`-log(y_pred)` at the class each target names, for whole-number targets.

    Shape: `(..., 1)`, `(..., classes)` -> `(...)`.
    """
    return K.sparse_categorical_crossentropy(y_pred, y_true)


def binary_crossentropy(y_true, y_pred):
    """Mean over the last axis of the cross-entropy of each output, for targets from 0 to 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(K.binary_crossentropy(y_pred, y_true), axis=-1)


def kullback_leibler_divergence(y_true, y_pred):
    """`sum(y_true * log(y_true / y_pred))` over the last axis.

    Shape: `(..., classes)` twice -> `(...)`.
    """
    y_true, y_pred = (K.clip(y, K.epsilon(), 1.0) for y in (y_true, y_pred))
    return K.sum(y_true * K.log(y_true / y_pred), axis=-1)


def poisson(y_true, y_pred):
    """Mean over the last axis of `y_pred - y_true * log(y_pred)`.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return K.mean(y_pred - y_true * K.log(y_pred + K.epsilon()), axis=-1)


def cosine_proximity(y_true, y_pred):
    """Minus the mean over the last axis of the product of both, each scaled to length 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return -K.mean(K.l2_normalize(y_true, axis=-1) * K.l2_normalize(y_pred, axis=-1), axis=-1)


def cosine_similarity(y_true, y_pred, axis=-1):
    """Minus the sum over an axis of the product of both, each scaled to length 1: -1 where they point alike.

    Came with Keras 2.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return -K.sum(K.l2_normalize(y_true, axis=axis) * K.l2_normalize(y_pred, axis=axis), axis=axis)


def huber_loss(y_true, y_pred, delta=1.0):
    """Mean over the last axis of squares of small differences, halved, and sizes of those above `delta`.

    Came with Keras 2.

    Shape: `(..., features)` twice -> `(...)`.
    Source: Huber 1964, Ann. Math. Statist. 35, equation 4.
    """
    size = K.abs(y_pred - y_true)
    near = K.minimum(size, delta)
    return K.mean(0.5 * K.square(near) + delta * (size - near), axis=-1)


def categorical_hinge(y_true, y_pred):
    """`max(1 + largest output of the other classes - output of the right class, 0)`, for one-hot targets.

    Came with Keras 2.

    Shape: `(..., classes)` twice -> `(...)`.
    """
    right = K.sum(y_true * y_pred, axis=-1)
    others = K.max((1.0 - y_true) * y_pred, axis=-1)
    return K.maximum(1.0 + others - right, 0.0)


def logcosh(y_true, y_pred):
    """Mean over the last axis of `log(cosh(y_pred - y_true))`: squares of small differences, sizes of large ones.

    Came with Keras 2.

    Shape: `(..., features)` twice -> `(...)`.
    """
    difference = y_pred - y_true
    return K.mean(difference + K.softplus(-2.0 * difference) - float(np.log(2.0)), axis=-1)


mse = MSE = mean_squared_error
mae = MAE = mean_absolute_error
mape = MAPE = mean_absolute_percentage_error
msle = MSLE = mean_squared_logarithmic_error
kld = KLD = kullback_leibler_divergence
cosine = cosine_proximity
