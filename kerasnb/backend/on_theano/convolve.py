"""Convolutions for JAX on the CPU, as products of matrices over a few samples at a time.

XLA's own convolution runs there at a quarter of the speed of a product of matrices, and those that its gradients need
slower still, above all inside a loop. The matrix of all patches that the kernel meets would be many times larger than
the input, so it is made for as many samples at a time as keep it in the cache (K. Chellapilla, S. Puri, P. Simard,
"High performance convolutional neural networks for document processing", 2006). A sample that is too large by itself is
cut into bands of rows, which overlap by what the kernel reaches over: one of VGG16's would take 231 MB.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

__all__ = ["convolved"]

_PATCHES_AT_ONCE = 4 << 20  # bytes
_FEW = 16  # numbers in a patch: below that XLA's convolution is the faster one
_AXES = ("NHWC", "HWIO", "NHWC")

Pair = tuple[int, ...]  # of rows and of cols


def convolved(
    x: jax.Array,
    kernel: jax.Array,
    strides: Pair,
    dilation: Pair,
    pads: Sequence[tuple[int, int]],
    is_flipped: bool = False,
) -> jax.Array:
    """`x` (batch, rows, cols, features) slid over by `kernel` (rows, cols, features, filters).

    Args:
        pads: zeros before and after rows and cols.
        is_flipped: whether the kernel is turned around in rows and cols. No turned copy of it is made: the patches
            are taken in the other order.
    """
    # what follows is about the CPU's caches; other devices have convolutions of their vendors
    if jax.default_backend() != "cpu":
        return _by_xla(x, kernel, strides, dilation, pads, is_flipped)
    return _slid(strides, dilation, is_flipped, jnp.pad(x, ((0, 0), *pads, (0, 0))), kernel)


def _by_xla(x: jax.Array, kernel: jax.Array, strides: Pair, dilation: Pair, pads: Any, is_flipped: bool) -> jax.Array:
    kernel = kernel[::-1, ::-1] if is_flipped else kernel
    return jax.lax.conv_general_dilated(x, kernel, strides, pads, rhs_dilation=dilation, dimension_numbers=_AXES)


# JAX's derivative of the slices in `_patches` would be a sum of padded arrays, one for each place of the kernel
@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2))
def _slid(strides: Pair, dilation: Pair, is_flipped: bool, x: jax.Array, kernel: jax.Array) -> jax.Array:
    window, filters = kernel.shape[:2], kernel.shape[-1]
    numbers = kernel.size // filters
    if numbers < _FEW:
        return _by_xla(x, kernel, strides, dilation, "VALID", is_flipped)
    matrix, rows = kernel.reshape(numbers, filters), _counts(x, window, strides, dilation)[0]
    samples, x = len(x), _in_bands(x, window, strides, dilation)

    def of_some(samples):
        return _patches(samples, window, strides, dilation, is_flipped) @ matrix

    some = _at_once(x, window, strides, dilation)
    results = of_some(x) if some == len(x) else jax.lax.map(of_some, _in_groups(x, some))
    return results.reshape(samples, -1, *results.shape[-2:])[:, :rows]


def _slid_forward(strides, dilation, is_flipped, x, kernel):
    return _slid(strides, dilation, is_flipped, x, kernel), (x, kernel)


def _slid_backward(strides, dilation, is_flipped, given, outer):
    x, kernel = given
    # The gradient by x slides the turned kernel, features and filters exchanged, over the gradients of the outputs with
    # stride - 1 zeros between them and reach - 1 around. Source: Dumoulin and Visin 2016, arXiv:1603.07285, section 4.
    reach = [(taps - 1) * spread + 1 for taps, spread in zip(kernel.shape[:2], dilation, strict=True)]
    sizes = zip(reach, x.shape[1:3], outer.shape[1:3], strides, strict=True)
    around = [(need - 1, size - (count - 1) * stride - 1, stride - 1) for need, size, count, stride in sizes]
    # the zeros between are those of the samples that a stride skips
    spread_out = jax.lax.pad(outer, jnp.zeros((), outer.dtype), [(0, 0, 0), *around, (0, 0, 0)])
    to_x = _slid((1, 1), dilation, not is_flipped, spread_out, kernel.swapaxes(2, 3))
    return to_x, _to_kernel(strides, dilation, is_flipped, x, kernel.shape, outer)


_slid.defvjp(_slid_forward, _slid_backward)


def _to_kernel(
    strides: Pair, dilation: Pair, is_flipped: bool, x: jax.Array, shape: tuple[int, ...], outer: jax.Array
) -> jax.Array:
    """The gradient with respect to the kernel."""
    window, samples = shape[:2], len(x)
    x = _in_bands(x, window, strides, dilation)
    high = _counts(x, window, strides, dilation)[0]
    below = len(x) // samples * high - outer.shape[1]
    outer = jnp.pad(outer, ((0, 0), (0, below), (0, 0), (0, 0))).reshape(len(x), high, *outer.shape[2:])

    def add(total, both):
        samples, gradients = both
        # dK = sum over samples and places of patch^T . gradient, since y = patch . K there
        patches = _patches(samples, window, strides, dilation, is_flipped)
        return total + jnp.tensordot(patches, gradients, ((0, 1, 2), (0, 1, 2))), None

    some = _at_once(x, window, strides, dilation)
    zeros = jnp.zeros((shape[0] * shape[1] * shape[2], shape[3]), outer.dtype)
    if some == len(x):
        total, _ = add(zeros, (x, outer))
    else:
        total, _ = jax.lax.scan(add, zeros, (_in_groups(x, some), _in_groups(outer, some)))
    return total.reshape(shape)


def _patches(x: jax.Array, window: Pair, strides: Pair, dilation: Pair, is_flipped: bool) -> jax.Array:
    """What the kernel meets at each place: (batch, new rows, new cols, numbers of the kernel)."""
    rows, cols = _counts(x, window, strides, dilation)
    down, right = [(count - 1) * stride + 1 for count, stride in zip((rows, cols), strides, strict=True)]
    slices = [
        x[:, top : top + down : strides[0], left : left + right : strides[1]]
        for top in range(0, window[0] * dilation[0], dilation[0])
        for left in range(0, window[1] * dilation[1], dilation[1])
    ]
    return jnp.concatenate(slices[::-1] if is_flipped else slices, axis=-1)


def _counts(x: jax.Array, window: Pair, strides: Pair, dilation: Pair) -> list[int]:
    return [
        (size - (taps - 1) * spread - 1) // stride + 1
        for size, taps, stride, spread in zip(x.shape[1:3], window, strides, dilation, strict=True)
    ]


def _in_bands(x: jax.Array, window: Pair, strides: Pair, dilation: Pair) -> jax.Array:
    """The samples cut into bands of rows, as samples of their own, where the patches of a whole one are too many.

    Each gives as many new rows as the others; what the last ones give past the sample's end comes of zeros.
    """
    rows, cols = _counts(x, window, strides, dilation)
    bytes_of_row = cols * window[0] * window[1] * x.shape[3] * x.dtype.itemsize
    high = max(1, _PATCHES_AT_ONCE // max(bytes_of_row, 1))
    if high >= rows:
        return x
    bands = -(-rows // high)
    reach = (high - 1) * strides[0] + (window[0] - 1) * dilation[0] + 1
    below = max((bands - 1) * high * strides[0] + reach - x.shape[1], 0)
    padded = jnp.pad(x, ((0, 0), (0, below), (0, 0), (0, 0)))
    starts = [band * high * strides[0] for band in range(bands)]
    cut = jnp.stack([padded[:, start : start + reach] for start in starts], axis=1)
    return cut.reshape(-1, *cut.shape[2:])


def _at_once(x: jax.Array, window: Pair, strides: Pair, dilation: Pair) -> int:
    """How many samples to take at a time: the largest divisor of the batch whose patches are few enough."""
    rows, cols = _counts(x, window, strides, dilation)
    bytes_each = rows * cols * window[0] * window[1] * x.shape[3] * x.dtype.itemsize
    if len(x) * bytes_each <= _PATCHES_AT_ONCE:
        return len(x)
    at_most = max(1, _PATCHES_AT_ONCE // bytes_each)
    # a divisor, since `map` and `scan` take groups of one size
    return max(some for some in range(1, at_most + 1) if len(x) % some == 0)


def _in_groups(array: jax.Array, some: int) -> jax.Array:
    return array.reshape(-1, some, *array.shape[1:])
