"""Pooling to an output of one size whatever the input's is, later layers, written as in Keras 3."""

from __future__ import annotations

from .. import backend as K
from ..engine.layer import InputSpec, Layer
from ..errors import ShapeError
from .arguments import ordering, whole_numbers
from .named_weights import _EndsMasks

__all__ = [
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
]

_ORDERINGS = {"channels_first": "th", "channels_last": "tf", None: "default"}


class _Adaptive(_EndsMasks, Layer):
    """Each axis of places cut into as many windows as are wanted, of which some overlap by one.

    Window i of m on n places goes from floor(i * n / m) up to, not including, ceil((i + 1) * n / m).

    Args:
        output_size: how many places are wanted along each axis; one number for all.
        data_format: 'channels_last' or 'channels_first'.

    Raises:
        ShapeError: a size of the input is not known.
    """

    rank: int

    def __init__(self, output_size, data_format=None, **kwargs):
        self.output_size = whole_numbers("output_size", output_size, self.rank)
        self.dim_ordering = ordering(_ORDERINGS.get(data_format, data_format))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=self.rank + 2)]

    @property
    def _first(self) -> int:
        return 2 if self.dim_ordering == "th" else 1

    def get_output_shape_for(self, input_shape):
        shape = list(input_shape)
        shape[self._first : self._first + self.rank] = self.output_size
        return tuple(shape)

    def call(self, x, mask=None):
        for place, count in enumerate(self.output_size):
            axis = self._first + place
            size = K.int_shape(x)[axis]
            if size is None:
                raise ShapeError(
                    f"needs to know axis {axis} of its input, got {K.int_shape(x)}.",
                    "Give the sizes in Input(shape=...).",
                )
            bounds = [(at * size // count, -(-(at + 1) * size // count)) for at in range(count)]
            around = (slice(None),) * axis
            windows = [self._reduced(x[(*around, slice(*pair))], axis) for pair in bounds]
            x = K.concatenate(windows, axis)
        return x

    def _reduced(self, window, axis: int):
        """The window as one place along the axis."""
        raise NotImplementedError

    def get_config(self) -> dict:
        formats = {"th": "channels_first", "tf": "channels_last"}
        own = {"output_size": self.output_size, "data_format": formats[self.dim_ordering]}
        return {**super().get_config(), **own}


class _AdaptiveAverage(_Adaptive):
    def _reduced(self, window, axis):
        return K.mean(window, axis=axis, keepdims=True)


class _AdaptiveMax(_Adaptive):
    def _reduced(self, window, axis):
        return K.max(window, axis=axis, keepdims=True)


class AdaptiveAveragePooling1D(_AdaptiveAverage):
    """The means of so many windows along time.

    Shape: `(batch, time, features)` -> `(batch, output_size, features)`; features before time for 'channels_first'. A
        mask ends here.
    """

    rank = 1


class AdaptiveAveragePooling2D(_AdaptiveAverage):
    """The means of so many windows over images.

    Shape: `(batch, rows, cols, features)` -> `(batch, *output_size, features)`; features first for 'channels_first'.
    """

    rank = 2


class AdaptiveAveragePooling3D(_AdaptiveAverage):
    """The means of so many windows over volumes.

    Shape: `(batch, depth, rows, cols, features)` -> `(batch, *output_size, features)`; features first for
        'channels_first'.
    """

    rank = 3


class AdaptiveMaxPooling1D(_AdaptiveMax):
    """The largest values of so many windows along time.

    Shape: `(batch, time, features)` -> `(batch, output_size, features)`; features before time for 'channels_first'. A
        mask ends here.
    """

    rank = 1


class AdaptiveMaxPooling2D(_AdaptiveMax):
    """The largest values of so many windows over images.

    Shape: `(batch, rows, cols, features)` -> `(batch, *output_size, features)`; features first for 'channels_first'.
    """

    rank = 2


class AdaptiveMaxPooling3D(_AdaptiveMax):
    """The largest values of so many windows over volumes.

    Shape: `(batch, depth, rows, cols, features)` -> `(batch, *output_size, features)`; features first for
        'channels_first'.
    """

    rank = 3
