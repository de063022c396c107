"""The order of a picture's axes, in every spelling, and the check that an array is a picture."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ShapeError
from ..spelling.names import VALUES

__all__ = ["CHANNELS", "LATER", "ordering", "axes", "check_picture", "check_pictures"]

LATER = {"data_format": "dim_ordering"}
CHANNELS = (1, 3, 4)


def ordering(value: Any) -> str:
    """'th' or 'tf' for one of 'th', 'tf', 'channels_first', 'channels_last', 'default' and None.

    Raises:
        UnknownNameError: it is none of these.
    """
    return K.resolve_ordering(VALUES["dim_ordering"].get(value, value))


def axes(dim_ordering: str) -> tuple[int, int, int]:
    """The axes of rows, cols and channels in a batch of pictures."""
    return (2, 3, 1) if dim_ordering == "th" else (1, 2, 3)


def check_picture(who: str, x: Any) -> np.ndarray:
    """The array of one picture.

    Raises:
        ShapeError: it does not have three axes.
    """
    x = np.asarray(x)
    if x.ndim != 3:
        raise ShapeError(
            f"{who}: needs one picture of three axes (rows, cols and channels), got {x.shape}.",
            "Give one picture of a batch, x[0]; a grey picture gets its third axis by x[..., None].",
        )
    return x


def check_pictures(who: str, x: Any, dim_ordering: str) -> np.ndarray:
    """The array of a batch of pictures.

    Raises:
        ShapeError: it does not have four axes, or not 1, 3 or 4 channels where `dim_ordering` puts them.
    """
    x, channel_axis = np.asarray(x), axes(dim_ordering)[2]
    if x.ndim != 4:
        wanted = "(samples, channels, rows, cols)" if dim_ordering == "th" else "(samples, rows, cols, channels)"
        raise ShapeError(
            f"{who}: needs pictures {wanted}, got {x.shape}.",
            "Grey pictures (samples, rows, cols) get their channel axis by numpy.expand_dims(x, "
            f"{1 if dim_ordering == 'th' else -1}).",
        )
    if x.shape[channel_axis] not in CHANNELS:
        raise ShapeError(
            f'{who}: needs 1, 3 or 4 channels on axis {channel_axis} (dim_ordering "{dim_ordering}"), got '
            f"{x.shape[channel_axis]} in {x.shape}.",
            f'If the channels are elsewhere, give dim_ordering="{"tf" if dim_ordering == "th" else "th"}".',
        )
    return x
