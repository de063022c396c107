"""Helpers for sizes and kernels of convolutions, on the later path."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..backend import normalize_data_format
from ..carried import carry
from ..errors import ArgumentError, unknown_name
from .np_utils import conv_input_length, conv_output_length, convert_kernel

__all__ = [
    "conv_output_length",
    "conv_input_length",
    "deconv_length",
    "convert_kernel",
    "normalize_tuple",
    "normalize_padding",
    "normalize_data_format",
]

_PADDINGS = ("valid", "same", "causal", "full")


def normalize_tuple(value: Any, n: int, name: str) -> tuple[int, ...]:
    """`n` whole numbers, out of one or of `n`.

    Args:
        name: of the argument, for messages.

    Raises:
        ArgumentError: it is neither.
    """
    values = (value,) * n if isinstance(value, int | np.integer) else value
    if not isinstance(values, tuple | list) or len(values) != n or not all(_is_whole(one) for one in values):
        raise ArgumentError(
            f"{name} must be a whole number or {n} of them, got {value!r}.",
            f"Write {name}={(3,) * n}.",
            arguments=(name,),
        )
    return tuple(int(one) for one in values)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def normalize_padding(value: Any) -> str:
    """The padding in small letters.

    Raises:
        UnknownNameError: there is no such padding.
    """
    padding = value.lower() if isinstance(value, str) else value
    if padding not in _PADDINGS:
        raise unknown_name("padding", value, _PADDINGS)
    return padding


def deconv_length(dim_size, stride_size, kernel_size, padding, output_padding=None, dilation=1):
    """The length of a transposed convolution's output along an axis; None for a length not known.

    Args:
        output_padding: what is added to the shortest length that a convolution turns into `dim_size`; None takes the
            longest such length.
    """
    if dim_size is None:
        return None
    window = (kernel_size - 1) * dilation + 1
    if output_padding is None:
        shortest = (dim_size - 1) * stride_size
        return shortest + {"same": stride_size, "valid": max(window, stride_size), "full": 2 - window}[padding]
    around = {"same": window // 2, "valid": 0, "full": window - 1}[padding]
    return (dim_size - 1) * stride_size + window - 2 * around + output_padding


carry(__name__)
