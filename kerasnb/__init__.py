"""kerasnb: build a neural network in a notebook while seeing it."""

__version__ = "0.1.0"


def load_ipython_extension(shell):
    """`%load_ext kerasnb`: the `%kerasnb` magic."""
    from .magics import load
    load(shell)


def unload_ipython_extension(shell):
    """`%unload_ext kerasnb`."""
    from .magics import unload
    unload(shell)
