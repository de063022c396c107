"""The two cells of NASNet-A: one that keeps the number of places, and one that halves rows and columns.

Each reads the cell before it, `x`, and the one before that, `before`; each gives its result and its own `x`.

Source: Zoph et al. 2017, arXiv:1707.07012, figure 4.
"""

from .. import backend as K
from ..layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Convolution2D,
    Cropping2D,
    MaxPooling2D,
    SeparableConvolution2D,
    ZeroPadding2D,
)
from .building import halving_pad

__all__ = ["INIT", "MOMENTUM", "normal_cell", "reduction_cell"]

INIT = "he_normal"
MOMENTUM = 0.9997  # of the running averages


def normal_cell(x, before, nb_filter, name):
    """Five sums of convolutions and means, joined with what came before.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows, cols, 6 * nb_filter)`.
    """
    p = _fitted(before, x, nb_filter, name)
    h = _at_each_place(x, nb_filter, f"normal_conv_1_{name}", f"normal_bn_1_{name}")
    sums = [
        (_separable(h, nb_filter, 5, f"normal_left1_{name}"), _separable(p, nb_filter, 3, f"normal_right1_{name}")),
        (_separable(p, nb_filter, 5, f"normal_left2_{name}"), _separable(p, nb_filter, 3, f"normal_right2_{name}")),
        (_mean(h, f"normal_left3_{name}"), p),
        (_mean(p, f"normal_left4_{name}"), _mean(p, f"normal_right4_{name}")),
        (_separable(h, nb_filter, 3, f"normal_left5_{name}"), h),
    ]
    added = [Add(name=f"normal_add_{number}_{name}")(list(pair)) for number, pair in enumerate(sums, start=1)]
    return Concatenate(name=f"normal_concat_{name}")([p, *added]), x


def reduction_cell(x, before, nb_filter, name):
    """Five sums of convolutions and poolings with steps of two, four of them joined.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows / 2, cols / 2, 4 * nb_filter)`.
    """
    p = _fitted(before, x, nb_filter, name)
    h = _at_each_place(x, nb_filter, f"reduction_conv_1_{name}", f"reduction_bn_1_{name}")
    padded = ZeroPadding2D(halving_pad(h, 3), name=f"reduction_pad_1_{name}")(h)

    def halved(kind, place):
        return kind((3, 3), strides=(2, 2), name=f"reduction_{place}_{name}")(padded)

    def separable(source, size, place):
        return _separable(source, nb_filter, size, f"reduction_{place}_{name}", steps=2)

    first = Add(name=f"reduction_add_1_{name}")([separable(h, 5, "left1"), separable(p, 7, "right1")])
    second = Add(name=f"reduction_add_2_{name}")([halved(MaxPooling2D, "left2"), separable(p, 7, "right2")])
    third = Add(name=f"reduction_add3_{name}")([halved(AveragePooling2D, "left3"), separable(p, 5, "right3")])
    fourth = Add()([second, _mean(first, f"reduction_left4_{name}")])
    fifth = Add(name=f"reduction_add4_{name}")(
        [_separable(first, nb_filter, 3, f"reduction_left4_{name}"), halved(MaxPooling2D, "right5")]
    )
    return Concatenate(name=f"reduction_concat_{name}")([second, third, fourth, fifth]), x


def _fitted(before, x, nb_filter, name):
    """What came before, with the rows and columns of `x` and so many features."""
    if before is None:
        return x
    shape = K.int_shape(before)
    if shape[2] != K.int_shape(x)[2]:
        return _halved(before, nb_filter, name)
    if shape[-1] != nb_filter:
        return _at_each_place(before, nb_filter, f"adjust_conv_projection_{name}", f"adjust_bn_{name}")
    return before


def _halved(x, nb_filter, name):
    """Every second place, joined with every second place one row and column further."""
    x = Activation("relu", name=f"adjust_relu_1_{name}")(x)
    moved = Cropping2D(((1, 0), (1, 0)))(ZeroPadding2D((0, 1, 0, 1))(x))
    halves = []
    for number, source in enumerate((x, moved), start=1):
        half = AveragePooling2D((1, 1), strides=(2, 2), name=f"adjust_avg_pool_{number}_{name}")(source)
        halves.append(_projected(half, nb_filter // 2, f"adjust_conv_{number}_{name}"))
    return _normalized(Concatenate()(halves), f"adjust_bn_{name}")


def _at_each_place(x, nb_filter, name, normalization):
    return _normalized(_projected(Activation("relu")(x), nb_filter, name), normalization)


def _projected(x, nb_filter, name):
    return Convolution2D(nb_filter, 1, 1, border_mode="same", bias=False, init=INIT, name=name)(x)


def _separable(x, nb_filter, size, name, steps=1):
    """Twice relu, a separable convolution and its normalization; only the first takes steps."""
    x = Activation("relu")(x)
    if steps == 2:
        x = ZeroPadding2D(halving_pad(x, size), name=f"separable_conv_1_pad_{name}")(x)
    border_mode = "valid" if steps == 2 else "same"
    x = _separately(x, nb_filter, size, 1, name, border_mode=border_mode, subsample=(steps, steps))
    return _separately(Activation("relu")(x), nb_filter, size, 2, name, border_mode="same")


def _separately(x, nb_filter, size, number, name, **kwargs):
    x = SeparableConvolution2D(
        nb_filter, size, size, bias=False, init=INIT, name=f"separable_conv_{number}_{name}", **kwargs
    )(x)
    return _normalized(x, f"separable_conv_{number}_bn_{name}")


def _mean(x, name):
    return AveragePooling2D((3, 3), strides=(1, 1), border_mode="same", name=name)(x)


def _normalized(x, name):
    return BatchNormalization(momentum=MOMENTUM, name=name)(x)
