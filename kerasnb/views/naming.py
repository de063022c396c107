"""What a layer's class is, the family it belongs to, and how a learning rate is told."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["class_of", "family_of", "known_rate"]

# files that hold a part of a family; the other files of `layers/` are families
_PART_OF = {
    "spatial": "convolutional",
    "depthwise": "convolutional",
    "transposed": "convolutional",
    "cudnn_recurrent": "recurrent",
    "cells": "recurrent",
    "rnn": "recurrent",
    "convolutional_cells": "convolutional_recurrent",
    "inputs": "core",
    "einsum_dense": "core",
    "multi_head_attention": "attention",
    "grouped_query_attention": "attention",
    **dict.fromkeys(
        ("layer_normalization", "group_normalization", "unit_normalization", "rms_normalization"), "normalization"
    ),
    "feature_normalization": "normalization",
    "adaptive_pooling": "pooling",
    "later_along_time": "convolutional",
    "identity": "core",
    "lookup": "embeddings",
    "operator": "core",
    "spectral_normalization": "wrappers",
    **dict.fromkeys(("rescaling", "image_sizes", "random_colours", "random_images", "random_tones"), "images"),
    **dict.fromkeys(("sequential", "training", "container", "picking", "stand_in"), "models"),
}
# Keras's folders under `layers` that are called otherwise
_OF_KERAS = {
    "rnn": "recurrent",
    "merging": "merge",
    "activations": "advanced_activations",
    "activation": "advanced_activations",
    "regularization": "noise",
    "reshaping": "core",
    "preprocessing": "core",
    "locally_connected": "local",
    "kernelized": "core",
}


def class_of(layer: Any) -> Any:
    """The class of a layer; of one that is viewed, that of the layer itself."""
    return getattr(layer, "viewed_class", None) or type(layer)


def family_of(cls: type) -> str:
    """The file or folder its class is written in, or what that is a part of; a user's own layers are `custom`."""
    library, _, rest = cls.__module__.partition(".")
    if library in ("keras", "tf_keras"):
        folders = rest.split(".")
        return _family_of_keras(folders)
    package, _, file = cls.__module__.rpartition(".")
    return _PART_OF.get(file, file) if package.startswith("kerasnb") else "custom"


def _family_of_keras(folders: list[str]) -> str:
    """`src.layers.rnn.lstm` is `recurrent`; operators are `core`."""
    if "layers" in folders:
        folder = folders[folders.index("layers") + 1]
        return "wrappers" if folders[-1] in ("bidirectional", "time_distributed") else _OF_KERAS.get(folder, folder)
    is_model = "models" in folders or "engine" in folders
    return "models" if is_model and folders[-1] != "input_layer" else "core"


def known_rate(value: Any) -> float:
    """A learning rate to 6 digits."""
    return float(f"{float(np.asarray(value)):.6g}")
