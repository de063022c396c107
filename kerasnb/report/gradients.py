"""How the winning output changes with each value of a layer's output and of the input."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .activations import compiled, output_tensor
from .unrolled import unrolled

__all__ = ["gradient_of_output"]


def gradient_of_output(model: Any, layer: Any, x: list[np.ndarray], phase: int = 0) -> np.ndarray:
    """d(largest output) / d(layer's output) for the rows of `x`, of the layer's output shape.

    Source: Simonyan et al. 2013, arXiv:1312.6034, section 3 (there, for the input).
    """
    tensor = _float_tensor(model, layer)
    run = compiled(model, ("gradient", id(tensor)), lambda: [_gradient(model, layer, tensor)])
    return np.asarray(run([*x, phase])[0])


def _float_tensor(model: Any, layer: Any) -> Any:
    tensor = output_tensor(model, layer)
    tensor = tensor[0] if isinstance(tensor, list) else tensor
    if not K.dtype(tensor).startswith("float"):
        raise ArgumentError(
            f'"{layer.name}" gives {K.dtype(tensor)}; whole numbers have no gradient.',
            "Look at the layer after it.",
            layer=layer.name,
        )
    return tensor


def _gradient(model: Any, layer: Any, tensor: Any) -> Any:
    # the output that this tensor leads to: that of a layer inside a model leads to the one computed with it
    is_own = any(node in model.network.node_set for node in layer.inbound_nodes)
    outputs = model.outputs if is_own else unrolled(model).outputs
    score = K.sum(K.max(K.batch_flatten(outputs[0]), axis=-1))
    return K.gradients(score, [tensor])[0]
