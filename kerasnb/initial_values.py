"""Where weights begin: functions from a shape to a variable."""

from __future__ import annotations

import math

import numpy as np

from . import backend as K
from .errors import ShapeError, unknown_name

__all__ = [
    "get_fans",
    "uniform",
    "normal",
    "lecun_uniform",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "orthogonal",
    "identity",
    "zero",
    "one",
    "zeros",
    "ones",
]


def get_fans(shape, dim_ordering="th"):
    """How many inputs each output has, and how many outputs each input.

    Args:
        shape: of a matrix, `(inputs, outputs)`, or of a kernel: `(filters, features, ...)` for 'th', `(..., features,
            filters)`
            for 'tf'.
    """
    if len(shape) == 2:
        return shape
    if len(shape) not in (4, 5):
        root = math.sqrt(math.prod(shape))
        return root, root
    if dim_ordering not in ("th", "tf"):
        raise unknown_name("dim_ordering", dim_ordering, ("th", "tf"))
    if dim_ordering == "th":
        outputs, inputs, *window = shape
    else:
        *window, inputs, outputs = shape
    return inputs * math.prod(window), outputs * math.prod(window)


def uniform(shape, scale=0.05, name=None, dim_ordering="th"):
    """Values spread evenly over `[-scale, scale)`."""
    return K.random_uniform_variable(shape, -scale, scale, name=name)


def normal(shape, scale=0.05, name=None, dim_ordering="th"):
    """Values of the normal distribution with deviation `scale`."""
    return K.random_normal_variable(shape, 0.0, scale, name=name)


def lecun_uniform(shape, name=None, dim_ordering="th"):
    """Even spread of variance `1 / inputs`.

    Source: LeCun et al. 1998, Efficient Backprop, section 4.6.
    """
    inputs, _ = get_fans(shape, dim_ordering)
    return uniform(shape, np.sqrt(3.0 / inputs), name)


def glorot_normal(shape, name=None, dim_ordering="th"):
    """Normal distribution of variance `2 / (inputs + outputs)`.

    Source: Glorot and Bengio 2010, AISTATS, equation 12.
    """
    return normal(shape, np.sqrt(2.0 / np.sum(get_fans(shape, dim_ordering))), name)


def glorot_uniform(shape, name=None, dim_ordering="th"):
    """Even spread of variance `2 / (inputs + outputs)`.

    Source: Glorot and Bengio 2010, AISTATS, equation 16.
    """
    return uniform(shape, np.sqrt(6.0 / np.sum(get_fans(shape, dim_ordering))), name)


def he_normal(shape, name=None, dim_ordering="th"):
    """Normal distribution of variance `2 / inputs`.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """
    inputs, _ = get_fans(shape, dim_ordering)
    return normal(shape, np.sqrt(2.0 / inputs), name)


def he_uniform(shape, name=None, dim_ordering="th"):
    """Even spread of variance `2 / inputs`.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """
    inputs, _ = get_fans(shape, dim_ordering)
    return uniform(shape, np.sqrt(6.0 / inputs), name)


def orthogonal(shape, scale=1.1, name=None, dim_ordering="th"):
    """A random matrix whose rows (or columns, if there are fewer) are orthogonal and of length `scale`.

    Source: Saxe et al. 2013, arXiv:1312.6120, section 3.
    """
    return orthogonal_from(np.random.RandomState(np.random.randint(10_000_000)), shape, scale, name)


def orthogonal_from(random, shape, scale, name=None):
    """Such a matrix, drawn by this generator of numpy's."""

    def draw():
        flat = (shape[0], math.prod(shape[1:]))
        left, _, right = np.linalg.svd(random.normal(size=flat), full_matrices=False)
        return scale * (left if left.shape == flat else right).reshape(shape)

    return K.Variable(draw, shape, K.floatx(), name or "orthogonal")


def identity(shape, scale=1, name=None, dim_ordering="th"):
    """`scale` times the identity matrix.

    Raises:
        ShapeError: the shape is not that of a square matrix.
    """
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ShapeError(
            f"identity initialization needs a square matrix, got the shape {tuple(shape)}.",
            'Use init="orthogonal", or as many outputs as inputs.',
            arguments=("init",),
        )
    return K.variable(scale * np.identity(shape[0]), name=name)


def zero(shape, name=None, dim_ordering="th"):
    """Zeros."""
    return K.zeros(shape, name=name)


def one(shape, name=None, dim_ordering="th"):
    """Ones."""
    return K.ones(shape, name=name)


zeros, ones = zero, one  # the later spellings

# name -> function
FUNCTIONS = {
    function.__name__: function
    for function in (
        uniform,
        normal,
        lecun_uniform,
        glorot_normal,
        glorot_uniform,
        he_normal,
        he_uniform,
        orthogonal,
        identity,
        zero,
        one,
    )
}
FUNCTIONS |= {"zeros": zero, "ones": one}
