"""InceptionV3: blocks of parallel branches, for ImageNet.

Source: Szegedy et al. 2015, arXiv:1512.00567, table 1 and figures 5 to 7.
"""

from .. import backend as K
from ..carried import carry
from ..layers import AveragePooling2D, BatchNormalization, Convolution2D, Dense, Flatten, MaxPooling2D, merge
from ..utils.data_utils import get_file
from .building import check_request, feature_axis, image_input, model_between, takes_pooling
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .released import RELEASES, load_released, release_for

__all__ = ["InceptionV3", "conv2d_bn", "preprocess_input", "decode_predictions"]

TH_WEIGHTS_PATH = RELEASES + "v0.2/inception_v3_weights_th_dim_ordering_th_kernels.h5"
TF_WEIGHTS_PATH = RELEASES + "v0.2/inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
TH_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.2/inception_v3_weights_th_dim_ordering_th_kernels_notop.h5"
TF_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.2/inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"
MD5 = {
    TH_WEIGHTS_PATH: "b3baf3070cc4bf476d43a2ea61b0ca5f",
    TH_WEIGHTS_PATH_NO_TOP: "79aaa90ab4372b4593ba3df64e142f05",
    TF_WEIGHTS_PATH: "fe114b3ff2ea4bf891e9353d1bbfb32f",
    TF_WEIGHTS_PATH_NO_TOP: "2f3609166de1d967d1a481094754f691",
}

HALVING = ("valid", (2, 2))  # border mode and steps of the convolutions between two sizes
WIDTHS_17 = (128, 160, 160, 192)  # of the branches inside the blocks of 17 x 17, mixed4 to mixed7


def conv2d_bn(x, nb_filter, nb_row, nb_col, border_mode="same", subsample=(1, 1), name=None):
    """A convolution with relu, and its normalization after that.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows', cols', nb_filter)`.

    Args:
        name: the layers get '_conv' and '_bn' behind it.
    """
    conv_name, bn_name = (name + "_conv", name + "_bn") if name is not None else (None, None)
    x = Convolution2D(
        nb_filter, nb_row, nb_col, subsample=subsample, activation="relu", border_mode=border_mode, name=conv_name
    )(x)
    return BatchNormalization(axis=feature_axis(), name=bn_name)(x)


@takes_pooling
def InceptionV3(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, classes=1000):
    """InceptionV3 as a model.

    Shape: `(batch, 299, 299, 3)` -> `(batch, classes)`; without the top, images of at least 139 rows and columns
    -> `(batch, rows', cols', 2048)`. In 'th' ordering the features come before the rows.

    Args:
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        input_shape: of one image; without the top only.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of classes that does not go with them.
    """
    check_request("InceptionV3", weights, include_top, classes)
    shape = _obtain_input_shape(input_shape, 299, 139, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _blocks_8(_blocks_17(_blocks_35(_stem(image))))
    model = model_between(image, _top(x, classes) if include_top else x, "inception_v3")
    url = release_for(include_top, (TH_WEIGHTS_PATH, TH_WEIGHTS_PATH_NO_TOP), (TF_WEIGHTS_PATH, TF_WEIGHTS_PATH_NO_TOP))
    load_released(model, weights, url, get_file, MD5)
    return model


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def _stem(image):
    x = _branch(image, (32, 3, 3, *HALVING), (32, 3, 3, "valid"), (64, 3, 3))
    x = MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = _branch(x, (80, 1, 1, "valid"), (192, 3, 3, "valid"))
    return MaxPooling2D((3, 3), strides=(2, 2))(x)


def _blocks_35(x):
    """mixed0 to mixed2: 35 x 35 places for an image of 299."""
    for number in range(3):
        branches = [
            _branch(x, (64, 1, 1)),
            _branch(x, (48, 1, 1), (64, 5, 5)),
            _branch(x, (64, 1, 1), (96, 3, 3), (96, 3, 3)),
            _averaged(x, 32),
        ]
        x = _joined(branches, f"mixed{number}")
    return x


def _blocks_17(x):
    """mixed3, which halves, to mixed7: 17 x 17 places."""
    branches = [
        _branch(x, (384, 3, 3, *HALVING)),
        _branch(x, (64, 1, 1), (96, 3, 3), (96, 3, 3, *HALVING)),
        MaxPooling2D((3, 3), strides=(2, 2))(x),
    ]
    x = _joined(branches, "mixed3")
    for number, width in enumerate(WIDTHS_17, start=4):
        first = 160 if width == 192 else width  # mixed7's double branch starts narrower
        branches = [
            _branch(x, (192, 1, 1)),
            _branch(x, (width, 1, 1), (width, 1, 7), (192, 7, 1)),
            _branch(x, (first, 1, 1), (width, 7, 1), (width, 1, 7), (width, 7, 1), (192, 1, 7)),
            _averaged(x, 192),
        ]
        x = _joined(branches, f"mixed{number}")
    return x


def _blocks_8(x):
    """mixed8, which halves, to mixed10: 8 x 8 places."""
    branches = [
        _branch(x, (192, 1, 1), (320, 3, 3, *HALVING)),
        _branch(x, (192, 1, 1), (192, 1, 7), (192, 7, 1), (192, 3, 3, *HALVING)),
        AveragePooling2D((3, 3), strides=(2, 2))(x),
    ]
    x = _joined(branches, "mixed8")
    for number in range(2):
        branches = [
            _branch(x, (320, 1, 1)),
            _forked(_branch(x, (384, 1, 1)), f"mixed9_{number}"),
            _forked(_branch(x, (448, 1, 1), (384, 3, 3))),
            _averaged(x, 192),
        ]
        x = _joined(branches, f"mixed{9 + number}")
    return x


def _branch(x, *convolutions):
    """One convolution after the other; each as the arguments of `conv2d_bn`."""
    for convolution in convolutions:
        x = conv2d_bn(x, *convolution)
    return x


def _averaged(x, nb_filter):
    x = AveragePooling2D((3, 3), strides=(1, 1), border_mode="same")(x)
    return conv2d_bn(x, nb_filter, 1, 1)


def _forked(x, name=None):
    return _joined([conv2d_bn(x, 384, 1, 3), conv2d_bn(x, 384, 3, 1)], name)


def _joined(branches, name=None):
    return merge(branches, mode="concat", concat_axis=feature_axis(), name=name)


def _top(x, classes):
    x = AveragePooling2D((8, 8), strides=(8, 8), name="avg_pool")(x)
    return Dense(classes, activation="softmax", name="predictions")(Flatten(name="flatten")(x))


carry(__name__)
