"""How the backend that computes a model is written."""

from __future__ import annotations

from typing import Any

from ... import backend as K
from ...views import is_foreign, view_of

__all__ = ["backend_title"]

TITLES = {"tensorflow": "TensorFlow", "theano": "Theano", "jax": "JAX", "torch": "PyTorch"}


def backend_title(model: Any = None) -> str:
    """`TensorFlow` or `Theano`; of a model of another library, that and what computes it: `Keras on JAX`."""
    if model is None or not is_foreign(model):
        return TITLES.get(K.backend(), K.backend())
    view = view_of(model)
    return f"{view.title} on {TITLES.get(view.backend, view.backend)}"
