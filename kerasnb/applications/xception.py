"""Xception: depthwise separable convolutions with residual connections, for ImageNet.

Source: Chollet 2016, arXiv:1610.02357, figure 5.
"""

from ..carried import carry
from ..layers import (
    Activation,
    BatchNormalization,
    Convolution2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    SeparableConvolution2D,
    merge,
)
from ..utils.data_utils import get_file
from .building import check_request, features_last, image_input, model_between, takes_pooling
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .released import RELEASES, load_released

__all__ = ["Xception", "preprocess_input", "decode_predictions"]

TF_WEIGHTS_PATH = RELEASES + "v0.4/xception_weights_tf_dim_ordering_tf_kernels.h5"
TF_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.4/xception_weights_tf_dim_ordering_tf_kernels_notop.h5"
MD5 = {
    TF_WEIGHTS_PATH: "0a58e3b7378bc2990ea3b43d5981f1f6",
    TF_WEIGHTS_PATH_NO_TOP: "b0042744bf5b25fce3cb969f33bebb97",
}


@takes_pooling
def Xception(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, classes=1000):
    """Xception as a model, always in 'tf' image ordering.

    Shape: `(batch, 299, 299, 3)` -> `(batch, classes)`; without the top, images of at least 71 rows and columns
    -> `(batch, rows', cols', 2048)`.

    Args:
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        input_shape: of one image; without the top only.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of classes that does not go with them.
    """
    check_request("Xception", weights, include_top, classes)
    with features_last("Xception"):
        shape = _obtain_input_shape(input_shape, 299, 71, "tf", include_top, weights=weights)
        image = image_input(input_tensor, shape)
        x = _exit_flow(_middle_flow(_entry_flow(image)))
        model = model_between(image, _top(x, classes) if include_top else x, "xception")
        url = TF_WEIGHTS_PATH if include_top else TF_WEIGHTS_PATH_NO_TOP
        load_released(model, weights, url, get_file, MD5)
    return model


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def _entry_flow(image):
    x = _convolved(image, 32, "block1_conv1", subsample=(2, 2))
    x = _convolved(x, 64, "block1_conv2")
    for block, nb_filter in ((2, 128), (3, 256), (4, 728)):
        x = _halving_block(x, block, nb_filter, nb_filter)
    return x


def _middle_flow(x):
    for block in range(5, 13):
        residual = x
        for place in (1, 2, 3):
            x = _activated_separable(x, 728, f"block{block}_sepconv{place}")
        x = merge([x, residual], mode="sum")
    return x


def _exit_flow(x):
    x = _halving_block(x, 13, 728, 1024)
    for place, nb_filter in ((1, 1536), (2, 2048)):
        name = f"block14_sepconv{place}"
        x = Activation("relu", name=name + "_act")(_separable(x, nb_filter, name))
    return x


def _top(x, classes):
    return Dense(classes, activation="softmax", name="predictions")(GlobalAveragePooling2D(name="avg_pool")(x))


def _halving_block(x, block, first_filters, last_filters):
    """Two separable convolutions and a pooling, added to a convolution of their input."""
    name = f"block{block}_"
    residual = Convolution2D(last_filters, 1, 1, subsample=(2, 2), border_mode="same", bias=False)(x)
    residual = BatchNormalization()(residual)
    # block2 comes straight after an activation
    first = _separable if block == 2 else _activated_separable
    x = first(x, first_filters, name + "sepconv1")
    x = _activated_separable(x, last_filters, name + "sepconv2")
    x = MaxPooling2D((3, 3), strides=(2, 2), border_mode="same", name=name + "pool")(x)
    return merge([x, residual], mode="sum")


def _convolved(x, nb_filter, name, **kwargs):
    x = BatchNormalization(name=name + "_bn")(Convolution2D(nb_filter, 3, 3, bias=False, name=name, **kwargs)(x))
    return Activation("relu", name=name + "_act")(x)


def _activated_separable(x, nb_filter, name):
    return _separable(Activation("relu", name=name + "_act")(x), nb_filter, name)


def _separable(x, nb_filter, name):
    x = SeparableConvolution2D(nb_filter, 3, 3, border_mode="same", bias=False, name=name)(x)
    return BatchNormalization(name=name + "_bn")(x)


carry(__name__)
