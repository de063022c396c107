"""Normalization to length 1, a later layer, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..engine.layer import Layer
from ..errors import ArgumentError

__all__ = ["UnitNormalization"]


class UnitNormalization(Layer):
    """Each sample divided by its Euclidean length over some axes, so that it has length 1; zeros stay zeros.

    Shape: any -> same.

    Args:
        axis: the axis, or axes, over which the length is taken.
    """

    supports_masking = True
    takes_axes = True

    def __init__(self, axis=-1, **kwargs):
        axes = axis if isinstance(axis, list | tuple) else [axis]
        if not axes or not all(isinstance(one, int) and not isinstance(one, bool) for one in axes):
            raise ArgumentError(f"axis must be a whole number, or several, got {axis!r}.", arguments=("axis",))
        self.axis = list(axis) if isinstance(axis, list | tuple) else axis
        super().__init__(**kwargs)

    def build(self, input_shape):
        rank, axes = len(input_shape), self.axis if isinstance(self.axis, list) else [self.axis]
        if not all(-rank <= axis < rank for axis in axes):
            raise ArgumentError(
                f"axis {self.axis!r} is no axis of {tuple(input_shape)}.", "Use -1.", arguments=("axis",)
            )
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        return K.l2_normalize(x, self.axis)

    def get_config(self) -> dict:
        return {**super().get_config(), "axis": self.axis}
