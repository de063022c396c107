"""MobileNetV2: blocks that widen, convolve each feature by itself, and narrow again, for small machines.

Source: Sandler et al. 2018, arXiv:1801.04381, table 2.
"""

from .. import backend as K
from ..carried import carry
from ..layers import (
    Add,
    BatchNormalization,
    Convolution2D,
    Dense,
    DepthwiseConv2D,
    GlobalAveragePooling2D,
    ReLU,
    ZeroPadding2D,
)
from ..utils.data_utils import get_file
from .building import (
    check_pooling,
    check_request,
    feature_axis,
    halving_pad,
    image_input,
    model_between,
    pooled,
    sides,
)
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .released import check_alpha, load_released, size_of_release

__all__ = ["MobileNetV2", "preprocess_input", "decode_predictions"]

WEIGHTS_PATH = (
    "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
    "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{rows}{top}.h5"
)
ALPHAS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)  # of the released weights
SIZES = (96, 128, 160, 192, 224)
WIDENING = 6  # how many times as wide a block is inside

# features, steps of the first, and number of the blocks
GROUPS = ((24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1))


def MobileNetV2(
    input_shape=None,
    alpha=1.0,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
):
    """MobileNetV2 as a model, as Keras 2 has it.

    Shape: `(batch, 224, 224, 3)` -> `(batch, classes)`; without the top, images of at least 32 rows and columns
    -> `(batch, rows', cols', features)`, 1280 times `alpha`, but not less. In 'th' ordering the features come before
    the rows.

    Args:
        input_shape: of one image.
        alpha: share of the usual number of features in every layer.
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        pooling: 'avg' or 'max' over all places at the end of a model without its top, or None.
        classes: how many classes the top has.

    Raises:
        ArgumentError: weights that do not exist, or a shape, a width or a number of classes that does not go with them.
    """
    check_request("MobileNetV2", weights, include_top, classes)
    check_pooling(pooling)
    if weights == "imagenet":
        check_alpha("MobileNetV2", alpha, ALPHAS)
    size = size_of_release(input_shape, SIZES)
    shape = _obtain_input_shape(input_shape, size, 32, K.image_dim_ordering(), include_top, weights=weights)
    image = image_input(input_tensor, shape)
    x = _features(image, alpha)
    if include_top:
        x = Dense(classes, activation="softmax", name="Logits")(GlobalAveragePooling2D()(x))
    else:
        x = pooled(x, pooling)
    model = model_between(image, x, f"mobilenetv2_{alpha:0.2f}_{sides(image)[0]}")
    url = WEIGHTS_PATH.format(alpha=float(alpha), rows=size, top="" if include_top else "_no_top")
    load_released(model, weights, url, get_file, {}, file_says=True)
    return model


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def _features(image, alpha):
    x = ZeroPadding2D(halving_pad(image, 3), name="Conv1_pad")(image)
    x = _convolved(x, _by_eight(32 * alpha), "Conv1", "bn_Conv1", size=3, subsample=(2, 2))
    x = ReLU(6.0, name="Conv1_relu")(x)
    x = _narrowed(_convolved_apart(x, "expanded_conv_", 1), _by_eight(_by_eight(16 * alpha)), "expanded_conv_")
    number = 0
    for nb_filter, first_steps, count in GROUPS:
        for steps in (first_steps, *(1,) * (count - 1)):
            number += 1
            x = _block(x, number, _by_eight(int(nb_filter * alpha)), steps)
    x = _convolved(x, _by_eight(1280 * max(alpha, 1.0)), "Conv_1", "Conv_1_bn")
    return ReLU(6.0, name="out_relu")(x)


def _by_eight(features: float) -> int:
    """The nearest multiple of eight that is no more than a tenth smaller."""
    near = max(8, int(features + 4) // 8 * 8)
    return near + 8 if near < 0.9 * features else near


def _block(x, number, nb_filter, steps):
    """Widened, convolved feature by feature, narrowed; added to its input where that has the same shape."""
    name, features = f"block_{number}_", K.int_shape(x)[feature_axis()]
    wide = _convolved(x, WIDENING * features, name + "expand", name + "expand_BN", border_mode="same")
    wide = _convolved_apart(ReLU(6.0, name=name + "expand_relu")(wide), name, steps)
    narrow = _narrowed(wide, nb_filter, name)
    return Add(name=name + "add")([x, narrow]) if features == nb_filter and steps == 1 else narrow


def _convolved_apart(x, name, steps):
    if steps == 2:
        x = ZeroPadding2D(halving_pad(x, 3), name=name + "pad")(x)
    x = DepthwiseConv2D(
        (3, 3),
        subsample=(steps, steps),
        border_mode="same" if steps == 1 else "valid",
        bias=False,
        name=name + "depthwise",
    )(x)
    return ReLU(6.0, name=name + "depthwise_relu")(_normalized(x, name + "depthwise_BN"))


def _narrowed(x, nb_filter, name):
    return _convolved(x, nb_filter, name + "project", name + "project_BN", border_mode="same")


def _convolved(x, nb_filter, name, normalization, size=1, **kwargs):
    return _normalized(Convolution2D(nb_filter, size, size, bias=False, name=name, **kwargs)(x), normalization)


def _normalized(x, name):
    return BatchNormalization(axis=feature_axis(), epsilon=1e-3, momentum=0.999, name=name)(x)


carry(__name__)
