"""The form of a class, read from its constructor: one field per argument, with its kind, default and help.

Made for layers; of an optimizer it is read in the same way.
"""

from __future__ import annotations

import importlib
import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from ....backend.ops.resample import INTERPOLATIONS
from ....spelling.names import NAMES
from .registry import layer_class
from .values import Call

__all__ = ["Field", "HELD", "REQUIRED", "fields_of", "named_arguments", "starting_arguments"]

REQUIRED = inspect.Parameter.empty

# what a new layer starts with where its constructor asks for a value
_STARTS: dict[Any, Any] = {
    "output_dim": 32,
    "input_dim": 1000,
    "nb_filter": 16,
    "nb_row": 3,
    "nb_col": 3,
    "filter_length": 3,
    "kernel_size": 3,
    "kernel_dim1": 3,
    "kernel_dim2": 3,
    "kernel_dim3": 3,
    "n": 2,
    "p": 0.5,
    "sigma": 0.1,
    "activation": "relu",
    "target_shape": (-1,),
    "dims": (2, 1),
    "axes": 1,
    "filters": 16,
    "num_heads": 2,
    "key_dim": 16,
    "head_dim": 16,
    "num_query_heads": 4,
    "num_key_value_heads": 2,
    "equation": "...x,xy->...y",
    "height": 8,
    "width": 8,
    "factor": 0.1,
    "height_factor": 0.1,
    "width_factor": 0.1,
    "scale": 0.00392156862745098,  # 1 / 255
    "output_size": 1,
    "num_tokens": 10,
    ("EinsumDense", "output_shape"): 32,
}

# arguments the canvas itself takes care of, or that hold arrays and tensors
_HIDDEN = {
    "self",
    "name",
    "weights",
    "layers",
    "node_indices",
    "tensor_indices",
    "input_tensor",
    "sparse",
    "trainable",
    "arguments",
    "output_mask",
    "flash_attention",  # a way to compute that there is not
    "jit_compile",  # how it is run, not what it computes
}
_CHOICES: dict[Any, tuple] = {
    "border_mode": ("valid", "same"),
    "dim_ordering": ("default", "tf", "th"),
    "consume_less": ("cpu", "mem", "gpu"),
    "merge_mode": ("concat", "sum", "mul", "ave", None),
    "input_dtype": ("float32", "float64", "int32", "int64", "bool"),
    "padding": ("valid", "same"),
    "data_format": (None, "channels_last", "channels_first"),
    "fill_mode": ("reflect", "wrap", "constant", "nearest"),
    "score_mode": ("dot", "concat"),
    ("Convolution1D", "border_mode"): ("valid", "same", "causal"),
    ("AtrousConvolution1D", "border_mode"): ("valid", "same", "causal"),
    **{(f"ZeroPadding{axes}D", "padding"): () for axes in (1, 2, 3)},
    ("Resizing", "fill_mode"): ("constant",),
    ("Resizing", "interpolation"): INTERPOLATIONS,
    ("RandomFlip", "mode"): ("horizontal_and_vertical", "horizontal", "vertical"),
    ("CategoryEncoding", "output_mode"): ("multi_hot", "one_hot", "count"),
    ("Discretization", "output_mode"): ("int", "multi_hot", "one_hot", "count"),
    **{
        (name, "interpolation"): ("bilinear", "nearest")
        for name in ("RandomRotation", "RandomZoom", "RandomTranslation")
    },
    ("Merge", "mode"): ("sum", "mul", "concat", "ave", "max", "dot", "cos"),
    ("BatchNormalization", "mode"): (0, 1, 2),
}
_SUGGESTIONS = {
    "regularizer": ("None", "l1(0.01)", "l2(0.01)", "l1l2(l1=0.01, l2=0.01)"),
    "constraint": ("None", "maxnorm(2)", "nonneg()", "unitnorm()"),
    "cell": ("LSTMCell(32)", "GRUCell(32)", "StackedRNNCells([LSTMCell(32), LSTMCell(16)])"),
    "layer": ("Dense(32)", "LSTM(32, return_sequences=True)", "Convolution2D(16, 3, 3)"),
}
# the arguments of layers that hold layers -> what their fields take
HELD = {"layer": "takes a layer, as Dense(32)", "cell": "takes a cell, as LSTMCell(32), or a list of them"}
HELD |= {"cells": "takes a list of cells, as [LSTMCell(32), GRUCell(16)]"}
# arguments of later layers that are the same in each of them
_HELP = {
    "bias_initializer": "how the bias starts: the name of an initialization, or a function.",
    "recurrent_initializer": "how the weights of the state start.",
    "recurrent_regularizer": "penalty on the weights of the state.",
    "recurrent_constraint": "what the weights of the state must satisfy.",
    "depthwise_regularizer": "penalty on the kernel of each feature.",
    "depthwise_constraint": "what the kernel of each feature must satisfy.",
    "gamma_constraint": "what the factors must satisfy.",
    "beta_constraint": "what the offsets must satisfy.",
    "dilation_rate": "gaps of this many less 1 between the weights of a kernel.",
    "fill_mode": "what lies outside the picture.",
    "num_bins": "into how many parts of equal counts the data are cut.",
    "epsilon": "how exactly quantiles are found, a fraction.",
}
# numbers that may be left out
_OPTIONAL_NUMBERS = {"clipnorm", "clipvalue", "local_clipnorm", "global_clipnorm", "weight_decay", "loss_scale_factor"}
_OPTIONAL_INTEGERS = {"seed", "ema_overwrite_frequency", "gradient_accumulation_steps"}
_SEGMENTS = 3  # this many choices are all shown beside each other


@dataclass(frozen=True)
class Field:
    """One argument as a form shows it.

    `kind` is one of integer, number, boolean, segments, choice, integers, expression.
    """

    name: str
    kind: str
    default: Any
    choices: tuple = ()
    suggestions: tuple = ()
    help: str = ""

    @property
    def is_required(self) -> bool:
        """Whether the argument has no default."""
        return self.default is REQUIRED


@cache
def fields_of(cls: type) -> tuple[Field, ...]:
    """The fields of a class, in the order of its signature."""
    helps = {**_usual_help(), **_argument_help(cls)}
    return tuple(
        _field(cls, parameter, helps.get(parameter.name, ""))
        for parameter in _parameters(cls)
        if not _is_hidden(parameter)
    )


def _parameters(cls: type) -> list[inspect.Parameter]:
    """The constructor's parameters, and those of the classes its `**kwargs` go to, as in recurrent layers."""
    found: dict[str, inspect.Parameter] = {}
    for parent in cls.__mro__:
        if parent.__name__ == "Layer" or (found and _settles(cls, parent)):
            break
        if "__init__" in parent.__dict__ and not (found and parent.__name__[0] == "_"):
            parameters = inspect.signature(parent.__dict__["__init__"]).parameters.values()
            for parameter in parameters:
                if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
                    found.setdefault(parameter.name, parameter)
            if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
                break
    return list(found.values())


def _settles(cls: type, parent: type) -> bool:
    """Whether our own class settles its parent's arguments: SpatialDropout1D those of Dropout, Add of Merge."""
    is_ours = cls.__module__.startswith("kerasnb.")
    is_concrete = "call" in parent.__dict__ and parent.__name__ not in ("Recurrent", "ConvRecurrent2D")
    return is_ours and is_concrete and parent.__name__[0] != "_"


def starting_arguments(cls: type) -> dict[str, Any]:
    """Values for the arguments that the constructor asks for, as far as one is usual."""
    starts = {**_STARTS, "layer": Call("LSTM" if cls.__name__ == "Bidirectional" else "Dense", (32,))}
    starts |= {"cell": Call("LSTMCell", (32,)), "cells": [Call("LSTMCell", (32,))]}
    starts |= {name[1]: value for name, value in _STARTS.items() if isinstance(name, tuple) and name[0] == cls.__name__}
    return {field.name: starts[field.name] for field in fields_of(cls) if field.is_required and field.name in starts}


def named_arguments(call: Any) -> dict[str, Any]:
    """The arguments of a call of a layer, those in front by the names of their fields."""
    names = [field.name for field in fields_of(layer_class(call.function))]
    return {**dict(zip(names, call.positional, strict=False)), **dict(call.named)}


def _is_hidden(parameter: inspect.Parameter) -> bool:
    # the size of the input comes from what the layer is connected to
    from_input = parameter.name in ("input_dim", "input_length") and parameter.default is not REQUIRED
    return parameter.name in _HIDDEN or from_input


def _field(cls: type, parameter: inspect.Parameter, text: str) -> Field:
    name, default = parameter.name, parameter.default
    choices = _CHOICES.get((cls.__name__, name), _CHOICES.get(name)) or _named_choices(name)
    suggestions = _SUGGESTIONS.get(name.rpartition("_")[2], ())
    kind = _kind(name, _STARTS.get(name) if default is REQUIRED else default, choices, suggestions)
    return Field(name, kind, default, choices, suggestions, text)


def _kind(name: str, sample: Any, choices: tuple, suggestions: tuple) -> str:
    if choices:
        return "segments" if len(choices) < _SEGMENTS else "choice"
    if isinstance(sample, bool):
        return "boolean"
    if isinstance(sample, int) or name in _OPTIONAL_INTEGERS:
        return "integer"
    if isinstance(sample, float) or name in _OPTIONAL_NUMBERS:
        return "number"
    is_pair = isinstance(sample, tuple) and len(sample) in (2, 3) and all(isinstance(item, int) for item in sample)
    return "integers" if is_pair else "expression"


def _named_choices(name: str) -> tuple:
    if name.endswith("activation"):
        return (None, *_public_functions("kerasnb.activations"))
    if name == "init" or name.endswith(("_init", "initializer")):
        return _public_functions("kerasnb.initial_values")
    return ()


# what lives beside the named functions and is no choice itself; threshold needs further arguments
_NO_CHOICE = {"get", "get_fans", "threshold"}


@cache
def _public_functions(module_name: str) -> tuple[str, ...]:
    module = importlib.import_module(module_name)
    return tuple(
        name for name in module.__all__ if inspect.isfunction(getattr(module, name)) and name not in _NO_CHOICE
    )


@cache
def _usual_help() -> dict[str, str]:
    """What arguments mean that many layers have, under both names, for those whose docstrings leave them out."""
    helps: dict[str, str] = dict(_HELP)
    for name in ("Convolution2D", "LSTM", "BatchNormalization", "Dense"):
        own = _argument_help(layer_class(name))
        helps |= {later: own[earlier] for later, earlier in NAMES[name].items() if earlier in own} | own
    return helps


def _argument_help(cls: type) -> dict[str, str]:
    """Argument name -> its sentence in the Args section of the class, or of the classes it comes from."""
    helps: dict[str, str] = {}
    for parent in reversed(cls.__mro__):
        section = re.search(r"Args:\n((?:[ \t]+.*\n?|\n)+)", inspect.cleandoc(parent.__dict__.get("__doc__") or ""))
        for name, text in re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", section.group(1) if section else "", re.M):
            helps[name] = " ".join(text.split())
    return helps
