"""Attributes of layers under their later names: `layer.units` is `layer.output_dim`, to be read and set."""

from __future__ import annotations

import inspect
from typing import Any

from .names import NAMES, VALUES

__all__ = ["WINDOWS", "add_later_attributes"]

# Keras 1.2's sizes of a window -> the classes that have them; later they are one tuple, `kernel_size`
WINDOWS = {
    ("filter_length",): ("Convolution1D", "AtrousConvolution1D", "LocallyConnected1D", "SeparableConvolution1D"),
    ("nb_row", "nb_col"): (
        "Convolution2D",
        "AtrousConvolution2D",
        "LocallyConnected2D",
        "Deconvolution2D",
        "SeparableConvolution2D",
        "ConvLSTM2D",
    ),
    ("kernel_dim1", "kernel_dim2", "kernel_dim3"): ("Convolution3D", "Deconvolution3D"),
}
# later name of a weight -> Keras 1.2's
_WEIGHTS = {"kernel": "W", "recurrent_kernel": "U", "embeddings": "W"}
_OF_WEIGHTS = {"kernel_initializer": ("kernel",), "recurrent_initializer": ("recurrent_kernel",)}
_OF_WEIGHTS["embeddings_initializer"] = ("embeddings",)
_LATER_VALUES = {
    name: {earlier: later for later, earlier in values.items() if later is not None} for name, values in VALUES.items()
}
_ARGUMENTS_ONLY = ("dtype", "batch_shape", "shape", "unit_forget_bias", "depthwise_initializer", "pool_size")
# what Keras 1.2 has as a number and later Keras as a tuple of one
_TUPLES = {"filter_length", "subsample_length", "pool_length", "stride", "atrous_rate"}


class _Later:
    """The attribute of another name."""

    def __init__(self, earlier: str):
        self.earlier = earlier

    def __get__(self, layer: Any, cls: type | None = None) -> Any:
        if layer is None:
            return self
        if self.earlier == "atrous_rate" and not hasattr(layer, self.earlier):
            return (1,) * len(layer.kernel_size)  # a plain convolution is of another class than one with gaps
        value = getattr(layer, self.earlier)
        if self.earlier == "bias" and not isinstance(value, bool):
            return value is not None  # a layer that has put its weight there
        if self.earlier in _TUPLES and isinstance(value, int):
            return (value,)
        known = _LATER_VALUES.get(self.earlier, {})
        return known.get(value, value) if isinstance(value, str) else value

    def __set__(self, layer: Any, value: Any) -> None:
        if self.earlier in _TUPLES and isinstance(value, tuple | list) and len(value) == 1:
            (value,) = value
        known = VALUES.get(self.earlier, {})
        setattr(layer, self.earlier, known.get(value, value) if isinstance(value, str | int) else value)


class _Window:
    """The sizes of a window as one tuple."""

    def __init__(self, names: tuple[str, ...]):
        self.names = names

    def __get__(self, layer: Any, cls: type | None = None) -> Any:
        return self if layer is None else tuple(getattr(layer, name) for name in self.names)

    def __set__(self, layer: Any, value: Any) -> None:
        sizes = value if isinstance(value, tuple | list) else (value,) * len(self.names)
        for name, size in zip(self.names, sizes, strict=True):
            setattr(layer, name, size)


def add_later_attributes(cls: type) -> None:
    """Let a layer class's attributes be read and set under their later names.

    `bias` stays Keras 1.2's, whether there is one, until the layer puts a weight there.
    """
    names = NAMES.get(cls.__name__, {})
    added: dict[str, Any] = {later: _Later(earlier) for later, earlier in names.items() if later not in _ARGUMENTS_ONLY}
    if "use_bias" in names:
        added["bias_initializer"] = _Later("b_init")
    for initializer, weights in _OF_WEIGHTS.items():
        added |= {weight: _Later(_WEIGHTS[weight]) for weight in weights if initializer in names}
    for sizes, classes in WINDOWS.items():
        if cls.__name__ in classes:
            added["kernel_size"] = _Window(sizes)
    for name, attribute in added.items():
        if isinstance(inspect.getattr_static(cls, name, 0.0), int | float):  # a base's value for those that have none
            setattr(cls, name, attribute)
