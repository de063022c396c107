"""Callbacks that keep or show how training goes."""

from __future__ import annotations

from ..utils.progbar import Progbar
from .base import Callback
from .logs import Logs

__all__ = ["BaseLogger", "History", "ProgbarLogger", "LambdaCallback"]


class BaseLogger(Callback):
    """Averages of batch figures over an epoch. Fit keeps them by itself; this is for training loops of your own."""

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.totals = {}

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size
        for name, value in logs.items():
            if name not in ("batch", "size"):
                self.totals[name] = self.totals.get(name, 0) + value * size

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            known = (name for name in self.params["metrics"] if name in self.totals)
            logs.update((name, self.totals[name] / max(self.seen, 1)) for name in known)


class History(Callback):
    """What each epoch gave; fit returns it.

    Attributes:
        epoch: the numbers of the epochs, from 0.
        history: a list for each of loss, metrics and val_*; found by later names too, such as 'val_accuracy'. Where
            Stop came during the last validation, val_* are one value shorter.
    """

    keeps_unvalidated = True

    def __init__(self):
        super().__init__()
        self.epoch: list[int] = []
        self.history: dict[str, list] = Logs()

    def on_train_begin(self, logs=None):
        self.epoch = []
        self.history = Logs()

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {values[-1]:.4g}" for name, values in self.history.items() if values)
        done = f"{len(self.epoch)} epoch{'' if len(self.epoch) == 1 else 's'}"
        return f"History({done}{': ' + last if last else ''})"


class ProgbarLogger(Callback):
    """Prints progress and figures, as `verbose` asks: 1 a bar that moves, 2 one line an epoch."""

    keeps_unvalidated = True

    def on_train_begin(self, logs=None):
        self.verbose = self.params["verbose"]
        self.nb_epoch = self.params["nb_epoch"]

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.totals = {}
        self.target = self.params.get("nb_sample") or self.params["steps"]
        self.reached = 0
        if self.verbose:
            print(f"Epoch {epoch + 1}/{self.nb_epoch}")
            self.progbar = Progbar(self.target, verbose=self.verbose)

    def on_batch_end(self, batch, logs=None):
        """Keeps the figures of a training loop of your own; fit calls `on_steps_end`, whatever the batches."""
        size = (logs or {}).get("size", 0)
        self.seen += size
        for name, value in self._shown(logs or {}):
            self.totals[name] = self.totals.get(name, 0) + value * size
        if self.verbose == 1 and self.seen < self.target:
            self.progbar.show(self.seen, self._averages())

    on_batch_end.is_optional = True

    def on_steps_end(self, batch, logs=None):
        seen = logs["seen"] if "nb_sample" in self.params else batch + 1
        self.reached = seen
        if self.verbose == 1 and (self.target is None or seen < self.target):
            self.progbar.show(seen, self._shown(logs))

    def on_epoch_end(self, epoch, logs=None):
        if self.verbose:
            logged = dict(self._shown(logs or {}))
            if self.target is None:  # only the end of the data told how many batches there are
                self.target = self.progbar.target = self.reached
            self.progbar.show(self.target, [*(dict(self._averages()) | logged).items()], force=True)

    def _averages(self):
        return [(name, total / self.seen) for name, total in self.totals.items() if self.seen]

    def _shown(self, logs):
        return [(name, logs[name]) for name in self.params["metrics"] if name in logs]


class LambdaCallback(Callback):
    """A callback from functions.

    Args:
        on_epoch_begin, on_epoch_end: functions (epoch, logs).
        on_batch_begin, on_batch_end: functions (batch, logs).
        on_train_begin, on_train_end: functions (logs).
        kwargs: the other hooks of Callback, and whatever else it is to know.
    """

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_batch_begin=None,
        on_batch_end=None,
        on_train_begin=None,
        on_train_end=None,
        **kwargs,
    ):
        super().__init__()
        self.__dict__.update(kwargs)
        given = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_batch_begin": on_batch_begin,
            "on_batch_end": on_batch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
        }
        self.__dict__.update((name, function) for name, function in given.items() if function is not None)
