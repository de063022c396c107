"""`_OverAxes`: a layer over one axis of its input, or several, that has weights of their sizes."""

from __future__ import annotations

from typing import Any

from .. import backend as K
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError

__all__ = []


class _OverAxes(Layer):
    """A layer whose argument `axis` names one axis or several, never the batch's; it keeps the shape of its input."""

    axis: Any
    takes_axes = True  # several in its axis, which other layers refuse in later configs

    def get_output_shape_for(self, input_shape):
        return input_shape

    def _axes(self, input_shape) -> list[int]:
        """The axes in rising order, counted from the front."""
        rank, given = len(input_shape), self.axis if isinstance(self.axis, list) else [self.axis]
        axes = sorted({axis % rank for axis in given if isinstance(axis, int) and -rank <= axis < rank})
        if len(axes) != len(given) or not axes or axes[0] == 0:
            raise ArgumentError(
                f"axis {self.axis!r} is no features axis of {tuple(input_shape)}.",
                f"Use -1{', or several such as [1, 2]' if self.takes_axes else ''}.",
                arguments=("axis",),
            )
        unknown = [axis for axis in axes if input_shape[axis] is None]
        if unknown:
            raise ShapeError(
                f"needs to know axis {unknown[0]} of its input, got {tuple(input_shape)}.",
                "Give the sizes in Input(shape=...).",
                arguments=("axis",),
            )
        return axes

    def _sizes_of(self, input_shape, axes: list[int]) -> tuple[int, ...]:
        """The sizes of the axes, which inputs must have from now on."""
        sizes = tuple(input_shape[axis] for axis in axes)
        self.input_spec = [InputSpec(ndim=len(input_shape), axes=dict(zip(axes, sizes, strict=True)))]
        return sizes

    @staticmethod
    def _along(axes: list[int], weight, x):
        """The weight in a form that meets these axes of `x`."""
        return K.reshape(weight, [size if axis in axes else 1 for axis, size in enumerate(K.int_shape(x))])
