"""Images changed at random while training, later layers, written as in Keras 3."""

from __future__ import annotations

import math

from .. import backend as K
from ..backend.ops.affine import FILL_MODES, read_at
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError
from .arguments import one_of, ordering
from .image_sizes import _ToSize
from .named_weights import _EndsMasks

__all__ = [
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomShear",
    "RandomContrast",
    "RandomBrightness",
    "RandomCrop",
]

_ORDERINGS = {"channels_first": "th", "channels_last": "tf", None: "default"}
_FORMATS = {"th": "channels_first", "tf": "channels_last"}


class _Random(_EndsMasks, Layer):
    """A layer that changes images while training, each of a batch in its own way, and else leaves them as they are.

    Args:
        seed: a whole number makes the changes the same in every run.
        data_format: 'channels_last' or 'channels_first'.
    """

    uses_learning_phase = True

    def __init__(self, seed=None, data_format=None, **kwargs):
        if kwargs.pop("bounding_box_format", None) is not None:
            raise ArgumentError("changes images only, no bounding boxes.", "Leave bounding_box_format out.")
        self.seed = seed
        self.dim_ordering = ordering(_ORDERINGS.get(data_format, data_format))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=4)]

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        x = K.cast(x, K.floatx())
        return K.in_train_phase(lambda: self._in_order(self._changed(self._in_order(x, (0, 2, 3, 1))), (0, 3, 1, 2)), x)

    def _in_order(self, x, order: tuple):
        """Images with features first turned; others as they are."""
        return K.permute_dimensions(x, order) if self.dim_ordering == "th" else x

    def _changed(self, x):
        """The images `(batch, rows, cols, features)` changed."""
        raise NotImplementedError

    def _drawn(self, x, bounds, place: int = 0):
        """A number for each image, between the bounds; `place` tells several draws of a fixed seed apart."""
        low, high = bounds
        # one more for each draw: the same seed would tie the shift down to that to the right
        seed = None if self.seed is None else self.seed + place
        drawn = K.random_uniform((_sizes(x)[0],), low, high, seed=seed)
        return K.reshape(drawn, (_sizes(x)[0], 1, 1))

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed, "data_format": _FORMATS[self.dim_ordering]}


class RandomFlip(_Random):
    """Half of the images mirrored, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        mode: 'horizontal' (left to right), 'vertical' (top to bottom) or 'horizontal_and_vertical' (both at once).
    """

    def __init__(self, mode="horizontal_and_vertical", seed=None, data_format=None, **kwargs):
        self.mode = one_of("mode", mode, ("horizontal", "vertical", "horizontal_and_vertical"))
        super().__init__(seed, data_format, **kwargs)

    def _changed(self, x):
        axes = [axis for axis, word in ((1, "vertical"), (2, "horizontal")) if word in self.mode]
        is_turned = K.reshape(K.lesser_equal(self._drawn(x, (0.0, 1.0)), 0.5), (-1,))
        return K.switch(is_turned, K.reverse(x, axes), x)

    def get_config(self) -> dict:
        return {**super().get_config(), "mode": self.mode}


class _Moved(_Random):
    """A layer that reads images at other places.

    Args:
        fill_mode: what is beyond the edge: 'reflect', 'wrap', 'nearest' or 'constant' (`fill_value`).
        interpolation: 'nearest' or 'bilinear'.
        fill_value: a number.
    """

    def __init__(self, fill_mode, interpolation, seed, fill_value, data_format, **kwargs):
        self.fill_mode = one_of("fill_mode", fill_mode, FILL_MODES)
        self.interpolation = one_of("interpolation", interpolation, ("nearest", "bilinear"))
        self.fill_value = fill_value
        super().__init__(seed, data_format, **kwargs)

    def _changed(self, x):
        _, height, width, _ = _sizes(x)
        rows = K.reshape(K.cast(K.arange(height), K.floatx()), (1, height, 1))
        cols = K.reshape(K.cast(K.arange(width), K.floatx()), (1, 1, width))
        # places are worked out for each pixel of the result, not of the image: so none stays empty
        flat = K.zeros_like(x[..., 0])
        rows, cols = self._places(x, flat + rows, flat + cols, _number(height), _number(width))
        return read_at(x, rows, cols, self.interpolation, self.fill_mode, self.fill_value)

    def _places(self, x, rows, cols, height, width) -> tuple:
        """Where each pixel of the result comes from: rows and columns `(batch, rows, cols)`."""
        raise NotImplementedError

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("fill_mode", "interpolation", "fill_value")}
        return {**super().get_config(), **own}


class RandomRotation(_Moved):
    """Images turned about their middle, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: the largest turn to either side as a fraction of a whole one, or two bounds; above 0 is
            counter-clockwise.
    """

    def __init__(
        self,
        factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        self.factor = _bounds("factor", factor)
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def _places(self, x, rows, cols, height, width):
        angle = self._drawn(x, self.factor) * (2 * math.pi)
        # the turn backwards, since it is asked where each pixel comes from; rows count downwards
        cos, sin = K.cos(angle), K.sin(angle)
        down, right = rows - (height - 1.0) / 2.0, cols - (width - 1.0) / 2.0
        return (
            sin * right + cos * down + (height - 1.0) / 2.0,
            cos * right - sin * down + (width - 1.0) / 2.0,
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "factor": self.factor}


class RandomZoom(_Moved):
    """Images made larger or smaller about their middle, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        height_factor: the largest change of the height to either side, as a fraction of it, or two bounds; below 0
            enlarges.
        width_factor: likewise for the width; None keeps the proportion.
    """

    def __init__(
        self,
        height_factor,
        width_factor=None,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height_bounds = _bounds("height_factor", height_factor)
        self._width_bounds = None if width_factor is None else _bounds("width_factor", width_factor)
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def _places(self, x, rows, cols, height, width):
        tall = 1.0 + self._drawn(x, self._height_bounds)
        wide = tall if self._width_bounds is None else 1.0 + self._drawn(x, self._width_bounds, 1)
        # places of pixels are those of their middles, 0 to height - 1
        middle_row, middle_col = (height - 1.0) / 2.0, (width - 1.0) / 2.0
        return tall * (rows - middle_row) + middle_row, wide * (cols - middle_col) + middle_col

    def get_config(self) -> dict:
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}


class RandomTranslation(_Moved):
    """Images shifted, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        height_factor: the largest shift up or down as a fraction of the height, or two bounds; above 0 is down.
        width_factor: the largest shift to the left or right as a fraction of the width, or two bounds; above 0 is to
            the right.
    """

    def __init__(
        self,
        height_factor,
        width_factor,
        fill_mode="reflect",
        interpolation="bilinear",
        seed=None,
        fill_value=0.0,
        data_format=None,
        **kwargs,
    ):
        self.height_factor, self.width_factor = height_factor, width_factor
        self._height_bounds = _bounds("height_factor", height_factor)
        self._width_bounds = _bounds("width_factor", width_factor)
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def _places(self, x, rows, cols, height, width):
        down, right = self._drawn(x, self._height_bounds), self._drawn(x, self._width_bounds, 1)
        # minus: a pixel of an image that moved down comes from further up
        return rows - down * height, cols - right * width

    def get_config(self) -> dict:
        return {**super().get_config(), "height_factor": self.height_factor, "width_factor": self.width_factor}


class RandomShear(_Moved):
    """Images slanted, while training: rows farther down are shifted to the side, columns farther right down or up.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        x_factor: bounds of the shift of a row to either side, in columns for each row above it, 0 to 1; one number
            counts to both sides.
        y_factor: likewise of the shift of a column, in rows.
    """

    def __init__(
        self,
        x_factor=0.0,
        y_factor=0.0,
        interpolation="bilinear",
        fill_mode="reflect",
        fill_value=0.0,
        data_format=None,
        seed=None,
        **kwargs,
    ):
        self.x_factor, self.y_factor = _bounds("x_factor", x_factor), _bounds("y_factor", y_factor)
        super().__init__(fill_mode, interpolation, seed, fill_value, data_format, **kwargs)

    def _places(self, x, rows, cols, height, width):
        side = 2.0 * K.cast(K.greater(self._drawn(x, (0.0, 1.0), 2), 0.5), K.floatx()) - 1.0
        right, down = self._drawn(x, self.x_factor), self._drawn(x, self.y_factor, 1)
        return rows + side * down * cols, cols + side * right * rows

    def get_config(self) -> dict:
        return {**super().get_config(), "x_factor": self.x_factor, "y_factor": self.y_factor}


class _Toned(_Random):
    """A layer that changes images' values, and cuts them to a range.

    Args:
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range, seed, **kwargs):
        self.factor = factor
        if not isinstance(value_range, list | tuple) or len(value_range) != 2:
            raise ArgumentError(
                f"value_range must be two numbers, got {value_range!r}.", "Write (0, 255).", arguments=("value_range",)
            )
        self.value_range = tuple(sorted(value_range))
        super().__init__(seed, **kwargs)

    def _changed(self, x):
        return K.clip(self._toned(x), *map(float, self.value_range))

    def _toned(self, x):
        raise NotImplementedError

    def get_config(self) -> dict:
        return {**super().get_config(), "factor": self.factor, "value_range": self.value_range}


class RandomContrast(_Toned):
    """Images whose values are brought farther from their features' means, or nearer, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: two bounds: distances are multiplied with 1 - the first to 1 + the second; one number counts as the
            second, 0 to 1.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(_bounds("factor", factor, least=0.0), value_range, seed, **kwargs)

    def _toned(self, x):
        low, high = self.factor
        # (x - mean) f + mean leaves the mean of each feature where it was
        mean = K.mean(x, axis=[1, 2], keepdims=True)
        return (x - mean) * K.expand_dims(self._drawn(x, (1.0 - low, 1.0 + high)), -1) + mean


class RandomBrightness(_Toned):
    """Images made lighter or darker, while training.

    Shape: `(batch, rows, cols, features)` -> same; features first for 'channels_first'.

    Args:
        factor: the largest change to either side as a fraction of the range, or two bounds; above 0 is lighter.
        value_range: the smallest and the largest value that a pixel may have.
    """

    def __init__(self, factor, value_range=(0, 255), seed=None, **kwargs):
        super().__init__(_bounds("factor", factor), value_range, seed, **kwargs)

    def _toned(self, x):
        low, high = self.value_range
        return x + K.expand_dims(self._drawn(x, self.factor), -1) * float(high - low)


class RandomCrop(_ToSize):
    """A part of the images, at a random place while training, otherwise what is at their middle, resized.

    The place is the same for all images of a batch.

    Shape: `(batch, rows, cols, features)` -> `(batch, height, width, features)`; features first for 'channels_first'.

    Args:
        height: rows of the result.
        width: columns of the result.
        seed: a whole number makes the places the same in every run.
        data_format: 'channels_last' or 'channels_first'.
    """

    uses_learning_phase = True

    def __init__(self, height, width, seed=None, data_format=None, **kwargs):
        self.seed = seed
        super().__init__(height, width, data_format, **kwargs)

    def call(self, x, mask=None):
        rows, cols = self._known_sizes(x)
        x = K.cast(x, K.floatx())
        resized = self._resized(self._in_proportion(x))
        if rows <= self.height or cols <= self.width:
            return resized
        return K.in_train_phase(lambda: self._somewhere(x, rows, cols), resized)

    def _somewhere(self, x, rows: int, cols: int):
        around = (slice(None),) * self._rows_axis
        for place, (size, known) in enumerate(((self.height, rows), (self.width, cols))):
            seed = None if self.seed is None else self.seed + place
            start = K.cast(K.random_uniform((1,), 0.0, float(known - size + 1), seed=seed), "int32")
            x = x[(*around, *(slice(None),) * place, start + K.arange(size))]
        return x

    def get_config(self) -> dict:
        return {**super().get_config(), "seed": self.seed}


def _bounds(name: str, value, least: float = -1.0) -> tuple[float, float]:
    """Two bounds between -1 and 1; one number counts to both sides, but not below `least`."""
    is_one = _is_number(value)
    pair = (max(-abs(value), least), abs(value)) if is_one else value if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not all(_is_number(one) and -1.0 <= one <= 1.0 for one in pair):
        raise ArgumentError(
            f"{name} must be a number, or two, from -1 to 1, got {value!r}.",
            f"Write {name}=0.2.",
            arguments=(name,),
        )
    low, high = sorted(map(float, pair))
    return low, high


def _is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _sizes(x) -> list:
    return [K.shape(x)[axis] if size is None else size for axis, size in enumerate(K.int_shape(x))]


def _number(size):
    return K.cast(size, K.floatx()) if hasattr(size, "dtype") else float(size)
