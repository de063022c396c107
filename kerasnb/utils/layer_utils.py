"""Helpers for layers and whole models."""

from __future__ import annotations

from .. import backend as K
from ..engine.configs import layer_from_config
from ..engine.summary_table import count_total_params, print_summary
from .np_utils import convert_kernel

__all__ = [
    "layer_from_config",
    "print_summary",
    "count_total_params",
    "convert_all_kernels_in_model",
    "convert_kernels",
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
    inner = [getattr(layer, name) for name in ("layer", "forward_layer", "backward_layer") if hasattr(layer, name)]
    for one in [*(getattr(layer, "layers", None) or []), *(inner[1:] or inner)]:
        convert_kernels(one)
