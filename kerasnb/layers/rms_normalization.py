"""Normalization by the root of the mean square, a later layer, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from .arguments import number
from .named_weights import _EndsMasks
from .over_axes import _OverAxes

__all__ = ["RMSNormalization"]


class RMSNormalization(_EndsMasks, _OverAxes):
    """Each sample divided by the root of the mean square of its features, times a weight `scale`.

    Shape: any -> same. A mask ends here.
    Source: Zhang and Sennrich 2019, arXiv:1910.07467, equation 4.

    Args:
        axis: the axis, or axes, over which is normalized.
        epsilon: small number added to the mean square.
    """

    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        self.axis = list(axis) if isinstance(axis, list | tuple) else axis
        self.epsilon = number("epsilon", epsilon, least=0)
        super().__init__(**kwargs)

    def build(self, input_shape):
        sizes = self._sizes_of(input_shape, self._axes(input_shape))
        self.scale = self.add_weight(sizes, initializer="one", name=f"{self.name}_scale")
        super().build(input_shape)

    def call(self, x, mask=None):
        axes = self._axes(K.int_shape(x))
        mean_square = K.mean(K.square(x), axis=axes, keepdims=True)
        return x / K.sqrt(mean_square + self.epsilon) * self._along(axes, self.scale, x)

    def get_config(self) -> dict:
        return {**super().get_config(), "axis": self.axis, "epsilon": self.epsilon}
