"""`Model`: a Container that can be compiled, trained and evaluated."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .. import objectives, optimizers
from ..callbacks import CallbackList, History, ProgbarLogger
from ..callbacks.base import check_callbacks
from ..callbacks.of_keras import as_ours
from ..carried import carry
from ..errors import ArgumentError, BusyError, NotCompiledError
from ..machines.using import computing_on
from ..machines.where import check_parts
from ..metrics import get as get_metric
from ..spelling.door import accepts
from ..spelling.names import MODEL
from ..utils.foreign_objects import each_as_ours
from ..utils.numbers import check_whole
from ..utils.progbar import Progbar
from .container import Container
from .feeding.enqueuer import GeneratorEnqueuer
from .feeding.methods import GeneratorTraining
from .files.backup import read_backup, write_backup
from .fitting.checks import check_array_lengths
from .fitting.compiled_steps import CompiledSteps
from .fitting.control import TrainingControl
from .fitting.data import TrainingData, without_loss, without_optimizer
from .fitting.later_arguments import ValidationBatches, accepts_generators
from .fitting.loops import fit_loop, many_runner, predict_loop, test_loop
from .fitting.objective import Objective, collect_metrics
from .fitting.progress import Progress
from .fitting.sample_weights import (
    standardize_class_weights,
    standardize_sample_or_class_weights,
    standardize_sample_weights,
    standardize_weights,
)
from .fitting.standardize import batch_shuffle, make_batches, slice_X, standardize_input_data
from .fitting.target_checks import check_loss_and_target_compatibility
from .fitting.weighting import weighted_objective
from .node import one_or_list

__all__ = [
    "Model",
    "GeneratorEnqueuer",
    "standardize_input_data",
    "standardize_sample_or_class_weights",
    "standardize_class_weights",
    "standardize_sample_weights",
    "standardize_weights",
    "check_array_lengths",
    "check_loss_and_target_compatibility",
    "collect_metrics",
    "weighted_objective",
    "batch_shuffle",
    "make_batches",
    "slice_X",
]


class Model(Container, CompiledSteps, GeneratorTraining, TrainingData):  # type: ignore[override]  # parts only read
    """A graph of layers that can be trained.

    Args:
        input: a tensor made by `Input`, or a list of them.
        output: a tensor computed from them by layers, or a list.
        name: by default the class in lower case and a number.
    """

    @accepts(MODEL)
    def __init__(self, input, output, name=None):
        super().__init__(input, output, name)
        self._start_uncompiled()

    def _start_uncompiled(self) -> None:
        self.control = TrainingControl()
        self.lock = threading.RLock()
        self.stop_training = False
        self.compile_arguments: dict[str, Any] | None = None
        self.history: History | None = None
        self.validation_data: list | None = None
        self.training_data: list | None = None
        self.resumption: Progress | None = None
        self.samples_order: np.ndarray | None = None
        self._forget_steps()

    # ---- compile

    @property
    def is_compiled(self) -> bool:
        """Whether `compile` was called."""
        return self.compile_arguments is not None

    @without_optimizer
    @without_loss("loss")
    def compile(self, optimizer, loss, metrics=None, loss_weights=None, sample_weight_mode=None, **kwargs):
        """Say how to train: which weights, what to minimize, what to measure. Weights keep their values.

        Args:
            optimizer: a name or an Optimizer.
            loss: a name or function, or one for each output (list, or dict by output name).
            metrics: names or functions, such as ["accuracy"]; for several outputs a dict by output name.
            loss_weights: factors of the outputs' losses.
            sample_weight_mode: 'temporal' for a weight per time step.
            weighted_metrics: later: metrics that leave out masked steps and weigh samples as the loss does, logged as
                'weighted_acc' and so on; the others count each step, as in Keras 1.2.

        Raises:
            ArgumentError: an unknown name; the model stays compiled as it was.
        """
        self._refuse_while_training("compile")
        _refuse_later_ways(kwargs)
        loss = each_as_ours(loss, objectives.made)
        metrics = each_as_ours(metrics, get_metric)
        if kwargs.get("weighted_metrics"):
            kwargs["weighted_metrics"] = each_as_ours(kwargs["weighted_metrics"], get_metric)
        optimizer = optimizers.get(optimizer)
        objective = Objective(self, loss, loss_weights, metrics, sample_weight_mode, kwargs.get("weighted_metrics"))
        objective.tensors(weighted=False)
        optimizer.forget()
        self._use(optimizer, objective)
        self.loss, self.loss_weights = loss, loss_weights
        self.metrics, self.sample_weight_mode = metrics or [], sample_weight_mode
        self.compile_arguments = {
            "optimizer": optimizer,
            "loss": loss,
            "metrics": metrics,
            "loss_weights": loss_weights,
            "sample_weight_mode": sample_weight_mode,
            **kwargs,
        }

    def recompile(self) -> None:
        """Compile again with the same arguments, as after freezing; what still trains keeps its optimizer state."""
        self._require_compiled("recompile")
        self._refuse_while_training("recompile")
        arguments = self.compile_arguments
        assert arguments is not None
        names = ("loss", "loss_weights", "metrics", "sample_weight_mode")
        given = {name: arguments[name] for name in names}
        objective = Objective(self, **given, weighted_metrics=arguments.get("weighted_metrics"))
        self._use(arguments["optimizer"], objective)

    def _forget_compile(self) -> None:
        super()._forget_compile()
        self._forget_steps()

    def _require_compiled(self, what: str) -> None:
        if not self.is_compiled:
            raise NotCompiledError(
                f'model "{self.name}": {what} needs a compiled model.',
                'Call model.compile(optimizer="adam", loss="mse") first.',
            )

    def _refuse_while_training(self, what: str) -> None:
        if self.control.is_running:
            raise BusyError(
                f'model "{self.name}" is training, so {what} has to wait.', "Stop it first: model.control.stop()."
            )

    # ---- training

    @accepts_generators("fit_generator")
    @without_loss("y")
    def fit(
        self,
        x,
        y,
        batch_size=32,
        nb_epoch=10,
        verbose=1,
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        *,
        machines=None,
    ) -> History:
        """Train for a number of epochs.

        Args:
            x: input array, a list of them, or a dict by input name; a table of pandas or polars. Or batches, without
                y: a generator, a Sequence, a tf.data.Dataset, a DataLoader of torch, a PyDataset of Keras 3.
            y: target array, a list, or a dict by output name.
            batch_size: samples per update.
            nb_epoch: number of the last epoch.
            verbose: 0 prints nothing, 1 a progress bar, 2 one line an epoch.
            callbacks: list of Callback.
            validation_split: fraction of the samples, 0 to 1, kept for validation: the last ones, before any shuffle.
            validation_data: (x, y) or (x, y, sample_weight), or batches as fit_generator takes; wins over
                validation_split.
            shuffle: whether to take the samples in a new order each epoch; 'batch' shuffles whole batches (for HDF5).
            class_weight: dict from class to its weight in the loss.
            sample_weight: a weight for each sample; wins over class_weight.
            initial_epoch: number of the first epoch.
            machines: who computes: "local:2" for two processes of this computer, each with half of every batch; "ray:4"
                for four machines that Ray finds, "ray://host:10001" for one on each computer of that cluster; None
                for this process.

        Returns:
            History, with `.epoch` and `.history`.

        Raises:
            DataError: data that does not fit; nothing was trained.
            NotCompiledError: there is no loss yet.
            MachineError: one of the machines failed; the weights are those of the last epoch that was done.
        """
        self._require_compiled("fit")
        batch_size = check_whole("fit: batch_size", batch_size, 1)
        nb_epoch, initial_epoch = (
            check_whole("fit: nb_epoch", nb_epoch, 0),
            check_whole("fit: initial_epoch", initial_epoch, 0),
        )
        callbacks = check_callbacks(callbacks)
        inputs, targets, weights = self._standardize(x, y, sample_weight, class_weight, "fit", batch_size)
        arrays, weighted = [*inputs, *targets, *(weights or [])], weights is not None
        if isinstance(validation_data, ValidationBatches):
            self.validation_data, training = None, arrays
            validation: Callable | None = self._validating_batches(validation_data)
        else:
            training, validation = self._split(arrays, weighted, validation_split, validation_data, batch_size)
        there = computing_on(
            machines, lambda: self.control.stopped, lambda count: check_parts(count, machines, batch_size, self)
        )
        with self.control.running(self.name), there as has_begun:
            return self._fit(
                training,
                weights is not None,
                batch_size,
                nb_epoch if has_begun else initial_epoch,
                verbose,
                callbacks,
                shuffle,
                initial_epoch,
                validation,
            )

    def _fit(
        self, arrays, weighted, batch_size, nb_epoch, verbose, callbacks, shuffle, initial_epoch, validation
    ) -> History:
        names = self.log_names
        called = self._callbacks(
            callbacks,
            {
                "batch_size": batch_size,
                "nb_epoch": nb_epoch,
                "nb_sample": arrays[0].shape[0],
                "verbose": verbose,
                "do_validation": validation is not None,
                "metrics": names + [f"val_{name}" for name in names if validation is not None],
            },
        )
        self.training_data = arrays
        try:
            fit_loop(
                self,
                self._step("train", weighted),
                arrays,
                batch_size,
                nb_epoch,
                called,
                shuffle,
                initial_epoch,
                validation,
            )
        except BaseException as error:
            called.on_train_failed(error)
            raise
        finally:
            self.training_data = None
        return self._end_of_training(called)

    def _callbacks(self, callbacks: Sequence, params: dict) -> CallbackList:
        """The user's callbacks, a new History, and what prints."""
        self.history = History()
        shown = [ProgbarLogger()] if params["verbose"] else []
        called = CallbackList([*map(as_ours, callbacks), self.history, *shown])
        called.set_model(self)
        called.set_params(params)
        called.set_validation_data(self.validation_data)
        return called

    def _watching(self, callbacks: Any, batch_size: int, samples: int, verbose: Any) -> CallbackList:
        """The callbacks of an evaluate or predict, which know the model."""
        called = CallbackList(map(as_ours, check_callbacks(callbacks)))
        called.set_model(self)
        called.set_params({"batch_size": batch_size, "nb_sample": samples, "verbose": verbose})
        return called

    def _end_of_training(self, called: CallbackList) -> History:
        if getattr(self.optimizer, "use_ema", False):
            self.optimizer.finalize_variable_values(self._collected_trainable_weights)
        if self.control.interrupted and not called.handles_interrupt:
            raise KeyboardInterrupt
        assert self.history is not None
        return self.history

    def save_training(self, filepath, epoch: int, batch: int = 0) -> None:
        """Write weights, the optimizer's state and how far the training came, for `resume_training`.

        Args:
            epoch: the number of the epoch.
            batch: how many batches of it are done.
        """
        self._require_compiled("save_training")
        write_backup(self, filepath, Progress(epoch, batch, self.samples_order))

    def resume_training(self, filepath) -> None:
        """Take weights and the optimizer's state from a file of `save_training`; the next fit goes on from there.

        Raises:
            FileError: it is damaged; nothing was changed.
            WeightsError: it is of another model; nothing was changed.
        """
        self._require_compiled("resume_training")
        read_backup(self, filepath)

    @without_loss("y")
    def train_on_batch(self, x, y, sample_weight=None, class_weight=None):
        """One update; gives the loss, or a list with the metrics after it.

        Args:
            x, y, sample_weight, class_weight: as for fit.
        """
        return self._on_batch("train", x, y, sample_weight, class_weight)

    @without_loss("y")
    def test_on_batch(self, x, y, sample_weight=None):
        """The loss of one batch, or a list with the metrics after it; no update."""
        return self._on_batch("test", x, y, sample_weight, None)

    def _on_batch(self, kind: str, x, y, sample_weight, class_weight):
        self._require_compiled(f"{kind}_on_batch")
        inputs, targets, weights = self._standardize(x, y, sample_weight, class_weight, f"{kind}_on_batch")
        self.reset_metrics()
        outputs = self._step(kind, weights is not None)([*inputs, *targets, *(weights or [])])
        return one_or_list([np.float32(output) if np.ndim(output) == 0 else output for output in outputs])

    # ---- testing

    @accepts_generators("evaluate_generator")
    @without_loss("y")
    def evaluate(self, x, y, batch_size=32, verbose=1, sample_weight=None, *, callbacks=None, machines=None):
        """Loss and metrics over all samples: averages weighted by batch size, in the learning phase 0.

        Args:
            callbacks: later: their `on_test_*` are called.
            machines: who computes, as for fit; each takes batches of its own.

        Returns:
            A number, or a list in the order of `metrics_names`.
        """
        self._require_compiled("evaluate")
        batch_size = check_whole("evaluate: batch_size", batch_size, 1)
        inputs, targets, weights = self._standardize(x, y, sample_weight, None, "evaluate", batch_size)
        arrays = [*inputs, *targets, *(weights or [])]
        bar = Progbar(inputs[0].shape[0], verbose=verbose) if verbose == 1 else None
        called = self._watching(callbacks, batch_size, inputs[0].shape[0], verbose)
        with computing_on(machines), self._metrics_anew():
            runner = many_runner(self._step("test", weights is not None), arrays, batch_size, called.look_at("test"))
            return one_or_list(test_loop(runner, self.log_names, bar, callbacks=called))

    @accepts_generators("predict_generator")
    def predict(self, x, batch_size=32, verbose=0, *, callbacks=None, machines=None):
        """The outputs for all samples, in the learning phase 0.

        Args:
            callbacks: later: their `on_predict_*` are called.
            machines: who computes, as for fit; each takes batches of its own.

        Returns:
            An array, or a list with one for each output.
        """
        batch_size = check_whole("predict: batch_size", batch_size, 1)
        inputs = self._standardize_inputs(x, "predict", batch_size)
        bar = Progbar(inputs[0].shape[0], verbose=verbose) if verbose == 1 else None
        called = self._watching(callbacks, batch_size, inputs[0].shape[0], verbose)
        with computing_on(machines):
            runner = many_runner(self._step("predict"), inputs, batch_size, called.look_at("predict"))
            return one_or_list(predict_loop(runner, bar, called))

    def predict_on_batch(self, x):
        """The outputs for one batch."""
        return one_or_list(self._step("predict")(self._standardize_inputs(x, "predict_on_batch")))


def _refuse_later_ways(arguments: dict[str, Any]) -> None:
    """Refuse what later releases take in compile and would change the figures; the rest is about speed."""
    if arguments.get("target_tensors"):
        raise ArgumentError(
            "compile: target_tensors did not exist in Keras 1.2.", "Leave it out.", arguments=("target_tensors",)
        )


carry(__name__)
