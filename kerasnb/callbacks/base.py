"""What a callback is, and the list of them that fit calls."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

from ..errors import ArgumentError
from ..utils.portable import portable, unwrapped
from .logs import Logs
from .params import Params
from .seeing import model_for

__all__ = ["Callback", "CallbackList"]


# the hooks that are called before and after each batch of a training, a test or a prediction
_BATCH_HOOKS = {
    "train": (("on_batch_begin", "on_train_batch_begin"), ("on_batch_end", "on_train_batch_end")),
    "test": (("on_test_batch_begin",), ("on_test_batch_end",)),
    "predict": (("on_predict_batch_begin",), ("on_predict_batch_end",)),
}


_SET_BY_FIT = ("model", "validation_data")


class Callback:
    """A hook into training: override the methods you need.

    `on_batch_begin` and `on_batch_end` see every batch, one at a time, which is slower for small models;
    `on_steps_end` is called after one or more batches, about 20 times a second. The hooks of later releases are called
    too: `on_train_batch_*`, `on_test_*` in validation, and both `on_test_*` and `on_predict_*` where evaluate and
    predict are given callbacks.

    Attributes:
        model: the model that trains.
        params: batch_size, nb_epoch, nb_sample, verbose, do_validation, metrics.
        validation_data: the arrays for validation: inputs, targets, weights; None without, or from a generator.
        handles_interrupt: with True, an interrupt by the user ends fit gracefully, and fit returns its History.
        keeps_unvalidated: with True, `on_epoch_end` is also called for an epoch whose validation was stopped: no val_*.
    """

    handles_interrupt = False
    keeps_unvalidated = False
    model: Any = None
    params: Any = None
    validation_data: list | None = None

    def __init__(self):
        self.model = None
        self.params = {}
        self.validation_data = None

    def __getstate__(self) -> dict:
        """All but the model and its data, which the next fit sets again."""
        return {name: portable(value) for name, value in self.__dict__.items() if name not in _SET_BY_FIT}

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update({name: unwrapped(value) for name, value in state.items()})

    def set_params(self, params):
        """Take what is known of the training, `nb_epoch`, `nb_sample`, `metrics` ...; kept as `params`."""
        self.params = params

    # Keras 1.2's older name
    def _set_params(self, params):
        self.set_params(params)

    def set_model(self, model):
        """Take the model that is trained, kept as `model`."""
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

    def on_train_failed(self, error):
        """Called instead of `on_train_end` when training ends by an error (our own hook; Keras has none)."""

    def on_train_batch_begin(self, batch, logs=None):
        """The later name of `on_batch_begin`."""

    def on_train_batch_end(self, batch, logs=None):
        """The later name of `on_batch_end`."""

    def on_test_begin(self, logs=None):
        """Called before a validation, or an evaluate with callbacks."""

    def on_test_end(self, logs=None):
        """Called after it; logs has the averages of loss and metrics."""

    def on_test_batch_begin(self, batch, logs=None):
        """Called before each batch of it; logs has 'batch' and 'size'."""

    def on_test_batch_end(self, batch, logs=None):
        """Called after each batch of it; logs has 'batch', 'size', and the batch's loss and metrics."""

    def on_predict_begin(self, logs=None):
        """Called before a predict with callbacks."""

    def on_predict_end(self, logs=None):
        """Called after it."""

    def on_predict_batch_begin(self, batch, logs=None):
        """Called before each batch of it; logs has 'batch' and 'size'."""

    def on_predict_batch_end(self, batch, logs=None):
        """Called after each batch of it; logs has 'batch', 'size' and 'outputs', a list of arrays."""


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
        """Let one more callback be called, after the others."""
        self.callbacks.append(callback)

    def set_params(self, params):
        """Tell all of them what is known of the training."""
        params = Params(params)
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        """Tell all of them the model; callbacks of Keras 3 get one that answers as theirs do."""
        for callback in self.callbacks:
            callback.set_model(model_for(callback, model))

    def set_validation_data(self, arrays):
        """Give each callback the arrays for validation, where it can keep them."""
        for callback in self.callbacks:
            with contextlib.suppress(AttributeError):
                callback.validation_data = arrays

    @property
    def needs_batches(self) -> bool:
        """Whether a callback looks at single batches of a training."""
        return self.look_at("train")

    def look_at(self, kind: str) -> bool:
        """Whether a callback looks at single batches of a 'train', 'test' or 'predict'."""
        return any(self.batch_hooks(kind))

    def batch_hooks(self, kind: str) -> list[list[Callable]]:
        """What callbacks have of their own for before and after each batch: functions of its number and logs."""
        if not self.callbacks:
            return [[], []]
        return [
            [getattr(callback, hook) for callback in self.callbacks for hook in hooks if _is_own(callback, hook)]
            for hooks in _BATCH_HOOKS[kind]
        ]

    @property
    def needs_steps(self) -> bool:
        """Whether a callback looks at what is known after some steps."""
        return any(_is_own(callback, "on_steps_end") for callback in self.callbacks)

    @property
    def handles_interrupt(self) -> bool:
        """Whether one of them ends training gracefully at the notebook's interrupt."""
        return any(getattr(callback, "handles_interrupt", False) for callback in self.callbacks)

    def on_epoch_begin(self, epoch, logs=None):
        """Tell all of them that an epoch begins, counted from 0."""
        self._call(("on_epoch_begin",), epoch, logs)

    def on_epoch_end(self, epoch, logs=None, is_validated=True):
        """Tell all of them an epoch's figures; one without its validation only those that have `keeps_unvalidated`."""
        for callback in self.callbacks:
            if is_validated or getattr(callback, "keeps_unvalidated", False):
                callback.on_epoch_end(epoch, logs if logs is not None else Logs())

    def on_batch_begin(self, batch, logs=None):
        """Tell all of them that a batch begins, counted from 0, under either name of the hook."""
        self._call(_BATCH_HOOKS["train"][0], batch, logs)

    def on_batch_end(self, batch, logs=None):
        """Tell all of them the figures of a batch, under either name of the hook."""
        self._call(_BATCH_HOOKS["train"][1], batch, logs)

    def on_steps_end(self, batch, logs=None):
        """Tell those with this hook the figures after a call of one or many steps."""
        for callback in self.callbacks:
            if hasattr(callback, "on_steps_end"):
                callback.on_steps_end(batch, logs)

    def on_train_begin(self, logs=None):
        """Tell all of them that training begins."""
        self._call(("on_train_begin",), logs)

    def on_train_end(self, logs=None):
        """Tell all of them that training is over."""
        self._call(("on_train_end",), logs)

    def on_train_failed(self, error):
        """Tell those with this hook the error that ended training."""
        for callback in self.callbacks:
            getattr(callback, "on_train_failed", _nothing)(error)

    def begin(self, kind, logs=None):
        """Tell of the beginning of a 'test' or 'predict'."""
        self._call((f"on_{kind}_begin",), logs)

    def end(self, kind, logs=None):
        """Tell of its end."""
        self._call((f"on_{kind}_end",), logs)

    def _call(self, hooks, *arguments):
        *number, logs = arguments
        logs = logs if logs is not None else Logs()
        for callback in self.callbacks:
            for hook in hooks:
                if hook not in _LATER_HOOKS or _is_own(callback, hook):
                    getattr(callback, hook)(*number, logs)


def _nothing(error: BaseException) -> None:
    """For a callback of one's own that does not know a hook."""


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
            raise ArgumentError(
                f"callbacks: {callback!r} is no callback.",
                "Pass an instance of Callback, or a function: LambdaCallback(on_epoch_end=function).",
                arguments=("callbacks",),
            )
    return list(callbacks or [])


def _is_own(callback: Any, hook: str) -> bool:
    """Whether the hook is the callback's own (and not marked as one that fit need not call)."""
    if hook in _LATER_HOOKS and hook not in getattr(callback, "__dict__", ()):
        if getattr(type(callback), hook, None) is getattr(Callback, hook):
            return False
    found = getattr(callback, hook, None)
    function = getattr(found, "__func__", found)
    return function not in (None, getattr(Callback, hook)) and not getattr(function, "is_optional", False)


_LATER_HOOKS = {
    *(f"on_{kind}_{end}" for kind in ("test", "predict") for end in ("begin", "end")),
    *(f"on_{kind}_batch_{end}" for kind in _BATCH_HOOKS for end in ("begin", "end")),
}
