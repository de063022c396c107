"""What Keras 3 calls the classes and values of Keras 1.2: the way back from `names`, which tells arguments only."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["LATER_CLASSES", "LATER_INITIALIZERS", "LATER_CALLS", "MERGES", "later_class", "later_name", "snake_case"]

LATER_CLASSES = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Deconvolution2D": "Conv2DTranspose",
    "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
}
# what is called so only in files, which give all arguments: some of the defaults are others
_IN_FILES = {
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "TimeDistributedDense": "Dense",
    "Model": "Functional",
    "Container": "Functional",
}
# mode of a Merge -> its class
MERGES = {
    "sum": "Add",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "concat": "Concatenate",
    "dot": "Dot",
    "cos": "Dot",
}
LATER_INITIALIZERS = {"uniform": "random_uniform", "normal": "random_normal", "zero": "zeros", "one": "ones"}
LATER_CALLS = {"l1l2": "l1_l2", "maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}


def later_class(layer: Any) -> str:
    """The name that Keras 3's files have for a layer's class; a class of a program's own keeps its name.

    >>> from kerasnb.layers import Convolution2D
    >>> later_class(Convolution2D(2, 3, 3))
    'Conv2D'
    """
    name = type(layer).__name__
    if name == "Merge":
        return MERGES.get(str(layer.mode), name)
    return (LATER_CLASSES | _IN_FILES).get(name, name)


def later_name(layer: Any) -> str:
    """The name that Keras 2 gives by itself to a layer that is called so by itself here; others keep theirs.

    >>> from kerasnb.layers import Convolution2D
    >>> later_name(Convolution2D(2, 3, 3, name="convolution2d_7")), later_name(Convolution2D(2, 3, 3, name="mine"))
    ('conv2d_7', 'mine')
    """
    word, _, number = layer.name.rpartition("_")
    is_by_itself = number.isdigit() and word == type(layer).__name__.lower()
    return f"{snake_case(later_class(layer))}_{number}" if is_by_itself else layer.name


def snake_case(name: str) -> str:
    """A class's name as paths in Keras 3's files have it.

    >>> snake_case("Conv2DTranspose"), snake_case("LSTMCell"), snake_case("GlobalAveragePooling1D")
    ('conv2d_transpose', 'lstm_cell', 'global_average_pooling1d')
    """
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
