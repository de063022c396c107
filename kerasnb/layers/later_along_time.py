"""Conv1DTranspose and DepthwiseConv1D, later layers, written as in Keras 3."""

from __future__ import annotations

from .. import activations, regularizers
from .. import backend as K
from ..backend.ops import shapes
from ..engine.layer import InputSpec
from ..utils.custom_objects import config_of
from .along_time import _AlongTime
from .arguments import found, one_of, whole
from .convolutional import grown_sizes, known_features
from .named_weights import _NamedWeights

__all__ = ["Conv1DTranspose", "DepthwiseConv1D"]


class _Later1D(_AlongTime, _NamedWeights):
    """What both have in common; their kernels have one axis for time, where those of Keras 1.2 have two."""

    def __init__(self, given: dict, **kwargs):
        self._take_data_format(kwargs)
        self.kernel_size, self.strides, self.dilation_rate = (
            whole(name, _one(given[name])) for name in ("kernel_size", "strides", "dilation_rate")
        )
        self.padding = one_of("padding", given["padding"], ("valid", "same"))
        self.activation = found(activations.get, "activation", given["activation"])
        self.use_bias = bool(given["use_bias"])
        super().__init__(given, **kwargs)
        self.activity_regularizer = found(regularizers.get, "activity_regularizer", given["activity_regularizer"])
        self.input_spec = [InputSpec(ndim=3)]

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(self.kernel, "tf")]

    def _finish(self, output):
        """The output without its axis of columns, with bias and activation."""
        output = K.squeeze(output, 2)
        return self._turned(self.activation(output + self.bias if self.use_bias else output))

    def _add_weights(self, kernel: str, shape: tuple, count: int) -> None:
        self.kernel = self._weight(kernel, shape)
        self.bias = self._weight("bias", (count,)) if self.use_bias else None

    def get_config(self) -> dict:
        names = ("kernel_size", "strides", "padding", "dilation_rate", "use_bias")
        own = {name: getattr(self, name) for name in names}
        functions = {name: config_of(getattr(self, name)) for name in ("activation", "activity_regularizer")}
        return {**super().get_config(), **own, **functions, **self._config_of_parts()}


class Conv1DTranspose(_Later1D):
    """Convolution along time run backwards: it makes sequences longer.

    Shape: `(batch, time, features)` -> `(batch, new time, filters)`; new time is `n * s` for 'same',
        `n * s + max(k - s, 0)` for 'valid', with k the reach of the kernel. The kernel is
        `(kernel_size, filters, features)`.
    Source: Zeiler et al. 2010, CVPR, section 2.

    Args:
        filters: number of filters, the features of the output.
        kernel_size: time steps of the kernel.
        strides: steps of the convolution that is run backwards.
        padding: 'valid' or 'same'.
        output_padding: further time steps; None: as many as the longest input gives.
        data_format: 'channels_last', or 'channels_first': `(batch, features, time)` in and out.
        dilation_rate: distance between neighbouring taps of the kernel.
        kernel_initializer: of the kernel; likewise for the bias, and so the regularizers and constraints.
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        output_padding=None,
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
        self.filters = whole("filters", filters)
        extra = None if output_padding is None else _one(output_padding)
        self.output_padding = None if extra is None else whole("output_padding", extra, least=0)
        super().__init__(locals(), data_format=data_format, **kwargs)

    def build(self, input_shape):
        features = known_features(self._turned(input_shape), "tf")
        self._add_weights("kernel", (self.kernel_size, self.filters, features), self.filters)
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        batch, time, _ = self._turned(input_shape)
        reach = (self.kernel_size - 1) * self.dilation_rate + 1
        extra = None if self.output_padding is None else [self.output_padding]
        (grown,) = grown_sizes([time], [reach], [self.strides], self.padding, extra)
        return self._turned((batch, grown, self.filters))

    def call(self, x, mask=None):
        batch, time, filters = self._turned(self.get_output_shape_for(K.int_shape(x)))
        steps, rate = (self.strides, 1), (self.dilation_rate, 1)
        x, kernel = K.expand_dims(self._turned(x), 2), K.expand_dims(self.kernel, 1)
        shape = (batch, time, 1, filters)
        return self._finish(K.conv2d_transpose(x, kernel, shape, steps, self.padding, "channels_last", rate))

    def get_config(self) -> dict:
        return {**super().get_config(), "filters": self.filters, "output_padding": self.output_padding}


class DepthwiseConv1D(_Later1D):
    """Convolution of each feature along time by itself.

    Shape: `(batch, time, features)` -> `(batch, new time, features * depth_multiplier)`; new time as for Convolution1D.
        The kernel is `(kernel_size, features, depth_multiplier)`.

    Args:
        kernel_size: time steps of the kernel.
        strides: steps along time.
        padding: 'valid' or 'same'.
        depth_multiplier: number of results for each feature.
        data_format: 'channels_last', or 'channels_first': `(batch, features, time)` in and out.
        dilation_rate: distance between neighbouring taps of the kernel.
        depthwise_initializer: of the kernel; likewise for the bias, and so the regularizers and constraints.
    """

    parts = ("depthwise", "bias")

    def __init__(
        self,
        kernel_size,
        strides=1,
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        self.depth_multiplier = whole("depth_multiplier", depth_multiplier)
        super().__init__(locals(), data_format=data_format, **kwargs)

    def build(self, input_shape):
        features = known_features(self._turned(input_shape), "tf")
        shape = (self.kernel_size, features, self.depth_multiplier)
        self._add_weights("depthwise", shape, features * self.depth_multiplier)
        super().build(input_shape)

    def get_output_shape_for(self, input_shape):
        batch, time, features = self._turned(input_shape)
        length = shapes.window_length(time, self.kernel_size, self.strides, self.padding, self.dilation_rate)
        return self._turned((batch, length, features * self.depth_multiplier))

    def call(self, x, mask=None):
        x, kernel = K.expand_dims(self._turned(x), 2), K.expand_dims(self.kernel, 1)
        steps, rate = (self.strides, self.strides), (self.dilation_rate, 1)
        return self._finish(K.depthwise_conv2d(x, kernel, steps, self.padding, "channels_last", rate))

    def get_config(self) -> dict:
        return {**super().get_config(), "depth_multiplier": self.depth_multiplier}


def _one(value):
    """The number, perhaps alone in a list, as later Keras writes it."""
    return value[0] if isinstance(value, list | tuple) and len(value) == 1 else value
