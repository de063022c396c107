"""What `utils.set_random_seed` fixed: ops that draw numbers begin anew by it, of compiled functions too."""

from __future__ import annotations

import itertools

import numpy as np

__all__ = ["Seeding", "SEEDING", "SinceSeeding"]


class Seeding:
    """The seed of the whole program.

    Attributes:
        number: what it was set to last; None until then.
        times: how often it was set. What counts calls, or how often something ran, starts anew when this grows.
    """

    def __init__(self):
        self.number: int | None = None
        self.times = 0
        self._places = itertools.count()

    def set(self, number: int) -> None:
        """Start anew from this number."""
        self.number, self.times, self._places = number, self.times + 1, itertools.count()

    def next_place(self) -> int:
        """The place of a new seed among those made since the number was set."""
        return next(self._places)

    def seed_at(self, place: int) -> int:
        """The seed that this place has under the present number."""
        assert self.number is not None
        # neighbouring numbers and places get seeds that have nothing to do with each other
        return int(np.random.SeedSequence([self.number, place]).generate_state(1)[0])


SEEDING = Seeding()


class SinceSeeding:
    """Says once after each `set_random_seed` that it is time to start anew."""

    def __init__(self):
        self._times = SEEDING.times

    def is_new(self) -> bool:
        """Whether random numbers were seeded since this was last asked."""
        if self._times == SEEDING.times:
            return False
        self._times = SEEDING.times
        return True
