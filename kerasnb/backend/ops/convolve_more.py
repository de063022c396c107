"""Convolutions along one axis, over volumes, apart for each feature and backwards, written with conv2d.

Convolutions of volumes and of features apart go to the backends' own kernels where they have them (`own_kernels`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...errors import ShapeError
from . import own_kernels, shapes
from .convolve import check_window, conv2d, resolve_ordering, spatial_sizes
from .elementwise import multiply
from .pool import pool2d
from .registry import op
from .shaping import expand_dims, pad, permute_dimensions, reshape, reverse, shape, squeeze
from .state import constant

__all__ = ["conv1d", "atrous_conv2d", "separable_conv2d", "deconv2d", "conv3d", "pool3d"]


def conv1d(x, kernel, stride=1, border_mode="valid", image_shape=None, filter_shape=None):
    """Convolution along time.

    Shape: `(batch, time, features)`, kernel `(taps, features, filters)` -> `(batch, new time, filters)`.

    Args:
        stride: steps along time.
        border_mode: 'valid' (inside only), 'same' (padded so that stride 1 keeps the length), 'causal' (padded before
            only) or 'full' (padded by all of the kernel but one tap, on both sides).
        image_shape: accepted for Keras 1's sake; shapes are known anyway.
        filter_shape: likewise.
    """
    kernel = kernel if len(kernel.shape) == 4 else expand_dims(kernel, 1)
    if border_mode == "causal":
        x, border_mode = pad(x, ((0, 0), (kernel.shape[0] - 1, 0), (0, 0))), "valid"
    return squeeze(conv2d(expand_dims(x, 2), kernel, (stride, 1), border_mode, "tf"), 2)


def atrous_conv2d(x, kernel, rate=1, border_mode="valid", dim_ordering="default", image_shape=None, filter_shape=None):
    """2D convolution whose kernel has gaps.

    Shape: as conv2d, for a kernel of `(k - 1) * rate + 1`.

    Args:
        rate: distance between neighbouring taps of the kernel.
        border_mode: 'valid' or 'same'.
    """
    rates = (rate, rate) if isinstance(rate, int) else tuple(rate)
    return conv2d(x, kernel, (1, 1), border_mode, dim_ordering, filter_dilation=rates)


def separable_conv2d(
    x, depthwise_kernel, pointwise_kernel, strides=(1, 1), border_mode="valid", dim_ordering="default"
):
    """Convolution of each feature by itself, then of all features at each place.

    Shape: 'tf': `(batch, rows, cols, features)`, kernels `(rows, cols, features, multiplier)` and
    `(1, 1, features * multiplier, filters)` -> `(batch, new rows, new cols, filters)`. 'th': features first, kernels
    `(multiplier, features, rows, cols)` and `(filters, features * multiplier, 1, 1)`.

    Source: Chollet 2016, arXiv:1610.02357, section 1.
    """
    apart = depthwise(x, depthwise_kernel, strides, border_mode, dim_ordering)
    return conv2d(apart, pointwise_kernel, (1, 1), "valid", dim_ordering)


def depthwise(x, kernel, strides, border_mode, dim_ordering, dilation=(1, 1)):
    """The first half of `separable_conv2d`: each feature by itself."""
    if resolve_ordering(dim_ordering) == "th":
        turned, kernel = permute_dimensions(x, (0, 2, 3, 1)), permute_dimensions(kernel, (2, 3, 1, 0))
        return permute_dimensions(_apart(turned, kernel, strides, border_mode, dilation), (0, 3, 1, 2))
    return _apart(x, kernel, strides, border_mode, dilation)


def _apart(x, kernel, strides, border_mode, dilation):
    """Features last."""
    by_kernel = own_kernels.apart_by_kernel(x, kernel, strides, border_mode, dilation)
    slide = own_kernels.depthwise_conv2d if by_kernel else _apart_by_zeros
    return slide(x, kernel, tuple(strides), border_mode, tuple(dilation))


def _apart_by_zeros(x, kernel, strides, border_mode, dilation):
    return conv2d(x, _block_kernel(kernel), strides, border_mode, "tf", filter_dilation=dilation)


def _block_kernel(kernel):
    """A kernel (rows, cols, features, multiplier) as one of all features, zero between different ones."""
    rows, cols, features, multiplier = kernel.shape
    own = constant(np.eye(features).reshape(1, 1, features, features, 1), dtype=kernel.dtype)
    return reshape(multiply(expand_dims(kernel, 3), own), (rows, cols, features, features * multiplier))


# ---- backwards


def deconv2d(
    x,
    kernel,
    output_shape,
    strides=(1, 1),
    border_mode="valid",
    dim_ordering="default",
    image_shape=None,
    filter_shape=None,
):
    """2D convolution backwards: what a convolution of an image of `output_shape` does to gradients.

    Shape: 'tf': `(batch, rows, cols, features)`, kernel `(rows, cols, features, filters)`
        -> `output_shape` `(batch, new rows, new cols, filters)`;
        'th': features first, kernel `(filters, features, rows, cols)`.

    Args:
        output_shape: shape of the result; its batch size does not count.
        strides: steps of the convolution that is run backwards.
    """
    features_first = resolve_ordering(dim_ordering) == "th"
    if features_first:
        x, kernel = permute_dimensions(x, (0, 2, 3, 1)), permute_dimensions(kernel, (2, 3, 1, 0))
    sizes = tuple(output_shape[2:4] if features_first else output_shape[1:3])
    result = deconvolve(x, kernel, sizes, strides, border_mode)
    return permute_dimensions(result, (0, 3, 1, 2)) if features_first else result


def deconvolve(x, kernel, sizes: Sequence, strides: Sequence[int], border_mode: str):
    """A convolution of images or volumes of these sizes backwards, features last.

    With stride `s`, `y[s q + r]` is the sum over `m` of `x[q - m] k[s m + r]`: a convolution of `x` by each `s`-th tap
    of the kernel gives the values of one remainder `r`. All remainders are features of one convolution and are put
    side by side afterwards (Shi et al. 2016, arXiv:1609.07009). Zeros between the values of `x` would cost `s` times
    the work along each axis: a step of FCN's last layer (64 x 64, stride 32) took 15 s.
    """
    got, window = x.shape[1:-1], kernel.shape[:-2]
    _check_backwards(got, sizes, window, strides, border_mode)
    axes = [_backwards(*one, border_mode) for one in zip(got, sizes, window, strides, strict=True)]
    padded = pad(x, ((0, 0), *(axis.around for axis in axes), (0, 0)))
    slide = conv2d if len(window) == 2 else conv3d
    result = slide(padded, _by_remainder(kernel, axes), (1,) * len(window), "valid", "tf")
    return _side_by_side(result, axes, kernel.shape[-1])


class _Axis(NamedTuple):
    """How one axis goes backwards: zeros around `x`, taps of each remainder, the stride, and what is cut out."""

    around: tuple[int, int]
    taps: int
    stride: int
    first: int
    wanted: int


def _backwards(size: int, wanted: int, window: int, stride: int, border_mode: str) -> _Axis:
    full = (size - 1) * stride + window  # the length in which every value counts wherever the kernel puts it
    first = {"valid": 0, "same": max(full - wanted, 0) // 2, "full": window - 1}[border_mode]
    taps = -(-window // stride)
    behind = max(-(-(first + wanted) // stride) - size, taps - 1)
    return _Axis((taps - 1, behind), taps, stride, first, wanted)


def _by_remainder(kernel, axes: Sequence[_Axis]):
    """Each `s`-th tap of the kernel as a kernel of its own, turned over; the remainders are among the filters."""
    count = len(axes)
    filled = [(0, axis.taps * axis.stride - size) for axis, size in zip(axes, kernel.shape, strict=False)]
    whole = pad(_as_slid(kernel, tuple(range(count))), (*filled, (0, 0), (0, 0)))
    parts = reshape(whole, [size for axis in axes for size in (axis.taps, axis.stride)] + list(kernel.shape[-2:]))
    taps, remainders = range(0, 2 * count, 2), range(1, 2 * count, 2)
    apart = permute_dimensions(parts, (*taps, 2 * count, *remainders, 2 * count + 1))
    kernels = reverse(reshape(apart, [axis.taps for axis in axes] + [kernel.shape[-2], -1]), tuple(range(count)))
    return _as_slid(kernels, tuple(range(count)))


def _side_by_side(x, axes: Sequence[_Axis], filters: int):
    """The remainders, which are among the features of `x`, along the axes; cut to what is wanted."""
    count, got = len(axes), x.shape[1:-1]
    parts = reshape(x, [-1, *got, *(axis.stride for axis in axes), filters])
    order = [place for at in range(1, count + 1) for place in (at, at + count)]
    whole = reshape(
        permute_dimensions(parts, (0, *order, 2 * count + 1)),
        [-1, *(size * axis.stride for size, axis in zip(got, axes, strict=True)), filters],
    )
    return whole[(slice(None), *(slice(axis.first, axis.first + axis.wanted) for axis in axes))]


def _check_backwards(got: Sequence, sizes: Sequence, window: Sequence, strides: Sequence, border_mode: str) -> None:
    if None in got or None in sizes:
        raise ShapeError(
            f"a convolution backwards needs known sizes, got {tuple(got)} -> {tuple(sizes)}.", "Give them in Input."
        )
    forward = tuple(
        shapes.window_length(size, taps, stride, border_mode)
        for size, taps, stride in zip(sizes, window, strides, strict=True)
    )
    usual = tuple(_usual_length(*one, border_mode) for one in zip(got, window, strides, strict=True))
    if forward != tuple(got):
        raise ShapeError(
            f"output_shape with rows and cols {tuple(sizes)} does not fit: its convolution would give {forward}, "
            f"but the input has {tuple(got)}.",
            f"With these strides and kernel, try {usual}.",
            arguments=("output_shape",),
        )


def _usual_length(size: int, taps: int, stride: int, border_mode: str) -> int:
    if border_mode == "same":
        return size * stride
    return (size - 1) * stride + (taps if border_mode == "valid" else 2 - taps)


# ---- volumes


@op(shape=shapes.like_first, inputs="kernel")
def _as_slid(kernel, axes):
    """The kernel as the backend slides it: flipped along the axes on Theano."""


@_as_slid.tensorflow
def _(tf, kernel, axes):
    return kernel


@_as_slid.theano
def _(pt, kernel, axes):
    return kernel[tuple(slice(None, None, -1) if axis in axes else slice(None) for axis in range(kernel.ndim))]


def conv3d(
    x, kernel, strides=(1, 1, 1), border_mode="valid", dim_ordering="default", volume_shape=None, filter_shape=None,
    filter_dilation=(1, 1, 1),
):  # fmt: skip
    """3D convolution.

    Shape: 'tf': `(batch, depth, rows, cols, features)`, kernel `(depth, rows, cols, features, filters)`
        -> `(batch, new depth, new rows, new cols, filters)`;
        'th': features first, kernel `(filters, features, depth, rows, cols)`.

    Args:
        strides: steps along depth, rows and cols.
        border_mode: 'valid', 'same' or 'full', as for conv2d.
        volume_shape: accepted for Keras 1's sake; shapes are known anyway.
        filter_shape: likewise.
        filter_dilation: distance between neighbouring taps of the kernel.
    """
    ordering = resolve_ordering(dim_ordering)
    if len(x.shape) != 5:
        raise ShapeError(
            f"needs input (batch, depth, rows, cols, features), got {tuple(x.shape)}.", "Reshape it to five axes."
        )
    if ordering == "th":
        x, kernel = permute_dimensions(x, (0, 2, 3, 4, 1)), permute_dimensions(kernel, (2, 3, 4, 1, 0))
    names = ("kernel_dim1", "kernel_dim2", "kernel_dim3")
    check_window("kernel", kernel.shape[:3], spatial_sizes(x, "tf"), border_mode, filter_dilation, names)
    slide = own_kernels.conv3d if own_kernels.volumes_by_kernel(x, filter_dilation) else _volumes_by_slices
    total = slide(x, kernel, tuple(strides), border_mode, tuple(filter_dilation))
    return permute_dimensions(total, (0, 4, 1, 2, 3)) if ordering == "th" else total


def _volumes_by_slices(x, kernel, strides, border_mode, dilation):
    """For each tap along the depth a convolution of the images that it meets, summed."""
    kernel = _as_slid(kernel, (0,))
    slices = _depth_slices(x, kernel.shape[0], strides[0], border_mode, dilation[0])
    parts = [
        _by_images(
            one,
            lambda images, at=at: conv2d(
                images, kernel[at], strides[1:], border_mode, "tf", filter_dilation=dilation[1:]
            ),
        )
        for at, one in enumerate(slices)
    ]
    return sum(parts[1:], parts[0])


def _depth_slices(x, taps: int, stride: int, border_mode: str, rate: int) -> list:
    """For each tap along the depth, the slices of `x` that it meets."""
    reach = (taps - 1) * rate
    if border_mode == "same" and x.shape[1] is None and stride > 1:
        raise ShapeError(
            f"needs a known depth for border_mode 'same' with steps, got {tuple(x.shape)}.", "Give it in Input."
        )
    missing = {"valid": 0, "full": 2 * reach, "same": reach}[border_mode]
    if border_mode == "same" and x.shape[1] is not None:
        missing = max((-(-x.shape[1] // stride) - 1) * stride + reach + 1 - x.shape[1], 0)
    padded = pad(x, ((0, 0), (missing // 2, missing - missing // 2), (0, 0), (0, 0), (0, 0))) if missing else x
    ends = [at * rate - reach for at in range(taps)]
    return [padded[:, at * rate : end or None : stride] for at, end in enumerate(ends)]


def _by_images(x, function):
    """A function of images put on every slice along the depth."""
    sizes = [shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape)]
    images = reshape(x, (-1, *sizes[2:]))
    images.set_shape((None, *x.shape[2:]))
    result = function(images)
    rest = [shape(result)[axis] if size is None else size for axis, size in enumerate(result.shape)][1:]
    return reshape(result, (sizes[0], sizes[1], *rest))


def pool3d(x, pool_size, strides=(1, 1, 1), border_mode="valid", dim_ordering="default", pool_mode="max"):
    """The largest or mean value of each window of a volume.

    Shape: 'tf': `(batch, depth, rows, cols, features)` -> `(batch, new depth, new rows, new cols, features)`;
        features first for 'th'.

    Args:
        pool_size: depth, rows and cols of the window.
        strides: steps along depth, rows and cols.
        border_mode: 'valid' or 'same'.
        pool_mode: 'max' or 'avg'.
    """
    ordering = resolve_ordering(dim_ordering)
    if len(x.shape) != 5:
        raise ShapeError(
            f"needs input (batch, depth, rows, cols, features), got {tuple(x.shape)}.", "Reshape it to five axes."
        )
    x = permute_dimensions(x, (0, 2, 3, 4, 1)) if ordering == "th" else x
    check_window("pool", pool_size, spatial_sizes(x, "tf"), border_mode, (1, 1, 1), ("pool_size",))
    x = _by_images(x, lambda images: pool2d(images, pool_size[1:], strides[1:], border_mode, "tf", pool_mode))
    # the mean (or maximum) of means over rows and cols is that of the whole window
    turned = permute_dimensions(x, (0, 2, 1, 3, 4))
    turned = _by_images(
        turned, lambda sides: pool2d(sides, (pool_size[0], 1), (strides[0], 1), border_mode, "tf", pool_mode)
    )
    result = permute_dimensions(turned, (0, 2, 1, 3, 4))
    return permute_dimensions(result, (0, 4, 1, 2, 3)) if ordering == "th" else result
