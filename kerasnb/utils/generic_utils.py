"""Keras's path to helpers of all kinds."""

from .code_text import func_dump, func_load
from .custom_objects import CustomObjectScope, custom_object_scope, get_custom_objects, get_from_module
from .progbar import Progbar
from .tuples import make_tuple

__all__ = [
    "get_custom_objects",
    "CustomObjectScope",
    "custom_object_scope",
    "get_from_module",
    "make_tuple",
    "Progbar",
    "func_dump",
    "func_load",
]
