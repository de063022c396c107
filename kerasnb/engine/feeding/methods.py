"""The methods of a model that take a generator of batches: fit_generator, evaluate_generator, predict_generator."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from ...callbacks import CallbackList, History
from ...callbacks.base import check_callbacks
from ...errors import ArgumentError
from ...utils.numbers import check_whole
from ...utils.progbar import Progbar
from ..fitting.control import TrainingControl
from ..fitting.later_arguments import Batches, ValidationBatches, WholePass, accepts_batch_counts, whole_length
from ..fitting.objective import Objective
from ..fitting.sample_weights import standardize_class_weights
from ..fitting.wanted import Wanted
from ..node import one_or_list
from .datasets import are_batches
from .loops import feeding, fit_batches, predict_batches, test_batches
from .sources import Ordered

__all__ = ["GeneratorTraining"]


class GeneratorTraining:
    """What a model does with a generator.

    A generator yields `(x, y)` or `(x, y, sample_weight)`, for ever; anything with `__next__` will do, and so will an
    object whose `len` is the number of its batches and whose index gives one (Keras 2's Sequence).
    """

    # of the model whose part it is
    name: str
    input_names: list[str]
    log_names: list[str]
    objective: Objective  # only of a compiled one
    control: TrainingControl
    validation_data: list | None
    _require_compiled: Callable[[str], None]
    _metrics_anew: Callable[[], AbstractContextManager[None]]
    _callbacks: Callable[[Sequence, dict], CallbackList]
    _watching: Callable[..., CallbackList]
    _end_of_training: Callable[[CallbackList], History]
    _wanted: Callable[[], Wanted]
    _held_for_validation: Callable[..., tuple[list, bool]]
    _validating: Callable[[list, bool], Callable]

    @accepts_batch_counts
    def fit_generator(
        self,
        generator,
        samples_per_epoch,
        nb_epoch,
        verbose=1,
        callbacks=None,
        validation_data=None,
        nb_val_samples=None,
        class_weight=None,
        max_q_size=10,
        nb_worker=1,
        pickle_safe=False,
        initial_epoch=0,
    ) -> History:
        """Train on batches that a generator computes, while the model works on the batches before.

        Args:
            generator: gives (x, y) or (x, y, sample_weight).
            samples_per_epoch: an epoch ends with the batch that reaches it. `steps_per_epoch` counts batches instead.
            nb_epoch: number of the last epoch.
            verbose, callbacks, class_weight, initial_epoch: as for fit.
            validation_data: (x, y), (x, y, sample_weight), or a generator.
            nb_val_samples: how many samples of a validation generator to use. `validation_steps` counts batches.
            max_q_size: how many batches may be ready ahead.
            nb_worker: number of threads or processes that compute batches.
            pickle_safe: whether they are processes; each has a copy of the generator.

        Returns:
            History, with `.epoch` and `.history`.

        Raises:
            DataError: the generator gave something else, or ended early.
            GeneratorError: it raised; what is raised is of the class of its own error too.
        """
        self._require_compiled("fit_generator")
        count = _count("fit_generator: samples_per_epoch", samples_per_epoch)
        nb_epoch = check_whole("fit_generator: nb_epoch", nb_epoch, 0)
        initial_epoch = check_whole("fit_generator: initial_epoch", initial_epoch, 0)
        callbacks = check_callbacks(callbacks)
        if class_weight is not None:
            class_weight = standardize_class_weights(class_weight, self.objective.output_names)
        with self.control.running(self.name), contextlib.ExitStack() as stack:
            validate = self._validation(validation_data, nb_val_samples, max_q_size, stack)
            unit = {"steps": _known(count)} if isinstance(count, Batches) else {"nb_sample": count}
            params = {"nb_epoch": nb_epoch, **unit, "verbose": verbose, "do_validation": validate is not None}
            names = self.log_names
            params["metrics"] = names + [f"val_{name}" for name in names]
            called = self._callbacks(callbacks, params)
            workers = max_q_size, nb_worker, pickle_safe
            try:
                feed = stack.enter_context(
                    feeding(generator, count, "fit_generator", workers, self.input_names, self.control.checkpoint)
                )
                fit_batches(self, feed, nb_epoch, called, initial_epoch, validate, class_weight)
            except BaseException as error:
                called.on_train_failed(error)
                raise
            return self._end_of_training(called)

    def _validation(self, data: Any, count: Any, max_q_size: int, stack: contextlib.ExitStack) -> Callable | None:
        """The function that validates, of callbacks and the last batch's size; None without validation data."""
        self.validation_data = None
        checkpoint = self.control.checkpoint
        if data is None or (isinstance(data, list | tuple) and not data):
            return None
        if not (are_batches(data) or isinstance(data, Ordered)):
            held, weighted = self._held_for_validation(data, self._wanted().batch)
            return self._validating(held, weighted)
        count = count or whole_length(data)
        if not count:
            raise ArgumentError(
                'When using a generator for validation data, you must specify a value for "nb_val_samples".',
                "It is the number of samples to use of it, such as nb_val_samples=1000.",
                arguments=("nb_val_samples",),
            )
        count = _count("fit_generator: nb_val_samples", count)
        workers = max_q_size, 1, False
        feed = stack.enter_context(feeding(data, count, "validation", workers, self.input_names, checkpoint))

        def validate(callbacks: Any, size: int) -> list[float] | None:
            with self._metrics_anew():
                return test_batches(self, feed, "validation", callbacks=callbacks)

        return validate

    def _validating_batches(self, given: ValidationBatches) -> Callable:
        """The function that validates by batches after each epoch of a fit on arrays."""

        def validate(callbacks: CallbackList, size: int) -> list[float] | None:
            workers, stops = (10, 1, False), self.control.checkpoint
            with feeding(given.data, given.steps, "validation", workers, self.input_names, stops) as feed:
                return test_batches(self, feed, "validation", callbacks=callbacks)

        return validate

    @accepts_batch_counts
    def evaluate_generator(
        self,
        generator,
        val_samples,
        max_q_size=10,
        nb_worker=1,
        pickle_safe=False,
        *,
        verbose=0,
        callbacks=None,
    ):
        """Loss and metrics over batches of a generator: averages weighted by batch size.

        Args:
            generator: gives (x, y) or (x, y, sample_weight).
            val_samples: ends with the batch that reaches it. `steps` counts batches instead.
            max_q_size, nb_worker, pickle_safe: as for fit_generator.
            callbacks: later: their `on_test_*` or `on_predict_*` are called.

        Returns:
            A number, or a list in the order of `metrics_names`.
        """
        self._require_compiled("evaluate_generator")
        count = _count("evaluate_generator: val_samples", val_samples)
        called = self._watching(callbacks, None, count, verbose)
        workers = max_q_size, nb_worker, pickle_safe
        with (
            feeding(generator, count, "evaluate_generator", workers, self.input_names) as feed,
            self._metrics_anew(),
        ):
            return one_or_list(test_batches(self, feed, "evaluate_generator", _bar(count, verbose), called))

    @accepts_batch_counts
    def predict_generator(
        self,
        generator,
        val_samples,
        max_q_size=10,
        nb_worker=1,
        pickle_safe=False,
        *,
        verbose=0,
        callbacks=None,
    ):
        """The outputs for batches of a generator.

        Args:
            generator: gives inputs, or tuples of which the first is the input.
            val_samples: how many samples the batches have together. `steps` counts batches instead.
            max_q_size, nb_worker, pickle_safe: as for fit_generator.
            callbacks: later: their `on_test_*` or `on_predict_*` are called.

        Returns:
            An array, or a list with one for each output.

        Raises:
            DataError: a batch goes beyond `val_samples`.
        """
        count = _count("predict_generator: val_samples", val_samples)
        called = self._watching(callbacks, None, count, verbose)
        workers = max_q_size, nb_worker, pickle_safe
        with feeding(generator, count, "predict_generator", workers, self.input_names, predicts=True) as feed:
            return one_or_list(predict_batches(self, feed, _bar(count, verbose), called))


def _bar(count: int, verbose: Any) -> Progbar | None:
    return Progbar(_known(count), verbose=1) if verbose == 1 else None


def _known(count: int) -> int | None:
    """The count, None where only the end of the data will tell."""
    return None if isinstance(count, WholePass) else int(count)


def _count(name: str, value: Any) -> int:
    """A number of samples or batches, at least 1; 1.2 programs compute it by `/`, which may give a float."""
    if isinstance(value, Batches):
        return type(value)(check_whole(name, int(value), 1))
    if isinstance(value, float | np.floating) and np.isfinite(value):
        value = math.ceil(value)
    return check_whole(name, value, 1)
