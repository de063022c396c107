"""A callback that lowers the learning rate when a figure stops getting better."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..caller import warn_user
from ..errors import ArgumentError
from ..spelling.door import accepts
from .base import Callback
from .logs import figure
from .watching import better, learning_rate

__all__ = ["ReduceLROnPlateau"]


class ReduceLROnPlateau(Callback):
    """Multiplies the learning rate by a factor when a figure stops getting better; logs the rate as 'lr'.

    Args:
        monitor: a name in the logs, such as 'val_loss'.
        factor: what the rate is multiplied by, below 1.
        patience: how many epochs without getting better are borne.
        verbose: 1 prints when it lowers the rate.
        mode: 'min', 'max' or 'auto' (by the name).
        epsilon: a change of less does not count as better; later called `min_delta`.
        cooldown: epochs to wait after lowering before epochs are counted again.
        min_lr: the rate goes no lower.
    """

    @accepts({"min_delta": "epsilon"})
    def __init__(
        self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto", epsilon=1e-4, cooldown=0, min_lr=0
    ):
        super().__init__()
        if not 0 <= factor < 1:
            raise ArgumentError(
                f"ReduceLROnPlateau does not support a factor >= 1.0 (nor below 0), got {factor}.",
                arguments=("factor",),
            )
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.mode = mode
        self.epsilon = epsilon
        self.cooldown = cooldown
        self.min_lr = min_lr
        self._reset()

    def _reset(self):
        self._is_up = better(self.mode, self.monitor, by_accuracy_only=True) is np.greater
        self.best = -np.inf if self._is_up else np.inf
        self.cooldown_counter = 0
        self.wait = 0
        self.lr_epsilon = self.min_lr * 1e-4

    def monitor_op(self, current, best):
        """Whether `current` is better than `best`, by more than epsilon."""
        return current > best + self.epsilon if self._is_up else current < best - self.epsilon

    def on_train_begin(self, logs=None):
        self._reset()

    def on_epoch_end(self, epoch, logs=None):
        logs = logs if logs is not None else {}
        logs["lr"] = np.float32(K.get_value(learning_rate(self.model, "ReduceLROnPlateau")))
        current = figure(logs, self.monitor)
        if current is None:
            warn_user(
                f"ReduceLROnPlateau watches {self.monitor!r}, which is not logged; there are {sorted(logs)}",
                RuntimeWarning,
            )
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            if self.wait >= self.patience:
                self._reduce(epoch)
            self.wait += 1

    def _reduce(self, epoch):
        lr = self.model.optimizer.lr
        before = float(K.get_value(lr))
        if before <= self.min_lr + self.lr_epsilon:
            return
        after = max(before * self.factor, self.min_lr)
        K.set_value(lr, after)
        if self.verbose > 0:
            print(f"\nEpoch {epoch:05d}: reducing learning rate to {after}.")
        self.cooldown_counter = self.cooldown
        self.wait = 0

    def in_cooldown(self):
        """Whether it waits after having lowered the rate."""
        return self.cooldown_counter > 0
