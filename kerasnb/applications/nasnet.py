"""NASNet-A: cells that a search over architectures found, for ImageNet.

Source: Zoph et al. 2017, arXiv:1707.07012, figures 2 and 4.
"""

from ..carried import carry
from ..errors import ArgumentError
from ..layers import (
    Activation,
    BatchNormalization,
    Convolution2D,
    Dense,
    GlobalAveragePooling2D,
)
from ..utils.data_utils import get_file
from .building import check_pooling, check_request, features_last, image_input, model_between, pooled
from .imagenet_utils import _obtain_input_shape, decode_predictions, scaled
from .nasnet_cells import INIT, MOMENTUM, normal_cell, reduction_cell
from .released import load_released

__all__ = ["NASNet", "NASNetLarge", "NASNetMobile", "preprocess_input", "decode_predictions"]

RELEASE = "https://github.com/titu1994/Keras-NASNet/releases/download/v1.2/NASNet-"
# the usual size of images -> the released files with and without the top, and their hashes
FILES = {
    224: {"mobile.h5": "020fb642bf7360b370c678b08e0adf61", "mobile-no-top.h5": "1ed92395b5b598bdda52abe5c0dbfd63"},
    331: {"large.h5": "11577c9a518f0070763c2b964a382f17", "large-no-top.h5": "d81d89dc07e6e56530c4e77faddd61b5"},
}
MD5 = {RELEASE + file: md5 for files in FILES.values() for file, md5 in files.items()}
PARTS = 24  # the widths of a cell add up to so many of the narrowest


def NASNet(
    input_shape=None,
    penultimate_filters=4032,
    num_blocks=6,
    stem_block_filters=96,
    skip_reduction=True,
    filter_multiplier=2,
    include_top=True,
    weights=None,
    input_tensor=None,
    pooling=None,
    classes=1000,
    default_size=331,
):
    """A NASNet-A as a model, as Keras 2 has it; always in 'tf' image ordering, and for images of one known size.

    Shape: `(batch, 331, 331, 3)` -> `(batch, classes)`; without the top, images of at least 32 rows and columns
    -> `(batch, rows / 32, cols / 32, penultimate_filters)`.

    Args:
        input_shape: of one image.
        penultimate_filters: the features before the top.
        num_blocks: how many normal cells come before each halving.
        stem_block_filters: features of the first convolution.
        skip_reduction: whether the cell behind a halving reads what came before the halving.
        filter_multiplier: how many times as many features there are after each halving.
        include_top: whether the dense layer is on top.
        weights: None (random), 'imagenet' (downloaded the first time), or the path of a file.
        input_tensor: a tensor to start from.
        pooling: 'avg' or 'max' over all places at the end of a model without its top, or None.
        classes: how many classes the top has.
        default_size: rows and columns where no shape is given.

    Raises:
        ArgumentError: weights that do not exist, or a shape or number of features or classes that does not go with
            them.
    """
    check_request("NASNet", weights, include_top, classes)
    check_pooling(pooling)
    _check_architecture(penultimate_filters, filter_multiplier, weights, default_size)
    with features_last("NASNet"):
        # the cells compare sizes, so that these are known without the top too
        given = (default_size, default_size, 3) if input_shape is None else input_shape
        _check_known(given)
        shape = _obtain_input_shape(given, default_size, 32, "tf", include_top, weights=weights)
        image = image_input(input_tensor, shape)
        x = _features(
            image,
            penultimate_filters // PARTS,
            num_blocks,
            stem_block_filters,
            skip_reduction,
            filter_multiplier,
        )
        if include_top:
            x = Dense(classes, activation="softmax", name="predictions")(GlobalAveragePooling2D()(x))
        else:
            x = pooled(x, pooling)
        model = model_between(image, x, "NASNet")
        file = list(FILES.get(default_size, ("", "")))[0 if include_top else 1]
        load_released(model, weights, RELEASE + file, get_file, MD5, file_says=True)
    return model


def NASNetLarge(input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None, classes=1000):
    """The large NASNet-A, of 6 cells and 4032 features, for images of 331 x 331; its arguments are those of NASNet."""
    ends = include_top, weights, input_tensor, pooling, classes
    return NASNet(input_shape, 4032, 6, 96, True, 2, *ends, default_size=331)


def NASNetMobile(input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None, classes=1000):
    """The small NASNet-A, of 4 cells and 1056 features, for images of 224 x 224; its arguments are those of NASNet."""
    ends = include_top, weights, input_tensor, pooling, classes
    return NASNet(input_shape, 1056, 4, 32, False, 2, *ends, default_size=224)


def preprocess_input(x):
    """Values from 0 to 255 as the model was trained on: from -1 to 1. The array itself stays as it is."""
    return scaled(x)


def _check_architecture(penultimate_filters, filter_multiplier, weights, default_size) -> None:
    parts = PARTS * filter_multiplier**2
    if penultimate_filters % parts:
        raise ArgumentError(
            f"NASNet: penultimate_filters must be a multiple of 24 * filter_multiplier ** 2, here {parts}, got "
            f"{penultimate_filters!r}.",
            f"Write {penultimate_filters // parts * parts or parts}.",
            arguments=("penultimate_filters",),
        )
    if weights == "imagenet" and default_size not in FILES:
        raise ArgumentError(
            f"NASNet: weights were released for NASNetMobile and NASNetLarge, got default_size={default_size!r}.",
            "Write weights=None.",
            arguments=("default_size",),
        )


def _check_known(shape) -> None:
    if None in tuple(shape):
        raise ArgumentError(
            f"NASNet: input_shape must have known sizes, since its cells compare them; got {tuple(shape)}.",
            "Write a number for each None.",
            arguments=("input_shape",),
        )


def _features(image, nb_filter, count, stem_filters, skips, growth):
    x = Convolution2D(stem_filters, 3, 3, subsample=(2, 2), bias=False, init=INIT, name="stem_conv1")(image)
    x = BatchNormalization(momentum=MOMENTUM, name="stem_bn1")(x)
    x, before = reduction_cell(x, None, nb_filter // growth**2, "stem_1")
    x, before = reduction_cell(x, before, nb_filter // growth, "stem_2")
    for group in range(3):
        if group:
            number = group * count
            x, skipped = reduction_cell(x, before, nb_filter * growth**group, f"reduce_{number}")
            before = before if skips else skipped
        for cell in range(count):
            x, before = normal_cell(x, before, nb_filter * growth**group, str(group * count + (group > 0) + cell))
    return Activation("relu")(x)


carry(__name__)
