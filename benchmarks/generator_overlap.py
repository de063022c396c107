"""What a generator that takes as long as a step adds to `fit_generator`, in percent of a training without the wait.

100 is one after the other, 0 is all of the preparation hidden behind the compute. The generator waits instead of
working, so that it takes no core from the step.
"""

import sys
import time

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model

BATCHES = 100
FITS = 3


def main(workload: str) -> None:
    size = batch_size(workload)
    x, y = data_for(workload, size)
    model = build(workload)
    compile_model(model, 1)

    def fit(wait: float) -> None:
        train(model, prepared(x, y, wait), size)

    fit(0.0)
    plain = median_seconds(lambda: fit(0.0), FITS)
    step = plain / BATCHES
    slow = median_seconds(lambda: fit(step), FITS)
    report(percent=100 * (slow - plain) / plain, milliseconds_per_step=1e3 * step)


def prepared(x, y, wait: float):
    """The same batch for ever, each after a wait of some seconds."""
    while True:
        if wait:
            time.sleep(wait)
        yield x, y


def train(model, batches, size: int) -> None:
    if is_peer():
        model.fit(batches, steps_per_epoch=BATCHES, epochs=1, verbose=0)
    else:
        model.fit_generator(batches, samples_per_epoch=BATCHES * size, nb_epoch=1, verbose=0)


if __name__ == "__main__":
    main(sys.argv[1])
