"""Moving and tinting one picture: by given amounts or by random ones."""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError, unknown_name
from .image_random import numbers
from .orderings import check_picture

__all__ = [
    "random_rotation",
    "random_shift",
    "random_shear",
    "random_zoom",
    "random_channel_shift",
    "transform_matrix_offset_center",
    "apply_transform",
    "flip_axis",
    "rotation_matrix",
    "shift_matrix",
    "shear_matrix",
    "zoom_matrix",
    "random_zoom_factors",
    "check_fill_mode",
]

FILL_MODES = ("constant", "nearest", "reflect", "wrap")
NEAREST_PIXEL = 0  # order of the spline


def rotation_matrix(theta: float) -> np.ndarray:
    """Rotation by `theta` radians."""
    return np.array([[np.cos(theta), -np.sin(theta), 0], [np.sin(theta), np.cos(theta), 0], [0, 0, 1]])


def shift_matrix(rows: float, cols: float) -> np.ndarray:
    """Shift by so many pixels."""
    return np.array([[1, 0, rows], [0, 1, cols], [0, 0, 1]])


def shear_matrix(angle: float) -> np.ndarray:
    """Shear by an angle in radians."""
    return np.array([[1, -np.sin(angle), 0], [0, np.cos(angle), 0], [0, 0, 1]])


def zoom_matrix(rows: float, cols: float) -> np.ndarray:
    """Zoom: below 1 pixels grow, above 1 they shrink."""
    return np.array([[rows, 0, 0], [0, cols, 0], [0, 0, 1]])


def random_rotation(x, rg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0):
    """The picture rotated by a random angle.

    Args:
        rg: largest angle to either side, degrees.
    """
    theta = np.pi / 180 * numbers().uniform(-rg, rg)
    return _moved("random_rotation", x, rotation_matrix(theta), (row_axis, col_axis), channel_axis, fill_mode, cval)


def random_shift(x, wrg, hrg, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0):
    """The picture shifted at random.

    Args:
        wrg: largest shift along the cols, fraction of the width.
        hrg: largest shift along the rows, fraction of the height.
    """
    x = check_picture("random_shift", x)
    rows = numbers().uniform(-hrg, hrg) * x.shape[row_axis]
    cols = numbers().uniform(-wrg, wrg) * x.shape[col_axis]
    # a shift has no centre
    return apply_transform(x, shift_matrix(rows, cols), channel_axis, fill_mode, cval)


def random_shear(x, intensity, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0):
    """The picture sheared by a random angle.

    Args:
        intensity: largest angle to either side, radians.
    """
    shear = shear_matrix(numbers().uniform(-intensity, intensity))
    return _moved("random_shear", x, shear, (row_axis, col_axis), channel_axis, fill_mode, cval)


def random_zoom(x, zoom_range, row_axis=1, col_axis=2, channel_axis=0, fill_mode="nearest", cval=0.0):
    """The picture zoomed at random, rows and cols each by a factor of its own.

    Args:
        zoom_range: pair (lower, upper) of factors.

    Raises:
        ArgumentError: `zoom_range` is not a pair.
    """
    if np.ndim(zoom_range) != 1 or len(zoom_range) != 2:
        raise ArgumentError(
            f"random_zoom: zoom_range must be a pair (lower, upper), got {zoom_range!r}.",
            "Write for instance zoom_range=(0.8, 1.2).",
            arguments=("zoom_range",),
        )
    zoom = zoom_matrix(*random_zoom_factors(zoom_range))
    return _moved("random_zoom", x, zoom, (row_axis, col_axis), channel_axis, fill_mode, cval)


def random_zoom_factors(zoom_range):
    """A factor for the rows and one for the cols."""
    lower, upper = zoom_range
    return (1, 1) if lower == upper == 1 else numbers().uniform(lower, upper, 2)


def random_channel_shift(x, intensity, channel_axis=0):
    """The picture with a random number added to each channel, kept within the picture's own range."""
    x = check_picture("random_channel_shift", x)
    lowest, highest = x.min(), x.max()
    channels = [
        np.clip(channel + numbers().uniform(-intensity, intensity), lowest, highest)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.stack(channels, axis=channel_axis)


def transform_matrix_offset_center(matrix, x, y):
    """The matrix of the same transform around the centre of a picture of `x` rows and `y` cols."""
    rows, cols = float(x) / 2 + 0.5, float(y) / 2 + 0.5
    return shift_matrix(rows, cols) @ matrix @ shift_matrix(-rows, -cols)


def apply_transform(x, transform_matrix, channel_axis=0, fill_mode="nearest", cval=0.0):
    """The picture transformed; each pixel takes the value of the nearest one.

    Args:
        transform_matrix: 3 by 3; leads from places in the result to places in `x`, as (rows, cols, 1).
        fill_mode: what is outside `x`: 'constant', 'nearest', 'reflect' or 'wrap'.
        cval: the value outside for 'constant'.
    """
    from scipy.ndimage import affine_transform

    check_fill_mode(fill_mode)
    turn, offset = np.asarray(transform_matrix)[:2, :2], np.asarray(transform_matrix)[:2, 2]
    channels = [
        affine_transform(channel, turn, offset, order=NEAREST_PIXEL, mode=fill_mode, cval=cval)
        for channel in np.moveaxis(check_picture("apply_transform", x), channel_axis, 0)
    ]
    return np.stack(channels, axis=channel_axis)


def flip_axis(x, axis):
    """The picture mirrored along an axis."""
    return np.flip(np.asarray(x), axis)


def check_fill_mode(fill_mode):
    """The fill mode itself.

    Raises:
        UnknownNameError: there is no such mode.
    """
    if fill_mode not in FILL_MODES:
        raise unknown_name("fill_mode", fill_mode, FILL_MODES, 'Give fill_mode="nearest".')
    return fill_mode


def _moved(who, x, matrix, sides, channel_axis, fill_mode, cval):
    """The picture transformed around its centre."""
    x = check_picture(who, x)
    rows, cols = (x.shape[side] for side in sides)
    centred = transform_matrix_offset_center(matrix, rows, cols)
    return apply_transform(x, centred, channel_axis, fill_mode, cval)
