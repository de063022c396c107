"""Samples a second of `model.fit(verbose=0)` for models of many kinds; seconds to the end of a first short epoch."""

import sys
import time

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report, seconds
from benchmarks.training import load_backend
from benchmarks.workload_models import WORKLOADS

FITS = 3
SHORT = 8  # batches


def main(name: str, steps: int = 1) -> None:
    """Measure one model; `steps` is Keras 3's steps_per_execution."""
    load_backend()
    workload = WORKLOADS[name]
    model = compiled(workload, steps)
    short, data = workload.data(SHORT), workload.data()
    first = seconds(lambda: fit(model, workload, short))
    fit(model, workload, data)  # compiled by now is all that comes late
    before = time.process_time()
    took = median_seconds(lambda: fit(model, workload, data), FITS)
    samples = workload.batch * workload.batches
    work = (time.process_time() - before) / FITS / samples
    report(samples_per_second=samples / took, work_per_sample=work, first_epoch_seconds=first)


def compiled(workload, steps: int):
    model = workload.build()
    tuned = {"steps_per_execution": steps} if is_peer() else {}
    model.compile(optimizer="adam", loss=workload.losses, **tuned)
    return model


def fit(model, workload, data) -> None:
    x, y = data
    model.fit(x, y, batch_size=workload.batch, verbose=0, epochs=1)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
