"""How cost grows: seconds an epoch of the MLP by batch size and by number of samples."""

import sys

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report
from benchmarks.models import build, data_for
from benchmarks.training import compile_model

EPOCHS = {"nb_epoch" if not is_peer() else "epochs": 1}


def main(samples: int, batch: int) -> None:
    x, y = data_for("tiny" if samples > 100_000 else "mlp", samples)
    model = build("tiny" if samples > 100_000 else "mlp")
    compile_model(model, 1)

    def fit():
        model.fit(x, y, batch_size=batch, verbose=0, **EPOCHS)

    fit()
    report(samples_per_second=samples / median_seconds(fit, 2))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
