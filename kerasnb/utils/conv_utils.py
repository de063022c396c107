"""The later path of `np_utils`'s helpers for convolutions."""

from .np_utils import conv_input_length, conv_output_length, convert_kernel

__all__ = ["conv_output_length", "conv_input_length", "convert_kernel"]
