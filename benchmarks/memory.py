"""Bytes of resident memory before and after many repetitions, once warm: edits, K.function calls, fits, Fit cells."""

import gc
import os
import sys

import numpy as np
import psutil

from benchmarks.measure import report


def builder_edits(number: int) -> None:
    document = builder_edits.document
    document.set_argument("dense_1", "output_dim", 8 + number % 50)


def functions_on_fresh_graphs(number: int) -> None:
    from kerasnb import backend as K

    x = K.placeholder((None, 16))
    y = K.tanh(K.dot(x, K.variable(np.ones((16, 16))))) * float(number)
    K.function([x], [y])([np.zeros((2, 16))])


def fits(number: int) -> None:
    from kerasnb.layers import Dense
    from kerasnb.models import Sequential

    model = Sequential([Dense(32, activation="relu", input_shape=(16,)), Dense(1)])
    model.compile("adam", "mse")
    model.fit(np.zeros((64, 16)), np.zeros((64, 1)), nb_epoch=1, verbose=0)


def fit_cells(number: int) -> None:
    """The same cell once more: 50 MB of data, and a panel that is fitted on them."""
    from kerasnb.widgets import FitPanel
    from kerasnb.widgets.base import superseded

    superseded.cell_id, superseded.running_cell = lambda: "cell", lambda: str(number)
    x, y = np.ones((12_500, 1000), "float32"), np.ones((12_500, 1), "float32")
    fit_cells.panel = FitPanel(fit_cells.model, x, y, nb_epoch=1, batch_size=2500)
    fit_cells.panel.fit(wait=True)


# what is repeated, how often before the first reading (until caches and allocators are full), how often after it
WORK = {
    "builder edits": (builder_edits, 400, 1000),
    "K.function": (functions_on_fresh_graphs, 500, 200),
    "fits": (fits, 20, 50),
    "fit cells": (fit_cells, 10, 200),
}


def resident() -> int:
    gc.collect()
    return psutil.Process().memory_info().rss


def main(name: str) -> None:
    work, warm, times = WORK[name]
    if work is builder_edits:
        from kerasnb.widgets.builder.document.document import Document

        builder_edits.document = Document(input_shape=(8,), name="one")
        builder_edits.document.add("Dense", output_dim=8, name="dense_1")
        builder_edits.document.add("Dense", output_dim=8, name="dense_2")
    if work is fit_cells:
        from kerasnb.layers import Dense
        from kerasnb.models import Sequential

        os.environ["KERASNB_HOME"] = "off"
        fit_cells.model = Sequential([Dense(1, input_shape=(1000,))])
        fit_cells.model.compile("sgd", "mse")
    for number in range(warm):
        work(number)
    before = resident()
    for number in range(warm, warm + times):
        work(number)
    report(bytes_each=(resident() - before) / times, resident=resident())


if __name__ == "__main__":
    main(sys.argv[1])
