"""Helpers for layers and whole models."""

from __future__ import annotations

import math

import numpy as np

from .. import backend as K
from ..carried import carry
from ..engine.files.configs import layer_from_config
from ..engine.summary_table import count_total_params, print_summary
from ..errors import ShapeError
from ..spelling.names import VALUES
from .np_utils import convert_kernel

__all__ = [
    "layer_from_config",
    "print_summary",
    "count_total_params",
    "convert_all_kernels_in_model",
    "convert_kernels",
    "convert_dense_weights_data_format",
    "count_params",
]


def convert_all_kernels_in_model(model) -> None:
    """Turn every convolution kernel of a model over, in place: TensorFlow's weights then suit Theano, and back."""
    for layer in dict.fromkeys(model.layers):
        convert_kernels(layer)


def convert_kernels(layer) -> None:
    """Turn the convolution kernels of one layer over, in place, and those of the layers inside it."""
    K.batch_set_value(
        [
            (kernel, convert_kernel(K.get_value(kernel), ordering))
            for kernel, ordering in getattr(layer, "convolution_kernels", [])
        ]
    )
    for one in getattr(layer, "layers", None) or layer.inner_layers:
        convert_kernels(one)


def convert_dense_weights_data_format(dense, previous_feature_map_shape, target_data_format="channels_first") -> None:
    """Reorder the weights of the Dense behind a Flatten, in place, for pictures in the other order of axes.

    Args:
        previous_feature_map_shape: the shape of one sample before Flatten, in either order of axes where the layers
            before `dense` tell which, else in the target's.
        target_data_format: the order of axes to convert to, 'channels_first' or 'channels_last'.

    Raises:
        ShapeError: the shape does not fit the weights.
    """
    to_first = K.resolve_ordering(VALUES["dim_ordering"].get(target_data_format, target_data_format)) == "th"
    kernel, *bias = dense.get_weights()
    target = _in_target_order(tuple(previous_feature_map_shape), _before_flatten(dense), to_first)
    if len(target) != 3 or math.prod(target) != len(kernel):
        raise ShapeError(
            f"convert_dense_weights_data_format: {dense.name} has {len(kernel)} inputs, which pictures of "
            f"{tuple(previous_feature_map_shape)} do not give.",
            "Give the shape of one sample before Flatten.",
        )
    places = np.arange(len(kernel)).reshape(_other_order(target, not to_first))
    reordered = places.transpose(2, 0, 1) if to_first else places.transpose(1, 2, 0)
    dense.set_weights([kernel[reordered.ravel()], *bias])


def _other_order(shape: tuple, to_first: bool) -> tuple:
    """A picture's shape with its features moved to the front, or from there to the end."""
    return (shape[2], *shape[:2]) if to_first else (*shape[1:], shape[0])


def _in_target_order(shape: tuple, before_flatten: tuple | None, to_first: bool) -> tuple:
    if len(shape) == 3 and before_flatten != shape and before_flatten == _other_order(shape, to_first):
        return before_flatten
    return shape


def _before_flatten(dense) -> tuple | None:
    """The shape of one sample before the Flatten in front of a layer; None if there is none."""
    for node in dense.inbound_nodes:
        for layer in node.inbound_layers:
            if type(layer).__name__ == "Flatten":
                return tuple(layer.input_shape[1:])
    return None


def count_params(weights) -> int:
    """How many numbers the weights hold."""
    return sum(math.prod(K.int_shape(weight)) for weight in dict.fromkeys(weights))


carry(__name__)
