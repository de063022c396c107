"""Convolutions that came with Keras 2, in its argument names, written with Keras 1's."""

from __future__ import annotations

from ....errors import ArgumentError, ShapeError
from ..convolve import conv2d, resolve_ordering
from ..convolve_more import deconvolve, depthwise
from ..linear import batch_dot
from ..shaping import concatenate, expand_dims, pad, permute_dimensions, reshape, squeeze
from ..state import zeros_like

__all__ = [
    "conv2d_transpose",
    "conv3d_transpose",
    "depthwise_conv2d",
    "local_conv1d",
    "local_conv2d",
    "separable_conv1d",
]


def with_gaps(kernel, rates, first_axis=0):
    """A kernel with zeros between its taps, which then are `rate` apart.

    Shape: each of the axes, the first of them `first_axis`: taps -> `(taps - 1) * rate + 1`.
    """
    for axis, rate in enumerate(rates, first_axis):
        if rate > 1:
            sizes = list(kernel.shape)
            one = expand_dims(kernel, axis + 1)
            apart = concatenate([one, *[zeros_like(one)] * (rate - 1)], axis=axis + 1)
            sizes[axis] *= rate
            taken = tuple(slice(0, size - (rate - 1) * (place == axis)) for place, size in enumerate(sizes))
            kernel = reshape(apart, sizes)[taken]
    return kernel


def conv2d_transpose(x, kernel, output_shape, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """2D convolution backwards, as `deconv2d` but for the order of the kernel's axes.

    Shape: `(batch, rows, cols, features)`, kernel `(rows, cols, filters, features)`
        -> `output_shape` `(batch, new rows, new cols, filters)`; images with features first for 'channels_first'.
    """
    return _transposed(x, kernel, output_shape, strides, padding, data_format, dilation_rate)


def conv3d_transpose(x, kernel, output_shape, strides=(1, 1, 1), padding="valid", data_format=None):
    """3D convolution backwards: what a convolution of a volume of `output_shape` does to gradients.

    Shape: `(batch, depth, rows, cols, features)`, kernel `(depth, rows, cols, filters, features)`
        -> `output_shape` `(batch, new depth, new rows, new cols, filters)`;
        volumes with features first for 'channels_first'.
    """
    return _transposed(x, kernel, output_shape, strides, padding, data_format, (1, 1, 1))


def _transposed(x, kernel, output_shape, strides, padding, data_format, dilation_rate):
    axes = range(len(x.shape))
    kernel = with_gaps(permute_dimensions(kernel, (*axes[:-2], len(axes) - 1, len(axes) - 2)), dilation_rate)
    if resolve_ordering(data_format) == "tf":
        return deconvolve(x, kernel, tuple(output_shape[1:-1]), strides, padding)
    turned = permute_dimensions(x, (0, *axes[2:], 1))
    result = deconvolve(turned, kernel, tuple(output_shape[2:]), strides, padding)
    return permute_dimensions(result, (0, len(axes) - 1, *axes[1:-1]))


def depthwise_conv2d(x, depthwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """Convolution of each feature by itself.

    Shape: `(batch, rows, cols, features)`, kernel `(rows, cols, features, multiplier)`
        -> `(batch, new rows, new cols, features * multiplier)`; images with features first for 'channels_first'.
    """
    first = resolve_ordering(data_format) == "th"
    x = permute_dimensions(x, (0, 2, 3, 1)) if first else x
    result = depthwise(x, depthwise_kernel, strides, padding, "tf", tuple(dilation_rate))
    return permute_dimensions(result, (0, 3, 1, 2)) if first else result


def separable_conv1d(
    x, depthwise_kernel, pointwise_kernel, strides=1, padding="valid", data_format=None, dilation_rate=1
):
    """Convolution of each feature along time by itself, then of all features at each time.

    Shape: `(batch, time, features)`, kernels `(taps, features, multiplier)`, `(1, features * multiplier, filters)`
        -> `(batch, new time, filters)`; features before time for 'channels_first'.
    """
    first = resolve_ordering(data_format) == "th"
    x = permute_dimensions(x, (0, 2, 1)) if first else x
    step, rate = _one(strides), _one(dilation_rate)
    if padding == "causal":
        x, padding = pad(x, ((0, 0), ((depthwise_kernel.shape[0] - 1) * rate, 0), (0, 0))), "valid"
    apart = depthwise(expand_dims(x, 2), expand_dims(depthwise_kernel, 1), (step, 1), padding, "tf", (rate, 1))
    result = squeeze(conv2d(apart, expand_dims(pointwise_kernel, 0), (1, 1), "valid", "tf"), 2)
    return permute_dimensions(result, (0, 2, 1)) if first else result


def _one(value) -> int:
    return value if isinstance(value, int) else tuple(value)[0]


# ---- other weights at every place


def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):
    """A window slid along time, with other weights at every place.

    Shape: `(batch, time, features)`, kernel `(places, taps * features, filters)` -> `(batch, places, filters)`.
    """
    if resolve_ordering(data_format) == "th":
        raise ArgumentError("local_conv1d takes (batch, time, features) only.", 'Set data_format="channels_last".')
    taps, step, places = _one(kernel_size), _one(strides), kernel.shape[0]
    return _by_place(concatenate([_strided(inputs, 1, at, step, places) for at in range(taps)], axis=-1), kernel)


def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """A window slid over images, with other weights at every place.

    Shape: `(batch, rows, cols, features)`, kernel `(new rows * new cols, rows * cols * features, filters)`
        -> `(batch, new rows, new cols, filters)`; features first for 'channels_first', before the window's axes too.

    Args:
        output_shape: (new rows, new cols).
    """
    first = resolve_ordering(data_format) == "th"
    x = permute_dimensions(inputs, (0, 2, 3, 1)) if first else inputs
    features, (rows, cols) = x.shape[3], output_shape
    if features is None:
        raise ShapeError(f"local_conv2d needs a known number of features, got {tuple(inputs.shape)}.")
    taps = [(row, col) for row in range(kernel_size[0]) for col in range(kernel_size[1])]
    windows = [_strided(_strided(x, 1, row, strides[0], rows), 2, col, strides[1], cols) for row, col in taps]
    windows = reshape(concatenate(windows, axis=-1), (-1, rows * cols, len(taps) * features))
    if first:  # in the kernel the features come before the window's axes
        kernel = reshape(kernel, (rows * cols, features, len(taps), kernel.shape[2]))
        kernel = reshape(permute_dimensions(kernel, (0, 2, 1, 3)), (rows * cols, len(taps) * features, kernel.shape[3]))
    result = reshape(_by_place(windows, kernel), (-1, rows, cols, kernel.shape[2]))
    return permute_dimensions(result, (0, 3, 1, 2)) if first else result


def _strided(x, axis: int, start: int, step: int, count: int):
    return x[(slice(None),) * axis + (slice(start, start + (count - 1) * step + 1, step),)]


def _by_place(windows, kernel):
    """`(batch, places, n)`, `(places, n, filters)` -> `(batch, places, filters)`."""
    product = batch_dot(permute_dimensions(windows, (1, 0, 2)), kernel, axes=(2, 1))
    return permute_dimensions(product, (1, 0, 2))
