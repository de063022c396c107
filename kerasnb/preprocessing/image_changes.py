"""Random changes of pictures: their numbers, drawn in Keras 1.2's order, and the pictures changed by them."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import image_transforms as transforms
from .image_random import numbers
from .orderings import check_picture

__all__ = ["draw_change", "apply_change", "change_each"]

# what a change is without any number in it
_AS_IT_IS = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}


def draw_change(generator: Any, shape: tuple[int, ...]) -> dict[str, Any]:
    """The numbers of one change, under the names that Keras 2 gives them.

    Args:
        generator: an `ImageDataGenerator`.
        shape: of the picture.
    """
    axes = generator.row_axis, generator.col_axis, generator.channel_axis
    rows, cols, channels = (shape[axis - 1] for axis in axes)
    change: dict[str, Any] = {"theta": _either_side(generator.rotation_range)}
    change["tx"] = _shift(generator.height_shift_range, rows)
    change["ty"] = _shift(generator.width_shift_range, cols)
    change["shear"] = np.rad2deg(_either_side(generator.shear_range))
    change["zx"], change["zy"] = transforms.random_zoom_factors(generator.zoom_range)
    tint = generator.channel_shift_range
    change["channel_shift_intensity"] = [_either_side(tint) for _ in range(channels)] if tint else None
    change["flip_horizontal"] = bool(generator.horizontal_flip and numbers().random_sample() < 0.5)
    change["flip_vertical"] = bool(generator.vertical_flip and numbers().random_sample() < 0.5)
    within = generator.brightness_range
    change["brightness"] = None if within is None else numbers().uniform(*within)
    return change


def _either_side(largest: float) -> float:
    return numbers().uniform(-largest, largest) if largest else 0


def _shift(largest: Any, size: int) -> float:
    """A shift in pixels: by a fraction of the size below 1, else by pixels; of a list one of its values."""
    if isinstance(largest, int | np.integer) and not isinstance(largest, bool) and largest > 1:
        largest = range(largest)
    if np.ndim(largest):
        shift = numbers().choice(list(largest)) * numbers().choice([-1, 1])
    else:
        shift = _either_side(largest)
    return shift * size if np.max(list(largest) if np.ndim(largest) else largest) <= 1 else shift


def apply_change(generator: Any, x: Any, change: dict[str, Any]) -> np.ndarray:
    """The picture turned, shifted, sheared and zoomed in one step, then tinted, mirrored and made brighter."""
    x = check_picture("ImageDataGenerator", x)
    rows, cols, channels = generator.row_axis - 1, generator.col_axis - 1, generator.channel_axis - 1
    moves = {name: change.get(name, value) for name, value in _AS_IT_IS.items()}
    x = transforms.apply_affine_transform(
        x,
        **moves,
        row_axis=rows,
        col_axis=cols,
        channel_axis=channels,
        fill_mode=generator.fill_mode,
        cval=generator.cval,
        order=generator.interpolation_order,
    )
    if (shift := change.get("channel_shift_intensity", change.get("channel_shift_intencity"))) is not None:
        x = transforms.apply_channel_shift(x, shift, channels)
    if change.get("flip_horizontal"):
        x = transforms.flip_axis(x, cols)
    if change.get("flip_vertical"):
        x = transforms.flip_axis(x, rows)
    if change.get("brightness") is not None:
        x = transforms.apply_brightness_shift(x, change["brightness"])
    return x


def change_each(generator: Any, x: np.ndarray) -> None:
    """Change each picture of a batch at random, in its place, by the numbers that one call for each would draw."""
    if _only_mirrors(generator):
        _mirror_each(generator, x)
        return
    for place, picture in enumerate(x):
        x[place] = apply_change(generator, picture, draw_change(generator, picture.shape))


def _only_mirrors(generator: Any) -> bool:
    ranges = generator.rotation_range, generator.width_shift_range, generator.height_shift_range
    ranges = *ranges, generator.shear_range, generator.channel_shift_range
    is_still = not any(np.any(each) for each in ranges) and tuple(generator.zoom_range) == (1, 1)
    return is_still and generator.brightness_range is None


def _mirror_each(generator: Any, x: np.ndarray) -> None:
    sides = [generator.horizontal_flip, generator.vertical_flip]
    drawn = numbers().random_sample((len(x), sum(map(bool, sides)))) < 0.5
    chosen = np.zeros((len(x), len(sides)), bool)
    chosen[:, np.array(sides, bool)] = drawn
    # channel by channel: numpy copies single pixels slowly, where the channels are last
    for channels, (leftwards, upwards) in zip(np.moveaxis(x, generator.channel_axis, 1), chosen.tolist(), strict=True):
        if leftwards or upwards:
            turned = slice(None, None, -1 if upwards else 1), slice(None, None, -1 if leftwards else 1)
            for channel, before in zip(channels, channels.copy(order="K"), strict=True):
                channel[...] = before[turned]
