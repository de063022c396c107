"""Where Keras 2 keeps what it has left of Keras 1."""

from ..carried import parts

parts(__name__, "interfaces layers")
