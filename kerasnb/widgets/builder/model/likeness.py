"""Whether two configurations make the same layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["are_alike"]

# names are made up for layers inside; the input's shape and type come from what a layer is connected to
_BESIDE = {"name", "trainable", "batch_input_shape", "input_shape", "input_dtype", "input_dim", "input_length"}


def are_alike(one: Any, other: Any) -> bool:
    """Whether they say the same, names and what comes from the input left out.

    >>> are_alike({"name": "a", "p": 0.5}, {"name": "b", "p": 0.5})
    True
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        mine, theirs = _kept(one), _kept(other)
        return mine.keys() == theirs.keys() and all(are_alike(mine[name], theirs[name]) for name in mine)
    function = getattr(one, "function", None)  # code that knows whose it is
    if one is other or (function is not None and function is getattr(other, "function", None)):
        return True
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(are_alike, one, other))
    if isinstance(one, np.ndarray) or isinstance(other, np.ndarray):
        return bool(np.array_equal(one, other))
    return bool(one == other)


def _kept(config: Mapping) -> dict:
    return {name: value for name, value in config.items() if name not in _BESIDE}
