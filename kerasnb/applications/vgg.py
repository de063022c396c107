"""The layers that VGG16 and VGG19 have in common.

Source: Simonyan and Zisserman 2014, arXiv:1409.1556, table 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from .. import backend as K
from ..layers import Convolution2D, Dense, Flatten, MaxPooling2D
from .building import image_input, model_between
from .imagenet_utils import _obtain_input_shape

__all__ = ["vgg"]

FILTERS = (64, 128, 256, 512, 512)  # of the five blocks


def vgg(name: str, depths: Sequence[int], include_top: bool, input_tensor, input_shape, classes: int, weights):
    """Five blocks of so many 3x3 convolutions, each block ending in pooling; on top, three dense layers."""
    shape = _obtain_input_shape(input_shape, 224, 48, K.image_dim_ordering(), include_top, weights=weights)
    image = x = image_input(input_tensor, shape)
    for block, (nb_filter, depth) in enumerate(zip(FILTERS, depths, strict=True), start=1):
        for place in range(1, depth + 1):
            x = Convolution2D(nb_filter, 3, 3, activation="relu", border_mode="same", name=f"block{block}_conv{place}")(
                x
            )
        x = MaxPooling2D((2, 2), strides=(2, 2), name=f"block{block}_pool")(x)
    return model_between(image, _top(x, classes) if include_top else x, name)


def _top(x, classes: int):
    x = Flatten(name="flatten")(x)
    x = Dense(4096, activation="relu", name="fc1")(x)
    x = Dense(4096, activation="relu", name="fc2")(x)
    return Dense(classes, activation="softmax", name="predictions")(x)
