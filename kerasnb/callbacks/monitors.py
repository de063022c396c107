"""Callbacks that watch a figure and act on it."""

from __future__ import annotations

import inspect

import numpy as np

from .. import backend as K
from ..caller import warn_user
from ..errors import ArgumentError, DivergedError
from ..spelling.door import accepts
from .base import Callback
from .logs import figure
from .watching import better, learning_rate

__all__ = ["EarlyStopping", "LearningRateScheduler", "TerminateOnNaN"]


class EarlyStopping(Callback):
    """Ends training when a figure stops getting better.

    Args:
        monitor: a name in the logs, such as 'val_loss'.
        min_delta: a change of less does not count as better.
        patience: how many epochs without getting better are borne; the next one ends training.
        verbose: 1 prints when it ends training.
        mode: 'min', 'max' or 'auto' (by the name).
        baseline: later: what the figure has to reach to count as better at first.
        restore_best_weights: later: whether the model ends with the weights of its best epoch.
        start_from_epoch: later: how many epochs are passed over before the figure is watched.
    """

    @accepts({})
    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        *,
        baseline=None,
        restore_best_weights=False,
        start_from_epoch=0,
    ):
        super().__init__()
        self.baseline = baseline
        self.restore_best_weights = restore_best_weights
        self.start_from_epoch = start_from_epoch
        self.best_weights = None
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
        self.best_weights = None
        self.best = -np.inf if self.monitor_op is np.greater else np.inf
        if self.baseline is not None:
            self.best = self.baseline

    def on_epoch_end(self, epoch, logs=None):
        if epoch < self.start_from_epoch:
            return
        current = figure(logs, self.monitor)
        if current is None:
            warn_user(
                f"EarlyStopping watches {self.monitor!r}, which is not logged; there are {sorted(logs or {})}",
                RuntimeWarning,
            )
        elif self.monitor_op(current - self.min_delta, self.best):
            self.best = current
            self.wait = 0
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
        else:
            if self.wait >= self.patience:
                self.stopped_epoch = epoch
                self.model.stop_training = True
            self.wait += 1

    def on_train_end(self, logs=None):
        if self.best_weights is not None:
            self.model.set_weights(self.best_weights)
        if self.stopped_epoch > 0 and self.verbose > 0:
            print(f"Epoch {self.stopped_epoch + 1}: early stopping")


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: a function from the epoch (from 0) to the rate, a float; later ones take the present rate too.
        verbose: later: 1 prints the rate.
    """

    @accepts({})
    def __init__(self, schedule, *, verbose=0):
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        lr = learning_rate(self.model, "LearningRateScheduler")
        takes_rate = _required(self.schedule) >= 2
        rate = self.schedule(epoch, float(K.get_value(lr))) if takes_rate else self.schedule(epoch)
        if not isinstance(rate, float | np.floating):
            raise ArgumentError(
                f"LearningRateScheduler: schedule({epoch}) must give a float, got {rate!r}.",
                "Write float(...) around it.",
                arguments=("schedule",),
            )
        K.set_value(lr, rate)
        if self.verbose > 0:
            print(f"\nEpoch {epoch + 1:05d}: LearningRateScheduler sets learning rate to {rate}.")


def _required(function) -> int:
    """How many arguments the function cannot do without."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # some functions written in C have no signature
        return 1
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in positional and one.default is one.empty for one in parameters)


class TerminateOnNaN(Callback):
    """Ends training when the loss is no number any more (a later callback).

    Args:
        raise_error: end it by an error, a RuntimeError, instead.
    """

    def __init__(self, raise_error=False):
        super().__init__()
        self.raise_error = raise_error

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            if self.raise_error:
                raise DivergedError(f"TerminateOnNaN: the loss of batch {batch} is {loss}, training ends.")
            print(f"Batch {batch}: Invalid loss, terminating training")
            self.model.stop_training = True
