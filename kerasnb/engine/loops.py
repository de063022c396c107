"""The loops behind fit, evaluate and predict."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import DataError
from .standardize import batch_shuffle, make_batches, slice_X
from .steps import Step, StepRunner

__all__ = ["fit_loop", "test_loop", "predict_loop", "EpochAverages"]

# evaluate and predict compile a call of many batches after this many: it takes as long as some hundreds of single ones
_MANY = 256


class EpochAverages:
    """Averages over an epoch of what each batch gave, weighted by batch size."""

    def __init__(self, names: Sequence[str]):
        self.names = list(names)
        self.seen = 0
        self.totals = np.zeros(len(self.names))

    def add(self, sizes: np.ndarray, outputs: Sequence[np.ndarray]) -> None:
        self.seen += int(sizes.sum())
        self.totals += [float(np.dot(np.asarray(output, dtype="float64"), sizes)) for output in outputs]

    def values(self) -> list[float]:
        return (self.totals / max(self.seen, 1)).tolist()

    def logs(self) -> dict[str, float]:
        return dict(zip(self.names, self.values(), strict=True))


def fit_loop(model: Any, step: Step, arrays: Sequence, batch_size: int, nb_epoch: int, callbacks: Any, shuffle: Any,
             initial_epoch: int, validate: Any) -> None:
    """Train epoch by epoch until done or asked to stop.

    Args:
        callbacks: a CallbackList.
        validate: a function that gives the values of val_* (None if it was asked to stop), or None.
    """
    control = model.control
    runner = StepRunner(step, arrays, batch_size, one_by_one=callbacks.needs_batches)
    order = np.arange(arrays[0].shape[0])
    names = model.log_names
    callbacks.on_train_begin()
    model.stop_training = False
    for epoch in range(initial_epoch, nb_epoch):
        callbacks.on_epoch_begin(epoch)
        order = _shuffled(order, shuffle, batch_size)
        averages = EpochAverages(names)
        is_whole = _train_epoch(runner, order, callbacks, averages, control)
        if not is_whole:
            break
        logs = averages.logs()
        if validate is not None:
            figures = validate()
            if figures is None:
                break
            logs.update(zip((f"val_{name}" for name in names), figures, strict=True))
        callbacks.on_epoch_end(epoch, logs)
        if model.stop_training or control.checkpoint():
            break
    callbacks.on_train_end()


def _shuffled(order: np.ndarray, shuffle: Any, batch_size: int) -> np.ndarray:
    if isinstance(shuffle, str):
        if shuffle != "batch":
            raise DataError(f"shuffle must be True, False or 'batch', got {shuffle!r}.")
        return batch_shuffle(order, batch_size)
    if shuffle:
        np.random.shuffle(order)
    return order


def _train_epoch(runner: StepRunner, order: np.ndarray, callbacks: Any, averages: EpochAverages, control: Any) -> bool:
    """Train once over the samples; False when asked to stop before the end."""
    if callbacks.needs_batches:
        return _train_epoch_by_batch(runner, order, callbacks, averages, control)
    for first, sizes, outputs in runner.run(order):
        averages.add(sizes, outputs)
        last = first + len(sizes) - 1
        callbacks.on_steps_end(last, {"batch": last, "size": int(sizes[-1]), "seen": averages.seen, **averages.logs()})
        if control.checkpoint() and averages.seen < len(order):
            return False
    return True


def _train_epoch_by_batch(
    runner: StepRunner, order: np.ndarray, callbacks: Any, averages: EpochAverages, control: Any
) -> bool:
    """The same, with exact logs of each batch before and after it, as callbacks that override batch hooks need."""
    for batch, (start, stop) in enumerate(make_batches(len(order), runner.batch_size)):
        rows = order[start:stop]
        logs = {"batch": batch, "size": len(rows)}
        callbacks.on_batch_begin(batch, logs)
        outputs = runner.step([slice_X(array, rows) for array in runner.arrays])
        averages.add(np.asarray([len(rows)]), [output[None] for output in outputs])
        callbacks.on_batch_end(batch, logs | dict(zip(averages.names, outputs, strict=True)))
        callbacks.on_steps_end(batch, {**logs, "seen": averages.seen, **averages.logs()})
        if control.checkpoint() and averages.seen < len(order):
            return False
    return True


def test_loop(step: Step, arrays: Sequence, batch_size: int, names: Sequence[str],
              progress: Any = None, should_stop: Callable[[], bool] | None = None) -> list[float] | None:
    """Averages of the step's outputs over all samples, weighted by batch size; None if stopped before the end."""
    averages = EpochAverages(names)
    samples = arrays[0].shape[0]
    for _, sizes, outputs in StepRunner(step, arrays, batch_size, after=_MANY).run():
        averages.add(sizes, outputs)
        if progress is not None:
            progress.update(averages.seen)
        if should_stop is not None and should_stop() and averages.seen < samples:
            return None
    return averages.values()


def predict_loop(step: Step, arrays: Sequence, batch_size: int, progress: Any = None) -> list[np.ndarray]:
    """The outputs for all samples."""
    results: list[np.ndarray] = []
    samples = arrays[0].shape[0]
    done = 0
    for _, sizes, outputs in StepRunner(step, arrays, batch_size, after=_MANY).run():
        if not results:
            results = [np.empty((samples, *output.shape[2:]), dtype=output.dtype) for output in outputs]
        begin, done = done, done + int(sizes.sum())
        for result, output in zip(results, outputs, strict=True):
            result[begin:done] = output.reshape(-1, *output.shape[2:])
        if progress is not None:
            progress.update(done)
    return results
