"""Images brought to a size, later layers, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops.resample import INTERPOLATIONS, resample
from ..engine.layer import Layer
from ..errors import ArgumentError, ShapeError
from .arguments import one_of, ordering, whole
from .named_weights import _EndsMasks

__all__ = ["Resizing", "CenterCrop"]

_ORDERINGS = {"channels_first": "th", "channels_last": "tf", None: "default"}
_FORMATS = {"th": "channels_first", "tf": "channels_last"}


class _ToSize(_EndsMasks, Layer):
    """What gives images of one height and width."""

    def __init__(self, height, width, data_format=None, **kwargs):
        self.height, self.width = whole("height", height), whole("width", width)
        self.dim_ordering = ordering(_ORDERINGS.get(data_format, data_format))
        super().__init__(**kwargs)

    @property
    def _rows_axis(self) -> int:
        return 2 if self.dim_ordering == "th" else 1

    def get_output_shape_for(self, input_shape):
        shape, rows = list(input_shape), self._rows_axis
        shape[rows : rows + 2] = self.height, self.width
        return tuple(shape)

    def _known_sizes(self, x) -> tuple[int, int]:
        rows, cols = K.int_shape(x)[self._rows_axis : self._rows_axis + 2]
        if None in (rows, cols):
            raise ShapeError(
                f"needs to know rows and columns of its input, got {K.int_shape(x)}.",
                "Give the sizes in Input(shape=...).",
            )
        return rows, cols

    def _part(self, x, top: int, left: int, rows: int, cols: int):
        """So many rows and columns from this corner on."""
        around = (slice(None),) * self._rows_axis
        return x[(*around, slice(top, top + rows), slice(left, left + cols))]

    def _in_proportion(self, x):
        """The largest part of the images, at their middle, that has the proportion of the result."""
        rows, cols = self._known_sizes(x)
        kept_rows = max(min(rows, int(float(cols * self.height) / self.width)), 1)
        kept_cols = max(min(cols, int(float(rows * self.width) / self.height)), 1)
        top, left = int(float(rows - kept_rows) / 2), int(float(cols - kept_cols) / 2)
        return self._part(x, top, left, kept_rows, kept_cols)

    def _resized(self, x, interpolation="bilinear", antialias=False):
        first = self._rows_axis
        # rows, then columns: all these interpolations are products of one over rows and one over columns
        x = resample(x, self.height, first, interpolation, antialias)
        return resample(x, self.width, first + 1, interpolation, antialias)

    def get_config(self) -> dict:
        own = {"height": self.height, "width": self.width, "data_format": _FORMATS[self.dim_ordering]}
        return {**super().get_config(), **own}


class Resizing(_ToSize):
    """Images stretched to a height and width.

    Shape: `(batch, rows, cols, features)` -> `(batch, height, width, features)`; features first for 'channels_first'. A
        mask ends here.

    Args:
        height: rows of the result.
        width: columns of the result.
        interpolation: 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'.
        crop_to_aspect_ratio: whether to cut off what is too wide or high, instead of stretching.
        pad_to_aspect_ratio: whether to put `fill_value` around what is too narrow or low, instead of stretching.
        fill_value: a number.
        antialias: whether to take means over what one new pixel stands for, when images get smaller.
        data_format: 'channels_last' or 'channels_first'.
    """

    def __init__(
        self,
        height,
        width,
        interpolation="bilinear",
        crop_to_aspect_ratio=False,
        pad_to_aspect_ratio=False,
        fill_mode="constant",
        fill_value=0.0,
        antialias=False,
        data_format=None,
        **kwargs,
    ):
        self.interpolation = one_of("interpolation", interpolation, INTERPOLATIONS)
        self.crop_to_aspect_ratio, self.pad_to_aspect_ratio = bool(crop_to_aspect_ratio), bool(pad_to_aspect_ratio)
        if self.crop_to_aspect_ratio and self.pad_to_aspect_ratio:
            raise ArgumentError(
                "crop_to_aspect_ratio and pad_to_aspect_ratio exclude each other.",
                "Keep one of them.",
                arguments=("crop_to_aspect_ratio", "pad_to_aspect_ratio"),
            )
        self.fill_mode = one_of("fill_mode", fill_mode, ("constant",))
        self.fill_value, self.antialias = fill_value, bool(antialias)
        super().__init__(height, width, data_format, **kwargs)

    def call(self, x, mask=None):
        dtype = K.dtype(x)
        if self.crop_to_aspect_ratio:
            x = self._in_proportion(x)
        elif self.pad_to_aspect_ratio:
            x = self._padded(x)
        x = self._resized(x, self.interpolation, self.antialias)
        # whole numbers (pixels as uint8) come out as such: rounded, since a cast would cut
        return x if dtype.startswith("float") else K.cast(K.round(x), dtype)

    def _padded(self, x):
        rows, cols = self._known_sizes(x)
        wanted = max(rows, int(cols * self.height / self.width)), max(cols, int(rows * self.width / self.height))
        # as much on either side, as Keras 3 has it: of an odd number one less
        sides = [((size - known) // 2,) * 2 for size, known in zip(wanted, (rows, cols), strict=True)]
        around = [(0, 0)] * 4
        around[self._rows_axis : self._rows_axis + 2] = sides
        # K.pad puts zeros: what is to be filled in is taken off before and added again
        padded = K.pad(x - self.fill_value if self.fill_value else x, tuple(around))
        return padded + self.fill_value if self.fill_value else padded

    def get_config(self) -> dict:
        names = ("interpolation", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "fill_mode", "fill_value", "antialias")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


class CenterCrop(_ToSize):
    """The middle of images; smaller ones are enlarged until they fit.

    Shape: `(batch, rows, cols, features)` -> `(batch, height, width, features)`; features first for 'channels_first'. A
        mask ends here.

    Args:
        height: rows of the result.
        width: columns of the result.
        data_format: 'channels_last' or 'channels_first'.
    """

    def __init__(self, height, width, data_format=None, **kwargs):
        super().__init__(height, width, data_format, **kwargs)

    def call(self, x, mask=None):
        rows, cols = self._known_sizes(x)
        x = K.cast(x, K.floatx())
        if rows >= self.height and cols >= self.width:
            return self._part(x, (rows - self.height) // 2, (cols - self.width) // 2, self.height, self.width)
        return self._resized(self._in_proportion(x))
