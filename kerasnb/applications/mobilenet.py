"""MobileNet: convolutions of each feature by itself and of all features at one place, for small machines.

Source: Howard et al. 2017, arXiv:1704.04861, table 1.
"""

from .. import backend as K
from ..carried import carry
from ..errors import ArgumentError
from ..layers import (
    Activation,
    BatchNormalization,
    Convolution2D,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    ReLU,
    Reshape,
    ZeroPadding2D,
)
from ..utils.data_utils import get_file
from .building import check_pooling, check_request, feature_axis, image_input, model_between, pooled, sides
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .released import RELEASES, check_alpha, load_released, size_of_release

__all__ = ["MobileNet", "preprocess_input", "decode_predictions"]

WEIGHTS_PATH = RELEASES + "v0.6/mobilenet_{alpha}_{rows}_tf{top}.h5"
ALPHAS = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}  # of the released weights
SIZES = (128, 160, 192, 224)

# features and steps of the 13 blocks
BLOCKS = (
    *((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
    *(((512, 1),) * 5),
    *((1024, 2), (1024, 1)),
)


def MobileNet(
    input_shape=None,
    alpha=1.0,
    depth_multiplier=1,
    dropout=1e-3,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """MobileNet as a model, as Keras 2 has it.

    Shape: `(batch, 224, 224, 3)` -> `(batch, classes)`; without the top, images of at least 32 rows and columns
    -> `(batch, rows', cols', 1024 * alpha)`. In 'th' ordering the features come before the rows.

    Args:
        input_shape: of one image.
        alpha: share of the usual number of features in every layer.
        depth_multiplier: results of each feature's own convolution.
        dropout: fraction of the features left out before the top while training, 0 to 1.
        include_top: whether the classes are on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        pooling: 'avg' or 'max' over all places at the end of a model without its top, or None.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape, a width or a number of classes that does not go with them.
    """
    check_request("MobileNet", weights, include_top, classes)
    check_pooling(pooling)
    if weights == "imagenet":
        check_alpha("MobileNet", alpha, ALPHAS)
        if depth_multiplier != 1:
            raise ArgumentError(
                f"MobileNet: the released weights have depth_multiplier=1, got {depth_multiplier!r}.",
                "Write weights=None.",
                arguments=("depth_multiplier",),
            )
    size = size_of_release(input_shape, SIZES)
    shape = _obtain_input_shape(input_shape, size, 32, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _features(image, alpha, depth_multiplier)
    x = _top(x, int(1024 * alpha), dropout, classes) if include_top else pooled(x, pooling)
    model = model_between(image, x, f"mobilenet_{alpha:0.2f}_{sides(image)[0]}")
    url = WEIGHTS_PATH.format(alpha=ALPHAS.get(alpha), rows=size, top="" if include_top else "_no_top")
    load_released(model, weights, url, get_file, {}, file_says=True)
    return model


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def relu6(x):
    """`x` from 0 to 6: the activation of files that Keras 2.0 and 2.1 saved."""
    return K.relu(x, max_value=6.0)


def _features(image, alpha, depth_multiplier):
    x = ZeroPadding2D((0, 1, 0, 1), name="conv1_pad")(image)
    x = _active(Convolution2D(int(32 * alpha), 3, 3, subsample=(2, 2), bias=False, name="conv1")(x), "conv1")
    for number, (nb_filter, steps) in enumerate(BLOCKS, start=1):
        x = _block(x, number, int(nb_filter * alpha), steps, depth_multiplier)
    return x


def _block(x, number, nb_filter, steps, depth_multiplier):
    """Each feature's own convolution, then one of all features at each place."""
    if steps == 2:
        x = ZeroPadding2D((0, 1, 0, 1), name=f"conv_pad_{number}")(x)
    name = f"conv_dw_{number}"
    x = DepthwiseConv2D(
        (3, 3),
        subsample=(steps, steps),
        border_mode="same" if steps == 1 else "valid",
        depth_multiplier=depth_multiplier,
        bias=False,
        name=name,
    )(x)
    x = _active(x, name)
    name = f"conv_pw_{number}"
    return _active(Convolution2D(nb_filter, 1, 1, border_mode="same", bias=False, name=name)(x), name)


def _active(x, name):
    return ReLU(6.0, name=name + "_relu")(BatchNormalization(axis=feature_axis(), name=name + "_bn")(x))


def _top(x, features, dropout, classes):
    """A dense layer, written as a convolution of one place."""
    one_place = (features, 1, 1) if K.image_dim_ordering() == "th" else (1, 1, features)
    x = Reshape(one_place, name="reshape_1")(GlobalAveragePooling2D()(x))
    x = Convolution2D(classes, 1, 1, border_mode="same", name="conv_preds")(Dropout(dropout, name="dropout")(x))
    return Activation("softmax", name="act_softmax")(Reshape((classes,), name="reshape_2")(x))


carry(__name__)
