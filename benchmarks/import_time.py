"""Seconds from numpy loaded to the library loaded, and the modules that came with it."""

import sys

import numpy  # noqa: F401 - what both need is not counted

from benchmarks.contestants import is_peer
from benchmarks.measure import report, seconds


def load_library(what: str) -> None:
    if is_peer():
        import keras  # noqa: F401
    elif what == "extension":
        import kerasnb

        kerasnb.load_ipython_extension(get_shell())
    else:
        import kerasnb  # noqa: F401

        if what == "layers":
            import kerasnb.layers
            import kerasnb.models  # noqa: F401


def get_shell():
    from IPython.core.interactiveshell import InteractiveShell

    return InteractiveShell.instance()


if __name__ == "__main__":
    if sys.argv[1] == "extension":
        get_shell()
    before = set(sys.modules)
    took = seconds(lambda: load_library(sys.argv[1]))
    report(seconds=took, modules=len(set(sys.modules) - before))
