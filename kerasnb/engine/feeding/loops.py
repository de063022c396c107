"""The loops behind fit_generator, evaluate_generator and predict_generator."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ...callbacks import CallbackList
from ...callbacks.logs import Logs
from ...caller import warn_user
from ...errors import DataError
from ...utils.numbers import check_whole
from ..fitting.later_arguments import WholePass
from ..fitting.loops import EpochAverages, end_epoch, tell
from ..fitting.progress import beginning
from ..fitting.standardize import count_samples
from .datasets import END_OF_PASS, Rounds, is_dataset
from .demand import Demand
from .enqueuer import STOPPED, GeneratorEnqueuer, NoMoreBatches

__all__ = ["Feed", "feeding", "fit_batches", "test_batches", "predict_batches", "unpacked"]

# seconds to wait for a thread at work when all stops or fails; else it is waited for
_SHORT = 0.1
_TUPLE = "output of generator should be a tuple (x, y, sample_weight) or (x, y)."


def unpacked(output: Any) -> tuple:
    """x, y and sample_weight of what a generator gave.

    Raises:
        DataError: it is no tuple of two or three.
    """
    if not isinstance(output, tuple | list) or len(output) not in (2, 3):
        raise DataError(f"{_TUPLE} Found: {_described(output)}", "Write yield x, y.")
    return (*output, None)[:3]


def _described(output: Any) -> str:
    if hasattr(output, "shape"):
        return f"an array {tuple(output.shape)}"
    if isinstance(output, tuple | list):
        return f"{type(output).__name__} of {len(output)}"
    return repr(output)[:200]


class Feed:
    """Batches of a generator until there are as many samples (or batches) as asked for.

    Args:
        enqueuer: a GeneratorEnqueuer.
        start: starts it; called when the first epoch begins.
        demand: of the enqueuer: told of the epochs to come.
        who: for messages.
        should_stop: asked while no batch comes, and after each; may wait while paused.
    """

    def __init__(
        self,
        enqueuer: GeneratorEnqueuer,
        start: Callable[[], None],
        demand: Demand,
        who: str,
        should_stop: Callable[[], bool] = bool,
    ):
        self.enqueuer, self.start, self.demand, self.who, self.should_stop = enqueuer, start, demand, who, should_stop
        self.count, self.in_batches = demand.count, demand.in_batches
        self.seen = self.batches = 0
        self.is_stopped = False

    def expect(self, epochs: int) -> None:
        """Let batches of so many more epochs be computed."""
        self.enqueuer.expect(epochs)

    def __iter__(self) -> Iterator[Any]:
        """One epoch; who iterates says with `saw` how many samples each batch had."""
        self.seen = self.batches = 0
        if self.enqueuer.queue is None:
            self.start()
        while not self.is_done:
            try:
                output = self.enqueuer.get(self.should_stop)
            except NoMoreBatches:
                raise self._ended_early() from None
            if output is STOPPED:
                self.is_stopped = True
                return
            if output is END_OF_PASS:
                return
            yield output
            self.is_stopped = self.should_stop() and not self.is_done
            if self.is_stopped:
                return

    @property
    def is_done(self) -> bool:
        """Whether all samples or batches of the epoch were seen."""
        return (self.batches if self.in_batches else self.seen) >= self.count

    def saw(self, samples: int) -> None:
        """Count a batch.

        Raises:
            DataError: it holds no samples.
        """
        self.seen += samples
        self.batches += 1
        if not samples:
            raise DataError(f"{self.who}: the generator gave a batch without samples.")

    def _ended_early(self) -> DataError:
        unit = "batches" if self.in_batches else "samples"
        seen = self.batches if self.in_batches else self.seen
        return DataError(
            f"{self.who}: the generator ended after {seen:,} of {int(self.count):,} {unit}; {_TUPLE} Found: None",
            "Let it go on for ever: put `while True:` around its loop.",
        )


@contextlib.contextmanager
def feeding(
    generator: Any,
    count: int,
    who: str,
    workers: tuple[int, int, bool],
    names: Sequence[str],
    should_stop: Callable[[], bool] = bool,
    predicts: bool = False,
) -> Iterator[Feed]:
    """A Feed whose threads or processes end with the block; one that is at work is waited for, unless all stops.

    Args:
        workers: max_q_size, nb_worker and pickle_safe as for fit_generator.
        names: of the model's inputs, to tell how many samples a batch has.
        predicts: whether batches may be inputs alone, and each has to come in its place.
    """
    room, number, in_processes = workers
    check_whole("max_q_size", room, 1), check_whole("nb_worker", number, 0)
    if is_dataset(generator):
        generator = Rounds(generator, marks_ends=isinstance(count, WholePass))
    demand = Demand(count, lambda output: _size(output, names, predicts))
    enqueuer = GeneratorEnqueuer(generator, pickle_safe=in_processes, demand=demand, in_order=predicts)
    feed = Feed(enqueuer, lambda: enqueuer.start(max_q_size=room, nb_worker=max(number, 1)), demand, who, should_stop)
    patience: float | None = _SHORT
    try:
        yield feed
        patience = _SHORT if feed.is_stopped else None
    finally:
        enqueuer.stop(patience)


def _size(output: Any, names: Sequence[str], predicts: bool) -> int | None:
    """How many samples a batch has, as far as can be told before it is checked."""
    try:
        return count_samples(inputs_of(output) if predicts else unpacked(output)[0], names)
    except DataError:
        return None


def fit_batches(
    model: Any,
    feed: Feed,
    nb_epoch: int,
    callbacks: CallbackList,
    initial_epoch: int,
    validate: Callable | None,
    class_weight: Any,
) -> None:
    """Train epoch by epoch until done or asked to stop.

    Args:
        validate: a function of callbacks and last batch's size that gives the values of val_*, None if asked to stop.
    """
    callbacks.on_train_begin()
    model.stop_training = False
    start = beginning(model, initial_epoch, np.arange(0)).epoch
    feed.expect(nb_epoch - start)
    for epoch in range(start, nb_epoch):
        model.reset_metrics()
        callbacks.on_epoch_begin(epoch)
        averages = EpochAverages(model.log_names)
        size = _train_epoch(model, feed, callbacks, averages, class_weight)
        if feed.is_stopped:
            break
        goes_on = end_epoch(epoch, averages, callbacks, validate and (lambda size=size: validate(callbacks, size)))
        if not goes_on or model.stop_training or model.control.checkpoint():
            break
    callbacks.on_train_end()


def _train_epoch(model: Any, feed: Feed, callbacks: Any, averages: EpochAverages, class_weight: Any) -> int:
    """Train until the feed is done; gives the size of the last batch."""
    size, needs_steps = 0, callbacks.needs_steps
    for logs in _stepping(model, "train", feed, "fit_generator", callbacks, averages, class_weight):
        size = logs["size"]
        if needs_steps:
            callbacks.on_steps_end(logs["batch"], Logs(logs, seen=averages.seen, **averages.logs()))
    if feed.seen > feed.count and not feed.in_batches:
        warn_user(
            f"Epoch comprised more than `samples_per_epoch` samples ({feed.seen:,} of {feed.count:,}), which might "
            "affect learning results. Set `samples_per_epoch` to a multiple of the batch size; to count batches, "
            "use steps_per_epoch.",
        )
    return size


def _stepping(
    model: Any,
    kind: str,
    feed: Feed,
    who: str,
    callbacks: CallbackList,
    averages: EpochAverages,
    class_weight: Any = None,
) -> Iterator[Logs]:
    """Make a step with each batch, add it to the averages, tell the callbacks; gives number and size of each batch.

    Args:
        kind: "train" or "test".
    """
    begins, ends = callbacks.batch_hooks(kind)
    for number, output in enumerate(feed):
        inputs, targets, weights = model._standardize(*unpacked(output), class_weight, who)
        size = inputs[0].shape[0]
        logs = Logs(batch=number, size=size)
        tell(begins, number, Logs(logs))  # a copy, since callbacks may write into what they get
        step = model._step(kind, weights is not None)
        outputs = step.whole([*inputs, *targets, *(weights or [])])
        averages.add(np.asarray([size]), [output[None] for output in outputs], step)
        tell(ends, number, _of_batch(logs, averages, outputs, step))
        feed.saw(size)
        yield logs


def _of_batch(logs: Logs, averages: EpochAverages, outputs: Sequence, step: Any) -> Logs:
    """The logs with the figures of one batch."""
    return Logs(logs, **dict(zip(averages.names, outputs[: step.figures], strict=False)))


def test_batches(
    model: Any, feed: Feed, who: str, progress: Any = None, callbacks: CallbackList | None = None
) -> list[float] | None:
    """Averages of loss and metrics, weighted by batch size; None if stopped before the end."""
    callbacks = callbacks or CallbackList()
    averages = EpochAverages(model.log_names)
    callbacks.begin("test")
    feed.expect(1)
    for _ in _stepping(model, "test", feed, who, callbacks, averages):
        if progress is not None:
            progress.update(min(feed.batches if feed.in_batches else feed.seen, feed.count))
    if feed.is_stopped:
        return None
    callbacks.end("test", Logs(averages.logs()))
    return averages.values()


def predict_batches(
    model: Any, feed: Feed, progress: Any = None, callbacks: CallbackList | None = None
) -> list[np.ndarray]:
    """The outputs for all samples, one array for each output of the model."""
    callbacks = callbacks or CallbackList()
    results: list[list] = []
    callbacks.begin("predict")
    begins, ends = callbacks.batch_hooks("predict")
    feed.expect(1)
    for number, output in enumerate(feed):
        inputs = model._standardize_inputs(inputs_of(output), "predict_generator")
        size = inputs[0].shape[0]
        tell(begins, number, Logs(batch=number, size=size))
        results.append(model._step("predict")(inputs))
        tell(ends, number, Logs(batch=number, size=size, outputs=results[-1]))
        feed.saw(size)
        _refuse_overshoot(feed)
        if progress is not None:
            progress.update(feed.batches if feed.in_batches else feed.seen)
    callbacks.end("predict")
    return [np.concatenate(parts) for parts in zip(*results, strict=True)]


def inputs_of(output: Any) -> Any:
    """The inputs in what a generator gave to predict: x, or x of a tuple."""
    if not isinstance(output, tuple):
        return output
    return output[0] if len(output) == 1 else unpacked(output)[0]


def _refuse_overshoot(feed: Feed) -> None:
    if feed.seen > feed.count and not feed.in_batches:
        raise DataError(
            f"predict_generator: the generator gave {feed.seen:,} samples, val_samples is {feed.count:,}.",
            f"Let the batches add up to it; for {feed.count:,} batches, write steps={feed.count}.",
        )
