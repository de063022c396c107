"""`ModelCheckpoint`: the model saved to a file after epochs."""

from __future__ import annotations

import os

import numpy as np

from ..caller import warn_user
from ..errors import ArgumentError
from ..spelling.door import accepts
from .base import Callback
from .logs import Logs, figure
from .watching import better

__all__ = ["ModelCheckpoint"]


class ModelCheckpoint(Callback):
    """Saves the model after each epoch, or when a figure gets better.

    Args:
        filepath: the file; may have the epoch (from 0) and figures of the logs in it, as in
            'weights.{epoch:02d}-{val_loss:.2f}.h5'.
        monitor: a name in the logs, such as 'val_loss'.
        verbose: 1 prints what it does.
        save_best_only: save only when the figure is better than ever before.
        save_weights_only: save the weights, not the whole model.
        mode: 'min', 'max' or 'auto' (by the name): which figure is better.
        period: epochs from one saving to the next.
        save_freq: later: 'epoch', or how many batches (of any epoch) are trained from one saving to the next; the
            figures are then those of the batch, and filepath may have its number, {batch}, in it.
        initial_value_threshold: later: what the figure has to be better than at first.
    """

    @accepts({})
    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        period=1,
        *,
        save_freq="epoch",
        initial_value_threshold=None,
    ):
        super().__init__()
        self.monitor = monitor
        self.verbose = verbose
        self.filepath = os.fspath(filepath)
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.period = period
        self.epochs_since_last_save = 0
        self.monitor_op = better(mode, monitor)
        self.best = -np.inf if self.monitor_op is np.greater else np.inf
        if initial_value_threshold is not None:
            self.best = initial_value_threshold
        if save_freq != "epoch" and (type(save_freq) is not int or save_freq < 1):
            raise ArgumentError(
                f"ModelCheckpoint: save_freq is 'epoch' or a number of batches, got {save_freq!r}.",
                "Write save_freq=100.",
                arguments=("save_freq",),
            )
        self.save_freq = save_freq
        self._epoch, self._batches = 0, 0  # the epoch that goes on, batches since the last saving
        if save_freq != "epoch":  # on this object only: to see each batch costs a call of the model for it
            self.on_batch_end = self._batch_ended  # type: ignore[method-assign]

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def _batch_ended(self, batch, logs=None):
        self._batches += 1
        if self._batches >= self.save_freq:
            self._batches = 0
            self._look(self._epoch, logs or {})

    def on_epoch_end(self, epoch, logs=None):
        self.epochs_since_last_save += 1
        if self.save_freq != "epoch" or self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        self._look(epoch, logs or {})

    def _look(self, epoch: int, logs: dict) -> None:
        filepath = self._path(epoch, logs)
        if not self.save_best_only:
            self._say(epoch, f"saving model to {filepath}")
            self._save(filepath)
        elif self._is_better(epoch, logs, filepath):
            self.best = figure(logs, self.monitor)
            self._save(filepath)

    def _path(self, epoch: int, logs: dict) -> str:
        try:
            return self.filepath.format_map(Logs(logs, epoch=epoch))
        except KeyError as error:
            raise ArgumentError(
                f"ModelCheckpoint: filepath {self.filepath!r} needs {error}, which is not logged; there are "
                f"{sorted(['epoch', *logs])}.",
                "Train with validation_data for val_*, or take the name out of filepath.",
                arguments=("filepath",),
            ) from error

    def _is_better(self, epoch: int, logs: dict, filepath: str) -> bool:
        current = figure(logs, self.monitor)
        if current is None:
            warn_user(
                f"Can save best model only with {self.monitor} available, skipping; there are {sorted(logs)}",
                RuntimeWarning,
            )
            return False
        if not self.monitor_op(current, self.best):
            self._say(epoch, f"{self.monitor} did not improve")
            return False
        self._say(epoch, f"{self.monitor} improved from {self.best:0.5f} to {current:0.5f}, saving model to {filepath}")
        return True

    def _say(self, epoch: int, what: str) -> None:
        if self.verbose > 0:
            print(f"Epoch {epoch:05d}: {what}")

    def _save(self, filepath: str) -> None:
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(filepath, overwrite=True)
