"""What K's functions do with arguments that came with Keras 2: each under the name of the function that it extends."""

from __future__ import annotations

from ....errors import ArgumentError
from .. import control, convolve_more, elementwise, nn, reduce, shaping, state
from ..between import between_pixels
from ..convolve import conv2d as plain_conv2d
from ..convolve import resolve_ordering
from ..shaping import expand_dims, pad, permute_dimensions, squeeze

__all__ = [
    "batch_normalization",
    "binary_crossentropy",
    "categorical_crossentropy",
    "conv1d",
    "in_test_phase",
    "in_train_phase",
    "l2_normalize",
    "relu",
    "resize_images",
    "separable_conv2d",
    "softmax",
    "sparse_categorical_crossentropy",
    "stack",
    "variable",
]


def _to_end(x, axis: int):
    """`x` with one axis last, and how to bring the result's last axis back."""
    rank = len(x.shape)
    at = axis % rank
    if at == rank - 1:
        return x, lambda result: result
    rest = [one for one in range(rank) if one != at]
    order = [*rest, at]
    back = [order.index(one) for one in range(rank)]
    return permute_dimensions(x, order), lambda result: permute_dimensions(result, back)


def softmax(x, axis=-1):
    """Softmax along one axis.

    Shape: `x` any -> same.
    """
    turned, back = _to_end(x, axis)
    return back(nn.softmax(turned))


def stack(x, axis=0):
    """Tensors of one shape, along a new axis.

    Shape: `n` times `(a, b, ...)` -> `(n, a, b, ...)` for `axis=0`.
    """
    return shaping.concatenate([expand_dims(one, axis) for one in x], axis=axis)


def in_train_phase(x, alt, training=None):
    """`x` in training, `alt` otherwise; each a tensor or a function that gives one.

    Args:
        training: what decides in place of the learning phase: a truth, or a tensor of one.
    """
    if training is None:
        return control.in_train_phase(x, alt)
    if training in (0, 1):
        chosen = x if training else alt
        return chosen() if callable(chosen) else chosen
    x, alt = (one() if callable(one) else one for one in (x, alt))
    return elementwise.switch(elementwise.cast(training, "bool"), x, alt)


def in_test_phase(x, alt, training=None):
    """`x` in a test, `alt` in training; see `in_train_phase`."""
    return in_train_phase(alt, x, training)


def l2_normalize(x, axis=None):
    """`x / |x|`, over one axis or all of them.

    Shape: `x` any -> same.
    """
    return reduce.l2_normalize(x, axis)


def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    """Rectified linear unit: `x` from `threshold` on, `alpha * (x - threshold)` below, at most `max_value`.

    Shape: `x` any -> same.
    """
    if threshold == 0:
        return nn.relu(x, alpha, max_value)
    above = elementwise.cast(elementwise.greater_equal(x, threshold), x.dtype)
    cut = x if max_value is None else elementwise.clip(x, None, max_value)
    return above * cut + (1.0 - above) * alpha * (x - threshold)


def categorical_crossentropy(output, target, from_logits=False, axis=-1):
    """`-sum(target * log(output))` over the axis of the classes.

    Shape: two of `(..., classes, ...)` -> the same without that axis.

    Args:
        from_logits: `output` is what a softmax would be taken of.
    """
    return nn.categorical_crossentropy(_to_end(output, axis)[0], _to_end(target, axis)[0], from_logits)


def sparse_categorical_crossentropy(output, target, from_logits=False, axis=-1):
    """`-log(output[target])` over the axis of the classes.

    Shape: `output` `(..., classes, ...)`, `target` without that axis -> as `target`.

    Args:
        from_logits: `output` is what a softmax would be taken of.
    """
    return nn.sparse_categorical_crossentropy(_to_end(output, axis)[0], target, from_logits)


def binary_crossentropy(output, target, from_logits=False, label_smoothing=0.0):
    """`-target * log(output) - (1 - target) * log(1 - output)`, value by value.

    Shape: two of the same shape -> same.

    Args:
        from_logits: `output` is what a sigmoid would be taken of.
        label_smoothing: fraction 0 to 1 by which targets are moved to 0.5.
    """
    return nn.binary_crossentropy(output, target * (1.0 - label_smoothing) + 0.5 * label_smoothing, from_logits)


def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    """`gamma * (x - mean) / sqrt(var + epsilon) + beta`, where those are of one axis of `x`.

    Shape: `x` any, the others `(size of axis,)` -> as `x`.
    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithm 1.
    """
    rank, parts = len(x.shape), (mean, var, beta, gamma)
    if axis in (-1, rank - 1):  # they stretch by themselves
        return nn.batch_normalization(x, *parts, epsilon)
    sizes = [1] * rank
    sizes[axis] = -1
    spread = [one if one is None or len(one.shape) != 1 else shaping.reshape(one, sizes) for one in parts]
    return nn.batch_normalization(x, *spread, epsilon)


def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    """Images made larger by whole factors: each pixel repeated, or values between pixels.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows * height_factor, cols * width_factor, features)`;
        features first for 'channels_first'.

    Raises:
        ArgumentError: `interpolation` is neither `nearest` nor `bilinear`.
    """
    if interpolation == "bilinear":
        return between_pixels(x, height_factor, width_factor, data_format)
    if interpolation != "nearest":
        raise ArgumentError(
            f"resize_images knows no interpolation {interpolation!r}.",
            'Set interpolation="nearest" or "bilinear".',
            arguments=("interpolation",),
        )
    return shaping.resize_images(x, height_factor, width_factor, data_format)


def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution along time.

    Shape: `(batch, time, features)`, kernel `(width, features, filters)` -> `(batch, new time, filters)`;
        features before time for 'channels_first'.

    Args:
        padding: `valid`, `same`, `full`, or `causal`: no step sees a later one.
    """
    first = data_format is not None and resolve_ordering(data_format) == "th"
    x = permute_dimensions(x, (0, 2, 1)) if first else x
    step, rate = (one if isinstance(one, int) else one[0] for one in (strides, dilation_rate))
    if padding == "causal":
        x, padding = pad(x, ((0, 0), ((kernel.shape[0] - 1) * rate, 0), (0, 0))), "valid"
    kernel = kernel if len(kernel.shape) == 4 else expand_dims(kernel, 1)
    slid = plain_conv2d(expand_dims(x, 2), kernel, (step, 1), padding, "tf", filter_dilation=(rate, 1))
    result = squeeze(slid, 2)
    return permute_dimensions(result, (0, 2, 1)) if first else result


def separable_conv2d(x, depthwise_kernel, pointwise_kernel, strides=(1, 1), padding="valid", data_format=None,
                     dilation_rate=(1, 1)):  # fmt: skip
    """Each feature convolved by itself, then mixed by kernels of 1x1.

    Shape: `(batch, rows, cols, features)`, kernels `(height, width, features, multiplier)` and
        `(1, 1, features * multiplier, filters)` -> `(batch, new rows, new cols, filters)`;
        features first for 'channels_first'.
    """
    apart = convolve_more.depthwise(x, depthwise_kernel, strides, padding, data_format, tuple(dilation_rate))
    return plain_conv2d(apart, pointwise_kernel, (1, 1), "valid", data_format)


def variable(value, dtype=None, name=None, constraint=None):
    """A variable that keeps a value, in `K.floatx()` unless `dtype` says otherwise.

    Args:
        constraint: a function that gives the value that is kept after each update.
    """
    made = state.variable(value, dtype, name)
    made.constraint = constraint
    return made
