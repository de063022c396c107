"""Samples a second of `model.fit(verbose=0)` on data in memory after the first epoch, and their CPU time."""

import sys
import time

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import batch_size, build, data_for

FITS = 3


def main(workload: str, steps: int = 1) -> None:
    """Measure one model; `steps` is Keras 3's steps_per_execution."""
    load_backend()
    x, y = data_for(workload)
    model = build(workload)
    compile_model(model, steps)
    epochs = {"nb_epoch" if not is_peer() else "epochs": 1}

    def fit():
        model.fit(x, y, batch_size=batch_size(workload), verbose=0, **epochs)

    first = seconds(fit)
    before = time.process_time()
    took = median_seconds(fit, FITS)
    work = (time.process_time() - before) / FITS / len(x)
    report(samples_per_second=len(x) / took, work_per_sample=work, first_epoch_seconds=first)


def load_backend() -> None:
    """Keras 3 loads it when it is imported, kerasnb when it is needed: neither is to count."""
    build("tiny").predict(data_for("tiny", 2)[0], verbose=0)


def compile_model(model, steps: int) -> None:
    tuned = {"steps_per_execution": steps} if is_peer() else {}
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"], **tuned)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
