"""Blocks of layers that a model repeats one after the other, as deep models do."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Part", "Repeat", "repeats"]

# blocks that are worth a word; of single layers, or in one branch beside others, more
_FEWEST, _FEWEST_SMALL = 2, 4
_FEWEST_LAYERS = 6
_LARGEST = 32  # layers of a block, so that long models are read in moments


@dataclass(frozen=True)
class Part:
    """A layer as repeats are looked for: its class, the names of what it reads, whether it has weights."""

    name: str
    class_name: str
    sources: tuple[str, ...] = ()
    has_weights: bool = False


@dataclass(frozen=True)
class Repeat:
    """Blocks of the same classes in the same arrangement, each reading the one before.

    >>> parts = [Part(f"layer_{n}", kind, (f"layer_{n - 1}",)) for n, kind in enumerate(["Dense", "Dropout"] * 3)]
    >>> [str(repeat) for repeat in repeats(parts)]
    ['3 x [Dense, Dropout]']
    """

    blocks: tuple[tuple[str, ...], ...]
    classes: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """All layers, in the order of the data."""
        return [name for block in self.blocks for name in block]

    def __str__(self) -> str:
        return f"{len(self.blocks)} x [{', '.join(self.classes)}]"


def repeats(parts: Sequence[Part]) -> list[Repeat]:
    """What is repeated in a model, none of it twice; as much as can be said in as few words.

    A block stands in a line: what it reads from outside is one layer, and only its last layer is read outside.

    Args:
        parts: the layers in the order of the data.
    """
    model = _Model(parts)
    runs = [run for start in reversed(range(len(parts))) for run in model.runs_from(start)]
    return [model.repeat(run) for run in _best(runs, len(parts), model)]


Run = tuple[int, int, int]  # where it begins, layers of a block, number of blocks


class _Model:
    def __init__(self, parts: Sequence[Part]):
        self.parts = parts
        self.classes = [part.class_name for part in parts]
        at = {part.name: place for place, part in enumerate(parts)}
        self.sources = [[at[source] for source in part.sources if source in at] for part in parts]
        self.last_reader = list(range(len(parts)))
        for place, sources in enumerate(self.sources):
            for source in sources:
                self.last_reader[source] = max(self.last_reader[source], place)
        self._counted: dict[tuple[int, int], int] = {}
        # the last reader of anything before a layer
        self.reach = [0, *itertools.accumulate(self.last_reader, max)]

    def runs_from(self, start: int) -> list[Run]:
        """The longest run of each size of block that begins at this layer; later layers must have been asked for."""
        found: list[Run] = []
        for size in range(1, min((len(self.parts) - start) // _FEWEST, _LARGEST) + 1):
            if any(size % smaller == 0 and smaller * blocks >= 2 * size for _, smaller, blocks in found):
                continue  # the same said in longer words
            number = self._blocks(start, size)
            is_small = size == 1 or self._is_bypassed(start, start + size * number)
            if number >= (_FEWEST_SMALL if is_small else _FEWEST) and number * size >= _FEWEST_LAYERS:
                found.append((start, size, number))
        return found

    def _is_bypassed(self, start: int, end: int) -> bool:
        """Whether data flows past these layers, from one before them to one behind."""
        return self.reach[start] >= end

    def _blocks(self, start: int, size: int) -> int:
        """How many blocks of this size follow each other from here, all like the first."""
        if (start, size) not in self._counted:
            follows = start + 2 * size <= len(self.parts) and self._is_followed(start, size)
            self._counted[start, size] = 1 + self._blocks(start + size, size) if follows else 1
        return self._counted[start, size]

    def _is_followed(self, start: int, size: int) -> bool:
        """Whether the next block of this size is like this one, and reads it."""
        middle, end = start + size, start + 2 * size
        if self.classes[start:middle] != self.classes[middle:end]:
            return False
        here = self._arrangement(start, size)
        return here is not None and self._arrangement(middle, size, middle - 1) == here

    def _arrangement(self, start: int, size: int, before: int | None = None) -> list[list[int]] | None:
        """Who reads whom in a block, -1 for what is outside; None where it stands in no line, or not after `before`."""
        end = start + size
        outside = {source for place in range(start, end) for source in self.sources[place] if source < start}
        if len(outside) != 1 or (before is not None and outside != {before}):
            return None
        if any(self.last_reader[place] >= end for place in range(start, end - 1)):
            return None
        return [[max(source - start, -1) for source in self.sources[place]] for place in range(start, end)]

    def is_natural(self, run: Run) -> bool:
        """Whether blocks begin where people begin them: with weights, after a layer without."""
        start, size, _ = run
        return self.parts[start].has_weights and not self.parts[start + size - 1].has_weights

    def repeat(self, run: Run) -> Repeat:
        start, size, number = run
        names = [part.name for part in self.parts[start : start + size * number]]
        blocks = tuple(tuple(names[at : at + size]) for at in range(0, len(names), size))
        return Repeat(blocks, tuple(self.classes[start : start + size]))


def _best(runs: list[Run], length: int, model: _Model) -> list[Run]:
    """The runs beside each other that say the most.

    Each layer counts that need not be told, and each one that is told costs half as much: otherwise large blocks said
    twice would hide small ones said often.
    """
    ending: dict[int, list[Run]] = {}
    for start, size, number in runs:
        # a block less, where the last one says more together with what follows
        for blocks in {number, max(number - 1, _FEWEST)} if (number - 1) * size >= _FEWEST_LAYERS else {number}:
            ending.setdefault(start + size * blocks, []).append((start, size, blocks))
    best: list[tuple[tuple[int, int, int], tuple[Run, ...]]] = [((0, 0, 0), ())]
    for end in range(1, length + 1):
        choices = [best[-1]]
        for run in ending.get(end, ()):
            start, size, number = run
            (saved, natural, words), before = best[start]
            worth = saved + size * (2 * number - 3), natural + model.is_natural(run) * size * number, words - 1
            choices.append((worth, (*before, run)))
        best.append(max(choices, key=lambda choice: choice[0]))
    return list(best[-1][1])
