"""Images' colours changed at random while training, later layers, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops.elementwise import mod
from ..errors import ShapeError
from .random_images import RandomBrightness, RandomContrast, _bounds
from .random_tones import _Each, _shares

__all__ = ["RandomGrayscale", "RandomColorDegeneration", "RandomSaturation", "RandomHue", "RandomColorJitter"]

# how bright red, green and blue look: Recommendation ITU-R BT.601
_BRIGHTNESS = (0.2989, 0.5870, 0.1140)


def _gray(x):
    """Shape: `(batch, rows, cols, 3)` -> `(batch, rows, cols, 1)`."""
    return sum(weight * x[..., place : place + 1] for place, weight in enumerate(_BRIGHTNESS))


class _Coloured(_Each):
    """A layer that mixes red, green and blue.

    Raises:
        ShapeError: the images have not three features.
    """

    def build(self, input_shape):
        features = input_shape[1 if self.dim_ordering == "th" else -1]
        if features != 3:
            raise ShapeError(f"needs images of 3 features (red, green, blue), got {features}: {tuple(input_shape)}.")
        super().build(input_shape)


class RandomGrayscale(_Coloured):
    """Some of the images without colour, while training.

    Shape: `(batch, rows, cols, 3)` -> same; features first for 'channels_first'.

    Args:
        factor: fraction of the images that lose their colour.
    """

    def __init__(self, factor=0.5, data_format=None, seed=None, **kwargs):
        _shares("factor", factor)
        super().__init__(factor, (0, 255), seed, data_format=data_format, **kwargs)

    def _changed(self, x):
        is_gray = K.lesser(K.flatten(self._drawn(x, (0.0, 1.0))), float(self.factor))
        return K.switch(is_gray, K.zeros_like(x) + _gray(x), x)

    def get_config(self) -> dict:
        config = super().get_config()
        del config["value_range"]
        return config


class RandomColorDegeneration(_Coloured):
    """Images with less colour, while training.

    Shape: `(batch, rows, cols, 3)` -> same; features first for 'channels_first'.

    Args:
        factor: bounds of the fraction of the colour that goes, below 0 for more; one number counts to both sides.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(_bounds("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _toned(self, x):
        return x + self._of_each(x, self.factor) * (_gray(x) - x)


class RandomSaturation(_Coloured):
    """Images whose colours are made stronger or weaker, while training.

    Shape: `(batch, rows, cols, 3)` -> same; features first for 'channels_first'.

    Args:
        factor: bounds of f: 0 takes the colour away, 0.5 leaves it, 1 makes it as strong as it can be (the saturation
            is multiplied by f / (1 - f)), less than 0 takes it away, too; one number counts to both sides.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(_bounds("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _toned(self, x):
        x = self._scaled(x)
        factor = self._of_each(x, self.factor)
        most = K.max(x, axis=-1, keepdims=True)
        saturation = (most - K.min(x, axis=-1, keepdims=True)) / K.maximum(most, K.epsilon())
        wanted = K.clip(saturation * (factor / (1.0 - factor + K.epsilon())), 0.0, 1.0)
        # at one hue and brightness what a colour is below the largest grows as the saturation does
        return self._back(most - (most - x) * (wanted / K.maximum(saturation, K.epsilon())))


class RandomHue(_Coloured):
    """Images whose hues are turned about the circle of colours, while training.

    Shape: `(batch, rows, cols, 3)` -> same; features first for 'channels_first'.

    Args:
        factor: bounds of the turn to either side, 1 for half a circle; one number counts as the second, with 0 as the
            first.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), data_format=None, seed=None, **kwargs):
        super().__init__(_shares("factor", factor), value_range, seed, data_format=data_format, **kwargs)

    def _toned(self, x):
        x = K.clip(self._scaled(x), 0.0, 1.0)
        side = 2.0 * K.cast(K.greater(self._of_each(x, (0.0, 1.0), 1), 0.5), K.floatx()) - 1.0
        # sixths of the circle
        turned = _hue(x) + 3.0 * side * self._of_each(x, self.factor)
        most = K.max(x, axis=-1, keepdims=True)
        spread = most - K.min(x, axis=-1, keepdims=True)
        sixths = [mod(turned + start, 6.0) for start in (5.0, 3.0, 1.0)]
        below = [K.clip(K.minimum(each, 4.0 - each), 0.0, 1.0) for each in sixths]
        return self._back(most - spread * K.concatenate(below, axis=-1))


def _hue(x):
    """Where colours are on their circle, in sixths from red.

    Shape: `(batch, rows, cols, 3)` -> `(batch, rows, cols, 1)`.
    Source: Smith 1978, doi:10.1145/800248.807361.
    """
    red, green, blue = (x[..., place : place + 1] for place in range(3))
    most = K.max(x, axis=-1, keepdims=True)
    spread = K.maximum(most - K.min(x, axis=-1, keepdims=True), K.epsilon())
    of_green, of_blue = (blue - red) / spread + 2.0, (red - green) / spread + 4.0
    # features with each other, not with their largest: a compiled graph may round that otherwise
    is_red = K.logical_and(K.greater_equal(red, green), K.greater_equal(red, blue))
    others = K.switch(K.greater_equal(green, blue), of_green, of_blue)
    return K.switch(is_red, (green - blue) / spread, others)


class RandomColorJitter(_Coloured):
    """Images changed in brightness, contrast, saturation and hue, one after the other, while training.

    Shape: `(batch, rows, cols, 3)` -> same; features first for 'channels_first'.

    Args:
        value_range: the smallest and the largest value that a pixel may have.
        brightness_factor: as RandomBrightness; None leaves it.
        contrast_factor: as RandomContrast; None leaves it.
        saturation_factor: as RandomSaturation; None leaves it.
        hue_factor: as RandomHue; None leaves it.
    """

    def __init__(
        self,
        value_range=(0, 255),
        brightness_factor=None,
        contrast_factor=None,
        saturation_factor=None,
        hue_factor=None,
        seed=None,
        data_format=None,
        **kwargs,
    ):
        self.factors = {
            "brightness_factor": brightness_factor,
            "contrast_factor": contrast_factor,
            "saturation_factor": saturation_factor,
            "hue_factor": hue_factor,
        }
        super().__init__(None, value_range, seed, data_format=data_format, **kwargs)
        kinds = RandomBrightness, RandomContrast, RandomSaturation, RandomHue
        self._steps = [
            cls(factor, self.value_range, seed=None if seed is None else seed + 2 * place)
            for place, (cls, factor) in enumerate(zip(kinds, self.factors.values(), strict=True))
            if factor is not None
        ]

    def _changed(self, x):
        for step in self._steps:
            x = step._changed(x)
        return x

    def get_config(self) -> dict:
        config = {**super().get_config(), **self.factors}
        del config["factor"]
        return config
