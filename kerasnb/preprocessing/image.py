"""Keras's path to everything about pictures."""

from ..carried import carry
from .image_directories import DirectoryIterator
from .image_generator import ImageDataGenerator
from .image_iterators import Iterator, NumpyArrayIterator
from .image_transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    apply_transform,
    flip_axis,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
    transform_matrix_offset_center,
)
from .picture_files import array_to_img, img_to_array, list_pictures, load_img, save_img

__all__ = [
    "random_rotation",
    "random_shift",
    "random_shear",
    "random_zoom",
    "random_channel_shift",
    "transform_matrix_offset_center",
    "apply_transform",
    "flip_axis",
    "random_brightness",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "img_to_array",
    "load_img",
    "save_img",
    "list_pictures",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "DirectoryIterator",
]


carry(__name__)
