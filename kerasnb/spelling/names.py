"""The later spellings, as tables: argument names, values, orders of positional arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .. import initial_values
from ..errors import ArgumentError

__all__ = ["NAMES", "VALUES", "ONLY", "ORDERS", "ATROUS"]

_WEIGHTS = {
    "kernel_initializer": "init",
    "kernel_regularizer": "W_regularizer",
    "bias_regularizer": "b_regularizer",
    "kernel_constraint": "W_constraint",
    "bias_constraint": "b_constraint",
    "use_bias": "bias",
}
_IMAGE = {"data_format": "dim_ordering"}
_SIZES = {"filters": "nb_filter", "strides": "subsample", "padding": "border_mode"}
_CONVOLUTION = _WEIGHTS | _IMAGE | _SIZES
_CONVOLUTION_1D = _WEIGHTS | {
    "filters": "nb_filter",
    "kernel_size": "filter_length",
    "strides": "subsample_length",
    "padding": "border_mode",
}
_DILATED = {"dilation_rate": "atrous_rate"}
_POOLING_1D = {"pool_size": "pool_length", "strides": "stride", "padding": "border_mode"}
_POOLING = {"padding": "border_mode"} | _IMAGE
_RECURRENT = {
    "units": "output_dim",
    "kernel_initializer": "init",
    "recurrent_activation": "inner_activation",
    "kernel_regularizer": "W_regularizer",
    "bias_regularizer": "b_regularizer",
    "dropout": "dropout_W",
    "recurrent_dropout": "dropout_U",
    "implementation": "consume_less",
    "unit_forget_bias": "forget_bias_init",
}
# where Keras 1.2's names do not count in every mode, the later ones are arguments of their own
_INNER = {"recurrent_initializer": "inner_init", "recurrent_regularizer": "U_regularizer"}
_DROPOUT = {"rate": "p"}

# class -> {later argument: Keras 1.2's}
NAMES: dict[str, dict[str, str]] = {
    "Layer": {"dtype": "input_dtype", "batch_shape": "batch_input_shape"},
    "InputLayer": {"dtype": "input_dtype", "batch_shape": "batch_input_shape", "shape": "input_shape"},
    "Dense": _WEIGHTS | {"units": "output_dim"},
    "TimeDistributedDense": _WEIGHTS | {"units": "output_dim"},
    "MaxoutDense": _WEIGHTS | {"units": "output_dim"},
    "Highway": _WEIGHTS,
    "Convolution1D": _CONVOLUTION_1D | _DILATED,
    "AtrousConvolution1D": _CONVOLUTION_1D | _DILATED,
    "LocallyConnected1D": _CONVOLUTION_1D,
    "Convolution2D": _CONVOLUTION | _DILATED,
    "AtrousConvolution2D": _CONVOLUTION | _DILATED,
    "LocallyConnected2D": _CONVOLUTION,
    "Deconvolution2D": _CONVOLUTION,
    "Convolution3D": _CONVOLUTION,
    "SeparableConvolution2D": _CONVOLUTION | {"depthwise_initializer": "init"},
    "SeparableConvolution1D": _CONVOLUTION_1D | {"depthwise_initializer": "init"},
    "DepthwiseConv2D": _CONVOLUTION | _DILATED | {"depthwise_initializer": "init"},
    "Deconvolution3D": _CONVOLUTION,
    "ConvLSTM2D": _IMAGE | _SIZES | _RECURRENT | _INNER,
    "UpSampling1D": {"size": "length"},
    **{
        f"{kind}{axes}D": _IMAGE
        for kind in ("UpSampling", "ZeroPadding", "Cropping", "GlobalAveragePooling", "GlobalMaxPooling")
        for axes in (2, 3)
    },
    **{f"{kind}Pooling1D": _POOLING_1D for kind in ("Max", "Average", "_")},
    **{f"{kind}Pooling{axes}D": _POOLING for kind in ("Max", "Average", "_") for axes in (2, 3)},
    "_GlobalPooling": _IMAGE,
    "Dropout": _DROPOUT,
    "SpatialDropout1D": _DROPOUT,
    "SpatialDropout2D": _DROPOUT | _IMAGE,
    "SpatialDropout3D": _DROPOUT | _IMAGE,
    "GaussianDropout": _DROPOUT,
    "AlphaDropout": _DROPOUT,
    "GaussianNoise": {"stddev": "sigma"},
    "Embedding": {
        "embeddings_initializer": "init",
        "embeddings_regularizer": "W_regularizer",
        "embeddings_constraint": "W_constraint",
    },
    "BatchNormalization": {"beta_initializer": "beta_init", "gamma_initializer": "gamma_init"},
    "SimpleRNN": _RECURRENT | _INNER,
    "GRU": _RECURRENT,
    "LSTM": _RECURRENT,
    "CuDNNGRU": _RECURRENT,
    "CuDNNLSTM": _RECURRENT,
    "Recurrent": {"implementation": "consume_less"},
    "PReLU": {"alpha_initializer": "init"},
    "LeakyReLU": {"negative_slope": "alpha"},
}

# Keras 1.2's argument -> {later value: Keras 1.2's}
VALUES: dict[str, dict[Any, Any]] = {
    "dim_ordering": {"channels_last": "tf", "channels_first": "th", None: "default"},
    "consume_less": {0: "cpu", 1: "mem", 2: "gpu"},
    "forget_bias_init": {True: "one", False: "zero"},
}

_RECURRENT_ONLY = {"seed": (None,), "time_major": (False,), "use_cudnn": ("auto", False)}
_FEATURES_LAST = {"data_format": ("channels_last", None)}
_NO_GAPS = {"dilation_rate": (1, (1,), (1, 1), (1, 1, 1), [1], [1, 1], [1, 1, 1]), "groups": (1,)}
# the ways of Keras 2 to compute the same
_ANY_WAY = {"implementation": (1, 2, 3)}

# class -> {later argument without a counterpart: the values that mean what Keras 1.2 does}
ONLY: dict[str, dict[str, tuple]] = {
    "GRU": _RECURRENT_ONLY,
    **dict.fromkeys(("SimpleRNN", "LSTM"), _RECURRENT_ONLY | {"reset_after": (False,)}),
    "LayerNormalization": {"rms_scaling": (False,)},
    **dict.fromkeys(("SimpleRNNCell", "GRUCell", "LSTMCell"), {"implementation": (0, 1, 2), "seed": (None,)}),
    "ConvLSTM2DCell": _NO_GAPS | {"seed": (None,)},
    "ConvLSTM2D": _NO_GAPS | {"seed": (None,)},
    "_ConvLSTM": {"seed": (None,)},
    **dict.fromkeys(("SeparableConvolution1D", "SeparableConvolution2D"), {"groups": (1,)}),
    "Deconvolution2D": {"groups": (1,)},
    "Deconvolution3D": _NO_GAPS,
    "LocallyConnected1D": _FEATURES_LAST | _NO_GAPS | _ANY_WAY,
    "LocallyConnected2D": _NO_GAPS | _ANY_WAY,
    "Embedding": {"sparse": (False,), "dtype": (None, "int32", "float32")},
    "BatchNormalization": {"renorm": (False,), "fused": (None, True, False), "virtual_batch_size": (None,)},
}

# a plain convolution with a dilation rate is of another class in Keras 1.2
ATROUS = {"Convolution1D": "AtrousConvolution1D", "Convolution2D": "AtrousConvolution2D"}

_LATER_CONVOLUTION = (
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "dilation_rate",
    "activation",
    "use_bias",
    "kernel_initializer",
    "bias_initializer",
)
_LATER_NORMALIZATION = ("axis", "momentum", "epsilon", "center", "scale")


def _named(args: Sequence, order: Sequence[str], kwargs: dict) -> dict:
    return dict(zip(order, args, strict=False)) | kwargs


def _convolution(*window: str) -> Callable:
    """Later convolutions take one kernel size where Keras 1.2 takes each size by itself."""

    def order(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        in_one = "kernel_size" in kwargs or (len(args) > 1 and isinstance(args[1], tuple | list))
        if len(args) == 2 and len(window) > 1 and window[1] not in kwargs:
            in_one = True
        if len(window) == 1 and len(args) > 2 and isinstance(args[2], int | tuple):
            in_one = True
        if not in_one or (len(window) == 1 and not args and "filter_length" in kwargs):
            return args, kwargs
        kwargs = _named(args, _LATER_CONVOLUTION, kwargs)
        size = kwargs.pop("kernel_size")
        if isinstance(size, tuple | list) and len(size) != len(window):
            raise ArgumentError(
                f"kernel_size must be {len(window)} whole numbers, got {size!r}.",
                f"Write kernel_size={(3,) * len(window)}.",
                arguments=("kernel_size",),
            )
        sizes = tuple(size) if isinstance(size, tuple | list) else (size,) * len(window)
        for name, one in zip(window, sizes, strict=True):
            kwargs[name] = one
        return (), kwargs

    return order


def _deconvolution(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Later transposed convolutions work out the shape of their output."""
    if len(args) == 3 and not {"output_shape", "nb_col"} & set(kwargs):  # the third is strides, then
        args, kwargs = args[:1], {"kernel_size": args[1], "strides": args[2], **kwargs}
    named, renamed = _convolution("nb_row", "nb_col")(args, kwargs)
    return named, renamed if named else {"output_shape": None, **renamed}


def _normalization(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Later normalization begins with the axis, a whole number; Keras 1.2's with epsilon, a fraction."""
    if args and isinstance(args[0], int) and not isinstance(args[0], bool):
        return (), _named(args, _LATER_NORMALIZATION, kwargs)
    return args, kwargs


def _activation_second(*order: str) -> Callable:
    """Later layers take the activation second; Keras 1.2's the initialization."""

    def ordered(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        if len(args) >= 2 and _is_activation(args[1]):
            return args[:1], _named(args[1:], order, kwargs)
        return args, kwargs

    return ordered


def _is_activation(value: Any) -> bool:
    if isinstance(value, str):
        return value not in _initializations()
    return callable(value) and getattr(value, "__module__", "").startswith(_ACTIVATIONS)


_ACTIVATIONS = tuple(f"{__name__.split('.')[0]}.{name}" for name in ("activations", "backend"))


def _separable(*window: str) -> Callable:
    """Later separable convolutions begin their two kernels each in its own way."""

    def order(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
        args, kwargs = _convolution(*window)(args, kwargs)
        if "depthwise_initializer" in kwargs:
            kwargs = {"pointwise_initializer": "glorot_uniform", **kwargs}
        return args, kwargs

    return order


def _any_layer(args: tuple, kwargs: dict) -> tuple[tuple, dict]:
    """Any layer takes the number of its input's features, and a batch size beside the shape of one sample."""
    if "input_dim" in kwargs:
        features = kwargs.pop("input_dim")
        if features is not None and kwargs.get("input_shape") is None:
            kwargs["input_shape"] = (features,)
    if "batch_size" in kwargs:
        size, shape = kwargs.pop("batch_size"), kwargs.get("input_shape")
        if size is not None and shape is not None:
            kwargs["batch_input_shape"] = (size, *shape)
    return args, kwargs


def _initializations() -> set[str]:
    return set(initial_values.__all__)


# class -> what puts later positional arguments under their names
ORDERS: dict[str, Callable[[tuple, dict], tuple[tuple, dict]]] = {
    **{name: _convolution("filter_length") for name in ("Convolution1D", "AtrousConvolution1D", "LocallyConnected1D")},
    **{
        name: _convolution("nb_row", "nb_col")
        for name in (
            "Convolution2D",
            "AtrousConvolution2D",
            "LocallyConnected2D",
            "ConvLSTM2D",
        )
    },
    **{
        name: _convolution("kernel_dim1", "kernel_dim2", "kernel_dim3") for name in ("Convolution3D", "Deconvolution3D")
    },
    "Deconvolution2D": _deconvolution,
    "BatchNormalization": _normalization,
    "SeparableConvolution2D": _separable("nb_row", "nb_col"),
    "SeparableConvolution1D": _separable("filter_length"),
    "Dense": _activation_second("activation", "use_bias", "kernel_initializer"),
    "SimpleRNN": _activation_second("activation", "use_bias"),
    **{name: _activation_second("activation", "recurrent_activation", "use_bias") for name in ("GRU", "LSTM")},
    "Layer": _any_layer,
    "InputLayer": _any_layer,
}

# What methods of models take.
MODEL = {"inputs": "input", "outputs": "output"}
FIT = {"epochs": "nb_epoch"}

# What fit_generator and its like take; the first three count batches, where Keras 1.2's count samples.
COUNTS = {"steps_per_epoch": "samples_per_epoch", "steps": "val_samples", "validation_steps": "nb_val_samples"}
GENERATOR = COUNTS | {
    "epochs": "nb_epoch",
    "workers": "nb_worker",
    "use_multiprocessing": "pickle_safe",
    "max_queue_size": "max_q_size",
}
# What later fit, evaluate and predict take and arrays in memory have no use for.
FOR_GENERATORS = ("max_queue_size", "workers", "use_multiprocessing")
# What they take that can only say what Keras 1.2 does.
ONLY_IN_FIT = {
    "steps_per_epoch": (None,),
    "validation_steps": (None,),
    "steps": (None,),
    "validation_freq": (1,),
    "validation_batch_size": (None,),
    "callbacks": (None, []),
}

# What optimizers take.
OPTIMIZER = {"learning_rate": "lr", "global_clipnorm": "clipnorm"}
