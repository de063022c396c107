"""The best weights of a training and its last good ones: held in memory, written now and then, put back."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from ..views import view_of
from .files import BEST, LAST
from .pace import Pace

__all__ = ["BIG", "SECONDS", "SHARE", "WeightKeeper", "bytes_of_weights"]

BIG = 100 << 20  # bytes; a model of more is not held in memory beside its file
SECONDS = 5.0  # from one writing to the next, at least
SHARE = 0.05  # of the time that training takes, for writing and for copying each


class WeightKeeper:
    """Knows the weights of the best epoch, and those of the last one whose loss and weights were numbers.

    The best epoch's are taken whenever there is a better one, of a big model without the optimizer's state; the last
    ones, and all writing, as often as `SHARE` allows. What is not written yet is written when training ends.

    Args:
        folder: where to write; None keeps in memory only, and of a big model nothing.
    """

    def __init__(self, model: Any, folder: Path | None, clock: Callable[[], float] = time.perf_counter):
        self.model, self.folder = model, folder
        self.moments: dict[str, Any] = {}  # by the name of the file
        self.epochs: dict[str, int] = {}  # that the moments, or the files that took their place, are of
        self._unwritten: set[str] = set()
        self._taking, self._writing = Pace(0.0, SHARE, clock), Pace(SECONDS, SHARE, clock)
        self.size = bytes_of_weights(model)

    @property
    def is_big(self) -> bool:
        """Whether there are so many weights that they are kept on disk only."""
        return self.size > BIG

    @property
    def is_idle(self) -> bool:
        """Whether nothing is kept: the model is big, and there is no place on disk."""
        return self.is_big and self.folder is None

    def begin(self, epoch: int) -> None:
        """Take what training begins from, so that a first epoch without a number can be undone."""
        if not self.is_big:
            self.moments[LAST], self.epochs[LAST] = view_of(self.model).moment(epoch), epoch

    def epoch_ended(self, epoch: int, is_best: bool) -> None:
        """Take what is due after an epoch whose loss was a number.

        Raises:
            FileError: what is due cannot be written.
        """
        if self.is_idle:
            return
        if is_best:
            # the best are there to predict with, the last ones to go on from: only these need the optimizer's state
            best = view_of(self.model).moment(epoch, has_state=not self.is_big)
            # one copy serves both where it has the state
            self._keep(best, BEST, *([] if self.is_big else [LAST]))
        if self._taking.is_due and self.epochs.get(LAST) != epoch:
            with self._taking.spending():
                self._keep(view_of(self.model).moment(epoch), LAST)
        if self._writing.is_due:
            self.write()

    def end(self, epoch: int) -> None:
        """Take the last weights and write what is not written yet.

        Raises:
            FileError: it cannot be written.
        """
        if self.is_idle:
            return
        if self.epochs.get(LAST) != epoch:
            self._keep(view_of(self.model).moment(epoch), LAST)
        self.write()

    def write(self) -> None:
        """Write what is not written yet."""
        if self.folder is None:
            return
        with self._writing.spending():
            for file in sorted(self._unwritten):
                self.moments[file].write(self.folder / file)
                self._unwritten.discard(file)
                if self.is_big:
                    del self.moments[file]

    def put_back(self, file: str) -> int | None:
        """Give the model the weights of its best epoch (`BEST`), or the last good ones; returns their epoch.

        Raises:
            WeightsError: the model has changed since.
        """
        if file not in self.epochs:
            return None
        if file in self.moments:
            self.moments[file].put_back()
        else:
            assert self.folder is not None
            view_of(self.model).take_weights(self.folder / file)
        return self.epochs[file]

    def put_back_good(self) -> int | None:
        """Give the model the newest weights that were good; returns their epoch, None where there are none."""
        if not self.epochs:
            return None
        epoch = self.put_back(max(self.epochs, key=lambda file: self.epochs[file]))
        assert epoch is not None
        self._forget_after(epoch)
        return epoch

    def _forget_after(self, epoch: int) -> None:
        self.epochs.setdefault(LAST, epoch)
        if self.epochs[LAST] < epoch and BEST in self.moments:  # the best ones are the last good ones, too
            self._keep(self.moments[BEST], LAST)

    def _keep(self, moment: Any, *files: str) -> None:
        """Hold it in the place of these files, unless it has numbers that are none."""
        # an epoch whose loss was a number may still have left NaN in weights that it did not use
        if moment.is_finite:
            self.moments |= dict.fromkeys(files, moment)
            self.epochs |= dict.fromkeys(files, moment.epoch)
            self._unwritten |= set(files)


def bytes_of_weights(model: Any) -> int:
    """What all weights of a model take."""
    return sum(math.prod(weight.shape) * np.dtype(weight.dtype).itemsize for weight in view_of(model).weights)
