"""Convolutions of volumes, and of each feature by itself, by kernels of the backends' own.

Theano's take all of them. What TensorFlow's cannot take or would be slow at, `convolve_more` writes with conv2d. By its
own kernel a volume's convolution takes TensorFlow a third of the time, 128 features apart a seventeenth. Pooling of
volumes is not among them: of TensorFlow's two kernels for the gradient of a maximum, about every other process takes
the one that gives each of several equal values the whole of it, in twenty times the time.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import ShapeError
from ..runtime.chosen import backend
from . import shapes
from .convolve import check_window, fully_padded
from .registry import op

__all__ = ["apart_by_kernel", "conv3d", "depthwise_conv2d", "volumes_by_kernel"]

# from so many features on, along one axis, their zeros in a kernel of all features cost more than XLA saves
_MANY_FEATURES = 16


def volumes_by_kernel(x, dilation: Sequence[int]) -> bool:
    """Whether the backend's own kernel takes the volumes `x` (batch, depth, rows, cols, features).

    TensorFlow's is not asked for unknown sizes: where nothing is left of a volume, oneDNN gives out its input's memory.
    Taps that are apart are known to oneDNN alone, which may be switched off.
    """
    return backend() == "theano" or (None not in x.shape[1:] and set(dilation) == {1})


def apart_by_kernel(x, kernel, strides: Sequence[int], border_mode: str, dilation: Sequence[int]) -> bool:
    """Whether the backend's own kernel takes these images, features last, and is faster.

    Shape: `x` `(batch, rows, cols, features)`, kernel `(rows, cols, features, multiplier)`.
    """
    if backend() == "theano":
        return True
    if None in (*x.shape[1:], *kernel.shape) or border_mode == "full":
        return False
    rows, cols, features, _ = kernel.shape
    is_taken = len(set(strides)) == 1 and (strides[0] == 1 or set(dilation) == {1})
    return is_taken and features >= (_MANY_FEATURES if 1 in (rows, cols) else 2)


def _slid(x, kernel, strides, border_mode, dilation):
    _check_features(x, kernel.shape[-2])
    return (x.shape[0], *_spatial(x, kernel.shape[:-2], strides, border_mode, dilation), kernel.shape[-1])


def _slid_apart(x, kernel, strides, border_mode, dilation):
    rows, cols, features, multiplier = kernel.shape
    _check_features(x, features)
    check_window("kernel", (rows, cols), x.shape[1:-1], border_mode, dilation, ("nb_row", "nb_col"))
    return (x.shape[0], *_spatial(x, (rows, cols), strides, border_mode, dilation), features * multiplier)


def _spatial(x, window, strides, border_mode, dilation) -> list:
    axes = zip(x.shape[1:-1], window, strides, dilation, strict=True)
    return [shapes.window_length(size, taps, step, border_mode, rate) for size, taps, step, rate in axes]


def _check_features(x, wanted: int | None) -> None:
    if wanted is not None and x.shape[-1] != wanted:
        raise ShapeError(f"kernel for {wanted} features, but the input {tuple(x.shape)} has {x.shape[-1]}.")


@op(shape=_slid, dtype="float", inputs="x kernel", promote=True)
def conv3d(x, kernel, strides, border_mode, dilation):
    """K's, features last."""


@conv3d.tensorflow
def _(tf, x, kernel, strides, border_mode, dilation):
    x, border_mode = fully_padded(tf, x, kernel, border_mode, dilation)
    return tf.nn.conv3d(x, kernel, (1, *strides, 1), border_mode.upper(), dilations=(1, *dilation, 1))


@conv3d.theano
def _(pt, x, kernel, strides, border_mode, dilation):
    return pt.convolve(x, kernel, strides, border_mode, dilation)


@op(shape=_slid_apart, dtype="float", inputs="x kernel", promote=True)
def depthwise_conv2d(x, kernel, strides, border_mode, dilation):
    """The first half of `separable_conv2d`, features last."""


@depthwise_conv2d.tensorflow
def _(tf, x, kernel, strides, border_mode, dilation):
    return tf.nn.depthwise_conv2d(x, kernel, (1, *strides, 1), border_mode.upper(), dilations=dilation)


@depthwise_conv2d.theano
def _(pt, x, kernel, strides, border_mode, dilation):
    return pt.convolve(x, kernel, strides, border_mode, dilation, apart=True)
