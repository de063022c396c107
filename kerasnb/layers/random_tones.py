"""Images' values changed at random while training, later layers, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops.elementwise import floor_divide
from ..errors import ArgumentError
from .random_images import _bounds, _number, _sizes, _Toned

__all__ = ["RandomInvert", "Solarization", "RandomPosterization", "RandomSharpness", "RandomErasing"]


def _shares(name: str, value) -> tuple[float, float]:
    """Two bounds between 0 and 1; one number counts as the second."""
    low, high = _bounds(name, value, least=0.0)
    if low < 0.0:
        raise ArgumentError(f"{name} must be from 0 to 1, got {value!r}.", f"Write {name}=0.2.", arguments=(name,))
    return low, high


class _Each(_Toned):
    """A layer that draws numbers for each image, by which its values change."""

    def _of_each(self, x, bounds, place: int = 0):
        """A number for each image, as `(batch, 1, 1, 1)`."""
        return K.expand_dims(self._drawn(x, bounds, place), -1)

    def _scaled(self, x):
        """Values as fractions of their range."""
        low, high = map(float, self.value_range)
        return (x - low) / (high - low)

    def _back(self, x):
        """Fractions as values of the range."""
        low, high = map(float, self.value_range)
        return x * (high - low) + low


class RandomInvert(_Each):
    """Some of the images with their values turned round: light is dark, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: bounds of how probable it is for an image; one number counts as the second, with 0 as the first.
        value_range: the smallest and the largest value that a pixel may have; what is inverted is the second minus it.
    """

    def __init__(self, factor=1.0, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(_shares("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _changed(self, x):
        is_turned = K.lesser(self._drawn(x, (0.0, 1.0), 1), self._drawn(x, self.factor))
        return K.switch(K.flatten(is_turned), float(self.value_range[1]) - x, x)


class Solarization(_Each):
    """Images made lighter, and what is then at a threshold or above turned round, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        addition_factor: bounds of what is added, as a fraction of the range; one number counts as the second.
        threshold_factor: bounds of the threshold, likewise.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, addition_factor=0.0, threshold_factor=0.0, value_range=(0, 255), seed=None, **kwargs):
        self.addition_factor = _shares("addition_factor", addition_factor)
        self.threshold_factor = _shares("threshold_factor", threshold_factor)
        super().__init__(None, value_range, seed, **kwargs)

    def _toned(self, x):
        added = K.clip(self._scaled(x) + self._of_each(x, self.addition_factor), 0.0, 1.0)
        is_below = K.lesser(added, self._of_each(x, self.threshold_factor, 1))
        return self._back(K.switch(is_below, added, 1.0 - added))

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("addition_factor", "threshold_factor")}
        config = {**super().get_config(), **own}
        del config["factor"]
        return config


class RandomPosterization(_Each):
    """Images of fewer different values, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: bits that a value keeps, 1 to 8; or two bounds, of which the second is not drawn; one number below 8
            counts as the second, with 1 as the first.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        pair = (1, factor) if isinstance(factor, int) else factor
        is_pair = isinstance(pair, list | tuple) and len(pair) == 2
        if not is_pair or not all(isinstance(one, int) and 1 <= one <= 8 for one in pair):
            raise ArgumentError(
                f"factor must be whole numbers of bits, 1 to 8, got {factor!r}.",
                "Write factor=(4, 8).",
                arguments=("factor",),
            )
        super().__init__(tuple(sorted(pair)), value_range, seed, data_format=data_format, **kwargs)

    def _toned(self, x):
        low, high = self.factor
        kept = self._of_each(x, (float(low), float(max(high, low + 1))))
        step = K.pow(2.0, 8.0 - floor_divide(kept, 1.0))
        # the highest bits of a byte; what is no whole number is cut first
        byte = floor_divide(self._scaled(x) * 255.0, 1.0)
        return self._back(floor_divide(byte, step) * step / 255.0)


class RandomSharpness(_Each):
    """Images made sharper or blurred, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: bounds of f: 0 blurs (a pixel is the mean of its 3 x 3, itself five times, 0 beyond the edge), 0.5
            leaves the image, 1 sharpens as much; one number counts as the second, with 0 as the first.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(_shares("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _toned(self, x):
        _, rows, cols, _ = _sizes(x)
        wide = K.spatial_2d_padding(x, (1, 1), dim_ordering="tf")
        around = sum(wide[:, down : down + rows, on : on + cols] for down in range(3) for on in range(3))
        blurred = (around + 4.0 * x) / 13.0
        return x + (1.0 - 2.0 * self._of_each(x, self.factor)) * (blurred - x)


class RandomErasing(_Each):
    """A rectangle of some of the images covered, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.
    Source: Zhong et al. 2017, arXiv:1708.04896; size and place are drawn as in Keras 3.

    Args:
        factor: bounds of how probable it is for an image; one number counts as the second, with 0 as the first.
        scale: bounds of the squares of the rectangle's fractions of the height and of the width.
        fill_value: a number, or one for each feature; None fills with noise.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(
        self,
        factor=1.0,
        scale=(0.02, 0.33),
        fill_value=None,
        value_range=(0, 255),
        seed=None,
        data_format=None,
        **kwargs,
    ):
        self.scale = _shares("scale", scale)
        self.fill_value = fill_value
        super().__init__(_shares("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _changed(self, x):
        _, rows, cols, _ = _sizes(x)
        is_covered = K.lesser(self._drawn(x, (0.0, 1.0), 1), self._drawn(x, self.factor))
        down, right = self._between(x, rows, 2), self._between(x, cols, 4)
        is_inside = K.expand_dims(down, 2) * K.expand_dims(right, 1) * K.cast(is_covered, K.floatx())
        is_inside = K.expand_dims(is_inside, -1)
        return x + is_inside * (K.clip(self._filling(x), *map(float, self.value_range)) - x)

    def _between(self, x, size, place: int):
        """1 at the places along an axis that the rectangle has, else 0: `(batch, size)`."""
        length = K.sqrt(self._drawn(x, self.scale, place)) * _number(size)
        start = self._drawn(x, (0.0, 1.0), place + 1) * (_number(size) - length)
        places = K.reshape(K.cast(K.arange(size), K.floatx()), (1, 1, size))
        are = K.cast(K.greater_equal(places, start), K.floatx()) * K.cast(K.lesser(places, start + length), K.floatx())
        return are[:, 0]

    def _filling(self, x):
        if self.fill_value is None:
            seed = None if self.seed is None else self.seed + 6
            return K.random_normal(K.shape(x), 0.0, 1.0, seed=seed) * float(self.value_range[1])
        return K.zeros_like(x) + K.constant(self.fill_value)

    def get_config(self) -> dict:
        return {**super().get_config(), "scale": self.scale, "fill_value": self.fill_value}
