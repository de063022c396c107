"""What frozen weights were at the moment they were frozen, and whether they still are."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from ...report.freezing import FrozenWeight, Verification, frozen_weights, verify
from ...views import view_of

__all__ = ["LARGE", "Proof", "bytes_frozen"]

LARGE = 32 << 20  # bytes; what is smaller is hashed in the time of a click

Print = tuple[str, int, str]


class Proof:
    """Hashes of frozen weights; to hash 500 MB takes seconds, so what is frozen is noted first and hashed later.

    A hash counts only where its weight was not written from the moment of freezing until the hash was there. Of any
    other nobody knows what it was, and the proof says so.

    Args:
        progress: called as `progress(layers done, layers in all)` while weights are hashed.
    """

    def __init__(self, progress: Callable[[int, int], None]):
        self._progress = progress
        self._lock = threading.Lock()
        self._prints: dict[str, Print] = {}
        self._owed: dict[str, tuple[FrozenWeight, int]] = {}  # to be hashed, and how often it had been written
        self._lost: dict[str, str] = {}  # path -> the layer: written before it was hashed

    @property
    def is_empty(self) -> bool:
        """Whether nothing is frozen."""
        return not (self._prints or self._owed or self._lost)

    def forget(self) -> None:
        """Begin anew, for other weights."""
        with self._lock:
            self._prints, self._owed, self._lost = {}, {}, {}

    def note(self, model: Any) -> int:
        """Note what is frozen now, and forget what was thawed; gives the bytes that are to be hashed."""
        now = frozen_weights(model)
        with self._lock:
            self._prints = {
                path: print_
                for path, print_ in self._prints.items()
                if path in now and (print_[2] == "") == now[path].moves
            }
            self._lost = {path: layer for path, layer in self._lost.items() if path in now}
            known = self._prints.keys() | self._lost.keys()
            self._owed = {
                path: self._owed.get(path, (weight, weight.variable.writes))
                for path, weight in now.items()
                if path not in known
            }
            return _bytes(weight for weight, _ in self._owed.values())

    def take(self) -> None:
        """Hash what was noted."""
        owed = dict(self._owed)
        for path, print_ in self._hashed({path: weight for path, (weight, _) in owed.items()}):
            weight, writes = owed[path]
            with self._lock:
                if self._owed.get(path) != owed[path]:
                    continue  # thawed meanwhile
                del self._owed[path]
                if weight.variable.writes == writes:
                    self._prints[path] = print_
                else:
                    self._lost[path] = weight.layer

    def compare(self, model: Any) -> Verification:
        """Hash all that is frozen once more, and compare."""
        self.take()
        after = dict(self._hashed(frozen_weights(model)))
        with self._lock:
            return verify(self._prints, after, tuple(dict.fromkeys(self._lost.values())), view_of(model).remedy)

    def _hashed(self, weights: dict[str, FrozenWeight]) -> Iterable[tuple[str, Print]]:
        layers = list(dict.fromkeys(weight.layer for weight in weights.values()))
        for path, weight in weights.items():
            self._progress(layers.index(weight.layer), len(layers))
            yield path, weight.fingerprint()


def bytes_frozen(model: Any) -> int:
    """How many bytes are hashed to compare what is frozen."""
    return _bytes(frozen_weights(model).values())


def _bytes(weights: Iterable[FrozenWeight]) -> int:
    return sum(4 * weight.size for weight in weights if not weight.moves)
