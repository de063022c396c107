"""Moving and tinting one picture: by given amounts or by random ones."""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError, unknown_name
from .image_random import numbers
from .nearest_pixels import taken
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
    "apply_affine_transform",
    "apply_channel_shift",
    "apply_brightness_shift",
    "random_brightness",
    "rotation_matrix",
    "shift_matrix",
    "shear_matrix",
    "zoom_matrix",
    "random_zoom_factors",
    "check_fill_mode",
]

FILL_MODES = ("constant", "nearest", "reflect", "wrap")
NEAREST_PIXEL = 0  # order of the spline
BRIGHTEST = 255


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
    shifts = [numbers().uniform(-intensity, intensity) for _ in range(x.shape[channel_axis])]
    return apply_channel_shift(x, shifts, channel_axis)


def apply_channel_shift(x, intensity, channel_axis=0):
    """The picture with a number added, kept within the picture's own range.

    Args:
        intensity: the number, or one for each channel.
    """
    x = check_picture("apply_channel_shift", x)
    shifts = list(intensity) if np.ndim(intensity) else [intensity] * x.shape[channel_axis]
    channels = [
        np.clip(channel + float(shift), x.min(), x.max())
        for channel, shift in zip(np.moveaxis(x, channel_axis, 0), shifts, strict=True)
    ]
    return np.stack(channels, axis=channel_axis)


def apply_brightness_shift(x, brightness):
    """The picture times `brightness`, kept within 0 to 255."""
    return np.clip(check_picture("apply_brightness_shift", x) * brightness, 0, BRIGHTEST)


def random_brightness(x, brightness_range):
    """The picture times a random factor, kept within 0 to 255.

    Args:
        brightness_range: pair (lower, upper) of factors.
    """
    return apply_brightness_shift(x, numbers().uniform(*check_brightness(brightness_range)))


def check_brightness(brightness_range):
    """The pair itself.

    Raises:
        ArgumentError: it is no pair of factors.
    """
    if np.ndim(brightness_range) != 1 or len(brightness_range) != 2 or not 0 <= min(brightness_range):
        raise ArgumentError(
            f"brightness_range must be a pair (lower, upper) of factors, got {brightness_range!r}.",
            "Write for instance brightness_range=(0.8, 1.2).",
            arguments=("brightness_range",),
        )
    return tuple(brightness_range)


def transform_matrix_offset_center(matrix, x, y):
    """The matrix of the same transform around the centre of a picture of `x` rows and `y` cols."""
    rows, cols = float(x) / 2 + 0.5, float(y) / 2 + 0.5
    return shift_matrix(rows, cols) @ matrix @ shift_matrix(-rows, -cols)


def apply_transform(x, transform_matrix, channel_axis=0, fill_mode="nearest", cval=0.0, *, order=NEAREST_PIXEL):
    """The picture transformed; each pixel takes the value of the nearest one.

    Args:
        transform_matrix: 3 by 3; leads from places in the result to places in `x`, as (rows, cols, 1).
        fill_mode: what is outside `x`: 'constant', 'nearest', 'reflect' or 'wrap'.
        cval: the value outside for 'constant'.
        order: of the spline between pixels: 0 the nearest one, 1 linear, up to 5.
    """
    from scipy.ndimage import affine_transform

    check_fill_mode(fill_mode)
    matrix = np.asarray(transform_matrix, dtype="float64")
    turn, offset = matrix[:2, :2], matrix[:2, 2]
    x = check_picture("apply_transform", x)

    if order == NEAREST_PIXEL and np.issubdtype(x.dtype, np.floating):
        return taken(x, turn, offset, channel_axis, fill_mode, cval)
    channels = [
        affine_transform(channel, turn, offset, order=order, mode=fill_mode, cval=cval)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.stack(channels, axis=channel_axis)


def apply_affine_transform(
    x,
    theta=0,
    tx=0,
    ty=0,
    shear=0,
    zx=1,
    zy=1,
    row_axis=0,
    col_axis=1,
    channel_axis=2,
    fill_mode="nearest",
    cval=0.0,
    order=1,
):
    """The picture rotated, shifted, sheared and zoomed around its centre, in one step.

    Args:
        theta, shear: angles in degrees.
        tx, ty: shifts along rows and cols, pixels.
        zx, zy: zoom of rows and cols.
        order: of the spline between pixels, as for `apply_transform`.
    """
    x = check_picture("apply_affine_transform", x)
    matrix = rotation_matrix(np.deg2rad(theta)) @ shift_matrix(tx, ty) @ shear_matrix(np.deg2rad(shear))
    matrix = matrix @ zoom_matrix(zx, zy)
    if np.array_equal(matrix, np.eye(3)):
        return x
    centred = transform_matrix_offset_center(matrix, x.shape[row_axis], x.shape[col_axis])
    return apply_transform(x, centred, channel_axis, fill_mode, cval, order=order)


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
