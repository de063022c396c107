"""Values brought to another range, a later layer, written as in Keras 3."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..engine.layer import Layer
from ..errors import ArgumentError

__all__ = ["Rescaling"]


class Rescaling(Layer):
    """Every value times `scale`, plus `offset`: pictures of 0 to 255 to 0 to 1 by `Rescaling(1 / 255)`.

    Shape: any -> same; whole numbers become floats.

    Args:
        scale: what is multiplied by: a number, or one for each feature.
        offset: what is added, likewise.
    """

    supports_masking = True

    def __init__(self, scale, offset=0.0, **kwargs):
        self.scale, self.offset = _numbers("scale", scale), _numbers("offset", offset)
        super().__init__(**kwargs)

    def get_output_shape_for(self, input_shape):
        return input_shape

    def call(self, x, mask=None):
        return K.cast(x, K.floatx()) * self._along_features(self.scale, x) + self._along_features(self.offset, x)

    def _along_features(self, value, x):
        """The value in a form that meets the features, which come first in pictures of 'th' order."""
        if isinstance(value, float):
            return value
        value = np.asarray(value, K.floatx())
        rank = len(K.int_shape(x))
        is_first = K.image_dim_ordering() == "th" and rank > 3 and value.ndim == 1
        return value.reshape(len(value), *(1,) * (rank - 2)) if is_first else value

    def get_config(self) -> dict:
        return {**super().get_config(), "scale": self.scale, "offset": self.offset}


def _numbers(name: str, value):
    """A float, or lists of them, as in a configuration; arrays of later files are dictionaries there."""
    if isinstance(value, dict) and value.get("class_name") == "__numpy__":
        value = value["config"]["value"]
    try:
        array = np.asarray(value, "float64")
    except (TypeError, ValueError):
        array = np.asarray(np.nan)
    if isinstance(value, bool | str) or not array.size or not np.isfinite(array).all():
        raise ArgumentError(f"{name} must be a number, or one for each feature, got {value!r}.", arguments=(name,))
    return array.tolist()
