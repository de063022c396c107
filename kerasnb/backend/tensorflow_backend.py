"""K on TensorFlow, whichever backend is chosen: `from kerasnb.backend import tensorflow_backend as KTF`."""

from .side_by_side import names, namespace

_bound = namespace("tensorflow")


def __getattr__(name: str):
    if name == "__all__":
        return names()
    return _bound(name)


def __dir__() -> list[str]:
    return names()
