"""kerasnb: build a neural network in a notebook while seeing it."""

import importlib

__version__ = "0.1.0"

# What `import kerasnb` gives by attribute; each is imported when it is first asked for.
_MODULES = frozenset(
    """activations applications backend callbacks constraints datasets engine errors home initializations initializers
    layers losses machines magics metrics models objectives optimizers preprocessing regularizers report runs utils
    widgets wrappers""".split()
)
_NAMES = {"Input": "layers", "Model": "models", "Sequential": "models"}


def __getattr__(name: str):
    if name in _MODULES:
        return importlib.import_module(f".{name}", __name__)
    if name in _NAMES:
        return getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_NAMES})


def load_ipython_extension(shell):
    """`%load_ext kerasnb`: the `%kerasnb` magic."""
    from .magics import load

    load(shell)


def unload_ipython_extension(shell):
    """`%unload_ext kerasnb`."""
    from .magics import unload

    unload(shell)
