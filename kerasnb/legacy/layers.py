"""Keras 2's path to layers of Keras 1."""

from ..layers import (
    AtrousConvolution1D,
    AtrousConvolution2D,
    ConvRecurrent2D,
    Highway,
    MaxoutDense,
    Merge,
    Recurrent,
    merge,
)

__all__ = [
    "AtrousConvolution1D",
    "AtrousConvolution2D",
    "ConvRecurrent2D",
    "Highway",
    "MaxoutDense",
    "Merge",
    "Recurrent",
    "merge",
]
