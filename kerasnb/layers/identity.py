"""A layer that gives its input as it is, a later layer."""

from __future__ import annotations

from ..engine.layer import Layer

__all__ = ["Identity"]


class Identity(Layer):
    """The input as it is: a place that can be named, or that stands for a layer that is left out.

    Shape: any -> same.
    """

    supports_masking = True

    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        return x
