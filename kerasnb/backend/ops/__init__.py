"""The ops, one file per family; each is declared once, with its shape rule and its lowerings."""

from . import (
    control,
    convolve,
    elementwise,
    indexing,
    linear,
    machines,
    nn,
    pool,
    random,
    reduce,
    refuse,
    shaping,
    state,
)

__all__ = [
    "control",
    "convolve",
    "elementwise",
    "indexing",
    "linear",
    "machines",
    "nn",
    "pool",
    "random",
    "reduce",
    "refuse",
    "shaping",
    "state",
]
