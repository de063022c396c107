"""Seconds for one edit in the middle of a 50-layer model, and for summary and lasting picture of a 200-layer one."""

import sys

from benchmarks.measure import median_seconds, report


def chain(layers: int):
    from kerasnb.widgets.builder import Builder

    builder = Builder(input_shape=(32,))
    for number in range(layers):
        builder.add("Dense", output_dim=32, name=f"dense_{number}")
    return builder


def edit() -> float:
    document = chain(50).document
    sizes = iter(range(33, 1000))
    return median_seconds(lambda: document.set_argument("dense_25", "output_dim", next(sizes)), 20)


def summary() -> float:
    builder = chain(200)
    model = builder.document.to_model()

    def show():
        model.summary(print_fn=lambda text: None)
        builder.picture()

    return median_seconds(show, 5)


if __name__ == "__main__":
    report(seconds={"edit": edit, "summary": summary}[sys.argv[1]]())
