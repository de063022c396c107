"""Layers without weights that change the sizes of time, images or volumes: enlarge, pad, crop."""

from __future__ import annotations

from collections.abc import Sequence

from .. import backend as K
from ..backend.ops.between import between_pixels
from ..engine.layer import InputSpec, Layer
from ..errors import ShapeError
from .arguments import one_of, ordering, pairs, whole, whole_numbers

__all__ = [
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
]


class UpSampling1D(Layer):
    """Each time step several times in a row.

    Shape: `(batch, time, features)` -> `(batch, time * length, features)`.

    Args:
        length: how many times.
    """

    def __init__(self, length=2, **kwargs):
        self.length = whole("length", length)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def call(self, x, mask=None):
        return K.repeat_elements(x, self.length, axis=1)

    def get_config(self) -> dict:
        return {**super().get_config(), "length": self.length}


class _Spatial(Layer):
    """What layers that work on the spatial axes of images or volumes have in common."""

    spatial_axes: int

    def __init__(self, dim_ordering="default", **kwargs):
        self.dim_ordering = ordering(dim_ordering)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=self.spatial_axes + 2)]

    def get_config(self) -> dict:
        return {**super().get_config(), "dim_ordering": self.dim_ordering}


class UpSampling2D(_Spatial):
    """Each pixel several times along rows and columns.

    Shape: rows, cols -> `rows * size[0], cols * size[1]`.

    Args:
        size: how many times along rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).

    Only later programs know `interpolation="bilinear"`: values between those of neighbouring pixels, not copies.
    """

    spatial_axes = 2

    def __init__(self, size=(2, 2), dim_ordering="default", **kwargs):
        self.size = whole_numbers("size", size, 2)
        self.interpolation = one_of("interpolation", kwargs.pop("interpolation", "nearest"), ("nearest", "bilinear"))
        super().__init__(dim_ordering, **kwargs)

    def call(self, x, mask=None):
        enlarge = between_pixels if self.interpolation == "bilinear" else K.resize_images
        return enlarge(x, *self.size, self.dim_ordering)

    def get_config(self) -> dict:
        later = {"interpolation": "bilinear"} if self.interpolation == "bilinear" else {}
        return {**super().get_config(), "size": self.size, **later}


class UpSampling3D(_Spatial):
    """Each voxel several times along the three spatial axes.

    Shape: each spatial size n -> `n * size`.

    Args:
        size: how many times along depth, rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 3

    def __init__(self, size=(2, 2, 2), dim_ordering="default", **kwargs):
        self.size = whole_numbers("size", size, 3)
        super().__init__(dim_ordering, **kwargs)

    def call(self, x, mask=None):
        return K.resize_volumes(x, *self.size, self.dim_ordering)

    def get_config(self) -> dict:
        return {**super().get_config(), "size": self.size}


class ZeroPadding1D(Layer):
    """Zeros before and after the time axis.

    Shape: `(batch, time, features)` -> `(batch, before + time + after, features)`.

    Args:
        padding: number of steps on either side, a pair (before, after), or a dictionary with left_pad and right_pad.
    """

    def __init__(self, padding=1, **kwargs):
        self.padding = padding
        if isinstance(padding, dict):
            for side in padding:
                one_of("padding", side, ("left_pad", "right_pad"))
        sides = (padding.get("left_pad", 0), padding.get("right_pad", 0)) if isinstance(padding, dict) else padding
        self.left_pad, self.right_pad = whole_numbers("padding", sides, 2, least=0)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def call(self, x, mask=None):
        return K.asymmetric_temporal_padding(x, left_pad=self.left_pad, right_pad=self.right_pad)

    def get_config(self) -> dict:
        return {**super().get_config(), "padding": self.padding}


class ZeroPadding2D(_Spatial):
    """Zeros around images.

    Shape: rows, cols -> `top + rows + bottom, left + cols + right`.

    Args:
        padding: rows and columns added on either side, four numbers (top, bottom, left, right), or a dictionary with
            top_pad, bottom_pad, left_pad and right_pad.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 2

    def __init__(self, padding=(1, 1), dim_ordering="default", **kwargs):
        self.padding = padding
        self.top_pad, self.bottom_pad, self.left_pad, self.right_pad = _four_sides(padding)
        super().__init__(dim_ordering, **kwargs)

    def call(self, x, mask=None):
        return K.asymmetric_spatial_2d_padding(
            x, self.top_pad, self.bottom_pad, self.left_pad, self.right_pad, dim_ordering=self.dim_ordering
        )

    def get_config(self) -> dict:
        return {**super().get_config(), "padding": self.padding}


_SIDES = ("top_pad", "bottom_pad", "left_pad", "right_pad")


def _four_sides(padding) -> tuple[int, ...]:
    if isinstance(padding, dict):
        for side in padding:
            one_of("padding", side, _SIDES)
        padding = tuple(padding.get(side, 0) for side in _SIDES)
    if isinstance(padding, tuple | list) and len(padding) == 4:
        return whole_numbers("padding", padding, 4, least=0)
    return sum(pairs("padding", padding, 2), ())


class ZeroPadding3D(_Spatial):
    """Zeros around volumes.

    Shape: each spatial size n -> `before + n + after`.

    Args:
        padding: size added on either side of depth, rows and columns; or three pairs (before, after).
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 3

    def __init__(self, padding=(1, 1, 1), dim_ordering="default", **kwargs):
        self.sides = pairs("padding", padding, 3)
        self.padding = tuple(padding) if isinstance(padding, list) else padding
        super().__init__(dim_ordering, **kwargs)

    def call(self, x, mask=None):
        if all(before == after for before, after in self.sides):
            return K.spatial_3d_padding(x, tuple(before for before, _ in self.sides), self.dim_ordering)
        first = 2 if self.dim_ordering == "th" else 1
        for axis, (before, after) in enumerate(self.sides, start=first):
            edge = K.zeros_like(x[(slice(None),) * axis + (slice(0, 1),)])
            x = K.concatenate([*[edge] * before, x, *[edge] * after], axis=axis)
        return x

    def get_config(self) -> dict:
        return {**super().get_config(), "padding": self.padding}


def _cropped(x, cropping: Sequence[Sequence[int]], first_axis: int):
    """The inside of `x` along the axes from `first_axis` on."""
    sizes = K.int_shape(x)[first_axis : first_axis + len(cropping)]
    for (before, after), size in zip(cropping, sizes, strict=True):
        if size is not None and before + after > size:
            raise ShapeError(
                f"cropping {before} and {after} is more than the axis of {size} in {K.int_shape(x)}.",
                f"The two may be {size} together at most.",
                arguments=("cropping",),
            )
    inside = tuple(slice(before, -after if after else None) for before, after in cropping)
    return x[(slice(None),) * first_axis + inside]


class Cropping1D(Layer):
    """The time axis without some steps at its ends.

    Shape: `(batch, time, features)` -> `(batch, time - before - after, features)`.

    Args:
        cropping: steps taken away at the start and at the end.
    """

    def __init__(self, cropping=(1, 1), **kwargs):
        self.cropping = whole_numbers("cropping", cropping, 2, least=0)
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=3)]

    def call(self, x, mask=None):
        return _cropped(x, [self.cropping], 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "cropping": self.cropping}


class _Cropping(_Spatial):
    """Images or volumes without their edges."""

    def __init__(self, cropping, dim_ordering, **kwargs):
        self.cropping = pairs("cropping", cropping, self.spatial_axes)
        super().__init__(dim_ordering, **kwargs)

    def call(self, x, mask=None):
        return _cropped(x, self.cropping, 2 if self.dim_ordering == "th" else 1)

    def get_config(self) -> dict:
        return {**super().get_config(), "cropping": self.cropping}


class Cropping2D(_Cropping):
    """Images without some rows and columns at their edges.

    Shape: rows, cols -> `rows - top - bottom, cols - left - right`.

    Args:
        cropping: pairs (top, bottom), (left, right).
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 2

    def __init__(self, cropping=((0, 0), (0, 0)), dim_ordering="default", **kwargs):
        super().__init__(cropping, dim_ordering, **kwargs)


class Cropping3D(_Cropping):
    """Volumes without their edges.

    Shape: each spatial size n -> `n - before - after`.

    Args:
        cropping: pairs (before, after) for depth, rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    spatial_axes = 3

    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), dim_ordering="default", **kwargs):
        super().__init__(cropping, dim_ordering, **kwargs)
