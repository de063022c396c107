"""One seed for all random numbers of a program."""

from __future__ import annotations

import random
import sys

import numpy as np

from ..backend.graph.seeding import SEEDING
from ..backend.runtime import chosen
from ..errors import ArgumentError

__all__ = ["set_random_seed"]

_LARGEST = 2**32 - 1

# other libraries that the program has loaded itself, whose random numbers may meet ours: DataLoader's order, for one
_OTHERS = {"torch": "manual_seed", "keras.utils": "set_random_seed"}


def set_random_seed(seed: int) -> None:
    """Make all that follows draw the same random numbers in each run of the program.

    Set are Python's `random`, numpy's generator (first weights, the order of samples), the backend's own and those of
    Keras 3 and torch where the program has loaded them. Dropout and noise begin anew, of models that are compiled
    already too: trained again from the same weights with the same seed, a model goes the same way. A layer with a
    `seed` of its own keeps it.

    Args:
        seed: a whole number from 0 to 2**32 - 1.

    Raises:
        ArgumentError: it is none; nothing was set.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed <= _LARGEST:
        raise ArgumentError(
            f"set_random_seed: seed must be a whole number from 0 to {_LARGEST:,}, got {seed!r}.",
            "Write set_random_seed(1).",
            arguments=("seed",),
        )
    seed = int(seed)
    for module, function in _OTHERS.items():
        theirs = getattr(sys.modules.get(module), function, None)
        if theirs not in (None, set_random_seed):  # programs give kerasnb the name keras
            theirs(seed)
    random.seed(seed)
    np.random.seed(seed)
    SEEDING.set(seed)
    chosen.seed_libraries()
