"""`Operator`: an operation of a graph of Keras 3 as a layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from .. import backend as K
from ..engine.layer import Layer
from ..engine.node import to_list
from ..errors import ArgumentError, unknown_name
from .operations import OPERATIONS

__all__ = ["Operator"]


class Operator(Layer):
    """What graphs of Keras 3 compute without a layer: `x * 2`, `x[:, 0]`, `ops.mean(x, axis=1)`. It ends masks.

    Shape: one input or several -> what the operation makes of them.

    Args:
        operation: Keras 3's name of it, such as 'Multiply'.
        given: what it is given; `{"tensor": 0}` stands for the first input, and arrays stand as Keras 3 writes them:
            `{"class_name": "__numpy__", "config": {"value": [1.0, 2.0], "dtype": "float32"}}`. It writes so, too, what
            a variable was when the operation was called: nothing trains it.
        settings: further arguments by name.
        module: where Keras 3 has it, for files.
    """

    operations: ClassVar = OPERATIONS
    supports_masking = True

    def __init__(self, operation, given=({"tensor": 0},), settings=None, module="keras.src.ops.numpy", **kwargs):
        if operation not in OPERATIONS:
            raise unknown_name("operation", operation, OPERATIONS, "Write a layer that computes it.")
        if not isinstance(given, list | tuple) or not isinstance(settings or {}, dict):
            raise ArgumentError(f"given must be a list, and settings a dictionary, got {given!r} and {settings!r}.")
        self.operation, self.module = operation, module
        self.given, self.settings = list(given), dict(settings or {})
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        tensors = to_list(x)
        arguments = [_filled(one, tensors) for one in self.given]
        return OPERATIONS[self.operation](*arguments, **self.settings)

    def compute_mask(self, input, input_mask=None):
        return None

    def get_config(self):
        return {
            **super().get_config(),
            "operation": self.operation,
            "given": self.given,
            "settings": self.settings,
            "module": self.module,
        }


def _filled(value: Any, tensors: Sequence) -> Any:
    """An argument with the tensors in their places, and slices as Python has them."""
    if isinstance(value, dict):
        if value.keys() == {"tensor"}:
            return tensors[value["tensor"]]
        kind, config = value.get("class_name"), value.get("config", {})
        if kind == "__slice__":
            return slice(config.get("start"), config.get("stop"), config.get("step"))
        if kind == "__ellipsis__":
            return ...
        if kind in ("__numpy__", "__tensor__"):
            return _constant(config)
        raise ArgumentError(f"cannot be given {kind or value!r}.", "Write a layer that computes it.")
    return tuple(_filled(one, tensors) for one in value) if isinstance(value, list | tuple) else value


def _constant(config: dict) -> Any:
    """An array as a tensor; numbers with a point are of our kind, as those of layers are."""
    dtype = str(config.get("dtype") or K.floatx())
    return K.constant(np.asarray(config["value"]), dtype=K.floatx() if "float" in dtype else dtype)
