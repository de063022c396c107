"""A layer of ours as Keras 3 describes it: its class and arguments there, or why there are none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ....errors import ArgumentError
from ....spelling.attributes import WINDOWS
from ....spelling.later import later_class
from ....spelling.names import NAMES, VALUES
from ...layer import LAYERS, Layer
from ..later.configs import is_ours
from .values import later_activation, later_constraint, later_initializer, later_regularizer

__all__ = ["described", "arguments_of", "refused"]

# what only Keras 1 and 2 have
_GONE = {
    "Highway": "Write it with Dense, Multiply and Add.",
    "MaxoutDense": "Write it with several Dense and Maximum.",
    "ConvRNN2D": "Use ConvLSTM2D.",
    "LocallyConnected1D": "",
    "LocallyConnected2D": "",
    "ParametricSoftplus": "",
    "SReLU": "",
    "Lambda": "Its code cannot be written; compute it with layers.",
}
# what follows from the rest there, or changes only how something is computed
_DROPPED = {"batch_input_shape", "input_dtype", "input_dim", "input_length", "consume_less", "mode", "name", "dropout"}
_DROPPED |= {"mode_type", "arguments", "output_mask", "output_mask_type", "output_shape_type", "unroll_steps"}
_DROPPED |= {"averages_when_frozen", "leaves_masked_out", "divides_by_batch"}
_ANY_CLASS = {"inner_init": "recurrent_initializer", "U_regularizer": "recurrent_regularizer"}
# arguments since Keras 3.6 and later, with the values that earlier ones mean without them
_NEWER: dict[str, Any] = {"use_gate": False, "sliding_window": None, "seed": None}
# arguments that a layer has under both names -> those that count
_KEEPS = {"Embedding": {"input_dim"}}
_KEEPS |= dict.fromkeys(("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"), {"dropout"})
_KEEPS |= dict.fromkeys(("SimpleRNNCell", "GRUCell", "LSTMCell", "ConvLSTM2DCell"), {"dropout"})


def refused(layer: Layer, why: str, advice: str = "") -> ArgumentError:
    """The error for a layer that Keras 3's files cannot have."""
    advice = advice or 'Save it as HDF5, which kerasnb reads: model.save("model.h5").'
    return ArgumentError(f"Keras 3 has no {why}, so the model cannot be written for it.", advice).named(
        type(layer).__name__, layer.name
    )


def described(layer: Layer, inner: Callable[[Layer], dict]) -> dict:
    """Class and config of a layer.

    Args:
        inner: describes a layer that is in this one.

    Raises:
        ArgumentError: Keras 3 has no such layer or argument.
    """
    name, arguments = arguments_of(layer, inner)
    flag = {"trainable": bool(layer.trainable)} if layer.weights else {}  # which some without weights do not take
    config = {"name": layer.name, **flag, "dtype": "float32", **arguments}
    if "/" in layer.name:
        raise refused(layer, "names with a / in them", "Give it another name.")
    return {"module": "keras.layers", "class_name": name, "config": config, "registered_name": None}


def arguments_of(layer: Layer, inner: Callable[[Layer], dict]) -> tuple[str, dict[str, Any]]:
    """A layer's class and arguments in Keras 3, but for those that every layer has."""
    kind = type(layer).__name__
    if not is_ours(type(layer)) or LAYERS.get(kind) is not type(layer):
        raise refused(layer, f"class {kind}")
    if kind in _GONE:
        raise refused(layer, f"layer {kind}", _GONE[kind])
    special = _SPECIAL.get(kind)
    config = dict(layer.get_config())
    config.pop("trainable", None)
    arguments = special(layer, config) if special else config
    names = _later_names(layer)
    kept = _KEEPS.get(kind, set())
    found: dict[str, Any] = {}
    for name, value in _one_window(layer, arguments).items():
        if (name in _DROPPED and name not in kept) or (name in _NEWER and value == _NEWER[name]):
            continue
        found[names.get(name, name)] = _value(layer, name, value, inner)
    return later_class(layer) if kind != "ThresholdedReLU" else "ReLU", found


def _later_names(layer: Layer) -> dict[str, str]:
    """Our name of each argument that has another one in Keras 3."""
    names: dict[str, str] = {}
    for cls in reversed(type(layer).__mro__):
        table = NAMES.get(cls.__name__, {}) if cls is not Layer else {}
        names |= {earlier: later for later, earlier in table.items()}
    return {**_ANY_CLASS, **names, **({"alpha_init": "alpha_initializer"} if type(layer).__name__ == "PReLU" else {})}


def _one_window(layer: Layer, arguments: dict) -> dict:
    """The arguments with the sizes of a window as one."""
    sizes = next((names for names in WINDOWS if all(name in arguments for name in names)), ())
    if not sizes:
        return arguments
    others = {name: value for name, value in arguments.items() if name not in sizes}
    return {**others, "kernel_size": tuple(arguments[name] for name in sizes)}


def _value(layer: Layer, name: str, value: Any, inner: Callable[[Layer], dict]) -> Any:
    if name in ("dim_ordering", "data_format"):
        if value in ("th", "channels_first"):
            raise refused(
                layer, "features first on every of its backends", "Make the layer in 'tf' order (features last)."
            )
        return "channels_last"
    if name == "border_mode" and value == "full":
        raise refused(layer, "border_mode='full'", "Use ZeroPadding and border_mode='valid'.")
    if name == "forget_bias_init":
        return value == "one"
    if name in VALUES:
        return next((later for later, earlier in VALUES[name].items() if earlier == value), value)
    if name in ("layer", "backward_layer", "cell"):
        return inner(value if isinstance(value, Layer) else getattr(layer, name))
    if name == "cells":
        return [inner(one) for one in layer.cells]  # type: ignore[attr-defined]  # of StackedRNNCells
    if name.endswith("activation"):
        return later_activation(layer, value)
    if name.endswith("regularizer"):
        return later_regularizer(layer, value)
    if name.endswith("constraint"):
        return later_constraint(layer, value)
    if name in ("init", "inner_init") or name.endswith(("_init", "initializer")):
        return later_initializer(value)
    return value


# ---- layers whose arguments Keras 3 tells in other words


def _merge(layer: Any, config: dict) -> dict:
    if callable(layer.mode):
        raise refused(layer, "Merge by a function", "Compute it with layers.")
    if layer.mode == "concat":
        return {"axis": layer.concat_axis}
    return {"axes": layer.dot_axes, "normalize": layer.mode == "cos"} if layer.mode in ("dot", "cos") else {}


def _normalization(layer: Any, config: dict) -> dict:
    if config.get("mode"):
        raise refused(layer, f"BatchNormalization(mode={config['mode']})", "Only mode 0 went on.")
    return config


def _embedding(layer: Any, config: dict) -> dict:
    if config.get("dropout"):
        raise refused(layer, "Embedding(dropout=...)", "Put SpatialDropout1D behind it.")
    return config


def _separable(layer: Any, config: dict) -> dict:
    """Its two kernels begin each in its own way; there is none in one."""
    start = later_initializer(config.pop("init"))
    for name in ("W_regularizer", "W_constraint"):
        if config.pop(name, None) is not None:
            raise refused(layer, f"{name} of {type(layer).__name__}", "Use depthwise_ and pointwise_ ones.")
    pointwise = {"pointwise_initializer": start} if "Depthwise" not in type(layer).__name__ else {}
    return {"depthwise_initializer": start, **pointwise, **config}


def _padding_2d(layer: Any, config: dict) -> dict:
    return {**config, "padding": ((layer.top_pad, layer.bottom_pad), (layer.left_pad, layer.right_pad))}


def _padding_1d(layer: Any, config: dict) -> dict:
    return {**config, "padding": (layer.left_pad, layer.right_pad)}


def _padding_3d(layer: Any, config: dict) -> dict:
    return {**config, "padding": layer.sides}


def _deconvolution(layer: Any, config: dict) -> dict:
    """Keras 3 works out the shape of the output, which must be the one that was asked for."""
    asked = config.pop("output_shape", None)
    if asked is None or not isinstance(layer.built_for, tuple):
        return config
    windows = zip(layer.built_for[1:3], layer.subsample, (layer.nb_row, layer.nb_col), strict=True)
    if layer.border_mode == "same":
        expected = [None if size is None else size * step for size, step, _ in windows]
    else:
        expected = [None if size is None else size * step + max(window - step, 0) for size, step, window in windows]
    if any(one not in (None, other) for one, other in zip(asked[1:3], expected, strict=True)):
        raise refused(layer, f"output_shape={tuple(asked)} of Conv2DTranspose", "Leave output_shape out.")
    return config


def _gru(layer: Any, config: dict) -> dict:
    return {"reset_after": False, **_recurrent(layer, config)}


def _recurrent(layer: Any, config: dict) -> dict:
    """What later programs call as Keras 3 does counts, not Keras 1.2's argument beside it."""
    for later, earlier in (("recurrent_initializer", "inner_init"), ("recurrent_regularizer", "U_regularizer")):
        if later in config:
            config.pop(earlier, None)
    return config


def _bidirectional(layer: Any, config: dict) -> dict:
    config.pop("backward_layer", None)
    if config.pop("num_constants", None):
        raise refused(layer, "constants of Bidirectional")
    # told both, as Keras writes them: one that it makes itself it may take for another layer of the file
    return {**config, "layer": layer.forward_layer, "backward_layer": layer.backward_layer}


def _threshold(layer: Any, config: dict) -> dict:
    return {"threshold": float(config["theta"])}


_SPECIAL: dict[str, Callable[[Any, dict], dict]] = {
    "Merge": _merge,
    "BatchNormalization": _normalization,
    "Embedding": _embedding,
    **dict.fromkeys(("SeparableConvolution1D", "SeparableConvolution2D", "DepthwiseConv2D"), _separable),
    "ZeroPadding1D": _padding_1d,
    "ZeroPadding2D": _padding_2d,
    "ZeroPadding3D": _padding_3d,
    "Deconvolution2D": _deconvolution,
    "GRU": _gru,
    "CuDNNGRU": _gru,
    **dict.fromkeys(("SimpleRNN", "LSTM", "CuDNNLSTM", "ConvLSTM2D"), _recurrent),
    "Bidirectional": _bidirectional,
    "ThresholdedReLU": _threshold,
}
