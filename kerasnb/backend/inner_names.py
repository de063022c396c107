"""Names that programs for Keras 1 reach for inside K: the backend's own library, and settings with an underscore."""

from __future__ import annotations

from typing import Any

from ..errors import KerasnbError
from . import config, phase, runtime

__all__ = ["find", "setting"]

# K's name -> (the backend that has it, where it is in that backend's library)
_LIBRARY = {
    "tf": ("tensorflow", ""),
    "T": ("theano", ""),
    "theano": ("theano", "whole"),
    "th_sparse_module": ("theano", "sparse"),
}
_SETTINGS = {
    "_BACKEND": runtime.backend,
    "_FLOATX": config.floatx,
    "_EPSILON": config.epsilon,
    "_IMAGE_DIM_ORDERING": config.image_dim_ordering,
    "_LEARNING_PHASE": phase.learning_phase,
}


class _ElsewhereError(KerasnbError, AttributeError):
    """A name that another backend has; `hasattr` says no."""


def find(name: str) -> Any:
    """The value of K's attribute `name`.

    Raises:
        AttributeError: K has no such name, or only another backend has it.
    """
    if name not in _LIBRARY:
        return setting(name)
    backend, part = _LIBRARY[name]
    if runtime.backend() != backend:
        raise _ElsewhereError(
            f"K.{name} is {backend}'s own; the backend is {runtime.backend()}.",
            f'Call K.use("{backend}"), or write it with K functions.',
        )
    library = runtime.load(backend).library
    return getattr(library, part) if part else library


def setting(name: str) -> Any:
    """The setting that Keras 1 keeps under this inner name.

    Raises:
        AttributeError: there is none.
    """
    if name not in _SETTINGS:
        raise AttributeError(f"module 'kerasnb.backend' has no attribute {name!r}")
    return _SETTINGS[name]()
