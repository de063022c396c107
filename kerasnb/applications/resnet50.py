"""ResNet50: residual blocks, 50 layers with weights, for ImageNet.

Source: He et al. 2015, arXiv:1512.03385, table 1.
"""

from .. import backend as K
from ..carried import carry
from ..layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Convolution2D,
    Dense,
    Flatten,
    MaxPooling2D,
    ZeroPadding2D,
    merge,
)
from ..utils.data_utils import get_file
from .building import check_request, feature_axis, image_input, model_between, takes_pooling
from .imagenet_utils import _obtain_input_shape, decode_predictions, preprocess_input
from .released import RELEASES, load_released, release_for

__all__ = ["ResNet50", "identity_block", "conv_block", "preprocess_input", "decode_predictions"]

TH_WEIGHTS_PATH = RELEASES + "v0.2/resnet50_weights_th_dim_ordering_th_kernels.h5"
TF_WEIGHTS_PATH = RELEASES + "v0.2/resnet50_weights_tf_dim_ordering_tf_kernels.h5"
TH_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.2/resnet50_weights_th_dim_ordering_th_kernels_notop.h5"
TF_WEIGHTS_PATH_NO_TOP = RELEASES + "v0.2/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5"
MD5 = {
    TH_WEIGHTS_PATH: "1c1f8f5b0c8ee28fe9d950625a230e1c",
    TH_WEIGHTS_PATH_NO_TOP: "f64f049c92468c9affcd44b0976cdafe",
    TF_WEIGHTS_PATH: "a7b3fe01876f51b976af0dea6bc144eb",
    TF_WEIGHTS_PATH_NO_TOP: "a268eb855778b3df3c7506639542a6af",
}

# stage, filters of the three convolutions, names of the blocks
STAGES = (
    (2, (64, 64, 256), "abc"),
    (3, (128, 128, 512), "abcd"),
    (4, (256, 256, 1024), "abcdef"),
    (5, (512, 512, 2048), "abc"),
)


def identity_block(input_tensor, kernel_size, filters, stage, block):
    """Three convolutions, added to their input as it is.

    Shape: `(batch, rows, cols, filters[2])` -> same.

    Args:
        kernel_size: rows and cols of the middle convolution.
        filters: of the three convolutions.
        stage: a number, for the layers' names.
        block: a letter, for the layers' names.
    """
    x = _main_path(input_tensor, kernel_size, filters, stage, block)
    return Activation("relu")(merge([x, input_tensor], mode="sum"))


def conv_block(input_tensor, kernel_size, filters, stage, block, strides=(2, 2)):
    """Three convolutions, added to a fourth one of their input: where sizes or features change.

    Shape: `(batch, rows, cols, features)` -> `(batch, rows / strides[0], cols / strides[1], filters[2])`.

    Args:
        strides: of the first convolution, and of the one beside it.
    """
    x = _main_path(input_tensor, kernel_size, filters, stage, block, strides)
    shortcut = _convolved(input_tensor, filters[2], 1, f"{stage}{block}_branch1", subsample=strides)
    return Activation("relu")(merge([x, shortcut], mode="sum"))


def _main_path(x, kernel_size, filters, stage, block, strides=(1, 1)):
    name = f"{stage}{block}_branch2"
    x = Activation("relu")(_convolved(x, filters[0], 1, name + "a", subsample=strides))
    x = Activation("relu")(_convolved(x, filters[1], kernel_size, name + "b", border_mode="same"))
    return _convolved(x, filters[2], 1, name + "c")


def _convolved(x, nb_filter, kernel_size, name, **kwargs):
    """A convolution and its normalization."""
    x = Convolution2D(nb_filter, kernel_size, kernel_size, name="res" + name, **kwargs)(x)
    return BatchNormalization(axis=feature_axis(), name="bn" + name)(x)


@takes_pooling
def ResNet50(include_top=True, weights="imagenet", input_tensor=None, input_shape=None, classes=1000):
    """ResNet50 as a model.

    Shape: `(batch, 224, 224, 3)` -> `(batch, classes)`; without the top, images of at least 197 rows and columns
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
    check_request("ResNet50", weights, include_top, classes)
    shape = _obtain_input_shape(input_shape, 224, 197, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _residual_stages(_stem(image))
    x = AveragePooling2D((7, 7), name="avg_pool")(x)
    if include_top:
        x = Dense(classes, activation="softmax", name="fc1000")(Flatten()(x))
    model = model_between(image, x, "resnet50")
    url = release_for(include_top, (TH_WEIGHTS_PATH, TH_WEIGHTS_PATH_NO_TOP), (TF_WEIGHTS_PATH, TF_WEIGHTS_PATH_NO_TOP))
    load_released(model, weights, url, get_file, MD5)
    return model


def _stem(image):
    x = ZeroPadding2D((3, 3))(image)
    x = Convolution2D(64, 7, 7, subsample=(2, 2), name="conv1")(x)
    x = Activation("relu")(BatchNormalization(axis=feature_axis(), name="bn_conv1")(x))
    return MaxPooling2D((3, 3), strides=(2, 2))(x)


def _residual_stages(x):
    for stage, filters, (first, *others) in STAGES:
        x = conv_block(x, 3, filters, stage, first, strides=(1, 1) if stage == 2 else (2, 2))
        for block in others:
            x = identity_block(x, 3, filters, stage, block)
    return x


carry(__name__)
