"""Seconds from compile to the end of the first batch: for a first model, for a second one of the same structure.

The library and its backend are loaded before. For kerasnb also how many programs each of them compiled.
"""

import sys

from benchmarks.contestants import is_peer
from benchmarks.measure import report, seconds
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model, load_backend


def main(workload: str) -> None:
    x, y = data_for(workload, batch_size(workload))
    load_backend()
    figures = {}
    for name in ("first", "second"):
        model, before = build(workload), compiled()
        figures[f"{name}_seconds"] = seconds(lambda model=model: start(model, x, y))
        figures[f"{name}_programs"] = compiled() - before
    report(**figures)


def start(model, x, y) -> None:
    compile_model(model, 1)
    model.train_on_batch(x, y)


def compiled() -> int:
    if is_peer():
        return 0
    from kerasnb.backend.runtime import chosen

    return chosen.active().shared.made


if __name__ == "__main__":
    main(sys.argv[1])
