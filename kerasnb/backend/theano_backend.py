"""K on Theano, whichever backend is chosen: `from kerasnb.backend import theano_backend as KTH`."""

from .side_by_side import names, namespace

_bound = namespace("theano")


def __getattr__(name: str):
    if name == "__all__":
        return names()
    return _bound(name)


def __dir__() -> list[str]:
    return names()
