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
    """Averages over an epoch of what each batch gave, weighted by batch size; a batch without weight counts nothing.

    Attributes:
        names: what the figures are called in logs; as in Keras 1.2, those without a name are not logged.
        seen: the number of samples.
    """

    def __init__(self, names: Sequence[str]):
        self.names = list(names)
        self.seen = 0
        self.totals = self.weights = self._plain = np.zeros(1)
        self._factors: Sequence[float] = ()

    def add(self, sizes: np.ndarray, outputs: Sequence[np.ndarray], step: Any) -> None:
        """Take the outputs of some batches, stacked, as the step gives them: figures, perhaps shares after them."""
        figures = [np.asarray(output, dtype="float64") for output in outputs[: step.figures]]
        weights = sizes if len(figures) == len(outputs) else np.asarray(outputs[-1], dtype="float64").T * sizes
        plain = np.asarray([np.dot(sizes, figure) for figure in figures])
        weighted = plain if weights is sizes else np.asarray(list(map(np.dot, weights, figures)))
        self._factors = step.factors
        self.seen += int(sizes.sum())
        self.totals, self._plain = self.totals + weighted, self._plain + plain
        self.weights = self.weights + np.broadcast_to(weights, (len(figures), len(sizes))).sum(axis=1)

    def values(self) -> list[float]:
        # of what no batch had weight for, the plain average: 0 for a loss, the penalties for a total
        plain, counts = self._plain / max(self.seen, 1), self.weights > 0
        values = np.where(counts, self.totals / np.where(counts, self.weights, 1), plain)
        if self._factors:  # a total stays the sum of its losses, of which each has its own batches without weight
            parts = slice(1, 1 + len(self._factors))
            values[0] = plain[0] + np.dot(self._factors, values[parts] - plain[parts])
        return values.tolist()

    def logs(self) -> dict[str, float]:
        return dict(zip(self.names, self.values(), strict=False))


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
            logs.update(zip((f"val_{name}" for name in names), figures, strict=False))
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
        averages.add(sizes, outputs, runner.step)
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
        outputs = runner.step.whole([slice_X(array, rows) for array in runner.arrays])
        averages.add(np.asarray([len(rows)]), [output[None] for output in outputs], runner.step)
        callbacks.on_batch_end(batch, logs | dict(zip(averages.names, outputs[: runner.step.figures], strict=False)))
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
        averages.add(sizes, outputs, step)
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
            result[begin:done] = output.reshape(done - begin, *output.shape[2:])
        if progress is not None:
            progress.update(done)
    return results
