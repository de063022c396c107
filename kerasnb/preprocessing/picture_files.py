"""Pictures as files, as Pillow's images and as arrays."""

from __future__ import annotations

import io
import os
import re

import numpy as np

from .. import backend as K
from ..errors import FileError, MissingFileError, ShapeError, unknown_name
from ..spelling.door import accepts
from ..utils.damage import damage_named
from ..utils.writing import whole_file
from .orderings import CHANNELS, LATER, check_picture, ordering

__all__ = [
    "COLOR_MODES",
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
    "write_image",
    "list_pictures",
    "check_interpolation",
]

BRIGHTEST = 255
COLOR_MODES = {"rgb": 3, "rgba": 4, "grayscale": 1}  # channels of each
_PILLOWS = {"rgb": "RGB", "rgba": "RGBA", "grayscale": "L"}
INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming")


@accepts(LATER)
def array_to_img(x, dim_ordering="default", scale=True, *, dtype=None):
    """A Pillow image of an array.

    Shape: 'tf' `(rows, cols, channels)`, 'th' `(channels, rows, cols)`, of 1, 3 or 4 channels.

    Args:
        scale: spread the values over 0 to 255: the lowest, if negative, becomes 0, the highest 255.
        dtype: to compute in; by default float64.

    Raises:
        ShapeError: `x` is no picture.
    """
    from PIL import Image

    order = ordering(dim_ordering)
    x = check_picture("array_to_img", x)
    if order == "th":
        x = x.transpose(1, 2, 0)
    if x.shape[2] not in CHANNELS:
        raise ShapeError(f'array_to_img: needs 1, 3 or 4 channels, got {x.shape[2]} (dim_ordering "{order}").')
    if scale:
        x = _over_full_range(x, dtype or "float64")
    # Pillow knows the kind of picture by the shape, and grey ones have two axes
    pixels = x[:, :, 0] if x.shape[2] == 1 else x
    return Image.fromarray(np.ascontiguousarray(pixels.astype("uint8")))


def _over_full_range(x, dtype):
    x = x.astype(dtype)  # -x of whole numbers without sign would wrap around
    x = x + max(-x.min(), 0)
    highest = x.max()
    return x / highest * BRIGHTEST if highest else x


@accepts(LATER)
def img_to_array(img, dim_ordering="default", *, dtype=None):
    """The array of a Pillow image (or of an array of two or three axes), by default in the default float type.

    Shape: 'tf' `(rows, cols, channels)`, 'th' `(channels, rows, cols)`.

    Raises:
        ShapeError: it has neither two nor three axes.
    """
    order = ordering(dim_ordering)
    x = np.array(img, dtype=dtype or K.floatx())
    if x.ndim not in (2, 3):
        raise ShapeError(f"img_to_array: needs a picture of two or three axes, got {x.shape}.")
    if x.ndim == 2:
        x = x[:, :, np.newaxis]
    return x.transpose(2, 0, 1) if order == "th" else x


def load_img(path, grayscale=False, target_size=None, *, color_mode=None, interpolation="nearest"):
    """The picture in a file, as a Pillow image of 3 channels, or 1 if it shall be grey.

    Args:
        color_mode: the later way to say it: 'grayscale', 'rgb', or 'rgba' for 4 channels.
        target_size: pair (rows, cols) to resize it to; None keeps its size.
        interpolation: what a resized picture's pixels are: 'nearest', 'bilinear', 'bicubic', 'lanczos', 'box' or
            'hamming'.

    Raises:
        FileError: the file is no picture, or a damaged one.
        FileNotFoundError: there is no such file.
        UnknownNameError: there is no such `color_mode` or `interpolation`.
    """
    from PIL import Image

    color_mode = color_mode or ("grayscale" if grayscale else "rgb")
    if color_mode not in COLOR_MODES:
        raise unknown_name("color_mode", color_mode, COLOR_MODES)
    resampling = Image.Resampling[check_interpolation(interpolation).upper()]
    advice = "It is damaged or of another kind; replace or remove it."
    with open(path, "rb") as file, damage_named(f'load_img: the picture "{path}"', advice, FileError):
        try:
            picture = Image.open(file).convert(_PILLOWS[color_mode])
        except Image.DecompressionBombError as error:
            raise FileError(f'load_img: "{path}" is too large ({error}).', advice) from error
    if target_size:
        rows, cols = target_size
        picture = picture.resize((cols, rows), resampling)
    return picture


def check_interpolation(interpolation):
    """The name itself.

    Raises:
        UnknownNameError: there is no such way.
    """
    if interpolation not in INTERPOLATIONS:
        raise unknown_name("interpolation", interpolation, INTERPOLATIONS)
    return interpolation


@accepts(LATER)
def save_img(path, x, dim_ordering="default", file_format=None, scale=True, **kwargs):
    """Write the array of one picture to a file.

    Args:
        path: of the file, or an open one.
        file_format: 'png', 'jpeg' and so on; by default the path's ending says it.
        scale: spread the values over 0 to 255.
        kwargs: for Pillow's `save`.

    Raises:
        FileError: it cannot be written.
    """
    picture = array_to_img(x, dim_ordering, scale=scale)
    is_jpeg = str(file_format or path).lower().endswith(("jpg", "jpeg"))
    write_image(
        picture.convert("RGB") if is_jpeg and picture.mode == "RGBA" else picture,
        path,
        "jpeg" if str(file_format).lower() == "jpg" else file_format,
        **kwargs,
    )


def write_image(image, path, file_format=None, **kwargs) -> None:
    """Write a Pillow image to a file, whole or not at all; Pillow itself does not notice where a disk is full.

    Raises:
        FileError: it cannot be written.
    """
    from PIL import Image

    if hasattr(path, "write"):
        image.save(path, file_format, **kwargs)
        return
    content = io.BytesIO()
    by_ending = Image.registered_extensions().get(os.path.splitext(path)[1].lower())
    image.save(content, file_format or by_ending, **kwargs)
    with whole_file(path) as temporary, open(temporary, "wb") as file:
        file.write(content.getvalue())


def list_pictures(directory, ext="jpg|jpeg|bmp|png"):
    """Paths of all pictures in a directory and below it, sorted.

    Args:
        ext: endings of their names, separated by `|`, or a tuple of them.

    Raises:
        MissingFileError: there is no such directory.
    """
    if not os.path.isdir(directory):
        raise MissingFileError(f'list_pictures: there is no directory "{directory}".')
    ext = ext if isinstance(ext, str) else "|".join(ext)
    ending = re.compile(rf"\.(?:{ext})$", re.IGNORECASE)
    found = (os.path.join(root, name) for root, _, names in os.walk(directory) for name in names)
    return sorted(path for path in found if ending.search(path))
