"""DenseNet: every layer of a block reads the results of all before it.

Source: Huang et al. 2016, arXiv:1608.06993, table 1.
"""

from .. import backend as K
from ..carried import carry
from ..errors import ArgumentError
from ..layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Convolution2D,
    Dense,
    GlobalAveragePooling2D,
    MaxPooling2D,
    ZeroPadding2D,
)
from ..utils.data_utils import get_file
from . import imagenet_utils
from .building import check_pooling, check_request, feature_axis, image_input, model_between, pooled
from .imagenet_utils import _obtain_input_shape, decode_predictions
from .released import load_released

__all__ = ["DenseNet", "DenseNet121", "DenseNet169", "DenseNet201", "preprocess_input", "decode_predictions"]

WEIGHTS_PATH = (
    "https://github.com/keras-team/keras-applications/releases/download/densenet/"
    "{name}_weights_tf_dim_ordering_tf_kernels{top}.h5"
)
# layers of the four blocks -> number of layers with weights, hashes of the released files with and without the top
DEPTHS = {
    (6, 12, 24, 16): (121, "9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"),
    (6, 12, 32, 32): (169, "d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"),
    (6, 12, 48, 32): (201, "1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"),
}
GROWTH = 32  # features that each layer adds
EPSILON = 1.001e-5


def DenseNet(
    blocks, include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000
):
    """A DenseNet as a model, as Keras 2 has it.

    Shape: `(batch, 224, 224, 3)` -> `(batch, classes)`; without the top, images of at least 32 rows and columns
    -> `(batch, rows // 32, cols // 32, features)`. In 'th' ordering the features come before the rows.

    Args:
        blocks: how many layers each of the four blocks has.
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        input_shape: of one image.
        pooling: 'avg' or 'max' over all places at the end of a model without its top, or None.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of classes that does not go with them.
    """
    depth, *hashes = DEPTHS.get(tuple(blocks), ("",))
    who = f"DenseNet{depth}"
    check_request(who, weights, include_top, classes)
    check_pooling(pooling)
    if weights == "imagenet" and not depth:
        raise ArgumentError(
            f"DenseNet: weights were released for blocks of {', '.join(map(str, DEPTHS))}, got {tuple(blocks)}.",
            "Write weights=None.",
            arguments=("blocks",),
        )
    shape = _obtain_input_shape(input_shape, 224, 32, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _features(image, blocks)
    if include_top:
        x = Dense(classes, activation="softmax", name="fc1000")(GlobalAveragePooling2D(name="avg_pool")(x))
    else:
        x = pooled(x, pooling, f"{pooling}_pool")
    model = model_between(image, x, who.lower())
    url = WEIGHTS_PATH.format(name=who.lower(), top="" if include_top else "_notop")
    md5 = {url: hashes[0 if include_top else 1]} if hashes else {}
    load_released(model, weights, url, get_file, md5, file_says=True)
    return model


def DenseNet121(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The DenseNet with 121 layers that have weights; its arguments are those of DenseNet."""
    return DenseNet((6, 12, 24, 16), include_top, weights, input_tensor, input_shape, pooling, classes)


def DenseNet169(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The DenseNet with 169 layers that have weights; its arguments are those of DenseNet."""
    return DenseNet((6, 12, 32, 32), include_top, weights, input_tensor, input_shape, pooling, classes)


def DenseNet201(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None, classes=1000):
    """The DenseNet with 201 layers that have weights; its arguments are those of DenseNet."""
    return DenseNet((6, 12, 48, 32), include_top, weights, input_tensor, input_shape, pooling, classes)


def preprocess_input(x, data_format=None):
    """RGB images from 0 to 255 as the model was trained on: mean 0 and deviation 1 over ImageNet, in a new array."""
    return imagenet_utils.preprocess_input(x, data_format, mode="torch")


def _features(image, blocks):
    x = ZeroPadding2D((3, 3))(image)
    x = Convolution2D(64, 7, 7, subsample=(2, 2), bias=False, name="conv1/conv")(x)
    x = _activated(x, "conv1/")
    x = MaxPooling2D((3, 3), strides=(2, 2), name="pool1")(ZeroPadding2D((1, 1))(x))
    for number, layers in enumerate(blocks, start=2):
        for layer in range(1, layers + 1):
            x = _grown(x, f"conv{number}_block{layer}")
        if number <= len(blocks):
            x = _halved(x, f"pool{number}_")
    return _activated(x, "")


def _grown(x, name):
    """The features so far, and those that one layer computes from them."""
    new = Convolution2D(4 * GROWTH, 1, 1, bias=False, name=name + "_1_conv")(_activated(x, name + "_0_"))
    new = _activated(new, name + "_1_")
    new = Convolution2D(GROWTH, 3, 3, border_mode="same", bias=False, name=name + "_2_conv")(new)
    return Concatenate(axis=feature_axis(), name=name + "_concat")([x, new])


def _halved(x, name):
    """Half the features, and half the rows and columns."""
    features = K.int_shape(x)[feature_axis()] // 2
    x = Convolution2D(features, 1, 1, bias=False, name=name + "conv")(_activated(x, name))
    return AveragePooling2D((2, 2), strides=(2, 2), name=name + "pool")(x)


def _activated(x, name):
    x = BatchNormalization(axis=feature_axis(), epsilon=EPSILON, name=name + "bn")(x)
    return Activation("relu", name=name + "relu")(x)


carry(__name__)
