"""What live curves, or the progress bar, add to the time of a training of 30 epochs, 0.4 s each, in a Jupyter kernel.

Beside `LiveHistory` stands livelossplot's callback on Keras 3, which draws a matplotlib picture every epoch.
"""

import sys

from benchmarks.contestants import is_peer
from benchmarks.measure import read_report, report, seconds
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model

BATCH = batch_size("mlp")
EPOCHS = 30
EPOCH_SECONDS = 0.4
PAIRS = 5  # the first one imports what draws the last picture
STEPS = 32  # of Keras 3 in one call; one by one it is slower, and the curves' share smaller


def main(what: str) -> None:
    """Start a kernel, measure 'curves' or the 'bar' inside it, pass its report on."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3")
    printed = []
    try:
        client.execute_interactive(
            f"from benchmarks import live_curves; live_curves.inside({what!r})",
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


def inside(what: str) -> None:
    fit = trainer()

    def shown():
        fit(verbose=1) if what == "bar" else fit(live_callback())

    pairs = []
    for number in range(PAIRS):  # either goes first in turn: the machine may slow down meanwhile
        took = {action: seconds(action) for action in ((fit, shown) if number % 2 else (shown, fit))}
        pairs.append((took[fit], took[shown]))
    # the fastest of each: what other programs took from the machine is more than what is to be seen here
    plain, with_it = (min(column) for column in zip(*pairs, strict=True))
    share = with_it / plain - 1
    report(percent=100 * share, seconds_per_epoch=share * plain / EPOCHS, plain_seconds=plain)


def trainer():
    """`fit(*callbacks)` on as many samples as take EPOCH_SECONDS an epoch."""
    x, y = data_for("mlp")
    model = build("mlp")
    compile_model(model, STEPS)
    name = "epochs" if is_peer() else "nb_epoch"

    def fit(*callbacks, epochs=EPOCHS, verbose=0):
        model.fit(x, y, batch_size=BATCH, verbose=verbose, callbacks=list(callbacks), **{name: epochs})

    fit(epochs=1)
    speed = len(x) / min(seconds(lambda: fit(epochs=1)) for _ in range(3))
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
    sys.exit(main(sys.argv[1]))
