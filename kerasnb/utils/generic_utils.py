"""Keras's path to helpers of all kinds."""

from ..carried import carry
from .code_text import func_dump, func_load
from .custom_objects import (
    CustomObjectScope,
    custom_object_scope,
    deserialize_keras_object,
    get_custom_objects,
    get_from_module,
    serialize_keras_object,
)
from .later_helpers import (
    check_for_unexpected_keys,
    has_arg,
    is_all_none,
    make_tuple,
    slice_arrays,
    to_list,
    transpose_shape,
    unpack_singleton,
)
from .progbar import Progbar

__all__ = [
    "get_custom_objects",
    "CustomObjectScope",
    "custom_object_scope",
    "get_from_module",
    "make_tuple",
    "Progbar",
    "func_dump",
    "func_load",
    "serialize_keras_object",
    "deserialize_keras_object",
    "has_arg",
    "to_list",
    "unpack_singleton",
    "is_all_none",
    "slice_arrays",
    "transpose_shape",
    "check_for_unexpected_keys",
]


carry(__name__)
