"""The layer classes that can be added, by family, and the form of each, as the front end draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .... import backend as K
from .... import layers
from ....engine.layer import LAYERS
from ....layers import cells, rnn
from ....views import family_of
from ..document.fields import Field, fields_of
from ..document.registry import layer_class
from ..document.values import Call, write
from ..model.spelling import later_names

# what people call a layer with one of its arguments: the word -> what it stands for
_MEANT: dict[str, dict[str, dict[str, Any]]] = {
    "Activation": {
        word: {"activation": word}
        for word in ("relu", "sigmoid", "softmax", "tanh", "elu", "softplus", "softsign", "hard_sigmoid", "gelu")
    },
    "Merge": {
        **{word: {"mode": "sum"} for word in ("add", "sum", "residual", "skip")},
        **{word: {"mode": "concat"} for word in ("concatenate", "concat")},
        "multiply": {"mode": "mul"},
        "average": {"mode": "ave"},
        "maximum": {"mode": "max"},
    },
}
# what people call a layer besides its names
_CALLED = {
    "Dense": ("fc", "fully connected", "linear"),
    "BatchNormalization": ("bn", "batchnorm"),
    "LayerNormalization": ("ln", "layernorm"),
    "GroupNormalization": ("gn", "groupnorm"),
    "RMSNormalization": ("rmsnorm",),
    "Normalization": ("standardize", "scale"),
    "Rescaling": ("scale", "1/255"),
    "MultiHeadAttention": ("mha", "transformer", "self-attention"),
    "GroupQueryAttention": ("gqa",),
    "Attention": ("luong",),
    "AdditiveAttention": ("bahdanau",),
    "RandomFlip": ("mirror", "augment"),
    **dict.fromkeys(("RandomRotation", "RandomZoom", "RandomTranslation", "RandomCrop"), ("augment",)),
    **dict.fromkeys(("RandomShear", "RandomContrast", "RandomBrightness", "RandomGrayscale"), ("augment",)),
    **dict.fromkeys(("RandomSaturation", "RandomHue", "RandomColorJitter", "RandomColorDegeneration"), ("augment",)),
    **dict.fromkeys(("RandomInvert", "Solarization", "RandomPosterization", "RandomSharpness"), ("augment",)),
    "RandomErasing": ("cutout", "augment"),
    "GlobalAveragePooling2D": ("gap",),
    "GlobalMaxPooling2D": ("gmp",),
    "Bidirectional": ("blstm", "bilstm"),
    "ELU": ("elu",),
    "Embedding": ("words", "tokens"),
    "Lambda": ("function",),
    "Permute": ("transpose",),
    "RepeatVector": ("repeat",),
    "ZeroPadding2D": ("pad",),
    "TimeDistributed": ("each",),
}

__all__ = ["form_of", "palette", "schema", "field_text"]

# in the order in which models are usually put together
_FAMILIES = (
    "core",
    "convolutional",
    "pooling",
    "recurrent",
    "attention",
    "merge",
    "normalization",
    "images",
    "embeddings",
    "advanced_activations",
    "noise",
    "wrappers",
)
_COMMON = (
    *("Dense", "Activation", "Dropout", "Flatten", "Reshape"),
    *("Convolution2D", "Convolution1D", "UpSampling2D", "ZeroPadding2D"),
    *("MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "LSTM", "GRU", "Merge"),
)
_PLACEHOLDERS = {
    "input_shape": "(8, 8, 1)",
    "batch_input_shape": "(32, 8, 8, 1)",
    "layer": "Dense(32)",
    "function": "name of a function",
}
_FEW = 4  # layers of a family shown before "more" is asked for
_ABSTRACT = {"Layer", "Container", "Model", "Sequential", "Wrapper", "Recurrent", "ConvRecurrent2D"}
# what is made of cells or of calls, for which a form has no field
_NO_BOX = {*cells.__all__, *rnn.__all__, "ConvRNN2D", "Operator"}
_NO_BOX |= {name for name in LAYERS if name.endswith("DCell")}


def schema(class_name: str) -> list[dict[str, Any]]:
    """The form of a layer class."""
    return form_of(layer_class(class_name), later_names(class_name))


def form_of(cls: type, later: Mapping[str, str] = {}) -> list[dict[str, Any]]:
    """The form of a class, one row for each field.

    Args:
        later: what fields are called in later releases, where that is another name.
    """
    return [_field(field, later.get(field.name, "")) for field in fields_of(cls)]


def _field(field: Field, later: str) -> dict[str, Any]:
    return {
        "name": field.name,
        "later": later,
        "kind": field.kind,
        "default": "" if field.is_required else field_text(field, field.default),
        "choices": [str(choice) for choice in field.choices],
        "suggestions": list(field.suggestions),
        "placeholder": _PLACEHOLDERS.get(field.name, ""),
        "help": field.help,
        "words": {"default": f"default ({_default_ordering()})"} if field.name == "dim_ordering" else {},
    }


def _default_ordering() -> str:
    return K.image_dim_ordering()


def field_text(field: Field, value: Any) -> str:
    """A value as its field shows it: names without quotes, everything else as code."""
    if isinstance(value, str) or field.choices and not callable(value):
        return str(value)
    return str(value) if isinstance(value, Call) else write(value)


def palette() -> list[dict[str, Any]]:
    """The layer classes by family, with the first line of what each does."""
    families: dict[str, list] = {}
    later_classes = _later_classes()
    for name, cls in LAYERS.items():
        is_ours = cls.__module__.startswith("kerasnb.")
        is_left_out = is_ours and (name in _NO_BOX or getattr(layers, name, None) is not cls)
        if name in _ABSTRACT or is_left_out:
            continue
        summary = (cls.__dict__.get("__doc__") or "").strip().partition("\n")[0]
        later = later_classes.get(cls, [])
        meant = _MEANT.get(name, {})
        words = [word.lower() for word in (*later, *_CALLED.get(name, ()), *meant)]
        entry = {"class_name": name, "help": summary, "also": later[0] if later else "", "words": words, "meant": meant}
        families.setdefault(family_of(cls), []).append(entry)
    order = {family: index for index, family in enumerate(_FAMILIES)}
    return [
        {
            "family": family,
            "title": family.replace("_", " "),
            "layers": sorted(families[family], key=_usual_place),
            "few": max(_FEW, sum(layer["class_name"] in _COMMON for layer in families[family])),
        }
        for family in sorted(families, key=lambda family: order.get(family, len(order)))
    ]


def _later_classes() -> dict[type, list[str]]:
    """Class -> the other names that it has in `kerasnb.layers`, the usual one first."""
    names: dict[type, list[str]] = {}
    for name in layers.__all__:
        cls = getattr(layers, name)
        if isinstance(cls, type) and cls.__name__ != name:
            names.setdefault(cls, []).append(name)
    for others in names.values():
        others.sort(key=lambda name: (not name.startswith("Conv"), len(name)))  # Conv2DTranspose before Deconv2D
    return names


def _usual_place(layer: dict[str, str]) -> int:
    """The layers that most models begin with come first and later ones last; all stay in the order of their file."""
    name = layer["class_name"]
    is_last = name == "InputLayer" or name in layers.LATER
    return _COMMON.index(name) if name in _COMMON else len(_COMMON) + is_last
