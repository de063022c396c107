"""Seconds from numpy loaded to the library loaded, and the modules that came with it."""

import sys

import numpy  # noqa: F401 - what both need is not counted

from benchmarks.contestants import is_peer
from benchmarks.measure import report, seconds


def load_library() -> None:
    if is_peer():
        import keras  # noqa: F401
    else:
        import kerasnb  # noqa: F401
        import kerasnb.layers
        import kerasnb.models  # noqa: F401


if __name__ == "__main__":
    before = set(sys.modules)
    took = seconds(load_library)
    report(seconds=took, modules=len(set(sys.modules) - before))
