"""The family that a layer class belongs to, by which layers are grouped and coloured."""

from __future__ import annotations

__all__ = ["family_of"]

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
    **dict.fromkeys(("sequential", "training", "container", "picking"), "models"),
}


def family_of(cls: type) -> str:
    """The file the class is written in, or what that file is a part of; a user's own layers are `custom`."""
    package, _, file = cls.__module__.rpartition(".")
    return _PART_OF.get(file, file) if package.startswith("kerasnb") else "custom"
