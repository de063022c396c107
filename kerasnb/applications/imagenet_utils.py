"""Images before, and class names after, a model trained on ImageNet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import backend as K
from ..carried import carry
from ..datasets.safe_files import read_json_file
from ..errors import ArgumentError, ShapeError, unknown_name
from ..preprocessing.orderings import LATER, ordering
from ..spelling.door import accepts
from ..utils.data_utils import get_file

__all__ = ["preprocess_input", "decode_predictions", "scaled"]

CLASS_INDEX = None  # number -> [WordNet id, name]; read the first time it is needed
CLASS_INDEX_PATH = "https://s3.amazonaws.com/deep-learning-models/image-models/imagenet_class_index.json"
CLASSES = 1000
MEANS = (103.939, 116.779, 123.68)  # of ImageNet's blue, green and red
# of ImageNet's red, green and blue, where values are from 0 to 1
SCALED_MEANS, SCALED_DEVIATIONS = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@accepts(LATER)
def preprocess_input(x, dim_ordering="default", *, mode="caffe"):
    """RGB images as a model was trained on; by default VGG and ResNet: BGR, the mean of ImageNet taken away.

    Shape: `(batch, rows, cols, 3)`, or `(batch, 3, rows, cols)` in 'th' ordering -> same. One image without the batch
    axis is fine too. The array that was given stays as it is.

    Args:
        x: values from 0 to 255.
        mode: 'caffe' for VGG and ResNet; 'tf' for values from -1 to 1; 'torch' for DenseNet: RGB of mean 0 and
            deviation 1 over ImageNet.

    Raises:
        ShapeError: not images of three channels.
        UnknownNameError: there is no such mode.
    """
    if mode not in ("caffe", "tf", "torch"):
        raise unknown_name("mode", mode, ("caffe", "tf", "torch"))
    if mode == "tf":
        return scaled(x)
    x, axis = _images(x, ordering(dim_ordering))
    shape = [-1 if one == axis else 1 for one in range(x.ndim)]
    if mode == "torch":
        means, deviations = (
            np.reshape(np.array(values, x.dtype), shape) for values in (SCALED_MEANS, SCALED_DEVIATIONS)
        )
        return (x / 255.0 - means) / deviations
    return np.flip(x, axis) - np.reshape(np.array(MEANS, x.dtype), shape)


def _images(x, order: str) -> tuple[np.ndarray, int]:
    """The images as floats, and the axis of their channels."""
    x = _as_floats(x)
    axis = x.ndim - (3 if order == "th" else 1)
    if x.ndim not in (3, 4) or x.shape[axis] != len(MEANS):
        wanted = "(batch, 3, rows, cols)" if order == "th" else "(batch, rows, cols, 3)"
        raise ShapeError(
            f'preprocess_input needs images {wanted} in "{order}" ordering, got {x.shape}.',
            'Add the batch axis with x[None], or say dim_ordering="th" or "tf".',
        )
    return x, axis


def scaled(x):
    """Values from 0 to 255 as Inception and Xception were trained on: from -1 to 1. The array itself stays as it is."""
    return (_as_floats(x) / 255.0 - 0.5) * 2.0


def _as_floats(x) -> np.ndarray:
    x = np.asarray(x)
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(K.floatx())


def decode_predictions(preds, top=5):
    """The likeliest classes of each image, likeliest first.

    Shape: `(batch, 1000)` -> for each image a list of `top` tuples (WordNet id, name, probability).

    Raises:
        ShapeError: not a row of 1000 probabilities for each image.
    """
    preds = np.asarray(preds)
    if preds.ndim != 2 or preds.shape[1] != CLASSES:
        raise ShapeError(
            f"decode_predictions needs predictions (batch, {CLASSES}), got {preds.shape}.",
            "It names the classes of ImageNet only: pass what a model with include_top=True and classes=1000 predicts.",
        )
    names = _class_names()
    return [[(*names[str(place)], row[place]) for place in np.argsort(-row, kind="stable")[:top]] for row in preds]


def _class_names() -> dict[str, list[str]]:
    global CLASS_INDEX
    if CLASS_INDEX is None:
        path = get_file("imagenet_class_index.json", CLASS_INDEX_PATH, cache_subdir="models")
        CLASS_INDEX = read_json_file(path)
    return CLASS_INDEX


@accepts(LATER | {"require_flatten": "include_top"})
def _obtain_input_shape(input_shape, default_size, min_size, dim_ordering, include_top, *, weights="imagenet"):
    """The shape of one image: the default one with the top on, else any that is large enough.

    Args:
        weights: 'imagenet', or anything else where a model of one's own may have another shape under its top too, and
            another number of channels.

    Raises:
        ArgumentError: a shape that the released weights do not fit, one of unknown size under the top, or fewer rows or
            columns than `min_size`.
    """
    is_th = ordering(dim_ordering) == "th"
    default = (3, default_size, default_size) if is_th else (default_size, default_size, 3)
    if input_shape is None:
        return default if include_top else tuple(3 if size == 3 else None for size in default)
    is_released = weights == "imagenet"
    if include_top and is_released:
        if tuple(input_shape) != default:
            raise _wrong_shape(f"with include_top=True it must be {default}", input_shape, "Write include_top=False.")
        return default
    shape = _checked(tuple(input_shape), min_size, is_th, is_released)
    if include_top and None in shape:
        raise _wrong_shape("with include_top=True it must have no None", input_shape, "Write include_top=False.")
    return shape


def _checked(shape: Sequence, min_size: int, is_th: bool, is_released: bool) -> tuple:
    wanted = "(3, rows, cols)" if is_th else "(rows, cols, 3)"
    if len(shape) != 3:
        raise _wrong_shape(f"it must be three sizes {wanted}", shape)
    channels, sides = (shape[0], shape[1:]) if is_th else (shape[2], shape[:2])
    if is_released and channels != 3:
        raise _wrong_shape(f"it must have 3 channels, {wanted}", shape, "For other channels write weights=None.")
    if any(side is not None and side < min_size for side in sides):
        raise _wrong_shape(f"rows and cols must be at least {min_size}", shape)
    return tuple(shape)


def _wrong_shape(wanted: str, shape, advice: str = "") -> ArgumentError:
    return ArgumentError(f"input_shape: {wanted}, got {tuple(shape)}.", advice, arguments=("input_shape",))


carry(__name__)
