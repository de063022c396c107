"""Names that programs for Keras 1 reach for inside K: the backend's own library, and settings with an underscore."""

from __future__ import annotations

from typing import Any

from . import config
from .graph import phase
from .old_modules import MODULES, REFUSED, ElsewhereError, OldModule
from .runtime import chosen

__all__ = ["find", "setting"]

# K's name -> (the backend that has it, where it is in that backend's library)
_LIBRARY = {
    "tf": ("tensorflow", ""),
    "T": ("theano", ""),
    "theano": ("theano", "whole"),
    "th_sparse_module": ("theano", "sparse"),
}
_SETTINGS = {
    "_BACKEND": chosen.backend,
    "_FLOATX": config.floatx,
    "_EPSILON": config.epsilon,
    "_IMAGE_DIM_ORDERING": config.image_dim_ordering,
    "_LEARNING_PHASE": phase.learning_phase,
}


def find(name: str) -> Any:
    """The value of K's attribute `name`.

    Raises:
        AttributeError: K has no such name, or only another backend or TensorFlow 1 has it.
    """
    if name in REFUSED:
        raise ElsewhereError(f"K.{name} was TensorFlow 1's own, and is not passed on.", REFUSED[name])
    if name not in _LIBRARY and name not in MODULES:
        return setting(name)
    backend, part = _LIBRARY.get(name, ("tensorflow", ""))
    if chosen.backend() != backend:
        raise ElsewhereError(
            f"K.{name} is {backend}'s own; the backend is {chosen.backend()}.",
            f'Call K.use("{backend}"), or write it with K functions.',
        )
    library = chosen.load(backend).library
    if name in MODULES:
        return OldModule(name, library)
    return getattr(library, part) if part else library


def setting(name: str) -> Any:
    """The setting that Keras 1 keeps under this inner name.

    Raises:
        AttributeError: there is none.
    """
    if name not in _SETTINGS:
        raise AttributeError(f"module 'kerasnb.backend' has no attribute {name!r}")
    return _SETTINGS[name]()
