"""Modules of TensorFlow 1 that its Keras backend let through, such as `K.control_flow_ops`, with what is left of them.

They were inner modules, and some have moved or gone; what they held is public in `tf.compat.v1`, where it is sought.
"""

from __future__ import annotations

from typing import Any

from ..errors import KerasnbError

__all__ = ["ElsewhereError", "MODULES", "OldModule", "REFUSED"]

# K's name -> the parts of tf.compat.v1 that hold what it held
MODULES = {
    "array_ops": ("",),
    "control_flow_ops": ("",),
    "ctc": ("nn", ""),
    "dtypes_module": ("", "dtypes"),
    "functional_ops": ("",),
    "image_ops": ("image", ""),
    "math_ops": ("", "math"),
    "nn": ("nn",),
    "state_ops": ("",),
    "tensor_array_ops": ("",),
    "tf_image_ops": ("image", ""),
    "tf_math_ops": ("", "math"),
    "tf_state_ops": ("",),
}
# K's name -> what to write instead
REFUSED = {
    "config_pb2": "Write tf.compat.v1.ConfigProto(...), or leave the session's options out.",
    "context": "Ask tf.executing_eagerly().",
    "device_lib": "Ask tf.config.list_physical_devices().",
    "moving_averages": "Write K.moving_average_update(variable, value, momentum), for add_update.",
    "tf_keras_backend": "Write it with K functions.",
    "tf_ops": "Write it with K functions.",
    "tf_utils": "Write it with K functions.",
    "tfdev": "Write tf.device(...).",
}


class ElsewhereError(KerasnbError, AttributeError):
    """A name that another backend or another TensorFlow has; `hasattr` says no."""


class OldModule:
    """What a module of TensorFlow 1 held, as `tf.compat.v1` has it; other such modules are found in it too.

    Args:
        name: K's name for it.
        library: TensorFlow.
    """

    def __init__(self, name: str, library: Any):
        self._name, self._library = name, library

    def __repr__(self) -> str:
        return f"<K.{self._name}: names of TensorFlow 1, from tf.compat.v1>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name in MODULES:
            return OldModule(name, self._library)
        old = self._library.compat.v1
        for part in MODULES[self._name]:
            place = getattr(old, part) if part else old
            if hasattr(place, name):
                return getattr(place, name)
        raise ElsewhereError(
            f"K.{self._name}.{name} was TensorFlow 1's own; TensorFlow {self._library.__version__} has no {name}.",
            "Write it with K functions, or with what tf has for it now.",
        )
