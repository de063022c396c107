"""Activations that came after Keras 1.2; `activations` gives them under its own path."""

from __future__ import annotations

import math

from . import backend as K
from .backend.ops.registry import in_float
from .spelling.door import accepts

__all__ = [
    "selu",
    "exponential",
    "swish",
    "silu",
    "relu6",
    "mish",
    "log_softmax",
    "leaky_relu",
    "gelu",
    "celu",
    "glu",
    "hard_sigmoid_later",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "hard_shrink",
    "soft_shrink",
    "tanh_shrink",
    "threshold",
    "log_sigmoid",
    "squareplus",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
]


def selu(x):
    """Scaled exponential linear unit, which brings mean and deviation to 0 and 1 from layer to layer.

    Shape: `x` any -> same.
    Source: Klambauer et al. 2017, arXiv:1706.02515, equation 2.
    """
    return 1.0507009873554805 * K.elu(x, 1.6732632423543772)


def celu(x, alpha=1.0):
    """Exponential linear unit whose slope at 0 is 1: `x` above zero, `alpha * (exp(x / alpha) - 1)` below.

    Shape: `x` any -> same.
    Source: Barron 2017, arXiv:1704.07483.
    """
    return alpha * K.elu(x / alpha)


def exponential(x):
    """`exp(x)`.

    Shape: `x` any -> same.
    """
    return K.exp(x)


def swish(x):
    """`x * sigmoid(x)`.

    Shape: `x` any -> same.
    Source: Ramachandran et al. 2017, arXiv:1710.05941.
    """
    return x * K.sigmoid(x)


def glu(x, axis=-1):
    """The first half of the features times the sigmoid of the second.

    Shape: `(..., features)` -> `(..., features / 2)`.
    Source: Dauphin et al. 2016, arXiv:1612.08083, equation 1.
    """
    rank = K.ndim(x)
    turned = [*range(rank)]
    turned[axis], turned[-1] = turned[-1], turned[axis]
    first, second = K.split(x if axis in (-1, rank - 1) else K.permute_dimensions(x, turned), 2)
    made = first * K.sigmoid(second)
    return made if axis in (-1, rank - 1) else K.permute_dimensions(made, turned)


def relu6(x):
    """`x` cut to between 0 and 6.

    Shape: `x` any -> same.
    Source: Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10.
    """
    return K.relu(x, max_value=6.0)


def mish(x):
    """`x * tanh(softplus(x))`.

    Shape: `x` any -> same.
    Source: Misra 2019, arXiv:1908.08681.
    """
    return x * K.tanh(K.softplus(x))


def log_softmax(x, axis=-1):
    """The logarithm of softmax along an axis.

    Shape: `x` any -> same.
    """
    x = in_float(x)
    below = x - K.stop_gradient(K.max(x, axis=axis, keepdims=True))  # whose gradients cancel
    return below - K.log(K.sum(K.exp(below), axis=axis, keepdims=True))


@accepts({"alpha": "negative_slope"})
def leaky_relu(x, negative_slope=0.2):
    """`x` above zero, `negative_slope * x` below.

    Shape: `x` any -> same.
    Source: Maas et al. 2013, ICML workshop on deep learning for audio, speech and language processing.
    """
    return K.relu(x, alpha=negative_slope)


def gelu(x, approximate=False):
    """`x` times the share of the normal distribution below it.

    Shape: `x` any -> same.
    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.

    Args:
        approximate: by tanh, a little faster.
    """
    if approximate:
        return 0.5 * x * (1 + K.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * K.pow(x, 3))))
    return 0.5 * x * (1 + K.erf(x / math.sqrt(2)))


def hard_sigmoid_later(x):
    """`x / 6 + 0.5`, cut to between 0 and 1: what Keras 3 calls hard_sigmoid, which was `0.2 * x + 0.5` until then.

    Shape: `x` any -> same.
    Source: Howard et al. 2019, arXiv:1905.02244, section 5.2.
    """
    return relu6(x + 3.0) / 6.0


def hard_silu(x):
    """`x * relu6(x + 3) / 6`.

    Shape: `x` any -> same.
    Source: Howard et al. 2019, arXiv:1905.02244, section 5.2.
    """
    return x * hard_sigmoid_later(x)


def hard_tanh(x):
    """`x` cut to between -1 and 1.

    Shape: `x` any -> same.
    Source: Collobert 2004, Large scale machine learning.
    """
    return K.clip(x, -1.0, 1.0)


def hard_shrink(x, threshold=0.5):
    """`x` where it is farther than `threshold` from 0, else 0.

    Shape: `x` any -> same.
    Source: Donoho and Johnstone 1994, Biometrika 81, pages 425 to 455.
    """
    return x * K.cast(K.greater(K.abs(x), threshold), K.dtype(x))


def soft_shrink(x, threshold=0.5):
    """`x` brought nearer to 0 by `threshold`; 0 where it was no farther.

    Shape: `x` any -> same.
    Source: Donoho 1995, IEEE Transactions on Information Theory 41, pages 613 to 627.
    """
    return K.relu(x - threshold) - K.relu(-x - threshold)


def tanh_shrink(x):
    """`x - tanh(x)`.

    Shape: `x` any -> same.
    """
    return x - K.tanh(x)


def threshold(x, threshold, default_value):
    """`x` where it is above `threshold`, else `default_value`.

    Shape: `x` any -> same.
    """
    return K.switch(K.greater(x, threshold), x, default_value * K.ones_like(x))


def log_sigmoid(x):
    """The logarithm of the sigmoid: `-log(1 + exp(-x))`.

    Shape: `x` any -> same.
    """
    return -K.softplus(-x)


def squareplus(x, b=4):
    """`(x + sqrt(x ** 2 + b)) / 2`.

    Shape: `x` any -> same.
    Source: Barron 2021, arXiv:2112.11687, equation 1.
    """
    return 0.5 * (x + K.sqrt(K.square(x) + b))


def sparse_plus(x):
    """0 up to -1, `(x + 1) ** 2 / 4` up to 1, `x` from there on.

    Shape: `x` any -> same.
    """
    return 0.25 * K.square(K.clip(x, -1.0, 1.0) + 1.0) + K.relu(x - 1.0)


def sparse_sigmoid(x):
    """`(x + 1) / 2`, cut to between 0 and 1.

    Shape: `x` any -> same.
    """
    return 0.5 * (K.clip(x, -1.0, 1.0) + 1.0)


def sparsemax(x, axis=-1):
    """The shares, adding up to 1 along an axis, that are nearest to `x`: most of them are 0.

    Shape: `x` any -> same.
    Source: Martins and Astudillo 2016, arXiv:1602.02068, algorithm 1.
    """
    fixed = K.stop_gradient(x)
    ranked = -K.sort(-fixed, axis)
    counts = K.cumsum(K.ones_like(ranked), axis)
    is_in = K.cast(K.greater(1.0 + counts * ranked, K.cumsum(ranked, axis)), K.dtype(x))
    count = K.sum(is_in, axis=axis, keepdims=True)
    least = K.min(ranked + 1e30 * (1.0 - is_in), axis=axis, keepdims=True)
    taken = K.cast(K.greater_equal(fixed, least), K.dtype(x))
    return K.relu(x - (K.sum(x * taken, axis=axis, keepdims=True) - 1.0) / count)


silu, hard_swish = swish, hard_silu
