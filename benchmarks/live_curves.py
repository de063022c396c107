"""What live curves add to the time of a training of 30 epochs, 0.4 s each, in a Jupyter kernel.

Beside `LiveHistory` stands livelossplot's callback on Keras 3, which draws a matplotlib picture every epoch.
"""

import statistics
import sys

from benchmarks.contestants import is_peer
from benchmarks.measure import read_report, report, seconds
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model

BATCH = batch_size("mlp")
EPOCHS = 30
EPOCH_SECONDS = 0.4
PAIRS = 3  # the first one imports what draws the last picture
STEPS = 32  # of Keras 3 in one call; one by one it is slower, and the curves' share smaller


def main() -> None:
    """Start a kernel, measure inside it, pass its report on."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    printed = []
    try:
        client.execute_interactive(
            "from benchmarks import live_curves; live_curves.inside()",
            output_hook=lambda message: printed.append(text_of(message["content"])),
            timeout=600,
        )
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    report(**(read_report("".join(printed)) or {"error": "".join(printed)[-100:]}))


def text_of(content: dict) -> str:
    """What a kernel's message says: printed text, or an exception on a line of its own."""
    if "ename" in content:
        return f"\n{content['ename']}: {content['evalue']}\n"
    return content.get("text", "")


def inside() -> None:
    fit = trainer()
    pairs = [(seconds(fit), seconds(lambda: fit(live_callback()))) for _ in range(PAIRS)]
    plain, live = (statistics.median(column) for column in zip(*pairs, strict=True))
    report(percent=100 * (live - plain) / plain, seconds_per_epoch=(live - plain) / EPOCHS, plain_seconds=plain)


def trainer():
    """`fit(*callbacks)` on as many samples as take EPOCH_SECONDS an epoch."""
    x, y = data_for("mlp")
    model = build("mlp")
    compile_model(model, STEPS)
    name = "epochs" if is_peer() else "nb_epoch"

    def fit(*callbacks, epochs=EPOCHS, rows=slice(None)):
        model.fit(x[rows], y[rows], batch_size=BATCH, verbose=0, callbacks=list(callbacks), **{name: epochs})

    fit(epochs=1)
    speed = len(x) / seconds(lambda: fit(epochs=1))
    count = max(BATCH, int(speed * EPOCH_SECONDS) // BATCH * BATCH)
    repeats = -(-count // len(x))
    x, y = x.repeat(repeats, 0)[:count], y.repeat(repeats, 0)[:count]
    fit(epochs=1)
    return fit


def live_callback():
    if is_peer():
        from livelossplot import PlotLossesKeras

        return PlotLossesKeras()
    from kerasnb.widgets import LiveHistory

    return LiveHistory()


if __name__ == "__main__":
    sys.exit(main())
