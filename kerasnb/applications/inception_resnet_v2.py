"""InceptionResNetV2: Inception's parallel branches, added to their input, for ImageNet.

Source: Szegedy et al. 2016, arXiv:1602.07261, figures 15 to 19; widths as in the released weights, which differ.
"""

from .. import backend as K
from ..carried import carry
from ..layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Convolution2D,
    Dense,
    GlobalAveragePooling2D,
    Lambda,
    MaxPooling2D,
)
from ..utils.data_utils import get_file
from .building import check_pooling, check_request, feature_axis, image_input, model_between, pooled
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .released import RELEASES, load_released

__all__ = ["InceptionResNetV2", "scaled_sum", "preprocess_input", "decode_predictions"]

WEIGHTS_PATH = RELEASES + "v0.7/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels.h5"
WEIGHTS_PATH_NO_TOP = RELEASES + "v0.7/inception_resnet_v2_weights_tf_dim_ordering_tf_kernels_notop.h5"
MD5 = {
    WEIGHTS_PATH: "e693bd0210a403b3192acc6073ad2e96",
    WEIGHTS_PATH_NO_TOP: "d19885ff4a710c122648d3b5c3b684e4",
}

HALVING = ("valid", (2, 2))  # border mode and steps of the convolutions between two sizes
# the branches of the blocks of one size; each convolution as the arguments of `_convolved`
BLOCKS = {
    "block35": (((32, 1, 1),), ((32, 1, 1), (32, 3, 3)), ((32, 1, 1), (48, 3, 3), (64, 3, 3))),
    "block17": (((192, 1, 1),), ((128, 1, 1), (160, 1, 7), (192, 7, 1))),
    "block8": (((192, 1, 1),), ((192, 1, 1), (224, 1, 3), (256, 3, 1))),
}


def InceptionResNetV2(
    include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000
):
    """InceptionResNetV2 as a model, as Keras 2 has it.

    Its blocks end in a Lambda of `scaled_sum`: a file of the whole model is read by
    `load_model(path, custom_objects={"scaled_sum": scaled_sum})`, a file of its weights as any other.

    Shape: `(batch, 299, 299, 3)` -> `(batch, classes)`; without the top, images of at least 75 rows and columns
    -> `(batch, rows', cols', 1536)`. In 'th' ordering the features come before the rows.

    Args:
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        input_shape: of one image.
        pooling: 'avg' or 'max' over all places at the end of a model without its top, or None.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of classes that does not go with them.
    """
    check_request("InceptionResNetV2", weights, include_top, classes)
    check_pooling(pooling)
    shape = _obtain_input_shape(input_shape, 299, 75, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _convolved(_blocks_8(_blocks_17(_blocks_35(_stem(image)))), 1536, 1, 1, name="conv_7b")
    if include_top:
        x = Dense(classes, activation="softmax", name="predictions")(GlobalAveragePooling2D(name="avg_pool")(x))
    else:
        x = pooled(x, pooling)
    model = model_between(image, x, "inception_resnet_v2")
    url = WEIGHTS_PATH if include_top else WEIGHTS_PATH_NO_TOP
    load_released(model, weights, url, get_file, MD5, file_says=True)
    return model


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def scaled_sum(inputs, scale):
    """What a block computes, made smaller, and added to its input."""
    return inputs[0] + inputs[1] * scale


def _stem(image):
    x = _branch(image, (32, 3, 3, *HALVING), (32, 3, 3, "valid"), (64, 3, 3))
    x = MaxPooling2D((3, 3), strides=(2, 2))(x)
    x = _branch(x, (80, 1, 1, "valid"), (192, 3, 3, "valid"))
    return MaxPooling2D((3, 3), strides=(2, 2))(x)


def _blocks_35(x):
    """mixed_5b and ten blocks: 35 x 35 places for an image of 299."""
    branches = [
        _branch(x, (96, 1, 1)),
        _branch(x, (48, 1, 1), (64, 5, 5)),
        _branch(x, (64, 1, 1), (96, 3, 3), (96, 3, 3)),
        _branch(AveragePooling2D((3, 3), strides=(1, 1), border_mode="same")(x), (64, 1, 1)),
    ]
    x = _joined(branches, "mixed_5b")
    for number in range(1, 11):
        x = _block(x, "block35", number, 0.17)
    return x


def _blocks_17(x):
    """mixed_6a, which halves, and twenty blocks: 17 x 17 places."""
    branches = [
        _branch(x, (384, 3, 3, *HALVING)),
        _branch(x, (256, 1, 1), (256, 3, 3), (384, 3, 3, *HALVING)),
        MaxPooling2D((3, 3), strides=(2, 2))(x),
    ]
    x = _joined(branches, "mixed_6a")
    for number in range(1, 21):
        x = _block(x, "block17", number, 0.1)
    return x


def _blocks_8(x):
    """mixed_7a, which halves, and ten blocks, the last of them linear: 8 x 8 places."""
    branches = [
        _branch(x, (256, 1, 1), (384, 3, 3, *HALVING)),
        _branch(x, (256, 1, 1), (288, 3, 3, *HALVING)),
        _branch(x, (256, 1, 1), (288, 3, 3), (320, 3, 3, *HALVING)),
        MaxPooling2D((3, 3), strides=(2, 2))(x),
    ]
    x = _joined(branches, "mixed_7a")
    for number in range(1, 10):
        x = _block(x, "block8", number, 0.2)
    return _block(x, "block8", 10, 1.0, is_active=False)


def _block(x, kind, number, scale, is_active=True):
    """The branches, joined and made as wide as the input, scaled, and added to it."""
    name = f"{kind}_{number}"
    joined = _joined([_branch(x, *convolutions) for convolutions in BLOCKS[kind]], name + "_mixed")
    found = Convolution2D(K.int_shape(x)[feature_axis()], 1, 1, border_mode="same", name=name + "_conv")(joined)
    x = Lambda(scaled_sum, arguments={"scale": scale}, name=name)([x, found])
    return Activation("relu", name=name + "_ac")(x) if is_active else x


def _branch(x, *convolutions):
    """One convolution after the other."""
    for convolution in convolutions:
        x = _convolved(x, *convolution)
    return x


def _convolved(x, nb_filter, nb_row, nb_col, border_mode="same", subsample=(1, 1), name=None):
    """A convolution, its normalization, and relu."""
    bn_name, ac_name = (name + "_bn", name + "_ac") if name is not None else (None, None)
    x = Convolution2D(nb_filter, nb_row, nb_col, subsample=subsample, border_mode=border_mode, bias=False, name=name)(x)
    x = BatchNormalization(axis=feature_axis(), scale=False, name=bn_name)(x)
    return Activation("relu", name=ac_name)(x)


def _joined(branches, name):
    return Concatenate(axis=feature_axis(), name=name)(branches)


carry(__name__)
