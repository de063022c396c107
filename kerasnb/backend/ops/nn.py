"""Ops of neural networks: activations, losses, normalization, dropout."""

from __future__ import annotations

from ...errors import ArgumentError
from .. import config
from ..runtime.machines import machines
from ..runtime.progress import is_for_xla
from . import shapes
from .elementwise import abs, cast, clip, exp, greater_equal, log, minimum, sqrt, square
from .indexing import one_hot
from .lowering import by_ops
from .machines import mean_over_machines
from .random import random_uniform
from .reduce import max, mean, sum, var
from .registry import in_float, is_number, op
from .shaping import reshape, shape, stop_gradient

__all__ = [
    "relu",
    "elu",
    "softmax",
    "softplus",
    "softsign",
    "hard_sigmoid",
    "categorical_crossentropy",
    "binary_crossentropy",
    "sparse_categorical_crossentropy",
    "dropout",
    "batch_normalization",
    "normalize_batch_in_training",
]


@op(shape=shapes.like_first, counts=True)
def _rectify(x, alpha=0.0):
    """`x` above zero, `alpha * x` below."""


@_rectify.tensorflow
def _(tf, x, alpha=0.0):
    return tf.nn.leaky_relu(x, alpha) if alpha else tf.nn.relu(x)


@_rectify.theano
def _(pt, x, alpha=0.0):
    # at 0 the slope is 0, as on TensorFlow, where `pt.maximum` has 1; a NaN stays one
    return pt.switch(x > 0, x, alpha * x) if alpha else pt.switch(x <= 0, pt.zeros_like(x), x)


def relu(x, alpha=0.0, max_value=None):
    """Rectified linear unit: `x` above zero, `alpha * x` below, at most `max_value`.

    Shape: `x` any -> same.
    Source: Nair and Hinton 2010, ICML.
    """
    alpha = float(alpha) if is_number(alpha) else alpha
    if not is_number(alpha):
        rectified = _parametric(x, alpha)
    else:
        rectified = _rectify(in_float(x) if alpha else x, alpha)
    if max_value is None:
        return rectified
    if not is_number(max_value):
        return minimum(rectified, max_value)
    return clip(rectified, 0.0 if is_number(alpha) and not alpha else None, float(max_value))


def _parametric(x, alpha):
    return _rectify(x) - alpha * _rectify(-x)


@op(shape=shapes.like_first, dtype="float")
def elu(x, alpha=1.0):
    """Exponential linear unit: `x` above zero, `alpha * (exp(x) - 1)` below.

    Shape: `x` any -> same.
    Source: Clevert et al. 2015, arXiv:1511.07289, section 3.
    """


@elu.tensorflow
def _(tf, x, alpha=1.0):
    # minimum: a large x would overflow exp and poison the gradient
    return tf.where(x > 0, x, alpha * tf.math.expm1(tf.minimum(x, 0)))


@elu.theano
def _(pt, x, alpha=1.0):
    return pt.switch(x > 0, x, alpha * pt.expm1(pt.minimum(x, 0)))


@op(shape=shapes.like_first, dtype="float")
def softmax(x):
    """`exp(x)` divided by its sum over the last axis.

    Shape: `(..., features)` -> same.
    """


@softmax.tensorflow
def _(tf, x):
    return tf.nn.softmax(x)


@softmax.theano
def _(pt, x):
    shifted = pt.exp(x - pt.stop_gradient(pt.max(x, axis=-1, keepdims=True)))  # whose gradients cancel
    return shifted / pt.sum(shifted, axis=-1, keepdims=True)


@op(shape=shapes.like_first, dtype="float")
def softplus(x):
    """`log(1 + exp(x))`.

    Shape: `x` any -> same.
    """


@softplus.tensorflow
def _(tf, x):
    return tf.nn.softplus(x)


@softplus.theano
def _(pt, x):
    return pt.softplus(x)


def softsign(x):
    """`x / (1 + |x|)`.

    Shape: `x` any -> same.
    """
    x = in_float(x)
    return x / (1 + abs(x))


def hard_sigmoid(x):
    """`0.2 * x + 0.5`, cut to between 0 and 1: a quick stand-in for the sigmoid.

    Shape: `x` any -> same.
    """
    return 0.2 * (clip(x, -2.5, 2.5) + 2.5)  # cut first: where the ends are does not hang on how sums round


def categorical_crossentropy(output, target, from_logits=False):
    """`-sum(target * log(output))` over the last axis; note the order: OUTPUT first.

    Shape: `(..., classes)` twice -> `(...)`.

    Args:
        output: probabilities (they are divided by their sum), or logits if `from_logits`.
    """
    output = in_float(output)
    if from_logits:
        shifted = output - stop_gradient(max(output, axis=-1, keepdims=True))
        return sum(target * (log(sum(exp(shifted), axis=-1, keepdims=True)) - shifted), axis=-1)
    output = output / sum(output, axis=-1, keepdims=True)
    return -sum(target * log(clip(output, config.epsilon(), 1.0 - config.epsilon())), axis=-1)


def sparse_categorical_crossentropy(output, target, from_logits=False):
    """`-log(output)` at the class that the target names; note the order: OUTPUT first.

    Shape: `(..., classes)`, `(...)` or `(..., 1)` whole numbers -> `(...)`.
    """
    classes = output.shape[-1]
    flat = cast(reshape(target, (-1,)), "int32")
    chosen = one_hot(flat, classes)
    flat_output = reshape(output, (-1, classes))
    loss = categorical_crossentropy(flat_output, chosen, from_logits)
    if len(output.shape) == 2:
        return loss
    return reshape(
        loss, [size if size is not None else shape(output)[axis] for axis, size in enumerate(output.shape[:-1])]
    )


@op(shape=shapes.broadcast, dtype="float", inputs="logits target", promote=True)
def _logistic_loss(logits, target):
    """`-target * log(sigmoid(logits)) - (1 - target) * log(1 - sigmoid(logits))`, without overflow."""


@_logistic_loss.tensorflow
def _(tf, logits, target):
    return tf.nn.sigmoid_cross_entropy_with_logits(target, logits)


@_logistic_loss.theano
def _(pt, logits, target):
    # smooth at 0, since both choices are made by one condition
    is_positive = logits >= 0
    below = pt.switch(is_positive, -logits, logits)
    return pt.switch(is_positive, logits, pt.zeros_like(logits)) - logits * target + pt.softplus(below)


def binary_crossentropy(output, target, from_logits=False):
    """`-target * log(output) - (1 - target) * log(1 - output)`; note the order: OUTPUT first.

    Shape: any, twice -> same.
    """
    if from_logits:
        return _logistic_loss(output, target)
    output = clip(output, config.epsilon(), 1.0 - config.epsilon())
    return -(target * log(output) + (1.0 - target) * log(1.0 - output))


def dropout(x, level, noise_shape=None, seed=None):
    """`x` with a share `level` of values set to 0 and the others divided by `1 - level`.

    Shape: `x` any -> same.
    Source: Srivastava et al. 2014, JMLR 15.

    Args:
        level: fraction dropped, 0 to 1.
        noise_shape: shape of the pattern of zeros, 1 (or None for the whole size) where it is shared along an axis.
        seed: a whole number makes the pattern the same in every run.
    """
    if not hasattr(level, "dtype") and not 0 <= level < 1:
        raise ArgumentError(f"dropout level must be in [0, 1), got {level}.", arguments=("p",))
    x = in_float(x)
    pattern = x.shape if noise_shape is None else noise_shape
    sizes = [_size(x, axis) if size is None else size for axis, size in enumerate(pattern)]
    kept = greater_equal(random_uniform(tuple(sizes), dtype=x.dtype, seed=seed), level)
    return x * cast(kept, x.dtype) / (1.0 - level)


def _size(x, axis):
    """The size of an axis: a plain number where it is known."""
    return shape(x)[axis] if x.shape[axis] is None else x.shape[axis]


def batch_normalization(x, mean, var, beta, gamma, epsilon=1e-3):
    """`gamma * (x - mean) / sqrt(var + epsilon) + beta`.

    Shape: `x` any, the others stretch to it -> same.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1.
    """
    scale = gamma / sqrt(var + epsilon)
    return x * scale + (beta - mean * scale)


def normalize_batch_in_training(x, gamma, beta, reduction_axes, epsilon=1e-3):
    """`x` normalized by its own mean and variance over `reduction_axes`, with that mean and variance.

    Shape: `x` any -> (`x`'s shape, the axes left, the axes left).
    """
    axes = list(reduction_axes)
    batch_mean, batch_var = mean(x, axis=axes), var(x, axis=axes)
    target = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
    stretched = [
        value if value is None else reshape(value, [-1 if size is None else size for size in target])
        for value in (batch_mean, batch_var, beta, gamma)
    ]
    return batch_normalization(x, *stretched, epsilon), batch_mean, batch_var


def _normalized(x, gamma, beta, axis, epsilon):
    others = [place for place in range(len(x.shape)) if place != axis]
    if machines().count > 1:
        y, *moments = _normalized_on_machines(x, gamma, beta, others, epsilon)
    else:
        y, *moments = normalize_batch_in_training(x, gamma, beta, others, epsilon)
    return [y, *stop_gradient(moments)]


def _normalized_on_machines(x, gamma, beta, axes, epsilon):
    """As `normalize_batch_in_training`, by mean and variance of the whole batch, of which each machine has a part."""
    batch_mean = mean_over_machines(mean(x, axis=axes))
    stretched = [1 if axis in axes else size for axis, size in enumerate(x.shape)]
    centered = x - reshape(batch_mean, stretched)
    batch_var = mean_over_machines(mean(square(centered), axis=axes))
    return (
        batch_normalization(x, *(reshape(one, stretched) for one in (batch_mean, batch_var, beta, gamma)), epsilon),
        batch_mean,
        batch_var,
    )


def _value_and_moments(x, gamma, beta, axis, epsilon):
    return [x.shape, gamma.shape, gamma.shape]


@op(shape=_value_and_moments, inputs="x gamma beta", promote=True)
def normalize_features(x, gamma, beta, axis, epsilon):
    """Each feature normalized over the batch, with the mean and variance of each, through which no gradient flows.

    Shape: `x` any, `gamma`, `beta` `(features,)` -> (`x`'s shape, `(features,)`, `(features,)`).

    Args:
        axis: of the features, 0 or more.
    """


normalize_features.theano(by_ops("theano", _normalized))


@normalize_features.tensorflow
def _(tf, x, gamma, beta, axis, epsilon):
    last = len(x.shape) - 1
    # XLA's own normalization takes the variance from a difference of squares, which far from zero gives NaN
    if x.dtype != tf.float32 or last < 2 or is_for_xla() or machines().count > 1:
        return by_ops("tensorflow", _normalized)(tf, x, gamma, beta, axis=axis, epsilon=epsilon)
    # one kernel each way, where the formula and its gradient go over images some twenty times
    features_last = tf.transpose(x, [*range(axis), *range(axis + 1, last + 1), axis])
    none = tf.zeros((0,), x.dtype)
    y, batch_mean, unbiased, *_ = tf.raw_ops.FusedBatchNormV3(
        x=tf.reshape(features_last, (-1, 1, 1, x.shape[axis])),
        scale=gamma,
        offset=beta,
        mean=none,
        variance=none,
        epsilon=epsilon,
    )
    y = tf.transpose(tf.reshape(y, tf.shape(features_last)), [*range(axis), last, *range(axis, last)])
    count = tf.cast(tf.size(x) // x.shape[axis], x.dtype)
    batch_var = unbiased * ((count - 1) / count)
    return [tf.ensure_shape(y, x.shape), tf.stop_gradient(batch_mean), tf.stop_gradient(batch_var)]
