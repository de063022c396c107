"""Samples a second of `evaluate` and of `predict` on data in memory."""

import sys

from benchmarks.measure import median_seconds, report
from benchmarks.models import SAMPLES, batch_size, build, data_for
from benchmarks.training import compile_model

CALLS = 3
WARM_UP = 7  # kerasnb compiles calls of many batches once it has seen 256, of 50 at least in each


def main(workload: str, method: str) -> None:
    x, y = data_for(workload, min(SAMPLES[workload], 32_000))
    model = build(workload)
    compile_model(model, 1)
    options = {"batch_size": batch_size(workload), "verbose": 0}

    def call():
        return model.predict(x, **options) if method == "predict" else model.evaluate(x, y, **options)

    for _ in range(WARM_UP):
        call()
    report(samples_per_second=len(x) / median_seconds(call, CALLS))


if __name__ == "__main__":
    main(*sys.argv[1:])
