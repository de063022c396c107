"""The loops behind fit, evaluate and predict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...backend.plans.plan import MANY
from ...backend.runtime import chosen
from ...callbacks import CallbackList
from ...callbacks.logs import Logs
from ...errors import DataError, ShapeError
from .progress import beginning
from .standardize import batch_shuffle
from .steps import StepRunner

__all__ = ["fit_loop", "test_loop", "predict_loop", "many_runner", "end_epoch", "tell", "EpochAverages"]


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
        self._running: dict[int, float] = {}

    def add(self, sizes: np.ndarray, outputs: Sequence[np.ndarray], step: Any) -> None:
        """Take the outputs of some batches, stacked, as the step gives them: figures, perhaps shares after them."""
        figures = outputs[: step.figures]
        # in float64: an epoch adds up thousands of float32 numbers, whose last digits would be lost
        if len(sizes) == 1:
            plain = np.array([figure[0] for figure in figures], dtype="float64") * sizes[0]
        else:
            plain = np.array([np.dot(sizes, np.asarray(figure, dtype="float64")) for figure in figures])
        weighted, weight = plain, int(sizes.sum())
        self.seen, self._plain = self.seen + weight, self._plain + plain
        if len(figures) < len(outputs):
            shares = np.asarray(outputs[-1], dtype="float64").T * sizes
            weighted, weight = np.array(list(map(np.dot, shares, figures))), shares.sum(axis=1)
        self.totals, self.weights, self._factors = self.totals + weighted, self.weights + weight, step.factors
        if step.running:  # each is already that of all batches
            self._running.update((place, float(figures[place][-1])) for place in step.running)

    def values(self) -> list[float]:
        """The epoch's figures so far, in the order of `names`."""
        # of what no batch had weight for, the plain average: 0 for a loss, the penalties for a total
        plain, counts = self._plain / max(self.seen, 1), self.weights > 0
        values = np.where(counts, self.totals / np.where(counts, self.weights, 1), plain)
        if self._factors:  # a total stays the sum of its losses, of which each has its own batches without weight
            parts = slice(1, 1 + len(self._factors))
            values[0] = plain[0] + np.dot(self._factors, values[parts] - plain[parts])
        for place, figure in self._running.items():
            values[place] = figure
        return values.tolist()

    def logs(self) -> dict[str, float]:
        """The epoch's figures so far, by name."""
        return dict(zip(self.names, self.values(), strict=False))


def fit_loop(
    model: Any,
    step: Any,
    arrays: Sequence,
    batch_size: int,
    nb_epoch: int,
    callbacks: CallbackList,
    shuffle: Any,
    initial_epoch: int,
    validate: Callable | None,
) -> None:
    """Train epoch by epoch until done or asked to stop.

    Args:
        validate: a function of callbacks and batch size that gives the values of val_*, None if it was asked to stop.
    """
    control = model.control
    runner = StepRunner(step, arrays, batch_size, one_by_one=callbacks.needs_batches)
    names = model.log_names
    callbacks.on_train_begin()
    # after the callbacks, as in Keras 1.2: one that sets it in on_train_begin stops nothing there either
    model.stop_training = False
    start = beginning(model, initial_epoch, np.arange(arrays[0].shape[0]))
    order = start.order
    for epoch in range(start.epoch, nb_epoch):
        model.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        done = start.batch if epoch == start.epoch else 0
        # an epoch that goes on after an interruption keeps its order, of which some batches are done
        model.samples_order = order = order if done else _shuffled(order, shuffle, batch_size)
        averages = EpochAverages(names)
        if not _train_epoch(runner, order[done * batch_size :], callbacks, averages, control, done):
            break
        goes_on = end_epoch(epoch, averages, callbacks, validate and (lambda: validate(callbacks, batch_size)))
        chosen.active().keep()
        if not goes_on or model.stop_training or control.checkpoint():
            break
    callbacks.on_train_end()


def end_epoch(epoch: int, averages: EpochAverages, callbacks: CallbackList, validate: Callable | None) -> bool:
    """Validate, and tell the callbacks; False if the validation was asked to stop: the epoch is kept without it."""
    logs = Logs(averages.logs())
    figures = validate() if validate is not None else []
    if figures is not None:
        logs.update(zip((f"val_{name}" for name in averages.names), figures, strict=False))
    callbacks.on_epoch_end(epoch, logs, is_validated=figures is not None)
    return figures is not None


def _shuffled(order: np.ndarray, shuffle: Any, batch_size: int) -> np.ndarray:
    if isinstance(shuffle, str):
        if shuffle != "batch":
            raise DataError(f"shuffle must be True, False or 'batch', got {shuffle!r}.")
        return batch_shuffle(order, batch_size)
    if shuffle:
        np.random.shuffle(order)
    return order


def _train_epoch(
    runner: StepRunner, order: np.ndarray, callbacks: CallbackList, averages: EpochAverages, control: Any, done: int
) -> bool:
    """Train once over the samples, of an epoch of which some batches are done; False when asked to stop before."""
    needs_steps = callbacks.needs_steps
    for last, logs in _watched(runner, order, callbacks, averages, "train", done):
        if needs_steps:
            callbacks.on_steps_end(last, Logs(logs, seen=averages.seen, **averages.logs()))
        # asked to stop during the last batch: the epoch is whole, and counts
        if control.checkpoint() and averages.seen < len(order):
            return False
    return True


def _watched(
    runner: StepRunner,
    order: np.ndarray | None,
    callbacks: CallbackList,
    averages: EpochAverages,
    kind: str,
    done: int = 0,
) -> Iterator[tuple[int, dict]]:
    """Run the batches, with the hooks of each one where a callback looks at them; yields the last of each call."""
    begins, ends = callbacks.batch_hooks(kind)
    for first, sizes, outputs in runner.run(order, _before(begins, done)):
        averages.add(sizes, outputs, runner.step)
        last = done + first + len(sizes) - 1
        logs = Logs(batch=last, size=int(sizes[-1]))
        if ends:
            figures = (output[0] for output in outputs[: runner.step.figures])
            tell(ends, last, Logs(logs, **dict(zip(averages.names, figures, strict=False))))
        yield last, logs


def tell(hooks: Sequence[Callable], batch: int, logs: Logs) -> None:
    """Call the hooks of a batch, which share their logs."""
    for hook in hooks:
        hook(batch, logs)


def _before(begins: Sequence[Callable], done: int = 0) -> Callable[[int, int], None] | None:
    return (lambda batch, size: tell(begins, done + batch, Logs(batch=done + batch, size=size))) if begins else None


def test_loop(
    runner: StepRunner,
    names: Sequence[str],
    progress: Any = None,
    should_stop: Callable[[], bool] | None = None,
    callbacks: CallbackList | None = None,
) -> list[float] | None:
    """Averages of the step's outputs over all samples, weighted by batch size; None if stopped before the end."""
    callbacks = callbacks or CallbackList()
    averages = EpochAverages(names)
    samples = runner.arrays[0].shape[0]
    callbacks.begin("test")
    for _ in _watched(runner, None, callbacks, averages, "test"):
        if progress is not None:
            progress.update(averages.seen)
        if should_stop is not None and should_stop() and averages.seen < samples:
            return None
    callbacks.end("test", Logs(averages.logs()))
    return averages.values()


def many_runner(step: Any, arrays: Sequence, batch_size: int, is_looked_at: bool = False) -> StepRunner:
    """What runs a test or predict step over all samples: many batches in one call, once there were many."""
    after = 0 if chosen.active().compiles_loops_at_once else MANY
    return StepRunner(step, arrays, batch_size, is_looked_at, after=after)


def predict_loop(runner: StepRunner, progress: Any = None, callbacks: CallbackList | None = None) -> list[np.ndarray]:
    """The outputs for all samples."""
    callbacks = callbacks or CallbackList()
    results: list[np.ndarray] = []
    samples = runner.arrays[0].shape[0]
    done = 0
    begins, ends = callbacks.batch_hooks("predict")
    callbacks.begin("predict")
    for first, sizes, outputs in runner.run(None, _before(begins)):
        if not results:
            # written in place, since to join the batches at the end would hold all outputs twice
            results = [np.empty((samples, *output.shape[2:]), dtype=output.dtype) for output in outputs]
        begin, done = done, done + int(sizes.sum())
        _check_rows(outputs, sizes)
        for result, output in zip(results, outputs, strict=True):
            result[begin:done] = output.reshape(done - begin, *output.shape[2:])
        if ends:
            tell(ends, first, Logs(batch=first, size=int(sizes[0]), outputs=[output[0] for output in outputs]))
        if progress is not None:
            progress.update(done)
    callbacks.end("predict")
    return results


def _check_rows(outputs: Sequence[np.ndarray], sizes: np.ndarray) -> None:
    """Each output must have a row for each sample, or rows would go to the wrong samples.

    Raises:
        ShapeError: one has not.
    """
    for place, output in enumerate(outputs):
        if output.shape[1] != sizes[0]:
            raise ShapeError(
                f"predict: output {place} has {output.shape[1]} rows for a batch of {sizes[0]} samples.",
                "A Lambda or a layer of your own joins samples or splits them: let it keep the first axis, as "
                "K.sum(x, axis=1) does.",
            )
