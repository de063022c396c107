"""Callbacks that watch a figure and act on it."""
from __future__ import annotations

import warnings

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .base import Callback

__all__ = ["EarlyStopping", "LearningRateScheduler", "better"]


def better(mode: str, monitor: str):
    """How to tell that a figure got better: np.less or np.greater ('auto' decides by the figure's name)."""
    if mode not in ("auto", "min", "max"):
        warnings.warn(f"mode {mode!r} is unknown, taking 'auto'", RuntimeWarning, stacklevel=3)
        mode = "auto"
    if mode == "auto":
        mode = "max" if "acc" in monitor or monitor.startswith("fmeasure") else "min"
    return np.greater if mode == "max" else np.less


class EarlyStopping(Callback):
    """Ends training when a figure stops getting better.

    Args:
        monitor: a name in the logs, such as 'val_loss'.
        min_delta: a change of less does not count as better.
        patience: how many epochs without getting better are borne; the next one ends training.
        verbose: 1 prints when it ends training.
        mode: 'min', 'max' or 'auto' (by the name).
    """

    def __init__(self, monitor="val_loss", min_delta=0, patience=0, verbose=0, mode="auto"):
        super().__init__()
        self.monitor = monitor
        self.patience = patience
        self.verbose = verbose
        self.wait = 0
        self.stopped_epoch = 0
        self.monitor_op = better(mode, monitor)
        self.min_delta = min_delta if self.monitor_op is np.greater else -min_delta

    def on_train_begin(self, logs=None):
        self.wait = 0
        self.stopped_epoch = 0
        self.best = -np.inf if self.monitor_op is np.greater else np.inf

    def on_epoch_end(self, epoch, logs=None):
        current = (logs or {}).get(self.monitor)
        if current is None:
            warnings.warn(
                f"EarlyStopping watches {self.monitor!r}, which is not logged; there are {sorted(logs or {})}",
                RuntimeWarning,
                stacklevel=2,
            )
        elif self.monitor_op(current - self.min_delta, self.best):
            self.best = current
            self.wait = 0
        else:
            if self.wait >= self.patience:
                self.stopped_epoch = epoch
                self.model.stop_training = True
            self.wait += 1

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: a function from the epoch (from 0) to the rate, a float.
    """

    def __init__(self, schedule):
        super().__init__()
        self.schedule = schedule

    def on_epoch_begin(self, epoch, logs=None):
        rate = self.schedule(epoch)
        if not isinstance(rate, float | np.floating):
            raise ArgumentError(f"LearningRateScheduler: schedule({epoch}) must give a float, got {rate!r}.",
                                "Write float(...) around it.", arguments=("schedule",))
        K.set_value(self.model.optimizer.lr, rate)
