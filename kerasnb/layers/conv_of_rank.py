"""Keras 2's `_Conv`: a convolution over as many axes as it is told, to derive layers from."""

from __future__ import annotations

import functools

from .. import activations, constraints, initializations, regularizers
from .. import backend as K
from ..engine.layer import InputSpec, Layer
from ..errors import ShapeError
from ..utils.custom_objects import config_of
from .arguments import found, one_of, whole, whole_numbers

__all__ = ["_Conv"]

_FOUND = {
    "activation": activations.get,
    **{f"{weight}_initializer": initializations.get for weight in ("kernel", "bias")},
    **{f"{part}_regularizer": regularizers.get for part in ("kernel", "bias", "activity")},
    **{f"{weight}_constraint": constraints.get for weight in ("kernel", "bias")},
}
_CONVOLVE = {1: "conv1d", 2: "conv2d", 3: "conv3d"}  # K's functions
_OTHER = ("rank", "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "use_bias")


class _Conv(Layer):
    """A convolution, written as in Keras 2: arguments, attributes and the weights `kernel` and `bias`.

    Every convolution of this package counts as one.

    Shape: `(batch, ... sizes, features)` -> `(batch, ... new sizes, filters)`; features first for 'channels_first'.
    The kernel is `(*kernel_size, features, filters)` in either order.

    Args:
        rank: over how many axes, 1 to 3.
        filters: number of filters, the features of the output.
        kernel_size: sizes of the kernel, one number for all axes or one for each; likewise strides and dilation_rate.
        padding: 'valid', 'same', or 'causal' along one axis.
        data_format: 'channels_last' or 'channels_first'; None takes what is set.
    """

    spelt_later = True

    def __init__(
        self,
        rank,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        given = locals()
        self.rank = one_of("rank", rank, tuple(_CONVOLVE))
        self.filters = whole("filters", filters)
        self.kernel_size = whole_numbers("kernel_size", kernel_size, rank)
        self.strides = whole_numbers("strides", strides, rank)
        self.padding = one_of("padding", padding, ("valid", "same", *(["causal"] if rank == 1 else [])))
        chosen = K.image_data_format() if data_format is None else data_format
        self.data_format = one_of("data_format", chosen, ("channels_last", "channels_first"))
        self.dilation_rate = whole_numbers("dilation_rate", dilation_rate, rank)
        self.use_bias = bool(use_bias)
        for name, get in _FOUND.items():
            setattr(self, name, found(get, name, given[name]))
        super().__init__(**kwargs)
        self.input_spec = [InputSpec(ndim=rank + 2)]

    def build(self, input_shape):
        axis = 1 if self.data_format == "channels_first" else len(input_shape) - 1
        features = input_shape[axis]
        if features is None:
            raise ShapeError(
                f"needs to know the features of its input, got {tuple(input_shape)} ({self.data_format}).",
                "Give the sizes in Input(shape=...) or input_shape=.",
            )
        make = functools.partial(initializations.make_variable, self.kernel_initializer, dim_ordering="tf")
        self.kernel = self.add_weight(
            (*self.kernel_size, features, self.filters),
            initializer=lambda shape, name=None: make(shape, name),
            name=f"{self.name}_kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = self._add_bias() if self.use_bias else None
        self.input_spec = [InputSpec(ndim=self.rank + 2, axes={axis: features})]
        super().build(input_shape)

    def _add_bias(self):
        return self.add_weight(
            (self.filters,),
            initializer=self.bias_initializer,
            name=f"{self.name}_bias",
            regularizer=self.bias_regularizer,
            constraint=self.bias_constraint,
        )

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(self.kernel, "tf")]

    def call(self, x):
        axes = range(1, self.rank + 1)
        is_first = self.data_format == "channels_first"
        x = K.permute_dimensions(x, (0, *(axis + 1 for axis in axes), 1)) if is_first else x
        slide = getattr(K, _CONVOLVE[self.rank])
        strides, gaps = (one[0] if self.rank == 1 else one for one in (self.strides, self.dilation_rate))
        x = slide(
            x, self.kernel, strides=strides, padding=self.padding, data_format="channels_last", dilation_rate=gaps
        )
        x = self.activation(x if self.bias is None else x + self.bias)
        return K.permute_dimensions(x, (0, self.rank + 1, *axes)) if is_first else x

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in _OTHER}
        return {**super().get_config(), **own, **{name: config_of(getattr(self, name)) for name in _FOUND}}
