"""Convolutions for JAX, in the one form that XLA computes fast on the CPU wherever they stand.

That form: features last, a kernel (taps, features, filters), nothing reversed, float32, one or two axes. XLA then calls
Eigen's product of matrices, which is as fast as TensorFlow's kernels. It brings other forms into this one only outside
loops; in a loop they become a plain nest of loops, which takes up to 200 times as long. So the gradients are written in
this form, too, and so are theirs. `inside.options_of_compiler` keeps XLA from taking them elsewhere.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

__all__ = ["convolved", "convolved_apart"]

Sizes = tuple[int, ...]  # a number for each axis between batch and features
Pads = Sequence[tuple[int, int]]  # zeros before and after, for each of them

_BY_EIGEN = (jnp.float32, jnp.float16)
_MANY_TAPS = 64  # from so many on, one operation for each takes long to compile


def convolved(x: jax.Array, kernel: jax.Array, strides: Sizes, dilation: Sizes, pads: Pads) -> jax.Array:
    """`x` slid over by `kernel`, as it is.

    Shape: `x` `(batch, ..., features)`, kernel `(..., features, filters)` -> `(batch, new ..., filters)`.
    """
    once = (1,) * len(strides)
    # what follows is about the CPU; other devices have convolutions of their vendors
    if jax.default_backend() != "cpu":
        return _by_xla(x, kernel, strides, once, dilation, pads)
    if x.dtype not in _BY_EIGEN or math.prod(kernel.shape[:-2]) == 1:
        return _by_taps(x, kernel, strides, dilation, pads)
    if len(strides) > 2:
        return _by_images(x, kernel, strides, dilation, pads)
    return _slid(strides, once, dilation, tuple(pads), x, kernel)


def _by_xla(x: jax.Array, kernel: jax.Array, strides: Sizes, spread: Sizes, dilation: Sizes, pads: Pads) -> jax.Array:
    axes = "DHW"[-len(strides) :]
    form = (f"N{axes}C", f"{axes}IO", f"N{axes}C")
    return jax.lax.conv_general_dilated(
        x, kernel, strides, pads, lhs_dilation=spread, rhs_dilation=dilation, dimension_numbers=form
    )


def _by_taps(x: jax.Array, kernel: jax.Array, strides: Sizes, dilation: Sizes, pads: Pads) -> jax.Array:
    """For each tap of the kernel the product of what it meets, summed."""
    met = _met(_padded(x, pads), kernel, strides, dilation)
    return functools.reduce(jnp.add, [values @ kernel[tap] for tap, values in met])


def _by_images(x: jax.Array, kernel: jax.Array, strides: Sizes, dilation: Sizes, pads: Pads) -> jax.Array:
    """The slices that the taps along the first axis meet side by side as features, so that the rest are images."""
    x = jnp.pad(x, ((0, 0), pads[0], *[(0, 0)] * (x.ndim - 2)))
    first = kernel[(slice(None), *(slice(1),) * (kernel.ndim - 3))]  # one tap along all other axes
    once = (1,) * (len(strides) - 1)
    deep = jnp.concatenate([values for _, values in _met(x, first, (strides[0], *once), (dilation[0], *once))], axis=-1)
    images = deep.reshape(math.prod(deep.shape[:2]), *deep.shape[2:])
    taps = jnp.concatenate(list(kernel), axis=-2)
    results = convolved(images, taps, strides[1:], dilation[1:], pads[1:])
    return results.reshape(*deep.shape[:2], *results.shape[1:])


# The gradients of the general form, in which zeros are spread between the samples, are of that form themselves.
# With y[o] = sum over t of x[(o stride + t dilation - pad) / spread] k[t], along each axis:
#     dx[i] = sum over t of dy[(i spread + pad - t dilation) / stride] k[t], a convolution of dy with k turned over,
#     dk[t] = sum over o of x[(t dilation + o stride - pad) / spread] dy[o], one of x with dy for its kernel.
# Source: Dumoulin and Visin 2016, arXiv:1603.07285, section 4.
@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1, 2, 3))
def _slid(strides: Sizes, spread: Sizes, dilation: Sizes, pads: Pads, x: jax.Array, kernel: jax.Array) -> jax.Array:
    # the barrier keeps XLA from taking a transposition into the convolution, which then has another form
    x, kernel = jax.lax.optimization_barrier((x, kernel))
    return _by_xla(x, kernel, strides, spread, dilation, pads)


def _slid_forward(strides, spread, dilation, pads, x, kernel):
    return _slid(strides, spread, dilation, pads, x, kernel), (x, kernel)


def _slid_backward(strides, spread, dilation, pads, given, outer):
    x, kernel = given
    count = len(strides)
    sizes, places, taps = x.shape[1:-1], outer.shape[1:-1], kernel.shape[:count]
    to_x, to_kernel = [], []
    for size, length, window, stride, between, rate, (before, _) in zip(
        sizes, places, taps, strides, spread, dilation, pads, strict=True
    ):
        reach, covered, whole = (window - 1) * rate, (length - 1) * stride, (size - 1) * between
        to_x.append((reach - before, whole + before - covered))
        to_kernel.append((before, reach + covered - whole - before))
    turned = jnp.swapaxes(jnp.flip(kernel, range(count)), -1, -2)
    swapped = jnp.swapaxes(x, 0, -1), jnp.moveaxis(outer, 0, -2)
    return (
        _slid(spread, strides, dilation, tuple(to_x), outer, turned),
        jnp.moveaxis(_slid(dilation, spread, strides, tuple(to_kernel), *swapped), 0, -2),
    )


_slid.defvjp(_slid_forward, _slid_backward)


# ---- each feature by itself


def convolved_apart(x: jax.Array, kernel: jax.Array, strides: Sizes, dilation: Sizes, pads: Pads) -> jax.Array:
    """Each feature slid over by its own kernels, as they are.

    Shape: `x` `(batch, ..., features)`, kernel `(..., features, multiplier)`
        -> `(batch, new ..., features * multiplier)`.
    """
    *window, features, multiplier = kernel.shape
    if jax.default_backend() != "cpu" or math.prod(window) > _MANY_TAPS:
        own = jnp.eye(features, dtype=kernel.dtype)[..., None]
        whole = kernel[..., None, :, :] * own  # zeros between different features
        return convolved(x, whole.reshape(*window, features, -1), strides, dilation, pads)
    return _slid_apart(strides, dilation, _padded(x, pads), kernel)


# JAX's derivative of the slices would be a sum of padded arrays, one for each tap
@functools.partial(jax.custom_vjp, nondiff_argnums=(0, 1))
def _slid_apart(strides: Sizes, dilation: Sizes, x: jax.Array, kernel: jax.Array) -> jax.Array:
    results = [values[..., None] * kernel[tap] for tap, values in _met(x, kernel, strides, dilation)]
    total = functools.reduce(jnp.add, results)
    return total.reshape(*total.shape[:-2], math.prod(total.shape[-2:]))  # -1 is not known where there are no samples


def _apart_forward(strides, dilation, x, kernel):
    return _slid_apart(strides, dilation, x, kernel), (x, kernel)


def _apart_backward(strides, dilation, given, outer):
    x, kernel = given
    count = len(strides)
    outer = outer.reshape(*outer.shape[:-1], *kernel.shape[count:])
    around = [
        (reach - 1, size - (length - 1) * stride - 1, stride - 1)
        for reach, size, length, stride in zip(
            _reach(kernel.shape[:count], dilation), x.shape[1:-1], outer.shape[1:-2], strides, strict=True
        )
    ]
    wide = jax.lax.pad(outer, jnp.zeros((), outer.dtype), [(0, 0, 0), *around, (0, 0, 0), (0, 0, 0)])
    turned = jnp.flip(kernel, range(count))
    met = _met(wide, kernel, (1,) * count, dilation)
    to_x = functools.reduce(jnp.add, [(values * turned[tap]).sum(-1) for tap, values in met])
    over = tuple(range(count + 1))
    sums = [(values[..., None] * outer).sum(over) for _, values in _met(x, kernel, strides, dilation)]
    return to_x, jnp.stack(sums).reshape(kernel.shape)


_slid_apart.defvjp(_apart_forward, _apart_backward)


# ---- what a kernel meets


def _padded(x: jax.Array, pads: Pads) -> jax.Array:
    return jnp.pad(x, ((0, 0), *pads, (0, 0)))


def _reach(window: Sequence[int], dilation: Sizes) -> list[int]:
    return [(taps - 1) * rate + 1 for taps, rate in zip(window, dilation, strict=True)]


def _met(x: jax.Array, kernel: jax.Array, strides: Sizes, dilation: Sizes) -> list[tuple[Sizes, jax.Array]]:
    """Each tap of the kernel, and the values that it meets as it slides."""
    window = kernel.shape[: len(strides)]
    spans = [
        [slice(tap * rate, tap * rate + size - reach + 1, stride) for tap in range(taps)]
        for size, taps, reach, rate, stride in zip(
            x.shape[1:], window, _reach(window, dilation), dilation, strides, strict=False
        )
    ]
    return [
        (tap, x[(slice(None), *place)])
        for tap, place in zip(np.ndindex(*window), itertools.product(*spans), strict=True)
    ]
