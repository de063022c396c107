"""Objectives that came with Keras 2.9 and later: for rare classes, areas, sequences and embeddings."""

from __future__ import annotations

from . import backend as K
from . import loss_functions
from .backend.ops.ctc import ctc_costs

__all__ = [
    "binary_focal_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "circle",
    "ctc",
    "dice",
    "hinge",
    "squared_hinge",
    "tversky",
]


def smoothed(y_true, amount, floor):
    """Targets moved by the share `amount` towards `floor`."""
    return y_true * (1.0 - amount) + amount * floor if amount else y_true


def _signed(y_true):
    """Targets of 0 and 1 as -1 and 1; others, such as -1 and 1, as they are."""
    are_binary = K.all(K.equal(y_true * (1.0 - y_true), 0.0))
    return K.switch(are_binary, 2.0 * y_true - 1.0, y_true)


def hinge(y_true, y_pred):
    """The objective `hinge`, for targets of 0 and 1 as well as of -1 and 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return loss_functions.hinge(_signed(y_true), y_pred)


def squared_hinge(y_true, y_pred):
    """The objective `squared_hinge`, for targets of 0 and 1 as well as of -1 and 1.

    Shape: `(..., features)` twice -> `(...)`.
    """
    return loss_functions.squared_hinge(_signed(y_true), y_pred)


hinge.takes_zeros = squared_hinge.takes_zeros = True  # type: ignore[attr-defined]


def binary_focal_crossentropy(
    y_true, y_pred, apply_class_balancing=False, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """Mean over an axis of `(1 - p)^gamma * binary crossentropy`, p the probability given to what is right.

    Shape: `(..., features)` twice -> `(...)`.
    Source: Lin et al. 2018, arXiv:1708.02002, equations 4 and 5.

    Args:
        apply_class_balancing: weigh ones by `alpha` and zeros by `1 - alpha`.
        gamma: how much less what is nearly right counts.
        from_logits: outputs are any numbers, not probabilities.
        label_smoothing: share of each target that goes to 0.5.
    """
    y_true = smoothed(y_true, label_smoothing, 0.5)
    y_pred = K.sigmoid(y_pred) if from_logits else y_pred
    right = y_true * y_pred + (1.0 - y_true) * (1.0 - y_pred)
    values = K.pow(1.0 - right, gamma) * K.binary_crossentropy(y_pred, y_true)
    if apply_class_balancing:
        values = values * (y_true * alpha + (1.0 - y_true) * (1.0 - alpha))
    return K.mean(values, axis=axis)


def categorical_focal_crossentropy(
    y_true, y_pred, alpha=0.25, gamma=2.0, from_logits=False, label_smoothing=0.0, axis=-1
):
    """`-sum(alpha * (1 - p)^gamma * y_true * log(p))` over the classes, p their probabilities.

    Shape: `(..., classes)` twice -> `(...)`.
    Source: Lin et al. 2018, arXiv:1708.02002, equation 5.

    Args:
        alpha, gamma: weight, and how much less what is nearly right counts.
        from_logits: outputs are any numbers, not probabilities.
        label_smoothing: share of each target that is spread over all classes.
        axis: that of the classes.
    """
    y_true = smoothed(y_true, label_smoothing, 1.0 / K.int_shape(y_pred)[axis])
    shares = K.softmax(y_pred, axis=axis) if from_logits else y_pred / K.sum(y_pred, axis=axis, keepdims=True)
    shares = K.clip(shares, K.epsilon(), 1.0 - K.epsilon())
    return -K.sum(alpha * K.pow(1.0 - shares, gamma) * y_true * K.log(shares), axis=axis)


def categorical_generalized_cross_entropy(y_true, y_pred, q=0.5):
    """`(1 - p^q) / q`, p the probability given to the class that each target names: for targets that may be wrong.

    Shape: `(..., 1)` or `(...)`, `(..., classes)` -> `(...)`.
    Source: Zhang and Sabuncu 2018, arXiv:1805.07836, equation 6.

    Args:
        q: near 0 it is the crossentropy, at 1 the mean absolute error.
    """
    right = K.sum(_one_hot(y_true, y_pred) * y_pred, axis=-1)
    return (1.0 - K.pow(K.clip(right, K.epsilon(), 1.0 - K.epsilon()), q)) / q


def _one_hot(y_true, y_pred):
    classes = y_true[..., 0] if K.ndim(y_true) == K.ndim(y_pred) else y_true
    return K.one_hot(K.cast(classes, "int32"), K.int_shape(y_pred)[-1])


def dice(y_true, y_pred, axis=None):
    """`1 - 2 * sum(y_true * y_pred) / (sum(y_true) + sum(y_pred))`: 0 where two areas cover each other.

    Shape: any, twice -> `()`; with an axis or several the others stay.
    Source: Milletari et al. 2016, arXiv:1606.04797, equation 3 (without its squares).

    Args:
        axis: what is summed; all, the samples too, when left out.
    """
    both = K.sum(y_true * y_pred, axis=axis)
    return 1.0 - 2.0 * both / (K.sum(y_true, axis=axis) + K.sum(y_pred, axis=axis) + K.epsilon())


def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    """`1 - both / (both + alpha * missed + beta * wrongly found)`: Dice with a weight for each kind of error.

    Shape: any, twice -> `()`; with an axis or several the others stay.
    Source: Salehi et al. 2017, arXiv:1706.05721, equation 2; alpha and beta are as Keras 3 computes it, the paper and
        Keras 3's documentation have them the other way round.

    Args:
        alpha: weight of what was missed.
        beta: weight of what was found where nothing is.
        axis: what is summed; all, the samples too, when left out.
    """
    both = K.sum(y_true * y_pred, axis=axis)
    found = K.sum((1.0 - y_true) * y_pred, axis=axis)
    missed = K.sum(y_true * (1.0 - y_pred), axis=axis)
    return 1.0 - both / (both + alpha * missed + beta * found + K.epsilon())


def ctc(y_true, y_pred):
    """The negative log probability of a row of labels, by any way of writing it with repetitions and blanks.

    Shape: `(batch, labels)` of whole numbers from 1, 0 after the last; `(batch, time, classes)` of any numbers, class 0
    is the blank -> `(batch,)`.
    Source: Graves et al. 2006, ICML.
    """
    shares = K.softmax(y_pred)
    blank_last = K.concatenate([shares[:, :, 1:], shares[:, :, :1]], axis=-1)  # where K has it
    labels = K.cast(y_true, "int32")
    lengths = K.sum(K.cast(K.not_equal(labels, 0), "int32"), axis=-1, keepdims=True)
    times = K.cast(K.ones_like(lengths), "int32") * K.shape(y_pred)[1]
    return ctc_costs(K.maximum(labels - 1, 0), blank_last, times, lengths)[:, 0]


def circle(y_true, y_pred, remove_diagonal=True, gamma=80, margin=0.4):
    """How much nearer each embedding should be to those of its class than to others, by cosines.

    Shape: `(batch, 1)` or `(batch,)` of class numbers, `(batch, features)` of length 1 -> `(batch,)`.
    Source: Sun et al. 2020, arXiv:2002.10857, equation 6.

    Args:
        remove_diagonal: a sample is no pair with itself.
        gamma: scale.
        margin: how near is near enough.
    """
    classes = y_true if K.ndim(y_true) == 2 else K.expand_dims(y_true, -1)
    far = K.maximum(1.0 - K.dot(y_pred, K.transpose(y_pred)), 0.0)
    is_same = K.cast(K.equal(classes, K.transpose(classes)), K.floatx())
    is_other = 1.0 - is_same
    if remove_diagonal:
        places = K.cumsum(K.ones_like(classes), axis=0)
        is_same = is_same * K.cast(K.not_equal(places, K.transpose(places)), K.floatx())
    near_ones = -gamma * K.maximum(margin + far, 0.0) * (margin - far)
    far_ones = gamma * K.maximum(1.0 + margin - far, 0.0) * (1.0 - margin - far)
    return K.softplus(_log_sum(near_ones, is_same) + _log_sum(far_ones, is_other))


_NOTHING = -1e9  # the logarithm of a sum without terms


def _log_sum(values, counts):
    """log(sum(exp(values))) over the last axis of those that count."""
    return K.logsumexp(K.switch(K.cast(counts, "bool"), values, _NOTHING + 0.0 * values), axis=-1)
