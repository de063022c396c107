"""Penalties on weights or outputs, added to the loss."""

from __future__ import annotations

import numpy as np

from . import backend as K
from .carried import carry
from .errors import ShapeError, unknown_name
from .spelling.door import accepts
from .utils.custom_objects import config_of, get_from_module, registry
from .utils.foreign_objects import ours_or_native

__all__ = [
    "Regularizer",
    "EigenvalueRegularizer",
    "L1L2Regularizer",
    "l1",
    "l2",
    "l1l2",
    "activity_l1",
    "activity_l2",
    "activity_l1l2",
    "get",
    "WeightRegularizer",
    "ActivityRegularizer",
    "L1L2",
    "L1",
    "L2",
    "l1_l2",
    "OrthogonalRegularizer",
    "PerSample",
    "orthogonal_regularizer",
]


class Regularizer:
    """A function from a tensor to a penalty; subclass it and write `__call__(x)`."""

    def __call__(self, x):
        return 0.0

    def get_config(self) -> dict:
        """The arguments that make the same one again, with its 'name'."""
        return {"name": type(self).__name__}

    def set_param(self, _) -> None:
        """Kept for old programs: a regularizer is called with the tensor now."""

    def set_layer(self, _) -> None:
        """Kept for old programs: a regularizer is called with the tensor now."""


class EigenvalueRegularizer(Regularizer):
    """`k` times the largest singular value of a matrix, found by nine steps of power iteration.

    Shape: a matrix `(rows, cols)` -> a number.
    Source: Ludwig, Nunes and Araujo 2014, Neurocomputing 124, pages 33 to 42.
    """

    steps = 9

    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        if K.ndim(x) != 2:
            raise ShapeError(
                f"EigenvalueRegularizer needs a matrix, got {K.int_shape(x)}.", arguments=("W_regularizer",)
            )
        product = K.dot(K.transpose(x), x)
        vector = K.sum(product, axis=1, keepdims=True)
        for _ in range(self.steps - 1):
            vector = K.dot(product, vector)
            vector = vector / K.max(K.abs(vector))
        largest = K.sum(vector * K.dot(product, vector)) / K.sum(K.square(vector))
        return K.sqrt(largest) * self.k

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "k": float(self.k)}


class L1L2Regularizer(Regularizer):
    """`l1` times the sum of absolute values and `l2` times the sum of squares.

    Shape: `x` any -> a number.
    Source: Zou and Hastie 2005, Journal of the Royal Statistical Society B 67, pages 301 to 320.
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = float(l1)
        self.l2 = float(l2)

    def __call__(self, x):
        terms = []
        if self.l1:
            terms.append(K.sum(self.l1 * K.abs(x)))
        if self.l2:
            terms.append(K.sum(self.l2 * K.square(x)))
        return sum(terms[1:], terms[0]) if terms else 0.0

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "l1": self.l1, "l2": self.l2}


class OrthogonalRegularizer(Regularizer):
    """`factor` times the mean size of the cosines between the rows, or columns, of a matrix.

    Shape: a matrix `(rows, cols)` -> a number.
    Source: after Brock et al. 2016, arXiv:1609.07093, but of rows that are made of length 1.

    Args:
        factor: how much it counts.
        mode: 'rows' or 'columns'.
    """

    def __init__(self, factor=0.01, mode="rows"):
        if mode not in ("rows", "columns"):
            raise unknown_name("mode", mode, ("rows", "columns"))
        self.factor, self.mode = float(factor), mode

    def __call__(self, x):
        if K.ndim(x) != 2:
            raise ShapeError(
                f"OrthogonalRegularizer needs a matrix, got {K.int_shape(x)}.", arguments=("W_regularizer",)
            )
        rows = K.l2_normalize(x if self.mode == "rows" else K.transpose(x), axis=1)
        count = K.int_shape(rows)[0]
        cosines = K.dot(rows, K.transpose(rows)) * (1.0 - np.eye(count, dtype=K.floatx()))
        return self.factor * K.sum(K.abs(cosines)) / (count * (count - 1.0))

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "factor": self.factor, "mode": self.mode}


class PerSample(Regularizer):
    """Another penalty divided by the size of the batch, as tf.keras and Keras 3 take penalties on outputs.

    Shape: `(batch, ...)` -> a number.

    Args:
        regularizer: the other one.
    """

    is_mean = True  # over the samples of a batch; others are sums

    def __init__(self, regularizer):
        self.regularizer = get(regularizer)

    def __call__(self, x):
        return self.regularizer(x) / K.cast(K.shape(x)[0], K.floatx())

    def get_config(self) -> dict:
        return {"name": type(self).__name__, "regularizer": config_of(self.regularizer)}


WeightRegularizer = ActivityRegularizer = L1L2 = L1L2Regularizer


@accepts({"l1": "l"})
def l1(l=0.01):
    """A penalty of `l` times the sum of absolute values.

    Shape: `x` any -> a number.
    Source: Tibshirani 1996, Journal of the Royal Statistical Society B 58, pages 267 to 288.
    """
    return L1L2Regularizer(l1=l)


@accepts({"l2": "l"})
def l2(l=0.01):
    """A penalty of `l` times the sum of squares.

    Shape: `x` any -> a number.
    Source: Hoerl and Kennard 1970, Technometrics 12, pages 55 to 67.
    """
    return L1L2Regularizer(l2=l)


def l1l2(l1=0.01, l2=0.01):
    """A penalty of `l1` times the sum of absolute values and `l2` times the sum of squares.

    Shape: `x` any -> a number.
    Source: Zou and Hastie 2005, Journal of the Royal Statistical Society B 67, pages 301 to 320.
    """
    return L1L2Regularizer(l1=l1, l2=l2)


activity_l1, activity_l2, activity_l1l2 = l1, l2, l1l2
L1, L2, l1_l2 = l1, l2, l1l2  # the later spellings
orthogonal_regularizer = OrthogonalRegularizer


def get(identifier, kwargs=None):
    """The regularizer that a name or configuration stands for; None and functions are given back as they are.

    One of Keras 3's is given as ours that computes the same.

    Raises:
        UnknownNameError: no such name.
    """
    identifier = ours_or_native(identifier, "regularizer", globals())
    return get_from_module(identifier, globals(), "regularizer", instantiate=True, kwargs=kwargs)


serialize, deserialize = registry(get)
carry(__name__)
