"""Convolutions over time, images and volumes; what pads, crops, enlarges and pools is here too, as in Keras 1.2."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .. import backend as K
from .. import constraints, initializations, regularizers
from ..backend.ops import shapes
from ..backend.ops.later.convolve import with_gaps
from ..caller import warn_user
from ..carried import carry
from ..engine.layer import InputSpec, Layer
from ..errors import ArgumentError, ShapeError
from ..utils.custom_objects import config_of
from .along_time import _AlongTime
from .arguments import found, one_of, ordering, whole, whole_numbers
from .conv_of_rank import _Conv
from .grouped import check_groups, slid_by_groups
from .kernel_layer import _KernelLayer
from .pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from .spatial import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)

__all__ = [
    "Convolution1D",
    "Convolution2D",
    "AtrousConvolution1D",
    "AtrousConvolution2D",
    "Convolution3D",
    "Deconvolution2D",
    "SeparableConvolution2D",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "MaxPooling1D",
    "AveragePooling1D",
    "MaxPooling2D",
    "AveragePooling2D",
    "MaxPooling3D",
    "AveragePooling3D",
    "Conv1D",
    "Conv2D",
    "AtrousConv1D",
    "AtrousConv2D",
    "Conv3D",
    "Deconv2D",
    "SeparableConv2D",
]

_BORDER_MODES = ("valid", "same", "full")


def _features_axis(dim_ordering: str) -> int:
    return 1 if dim_ordering == "th" else -1


def known_features(input_shape: Sequence, dim_ordering: str) -> int:
    """How many features (channels) the input has.

    Raises:
        ShapeError: that is not known.
    """
    features = input_shape[_features_axis(dim_ordering)]
    if features is None:
        raise ShapeError(
            f"needs to know the features of its input, got {tuple(input_shape)} (dim_ordering {dim_ordering!r}).",
            "Give the sizes in Input(shape=...) or input_shape=.",
        )
    return features


class _Convolution(_KernelLayer, _Conv):
    """What convolutions of any number of axes have in common."""

    spelt_later = False
    window_names: tuple[str, ...]
    atrous_rate: tuple[int, ...] | int
    border_modes: tuple[str, ...] = _BORDER_MODES
    groups = 1

    def __init__(self, *arguments, groups=1, **kwargs):
        """Groups came with TensorFlow 2.3: each part of the filters sees its own part of the features."""
        self.groups = whole("groups", groups)
        super().__init__(*arguments, **kwargs)

    def _set_window(self, nb_filter, window, border_mode, subsample, dim_ordering) -> None:
        axes = len(self.window_names)
        # a program's own class may make its kernel in another way, as depthwise convolutions of Keras 2.0's time do
        is_made_otherwise = nb_filter is None and "build" in vars(type(self))
        self.nb_filter = None if is_made_otherwise else whole("nb_filter", nb_filter)
        for name, size in zip(self.window_names, window, strict=True):
            setattr(self, name, whole(name, size))
        self.border_mode = one_of("border_mode", border_mode, self.border_modes)
        self.subsample = whole_numbers("subsample", subsample, axes)
        self.dim_ordering = ordering(dim_ordering)

    @property
    def convolution_kernels(self) -> list:
        """The weights that Theano flips, each with its axes' order."""
        return [(self.W, self.dim_ordering)]

    @property
    def _window(self) -> tuple[int, ...]:
        return tuple(getattr(self, name) for name in self.window_names)

    def _slide(self, slide: Callable, x):
        return slid_by_groups(slide, x, self.W, self.groups, self.dim_ordering == "th")

    def _features_of_kernel(self, input_shape) -> int:
        features = known_features(input_shape, self.dim_ordering)
        if self.groups == 1:
            return features
        check_groups(self.groups, features, self.nb_filter)
        return features // self.groups

    def _kernel_shape(self, features: int) -> tuple[int, ...]:
        if self.dim_ordering == "th":
            return (self.nb_filter, features, *self._window)
        return (*self._window, features, self.nb_filter)

    def build(self, input_shape):
        self.W_shape = self._kernel_shape(self._features_of_kernel(input_shape))
        self.add_kernel(self.W_shape, self.dim_ordering)
        self.add_bias((self.nb_filter,))
        Layer.build(self, input_shape)

    def get_output_shape_for(self, input_shape):
        spatial = input_shape[2:] if self.dim_ordering == "th" else input_shape[1:-1]
        spatial = [
            shapes.window_length(size, window, stride, self.border_mode, rate)
            for size, window, stride, rate in zip(spatial, self._window, self.subsample, self.atrous_rate, strict=True)
        ]
        return (
            (input_shape[0], self.nb_filter, *spatial)
            if self.dim_ordering == "th"
            else (input_shape[0], *spatial, self.nb_filter)
        )

    def _finish(self, output):
        """Add the bias and put the activation on."""
        if self.bias:
            shape = (
                (1, self.nb_filter, *(1,) * len(self.window_names)) if self.dim_ordering == "th" else (self.nb_filter,)
            )
            output = output + (K.reshape(self.b, shape) if self.dim_ordering == "th" else self.b)
        return self.activation(output)

    def get_config(self) -> dict:
        config = {
            **super().get_config(),
            "nb_filter": self.nb_filter,
            "border_mode": self.border_mode,
            "subsample": self.subsample,
            "dim_ordering": self.dim_ordering,
        }
        later = {"groups": self.groups} if self.groups > 1 else {}
        return {**config, **dict(zip(self.window_names, self._window, strict=True)), **later}


class Convolution2D(_Convolution):
    """Small kernels slid over images: each filter answers to one pattern, wherever it is.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, nb_filter)`; features first for 'th'.
    New sizes: floor((n - k) / s) + 1 for 'valid', ceil(n / s) for 'same'.

    Args:
        nb_filter: number of filters, the features of the output.
        nb_row: rows of the kernel.
        nb_col: columns of the kernel.
        border_mode: 'valid' (inside only), 'same' (padded with zeros) or 'full' (wherever the kernel meets it).
        subsample: steps along rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
        weights: initial `[W, b]` as arrays.

    Raises:
        ShapeError: the kernel is larger than the input.
    """

    window_names = ("nb_row", "nb_col")
    atrous_rate = (1, 1)

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        self._set_window(nb_filter, (nb_row, nb_col), border_mode, subsample, dim_ordering)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=4)]

    def call(self, x, mask=None):
        def slide(part, kernel):
            return K.conv2d(
                part,
                kernel,
                strides=self.subsample,
                border_mode=self.border_mode,
                dim_ordering=self.dim_ordering,
                filter_dilation=self.atrous_rate,
            )

        return self._finish(self._slide(slide, x))


class AtrousConvolution2D(Convolution2D):
    """Convolution whose kernel has gaps: it sees more of the image with the same number of weights.

    Shape: as Convolution2D, for a kernel of `(k - 1) * rate + 1`.
    Source: Yu and Koltun 2016, arXiv:1511.07122, section 2.

    Args:
        atrous_rate: distance between neighbouring taps of the kernel, along rows and columns.
    """

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1),
        atrous_rate=(1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        self.atrous_rate = whole_numbers("atrous_rate", atrous_rate, 2)
        super().__init__(
            nb_filter,
            nb_row,
            nb_col,
            init,
            activation,
            weights,
            border_mode,
            subsample,
            dim_ordering,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        refuse_strides_and_gaps(self.subsample, self.atrous_rate)

    def get_config(self) -> dict:
        return {**super().get_config(), "atrous_rate": self.atrous_rate}


def refuse_strides_and_gaps(subsample: Sequence[int], rate: Sequence[int]) -> None:
    if max(subsample) > 1 and max(rate) > 1:
        raise ArgumentError(
            f"steps {tuple(subsample)} and gaps {tuple(rate)} do not go together.",
            "Leave one of them at 1.",
            arguments=("subsample", "atrous_rate"),
        )


class Convolution1D(_AlongTime, _Convolution):
    """Small kernels slid along time.

    Shape: `(batch, time, features)` -> `(batch, new time, nb_filter)`; new time as for Convolution2D. `W` is
    `(filter_length, 1, features, nb_filter)`.

    Args:
        nb_filter: number of filters, the features of the output.
        filter_length: time steps of the kernel.
        border_mode: 'valid' (inside only), 'same' (padded with zeros), 'full' (wherever the kernel meets it); from
            later programs 'causal' (padded before the start only, so that no output sees later inputs).
        subsample_length: steps along time.
        weights: initial `[W, b]` as arrays.
        input_dim: number of input features, for the first layer of a Sequential.
        input_length: number of time steps, likewise.

    Only later programs know `data_format="channels_first"`: `(batch, features, time)` in and out.
    """

    window_names = ("filter_length",)
    atrous_rate = 1
    border_modes = (*_BORDER_MODES, "causal")

    def __init__(
        self,
        nb_filter,
        filter_length,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample_length=1,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        input_length=None,
        **kwargs,
    ):
        self._take_data_format(kwargs)
        (self.subsample_length,) = whole_numbers("subsample_length", subsample_length, 1)
        self._set_window(nb_filter, (filter_length,), border_mode, self.subsample_length, "tf")
        self.subsample = (self.subsample_length, 1)
        self.input_dim = input_dim
        self.input_length = input_length
        if input_dim:
            kwargs["input_shape"] = (input_length, input_dim)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=3)]

    def _kernel_shape(self, features):
        return (self.filter_length, 1, features, self.nb_filter)

    def build(self, input_shape):
        self.W_shape = self._kernel_shape(self._features_of_kernel(self._turned(input_shape)))
        self.add_kernel(self.W_shape)  # Keras 1.2 takes the fans of this kernel as if it were in 'th' order
        self.add_bias((self.nb_filter,))
        Layer.build(self, input_shape)

    @property
    def _reach(self) -> int:
        """How many time steps the kernel spans."""
        return (self.filter_length - 1) * self.atrous_rate + 1

    def get_output_shape_for(self, input_shape):
        mode = "same" if self.border_mode == "causal" else self.border_mode
        window = self.filter_length, self.subsample_length, mode, self.atrous_rate
        batch, time, _ = self._turned(input_shape)
        return self._turned((batch, shapes.window_length(time, *window), self.nb_filter))

    def call(self, x, mask=None):
        x = self._turned(x)
        self._check_length(K.int_shape(x)[1])
        is_causal = self.border_mode == "causal"
        if is_causal:
            x = K.asymmetric_temporal_padding(x, self._reach - 1, 0)

        def slide(part, kernel):
            return K.conv2d(
                part,
                kernel,
                strides=(self.subsample_length, 1),
                border_mode="valid" if is_causal else self.border_mode,
                dim_ordering="tf",
                filter_dilation=(self.atrous_rate, 1),
            )

        return self._turned(self._finish(K.squeeze(self._slide(slide, K.expand_dims(x, 2)), 2)))

    def _check_length(self, length: int | None) -> None:
        reach = self._reach
        if self.border_mode == "valid" and length is not None and reach > length:
            raise ShapeError(
                f"kernel of {reach} time steps is longer than its input of {length}.",
                f'filter_length must be at most {length} here, or set border_mode="same".',
                arguments=("filter_length",),
            )

    def get_config(self) -> dict:
        config = super().get_config()
        del config["dim_ordering"], config["subsample"]
        return {
            **config,
            "subsample_length": self.subsample_length,
            "input_dim": self.input_dim,
            "input_length": self.input_length,
        }


class AtrousConvolution1D(Convolution1D):
    """Convolution along time whose kernel has gaps.

    Shape: as Convolution1D, for a kernel of `(filter_length - 1) * atrous_rate + 1`.

    Args:
        atrous_rate: distance between neighbouring taps of the kernel, in time steps.
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
        atrous_rate=1,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        (self.atrous_rate,) = whole_numbers("atrous_rate", atrous_rate, 1)
        super().__init__(
            nb_filter,
            filter_length,
            init,
            activation,
            weights,
            border_mode,
            subsample_length,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        refuse_strides_and_gaps((self.subsample_length,), (self.atrous_rate,))

    def get_config(self) -> dict:
        return {**super().get_config(), "atrous_rate": self.atrous_rate}


class Convolution3D(_Convolution):
    """Small kernels slid over volumes.

    Shape: 'tf' `(batch, depth, rows, cols, features)` -> `(batch, new depth, new rows, new cols, nb_filter)`; features
    first for 'th'. New sizes as for Convolution2D.

    Args:
        nb_filter: number of filters, the features of the output.
        kernel_dim1: depth of the kernel.
        kernel_dim2: rows of the kernel.
        kernel_dim3: columns of the kernel.
        border_mode: 'valid' (inside only), 'same' (padded with zeros) or 'full' (wherever the kernel meets it).
        subsample: steps along depth, rows and columns.
        dim_ordering: 'tf' (features last) or 'th' (features first).
    """

    window_names = ("kernel_dim1", "kernel_dim2", "kernel_dim3")

    def __init__(
        self,
        nb_filter,
        kernel_dim1,
        kernel_dim2,
        kernel_dim3,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        self._set_window(nb_filter, (kernel_dim1, kernel_dim2, kernel_dim3), border_mode, subsample, dim_ordering)
        self.atrous_rate = whole_numbers("dilation_rate", kwargs.pop("dilation_rate", 1), 3)  # a later argument
        refuse_strides_and_gaps(self.subsample, self.atrous_rate)
        super().__init__(
            init,
            activation,
            weights,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        self.input_spec = [InputSpec(ndim=5)]

    def call(self, x, mask=None):
        gaps = {"filter_dilation": self.atrous_rate}

        def slide(part, kernel):
            return K.conv3d(part, kernel, self.subsample, self.border_mode, self.dim_ordering, **gaps)

        return self._finish(self._slide(slide, x))

    def get_config(self) -> dict:
        later = {"dilation_rate": self.atrous_rate} if max(self.atrous_rate) > 1 else {}
        return {**super().get_config(), **later}


class Deconvolution2D(Convolution2D):
    """Convolution run backwards: from a small image with many features to a larger one.

    Shape: 'tf' `(batch, rows, cols, features)` -> `(batch, new rows, new cols, nb_filter)` as `output_shape` says;
    features first for 'th'.
    Source: Zeiler et al. 2010, CVPR, Deconvolutional Networks.

    Args:
        output_shape: shape of the output with the batch size (or None) in front; None: the smallest that fits.

    Only later programs know, as keywords: `output_padding` (further rows and columns) and `dilation_rate` (distance
    between neighbouring taps of the kernel).
    """

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        output_shape,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1),
        dim_ordering="default",
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        **kwargs,
    ):
        if output_shape is not None and len(output_shape) != 4:
            raise ArgumentError(
                f"output_shape must have four sizes, got {output_shape!r}.",
                "Write output_shape=(None, 14, 14, 3), batch size first.",
                arguments=("output_shape",),
            )
        self.output_shape_ = None if output_shape is None else tuple(output_shape)
        extra = kwargs.pop("output_padding", None)  # a later argument
        self.output_padding = None if extra is None else whole_numbers("output_padding", extra, 2, least=0)
        self.atrous_rate = whole_numbers("dilation_rate", kwargs.pop("dilation_rate", 1), 2)  # another one
        super().__init__(
            nb_filter,
            nb_row,
            nb_col,
            init,
            activation,
            weights,
            border_mode,
            subsample,
            dim_ordering,
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            **kwargs,
        )
        refuse_strides_and_gaps(self.subsample, self.atrous_rate)

    def get_output_shape_for(self, input_shape):
        spatial = slice(2, 4) if self.dim_ordering == "th" else slice(1, 3)
        sizes = (
            self.output_shape_[spatial] if self.output_shape_ is not None else self._usual_sizes(input_shape[spatial])
        )
        if self.dim_ordering == "th":
            return (input_shape[0], self.nb_filter, *sizes)
        return (input_shape[0], *sizes, self.nb_filter)

    def _usual_sizes(self, sizes) -> list:
        reach = [(taps - 1) * rate + 1 for taps, rate in zip(self._window, self.atrous_rate, strict=True)]
        return grown_sizes(sizes, reach, self.subsample, self.border_mode, self.output_padding)

    def call(self, x, mask=None):
        shape = self.get_output_shape_for(K.int_shape(x))
        kernel = with_gaps(self.W, self.atrous_rate, first_axis=2 if self.dim_ordering == "th" else 0)
        return self._finish(K.deconv2d(x, kernel, shape, self.subsample, self.border_mode, self.dim_ordering))

    def get_config(self) -> dict:
        later = {} if self.output_padding is None else {"output_padding": self.output_padding}
        later |= {"dilation_rate": self.atrous_rate} if max(self.atrous_rate) > 1 else {}
        return {**super().get_config(), "output_shape": self.output_shape_, **later}


def grown_sizes(sizes, reach, strides, border_mode: str, output_padding=None) -> list:
    """The sizes that a convolution run backwards makes of these; None where they are not known.

    Args:
        reach: how far the kernel reaches along each axis.
        output_padding: further rows or columns along each axis; None: as many as the largest input gives.
    """
    grown = []
    for at, (size, taps, stride) in enumerate(zip(sizes, reach, strides, strict=True)):
        around = {"valid": 0, "same": taps // 2, "full": taps - 1}[border_mode]
        if size is None:
            grown.append(None)
        elif output_padding is not None:
            grown.append((size - 1) * stride + taps - 2 * around + output_padding[at])
        elif border_mode == "full":
            grown.append((size - 1) * stride + taps - 2 * around)
        else:
            grown.append(size * stride + (0 if border_mode == "same" else max(taps - stride, 0)))
    return grown


def _leave_out_kernel_penalties(kwargs: dict) -> None:
    """Take out what counts for a plain convolution only; Keras takes it too, and leaves it without effect."""
    for name in ("W_regularizer", "W_constraint"):
        if kwargs.pop(name, None) is not None:
            kind = name.partition("_")[2]
            warn_user(
                f"a separable convolution has no kernel for {name} (later: kernel_{kind}), which has no effect. "
                f"Give depthwise_{kind} and pointwise_{kind}.",
            )


class SeparableConvolution2D(_Convolution):
    """Convolution of each feature by itself, then of all features at each place.

    Shape: as Convolution2D.
    Source: Chollet 2016, arXiv:1610.02357, section 1.

    Args:
        nb_filter: number of filters, the features of the output.
        nb_row: rows of the kernel.
        nb_col: columns of the kernel.
        border_mode: 'valid' (inside only), 'same' (padded with zeros) or 'full' (wherever the kernel meets it).
        subsample: steps along rows and columns.
        depth_multiplier: number of results for each feature by itself.
        dim_ordering: 'tf' (features last) or 'th' (features first).
        depthwise_regularizer: penalty on the first kernel.
        pointwise_regularizer: penalty on the second kernel.
        depthwise_constraint: what the first kernel is turned into after each update.
        pointwise_constraint: likewise for the second.
    """

    window_names = ("nb_row", "nb_col")
    atrous_rate = (1, 1)

    def __init__(
        self,
        nb_filter,
        nb_row,
        nb_col,
        init="glorot_uniform",
        activation=None,
        weights=None,
        border_mode="valid",
        subsample=(1, 1),
        depth_multiplier=1,
        dim_ordering="default",
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
        self._set_window(nb_filter, (nb_row, nb_col), border_mode, subsample, dim_ordering)
        self.depth_multiplier = whole("depth_multiplier", depth_multiplier)
        if "dilation_rate" in kwargs:  # later arguments, this and the next
            self.atrous_rate = whole_numbers("dilation_rate", kwargs.pop("dilation_rate"), 2)
            refuse_strides_and_gaps(self.subsample, self.atrous_rate)
        _leave_out_kernel_penalties(kwargs)
        pointwise_init = kwargs.pop("pointwise_initializer", None)
        self.pointwise_init = found(initializations.get, "pointwise_initializer", pointwise_init)
        self.depthwise_regularizer = found(regularizers.get, "depthwise_regularizer", depthwise_regularizer)
        self.pointwise_regularizer = found(regularizers.get, "pointwise_regularizer", pointwise_regularizer)
        self.depthwise_constraint = found(constraints.get, "depthwise_constraint", depthwise_constraint)
        self.pointwise_constraint = found(constraints.get, "pointwise_constraint", pointwise_constraint)
        super().__init__(
            init, activation, weights, None, b_regularizer, activity_regularizer, None, b_constraint, bias, **kwargs
        )
        self.input_spec = [InputSpec(ndim=4)]

    @property
    def convolution_kernels(self) -> list:
        return [(self.depthwise_kernel, self.dim_ordering)]

    def build(self, input_shape):
        features = known_features(input_shape, self.dim_ordering)
        between = features * self.depth_multiplier
        if self.dim_ordering == "th":
            shapes_of = (self.depth_multiplier, features, *self._window), (self.nb_filter, between, 1, 1)
        else:
            shapes_of = (*self._window, features, self.depth_multiplier), (1, 1, between, self.nb_filter)
        self.depthwise_kernel, self.pointwise_kernel = (
            self._add_kernel_of(kind, shape) for kind, shape in zip(("depthwise", "pointwise"), shapes_of, strict=True)
        )
        self.add_bias((self.nb_filter,))
        Layer.build(self, input_shape)

    def _add_kernel_of(self, kind: str, shape):
        return self.add_weight(
            shape,
            initializer=lambda shape, name=None: initializations.make_variable(
                (kind == "pointwise" and self.pointwise_init) or self.init, shape, name, self.dim_ordering
            ),
            name=f"{self.name}_{kind}_kernel",
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
        )

    def call(self, x, mask=None):
        if max(self.atrous_rate) > 1:
            return self._finish(K.conv2d(self._apart(x), self.pointwise_kernel, dim_ordering=self.dim_ordering))
        return self._finish(
            K.separable_conv2d(
                x, self.depthwise_kernel, self.pointwise_kernel, self.subsample, self.border_mode, self.dim_ordering
            )
        )

    def _apart(self, x):
        """Each feature by itself."""
        first = self.dim_ordering == "th"
        kernel = K.permute_dimensions(self.depthwise_kernel, (2, 3, 1, 0)) if first else self.depthwise_kernel
        features = "channels_first" if first else "channels_last"
        return K.depthwise_conv2d(x, kernel, self.subsample, self.border_mode, features, self.atrous_rate)

    def get_config(self) -> dict:
        config = super().get_config()
        del config["W_regularizer"], config["W_constraint"]
        own = ("depthwise_regularizer", "pointwise_regularizer", "depthwise_constraint", "pointwise_constraint")
        later = {} if self.pointwise_init is None else {"pointwise_initializer": config_of(self.pointwise_init)}
        later |= {"dilation_rate": self.atrous_rate} if max(self.atrous_rate) > 1 else {}
        return {
            **config,
            "depth_multiplier": self.depth_multiplier,
            **{name: config_of(getattr(self, name)) for name in own},
            **later,
        }


Conv1D, Conv2D = Convolution1D, Convolution2D
AtrousConv1D, AtrousConv2D = AtrousConvolution1D, AtrousConvolution2D
Conv3D, Deconv2D, SeparableConv2D = Convolution3D, Deconvolution2D, SeparableConvolution2D


carry(__name__)
