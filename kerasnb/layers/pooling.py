"""Pooling: the largest or the mean value of each window, or of the whole input."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops import shapes
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ShapeError
from .along_time import _AlongTime
from .arguments import one_of, ordering, whole_numbers

__all__ = [
    "MaxPooling1D",
    "AveragePooling1D",
    "MaxPooling2D",
    "AveragePooling2D",
    "MaxPooling3D",
    "AveragePooling3D",
    "GlobalAveragePooling1D",
    "GlobalMaxPooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling2D",
    "GlobalAveragePooling3D",
    "GlobalMaxPooling3D",
]

_BORDER_MODES = ("valid", "same")


class _Pooling1D(_AlongTime, Layer):
    """Pooling along time.

    Args:
        pool_length: time steps of the window.
        stride: steps between windows; by default the window's length.
        border_mode: 'valid' (whole windows only) or 'same' (the last ones may be cut).

    Only later programs know `data_format="channels_first"`: `(batch, features, time)` in and out.
    """

    pool_mode: str

    def __init__(self, pool_length=2, stride=None, border_mode="valid", **kwargs):
        self._take_data_format(kwargs)
        (self.pool_length,) = whole_numbers("pool_length", pool_length, 1)
        (self.stride,) = whole_numbers("stride", self.pool_length if stride is None else stride, 1)
        self.st = (self.stride, 1)
        self.pool_size = (self.pool_length, 1)
        self.border_mode = one_of("border_mode", border_mode, _BORDER_MODES)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def get_output_shape_for(self, input_shape):
        batch, time, features = self._turned(input_shape)
        length = shapes.window_length(time, self.pool_length, self.stride, self.border_mode)
        return self._turned((batch, length, features))

    def call(self, x, mask=None):
        x = self._turned(x)
        length = K.int_shape(x)[1]
        if self.border_mode == "valid" and length is not None and self.pool_length > length:
            raise ShapeError(
                f"pool of {self.pool_length} time steps is longer than its input of {length}.",
                f"pool_length must be at most {length} here.",
                arguments=("pool_length",),
            )
        pooled = K.pool2d(K.expand_dims(x, 2), self.pool_size, self.st, self.border_mode, "tf", self.pool_mode)
        return self._turned(K.squeeze(pooled, 2))

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "stride": self.stride,
            "pool_length": self.pool_length,
            "border_mode": self.border_mode,
        }


class MaxPooling1D(_Pooling1D):
    """The largest value of each window along time.

    Shape: `(batch, time, features)` -> `(batch, new time, features)`: floor((n - k) / s) + 1 for 'valid', ceil(n / s)
    for 'same'.
    """

    pool_mode = "max"

    def __init__(self, pool_length=2, stride=None, border_mode="valid", **kwargs):
        super().__init__(pool_length, stride, border_mode, **kwargs)


class AveragePooling1D(_Pooling1D):
    """The mean of each window along time.

    Shape: `(batch, time, features)` -> `(batch, new time, features)`: floor((n - k) / s) + 1 for 'valid', ceil(n / s)
    for 'same'.
    """

    pool_mode = "avg"

    def __init__(self, pool_length=2, stride=None, border_mode="valid", **kwargs):
        super().__init__(pool_length, stride, border_mode, **kwargs)


class _Pooling2D(Layer):
    """Pooling over rows and columns.

    Args:
        pool_size: rows and columns of the window.
        strides: steps between windows; by default the window's size.
        border_mode: 'valid' (whole windows only) or 'same' (the last ones may be cut).
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    pool_mode: str
    spatial_axes = 2

    def __init__(self, pool_size=(2, 2), strides=None, border_mode="valid", dim_ordering="default", **kwargs):
        self.pool_size = whole_numbers("pool_size", pool_size, self.spatial_axes)
        self.strides = self.pool_size if strides is None else whole_numbers("strides", strides, self.spatial_axes)
        self.border_mode = one_of("border_mode", border_mode, _BORDER_MODES)
        self.dim_ordering = ordering(dim_ordering)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=self.spatial_axes + 2)]

    def call(self, x, mask=None):
        return K.pool2d(x, self.pool_size, self.strides, self.border_mode, self.dim_ordering, self.pool_mode)

    def get_config(self) -> dict:
        return {
            **super().get_config(),
            "pool_size": self.pool_size,
            "strides": self.strides,
            "border_mode": self.border_mode,
            "dim_ordering": self.dim_ordering,
        }


class MaxPooling2D(_Pooling2D):
    """The largest value of each window over rows and columns.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, features)`: floor((n - k) / s) + 1 for
    'valid', ceil(n / s) for 'same'; features first for 'th'.
    """

    pool_mode = "max"

    def __init__(self, pool_size=(2, 2), strides=None, border_mode="valid", dim_ordering="default", **kwargs):
        super().__init__(pool_size, strides, border_mode, dim_ordering, **kwargs)


class AveragePooling2D(_Pooling2D):
    """The mean of each window over rows and columns.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, features)`: floor((n - k) / s) + 1 for
    'valid', ceil(n / s) for 'same'; features first for 'th'.
    """

    pool_mode = "avg"

    def __init__(self, pool_size=(2, 2), strides=None, border_mode="valid", dim_ordering="default", **kwargs):
        super().__init__(pool_size, strides, border_mode, dim_ordering, **kwargs)


class _Pooling3D(_Pooling2D):
    """Pooling over depth, rows and columns.

    Args:
        pool_size: depth, rows and columns of the window.
        strides: steps between windows; by default the window's size.
        border_mode: 'valid' (whole windows only) or 'same' (the last ones may be cut).
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 3

    def call(self, x, mask=None):
        return K.pool3d(x, self.pool_size, self.strides, self.border_mode, self.dim_ordering, self.pool_mode)


class MaxPooling3D(_Pooling3D):
    """The largest value of each window of a volume.

    Shape: 'tf' `(batch, depth, rows, cols, features)` -> each spatial size n: floor((n - k) / s) + 1 for 'valid',
    ceil(n / s) for 'same'; features first for 'th'.
    """

    pool_mode = "max"

    def __init__(self, pool_size=(2, 2, 2), strides=None, border_mode="valid", dim_ordering="default", **kwargs):
        super().__init__(pool_size, strides, border_mode, dim_ordering, **kwargs)


class AveragePooling3D(_Pooling3D):
    """The mean of each window of a volume.

    Shape: 'tf' `(batch, depth, rows, cols, features)` -> each spatial size n: floor((n - k) / s) + 1 for 'valid',
    ceil(n / s) for 'same'; features first for 'th'.
    """

    pool_mode = "avg"

    def __init__(self, pool_size=(2, 2, 2), strides=None, border_mode="valid", dim_ordering="default", **kwargs):
        super().__init__(pool_size, strides, border_mode, dim_ordering, **kwargs)


class _GlobalPooling1D(_AlongTime, Layer):
    """Pooling over all time steps.

    Only later programs know `data_format="channels_first"`, for an input `(batch, features, time)`, and
    `keepdims=True`, which leaves the time axis with one step.
    """

    def __init__(self, **kwargs):
        self._take_data_format(kwargs)
        self.keepdims = bool(kwargs.pop("keepdims", False))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    @property
    def _axis(self) -> int:
        return 2 if self.features_first else 1

    def get_config(self) -> dict:
        return {**super().get_config(), **({"keepdims": True} if self.keepdims else {})}


class GlobalAveragePooling1D(_GlobalPooling1D):
    """The mean over time; where a mask hides steps, that of the others, and 0 where it hides all.

    Shape: `(batch, time, features)` -> `(batch, features)`.
    """

    supports_masking = True

    def call(self, x, mask=None):
        if mask is None:
            return K.mean(x, axis=self._axis, keepdims=self.keepdims)
        weights = K.expand_dims(K.cast(mask, K.dtype(x)), 3 - self._axis)
        total = K.sum(x * weights, axis=self._axis, keepdims=self.keepdims)
        return total / K.maximum(K.sum(weights, axis=self._axis, keepdims=self.keepdims), 1.0)

    def compute_mask(self, input, input_mask=None):
        """None, since there is no time axis any more."""


class GlobalMaxPooling1D(_GlobalPooling1D):
    """The largest value over time.

    Shape: `(batch, time, features)` -> `(batch, features)`.
    """

    def call(self, x, mask=None):
        return K.max(x, axis=self._axis, keepdims=self.keepdims)


class _GlobalPooling(Layer):
    """Pooling over all spatial axes.

    Args:
        dim_ordering: 'tf' (features last) or 'th' (features first).

    Only later programs know `keepdims=True`, which leaves those axes with a size of 1.
    """

    spatial_axes: int

    def __init__(self, dim_ordering="default", **kwargs):
        self.dim_ordering = ordering(dim_ordering)
        self.keepdims = bool(kwargs.pop("keepdims", False))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=self.spatial_axes + 2)]

    def _axes(self) -> list[int]:
        first = 2 if self.dim_ordering == "th" else 1
        return list(range(first, first + self.spatial_axes))

    def get_config(self) -> dict:
        later = {"keepdims": True} if self.keepdims else {}
        return {**super().get_config(), "dim_ordering": self.dim_ordering, **later}


class _GlobalPooling2D(_GlobalPooling):
    """Pooling over all rows and columns."""

    spatial_axes = 2


class GlobalAveragePooling2D(_GlobalPooling2D):
    """The mean over rows and columns.

    Shape: 'tf' `(batch, rows, cols, features)`, 'th' `(batch, features, rows, cols)` -> `(batch, features)`.
    """

    def call(self, x, mask=None):
        return K.mean(x, axis=self._axes(), keepdims=self.keepdims)


class GlobalMaxPooling2D(_GlobalPooling2D):
    """The largest value over rows and columns.

    Shape: 'tf' `(batch, rows, cols, features)`, 'th' `(batch, features, rows, cols)` -> `(batch, features)`.
    """

    def call(self, x, mask=None):
        return K.max(x, axis=self._axes(), keepdims=self.keepdims)


class _GlobalPooling3D(_GlobalPooling):
    """Pooling over all of a volume."""

    spatial_axes = 3


class GlobalAveragePooling3D(_GlobalPooling3D):
    """The mean over a volume.

    Shape: 'tf' `(batch, depth, rows, cols, features)`, 'th' with features first -> `(batch, features)`.
    """

    def call(self, x, mask=None):
        return K.mean(x, axis=self._axes(), keepdims=self.keepdims)


class GlobalMaxPooling3D(_GlobalPooling3D):
    """The largest value over a volume.

    Shape: 'tf' `(batch, depth, rows, cols, features)`, 'th' with features first -> `(batch, features)`.
    """

    def call(self, x, mask=None):
        return K.max(x, axis=self._axes(), keepdims=self.keepdims)


carry(__name__)
