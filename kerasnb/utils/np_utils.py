"""Helpers for arrays: labels, scores, kernels and lengths."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..backend.ops import shapes
from ..carried import carry
from ..errors import DataError, ShapeError, unknown_name
from ..spelling.door import accepts

__all__ = [
    "to_categorical",
    "normalize",
    "binary_logloss",
    "multiclass_logloss",
    "accuracy",
    "probas_to_classes",
    "categorical_probas_to_classes",
    "convert_kernel",
    "conv_output_length",
    "conv_input_length",
]

_BORDER_MODES = ("valid", "same", "full")


@accepts({"num_classes": "nb_classes"})
def to_categorical(y, nb_classes=None):
    """Class numbers as rows with a 1 at the class's place.

    Shape: any n whole numbers -> `(n, nb_classes)` float64.

    Args:
        nb_classes: by default the largest class plus 1.

    Raises:
        DataError: a class is no whole number, negative, or not below `nb_classes`.

    >>> to_categorical([0, 2])
    array([[1., 0., 0.],
           [0., 0., 1.]])
    """
    classes = _class_numbers(y)
    if not nb_classes:
        nb_classes = int(classes.max()) + 1 if classes.size else 0
    wrong = classes[(classes < 0) | (classes >= nb_classes)]
    if wrong.size:
        raise DataError(
            f"class {wrong[0]} is outside 0 to {nb_classes - 1} (nb_classes={nb_classes}).",
            "Number the classes from 0, or give a larger nb_classes.",
        )
    rows = np.zeros((len(classes), nb_classes))
    rows[np.arange(len(classes)), classes] = 1
    return rows


def _class_numbers(y) -> np.ndarray:
    given = np.asarray(y).ravel()
    classes = given.astype("int")
    if given.dtype.kind == "f" and (broken := given[given != classes]).size:
        raise DataError(f"class {broken[0]} is no whole number.", "Round the classes, or check that these are labels.")
    return classes


def normalize(a, axis=-1, order=2):
    """The array divided by its norms along an axis; where a norm is 0, left at 0."""
    norms = np.atleast_1d(np.linalg.norm(a, order, axis))
    norms[norms == 0] = 1
    return a / np.expand_dims(norms, axis)


def binary_logloss(p, y):
    """The mean of `-y * log(p) - (1 - y) * log(1 - p)`."""
    p = np.clip(p, 1e-15, 1 - 1e-15)
    y = np.asarray(y)
    return -np.sum(y * np.log(p) + (1 - y) * np.log(1 - p)) / len(y)


def multiclass_logloss(p, y):
    """The mean of `-log(p)` at each sample's class; classes count from 1."""
    chosen = [row[label - 1] for row, label in zip(p, y, strict=True)]
    return -np.mean(np.log(chosen))


def accuracy(p, y):
    """The fraction of places where both arrays agree."""
    return np.mean(np.equal(p, y))


def probas_to_classes(y_pred):
    """The class of each row of probabilities: the largest, or for a single column 1 above 0.5."""
    y_pred = np.asarray(y_pred)
    if y_pred.ndim > 1 and y_pred.shape[1] > 1:
        return categorical_probas_to_classes(y_pred)
    return np.array([1 if p > 0.5 else 0 for p in y_pred.ravel()])


def categorical_probas_to_classes(p):
    """The place of the largest probability in each row."""
    return np.argmax(p, axis=1)


def convert_kernel(kernel, dim_ordering=None):
    """A convolution kernel with its spatial axes reversed: Theano's from TensorFlow's, and back.

    Shape: 'tf' `(rows, cols, features, filters)`, 'th' `(filters, features, rows, cols)`; one more in 3D, one less
        for later layers along time -> same.
    """
    kernel = np.asarray(kernel)
    if kernel.ndim not in (3, 4, 5):
        raise ShapeError(f"convert_kernel needs a kernel of 3 to 5 axes, got {kernel.shape}.")
    spatial, rest = (slice(None, None, -1),) * (kernel.ndim - 2), (slice(None),) * 2
    ordering = K.resolve_ordering(dim_ordering)
    return np.copy(kernel[rest + spatial if ordering == "th" else spatial + rest])


@accepts({"padding": "border_mode"})
def conv_output_length(input_length, filter_size, border_mode, stride, dilation=1):
    """How many places a window has along an axis; None for a length not known."""
    return shapes.window_length(input_length, filter_size, stride, border_mode, dilation)


@accepts({"padding": "border_mode"})
def conv_input_length(output_length, filter_size, border_mode, stride):
    """The length of an axis along which a window has `output_length` places; None for one not known."""
    if border_mode not in _BORDER_MODES:
        raise unknown_name("border_mode", border_mode, _BORDER_MODES)
    return shapes.deconvolved_length(output_length, filter_size, stride, border_mode)


carry(__name__)
