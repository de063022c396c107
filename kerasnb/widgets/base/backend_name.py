"""How the backend in use is written."""

from __future__ import annotations

from ... import backend as K

__all__ = ["backend_title"]

TITLES = {"tensorflow": "TensorFlow", "theano": "Theano"}


def backend_title() -> str:
    """`TensorFlow` or `Theano`."""
    return TITLES.get(K.backend(), K.backend())
