"""Convolutions of each feature by itself, which came after Keras 1.2: DepthwiseConv2D and SeparableConvolution1D."""

from __future__ import annotations

from .. import backend as K
from ..backend.ops import shapes
from ..engine.layer import InputSpec, Layer
from .along_time import _AlongTime
from .arguments import whole, whole_numbers
from .convolutional import SeparableConvolution2D, known_features, refuse_strides_and_gaps

__all__ = ["DepthwiseConv2D", "SeparableConvolution1D"]


class DepthwiseConv2D(SeparableConvolution2D):
    """Convolution of each feature by itself. A later layer.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, features * depth_multiplier)`; features
    first for 'th'. New sizes as for Convolution2D.

    Args:
        kernel_size: rows and columns of the kernel.
        subsample: steps along rows and columns.
        border_mode: 'valid' (inside only), 'same' (padded with zeros) or 'full' (wherever the kernel meets it).
        depth_multiplier: number of results for each feature.
        dim_ordering: 'tf' (features last) or 'th' (features first).
        atrous_rate: distance between neighbouring taps of the kernel, along rows and columns.
        depthwise_regularizer: penalty on the kernel.
        depthwise_constraint: what the kernel is turned into after each update.
        weights: initial `[kernel, b]` as arrays.
    """

    def __init__(
        self,
        kernel_size,
        subsample=(1, 1),
        border_mode="valid",
        depth_multiplier=1,
        dim_ordering="default",
        atrous_rate=(1, 1),
        activation=None,
        bias=True,
        init="glorot_uniform",
        depthwise_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        b_constraint=None,
        weights=None,
        **kwargs,
    ):
        self.kernel_size = whole_numbers("kernel_size", kernel_size, 2)
        self.atrous_rate = whole_numbers("atrous_rate", atrous_rate, 2)
        super().__init__(
            1,
            *self.kernel_size,
            init,
            activation,
            weights,
            border_mode,
            subsample,
            depth_multiplier,
            dim_ordering,
            depthwise_regularizer,
            None,
            b_regularizer,
            activity_regularizer,
            depthwise_constraint,
            None,
            b_constraint,
            bias,
            **kwargs,
        )
        refuse_strides_and_gaps(self.subsample, self.atrous_rate)

    def build(self, input_shape):
        features = known_features(input_shape, self.dim_ordering)
        self.nb_filter = features * self.depth_multiplier
        if self.dim_ordering == "th":
            shape = (self.depth_multiplier, features, *self.kernel_size)
        else:
            shape = (*self.kernel_size, features, self.depth_multiplier)
        self.depthwise_kernel = self._add_kernel_of("depthwise", shape)
        self.add_bias((self.nb_filter,))
        Layer.build(self, input_shape)

    def get_output_shape_for(self, input_shape):
        self.nb_filter = known_features(input_shape, self.dim_ordering) * self.depth_multiplier
        return super().get_output_shape_for(input_shape)

    def call(self, x, mask=None):
        return self._finish(self._apart(x))

    def get_config(self) -> dict:
        config = super().get_config()
        config.pop("dilation_rate", None)  # it is atrous_rate here
        for name in ("nb_filter", "nb_row", "nb_col", "pointwise_regularizer", "pointwise_constraint"):
            del config[name]
        return {**config, "kernel_size": self.kernel_size, "atrous_rate": self.atrous_rate}


class SeparableConvolution1D(_AlongTime, SeparableConvolution2D):
    """Convolution of each feature along time by itself, then of all features at each step. A later layer.

    Shape: `(batch, time, features)` -> `(batch, new time, nb_filter)`; new time as for Convolution2D. The kernels are
    `(filter_length, 1, features, depth_multiplier)` and `(1, 1, features * depth_multiplier, nb_filter)`.
    Source: Chollet 2016, arXiv:1610.02357, section 1.

    Args:
        nb_filter: number of filters, the features of the output.
        filter_length: time steps of the kernel.
        border_mode: 'valid' (inside only), 'same' (padded with zeros) or 'full' (wherever the kernel meets it).
        subsample_length: steps along time.
        depth_multiplier: number of results for each feature by itself.
        depthwise_regularizer: penalty on the first kernel.
        pointwise_regularizer: penalty on the second kernel.
        depthwise_constraint: what the first kernel is turned into after each update.
        pointwise_constraint: likewise for the second.
        data_format: 'channels_last', or 'channels_first': `(batch, features, time)` in and out.
    """

    def __init__(
        self,
        nb_filter,
        filter_length,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample_length=1,
        depth_multiplier=1,
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        self._take_data_format(kwargs)
        self.filter_length = whole("filter_length", filter_length)
        (self.subsample_length,) = whole_numbers("subsample_length", subsample_length, 1)
        (rate,) = whole_numbers("dilation_rate", kwargs.pop("dilation_rate", 1), 1)
        if rate > 1:
            kwargs["dilation_rate"] = (rate, 1)
        super().__init__(
            nb_filter,
            filter_length,
            1,
            init,
            activation,
            weights,
            border_mode,
            (self.subsample_length, self.subsample_length),
            depth_multiplier,
            "tf",
            depthwise_regularizer,
            pointwise_regularizer,
            b_regularizer,
            activity_regularizer,
            depthwise_constraint,
            pointwise_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=3)]

    def get_output_shape_for(self, input_shape):
        window = self.filter_length, self.subsample_length, self.border_mode, self.atrous_rate[0]
        batch, time, _ = self._turned(input_shape)
        return self._turned((batch, shapes.window_length(time, *window), self.nb_filter))

    def build(self, input_shape):
        super().build(self._turned(input_shape))

    def call(self, x, mask=None):
        return self._turned(K.squeeze(super().call(K.expand_dims(self._turned(x), 2)), 2))

    def get_config(self) -> dict:
        config = super().get_config()
        for name in ("nb_row", "nb_col", "subsample", "dim_ordering"):
            del config[name]
        if "dilation_rate" in config:
            config["dilation_rate"] = self.atrous_rate[0]
        return {**config, "filter_length": self.filter_length, "subsample_length": self.subsample_length}
