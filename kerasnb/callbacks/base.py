"""What a callback is, and the list of them that fit calls."""
from __future__ import annotations

import contextlib
from typing import Any

from ..errors import ArgumentError
from .params import Params

__all__ = ["Callback", "CallbackList"]


# what later releases call the hooks of batches
_LATER = {"on_batch_begin": "on_train_batch_begin", "on_batch_end": "on_train_batch_end"}


class Callback:
    """A hook into training: override the methods you need.

    `on_batch_begin` and `on_batch_end` see every batch, one at a time, which is slower for small models;
    `on_steps_end` is called after one or more batches, about 20 times a second.

    Attributes:
        model: the model that trains.
        params: batch_size, nb_epoch, nb_sample, verbose, do_validation, metrics.
        validation_data: the arrays for validation: inputs, targets, weights; None without, or from a generator.
        handles_interrupt: with True, an interrupt by the user ends fit gracefully, and fit returns its History.
    """

    handles_interrupt = False
    model: Any = None
    params: Any = None
    validation_data: list | None = None

    def __init__(self):
        self.model = None
        self.params = {}
        self.validation_data = None

    def set_params(self, params):
        self.params = params

    # Keras 1.2's older name
    def _set_params(self, params):
        self.set_params(params)

    def set_model(self, model):
        self.model = model

    # Keras 1.2's older name
    def _set_model(self, model):
        self.set_model(model)

    def on_epoch_begin(self, epoch, logs=None):
        """Called before each epoch, counted from 0; logs is empty."""

    def on_epoch_end(self, epoch, logs=None):
        """Called after each epoch; logs has averages of loss and metrics, and val_* if there is validation."""

    def on_batch_begin(self, batch, logs=None):
        """Called before each batch; logs has 'batch' and 'size'."""

    def on_batch_end(self, batch, logs=None):
        """Called after each batch; logs has 'batch', 'size', and the batch's loss and metrics."""

    def on_steps_end(self, batch, logs=None):
        """Called after one or more batches, `batch` the last; logs has 'batch', 'size', 'seen', averages so far."""

    def on_train_begin(self, logs=None):
        """Called before the first epoch."""

    def on_train_end(self, logs=None):
        """Called after the last epoch, also when training was stopped."""


class CallbackList:
    """Callbacks called in turn.

    Args:
        callbacks: a list of them.
        queue_length: kept for old programs.
    """

    def __init__(self, callbacks=None, queue_length=10):
        self.callbacks = list(callbacks or [])
        self.queue_length = queue_length

    def append(self, callback):
        self.callbacks.append(callback)

    def set_params(self, params):
        params = Params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        for callback in self.callbacks:
            callback.set_model(model)

    def set_validation_data(self, arrays):
        """Give each callback the arrays for validation, where it can keep them."""
        for callback in self.callbacks:
            with contextlib.suppress(AttributeError):
                callback.validation_data = arrays

    @property
    def needs_batches(self) -> bool:
        """Whether a callback looks at single batches."""
        return any(_looks_at_batches(callback) for callback in self.callbacks)

    @property
    def handles_interrupt(self) -> bool:
        return any(getattr(callback, "handles_interrupt", False) for callback in self.callbacks)

    def on_epoch_begin(self, epoch, logs=None):
        self._call("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch, logs=None):
        self._call("on_epoch_end", epoch, logs)

    def on_batch_begin(self, batch, logs=None):
        self._call("on_batch_begin", batch, logs)

    def on_batch_end(self, batch, logs=None):
        self._call("on_batch_end", batch, logs)

    def on_steps_end(self, batch, logs=None):
        for callback in self.callbacks:
            if hasattr(callback, "on_steps_end"):
                callback.on_steps_end(batch, logs)

    def on_train_begin(self, logs=None):
        for callback in self.callbacks:
            callback.on_train_begin(logs if logs is not None else {})

    def on_train_end(self, logs=None):
        for callback in self.callbacks:
            callback.on_train_end(logs if logs is not None else {})

    def _call(self, hook, number, logs):
        logs = logs if logs is not None else {}
        for callback in self.callbacks:
            getattr(callback, hook)(number, logs)
            if hook in _LATER and hasattr(type(callback), _LATER[hook]):
                getattr(callback, _LATER[hook])(number, logs)


def check_callbacks(callbacks: Any) -> list:
    """The callbacks as a list.

    Raises:
        ArgumentError: it is no list, or something in it is no callback.
    """
    if not isinstance(callbacks, list | tuple | None):
        raise ArgumentError(
            f"callbacks must be a list, got {callbacks!r}.", "Write callbacks=[...].", arguments=("callbacks",)
        )
    for callback in callbacks or []:
        if isinstance(callback, type) or not hasattr(callback, "set_model"):
            raise ArgumentError(f"callbacks: {callback!r} is no callback.",
                                "Pass an instance of Callback, or a function: LambdaCallback(on_epoch_end=function).",
                                arguments=("callbacks",))
    return list(callbacks or [])


def _looks_at_batches(callback: Any) -> bool:
    """Whether one of the batch hooks is the callback's own (and not marked as one that fit need not call)."""
    for hook, later in _LATER.items():
        if hasattr(type(callback), later):
            return True
        found = getattr(callback, hook, None)
        function = getattr(found, "__func__", found)
        if function is not getattr(Callback, hook) and not getattr(function, "is_optional", False):
            return True
    return False
