"""How the winning output changes with each value of a layer's output and of the input."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..views import view_of

__all__ = ["gradient_of_output"]


def gradient_of_output(model: Any, layer: Any, x: list[np.ndarray], phase: int = 0) -> np.ndarray:
    """d(largest output) / d(layer's output) for the rows of `x`, of the layer's output shape.

    Source: Simonyan et al. 2013, arXiv:1312.6034, section 3 (there, for the input).
    """
    return view_of(model).output_gradient(layer, x, phase)
