"""Callbacks of kerasnb in a fit of Keras, which tells of single batches and knows no pause."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from ..callbacks.base import Callback
from .keras_model import KerasModelView
from .registry import is_foreign, view_of

__all__ = ["TakenByKeras", "callbacks_for"]

INTERVAL = 0.05  # seconds from one look at the figures of batches to the next

_HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_epoch_end")


def callbacks_for(model: Any, callbacks: Sequence[Any]) -> list[Any]:
    """As the model's own fit takes them: of a foreign model those of kerasnb together, between those of its library."""
    if not is_foreign(model):
        return list(callbacks)
    ours = [each for each in callbacks if isinstance(each, Callback)]
    return [_Together(ours), *(each for each in callbacks if not isinstance(each, Callback))]


class TakenByKeras(Callback):
    """A callback that Keras's own fit may be given as well; it is called as by kerasnb's.

    Keras 3 hands figures over unread, in a thread of its own, where all callbacks say that this is safe, and so does
    Keras 2. So a batch costs microseconds, and its figures are waited for only where they are shown.
    """

    async_safe = _supports_tf_logs = True
    _chief_worker_only = False

    def set_params(self, params: Any) -> None:
        """Take what is known of the fit, with the names that Keras 1.2 has for it."""
        named = {"nb_epoch": params["epochs"]} if params and "epochs" in params else {}
        self.params = {"metrics": [], **(params or {}), **named}

    def set_model(self, model: Any) -> None:
        """Take the model that trains."""
        self.model = model
        for name in _HOOKS:
            vars(self).pop(name, None)
        if model is not None and is_foreign(model):
            view_of(model).note_rate()
            # on this object only: for a fit of kerasnb a hook of batches is one call of the model for each
            steps = _Steps(self, view_of(model))
            self.on_train_batch_begin = steps.batch_begins  # type: ignore[method-assign]
            self.on_train_batch_end = steps.batch_ended  # type: ignore[method-assign]
            self.on_epoch_end = steps.epoch_ended  # type: ignore[method-assign]

    def _implements_train_batch_hooks(self) -> bool:
        """Keras 2 asks whether batches are to be told."""
        return True

    def _implements_test_batch_hooks(self) -> bool:
        return False

    def _implements_predict_batch_hooks(self) -> bool:
        return False


class _Steps:
    """Turns batches into steps for one callback, steers the fit, and gives it the learning rate that is wanted."""

    def __init__(self, callback: Callback, view: KerasModelView, clock: Callable[[], float] = time.perf_counter):
        self._callback, self._view, self._clock = callback, view, clock
        self._latest: tuple[int, Any] = (-1, None)
        self._next = 0.0

    def batch_begins(self, batch: int, logs: Any = None) -> None:
        """Between two batches, in the thread that trains."""
        if self._clock() >= self._next:
            self._tell()
            self._next = self._clock() + INTERVAL
        self._view.take_wanted_rate()
        if self._view.control.checkpoint():
            self._view.model.stop_training = True

    def batch_ended(self, batch: int, logs: Any = None) -> None:
        """The figures so far, which may not be computed yet."""
        self._latest = batch, logs

    def epoch_ended(self, epoch: int, logs: Any = None) -> None:
        """Tell the last steps first; figures as plain numbers."""
        self._view.take_wanted_rate()
        self._view.sync()
        self._tell()
        type(self._callback).on_epoch_end(self._callback, epoch, _plain(logs))
        if self._view.control.stopped:
            self._view.model.stop_training = True

    def _tell(self) -> None:
        (batch, logs), self._latest = self._latest, (-1, None)
        if batch >= 0:
            self._callback.on_steps_end(batch, {**_plain(logs), "batch": batch, "seen": batch + 1})


def _plain(logs: Any) -> dict[str, float]:
    """Numbers of one value each; waits until they are computed."""
    return {str(name): float(value) for name, value in dict(logs or {}).items() if getattr(value, "ndim", 0) == 0}


class _Together(TakenByKeras):
    """Callbacks of kerasnb as one that Keras is given."""

    def __init__(self, callbacks: Sequence[Callback]):
        super().__init__()
        self.callbacks = list(callbacks)

    def set_params(self, params: Any) -> None:
        super().set_params(params)
        for callback in self.callbacks:
            callback.set_params(self.params)

    def set_model(self, model: Any) -> None:
        super().set_model(model)
        for callback in self.callbacks:
            callback.set_model(model)

    def on_train_begin(self, logs: Any = None) -> None:
        for callback in self.callbacks:
            callback.on_train_begin(_plain(logs))

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, _plain(logs))

    def on_steps_end(self, batch: int, logs: Any = None) -> None:
        for callback in self.callbacks:
            callback.on_steps_end(batch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        for callback in self.callbacks:
            callback.on_epoch_end(epoch, logs)

    def on_train_end(self, logs: Any = None) -> None:
        for callback in self.callbacks:
            callback.on_train_end(_plain(logs))

    def on_train_failed(self, error: BaseException) -> None:
        for callback in self.callbacks:
            callback.on_train_failed(error)
