"""What kerasnb costs on Keras 3: a look at a layer beside a kept `keras.Function`, live curves beside a plain fit.

Both sides take turns in one process, so that whatever slows the machine down slows both.
"""

import sys

import keras
import numpy as np

from benchmarks.measure import median_seconds, report, seconds
from kerasnb.report import layer_output
from kerasnb.widgets import LiveHistory

LOOKS, TURNS = 100, 9
PAIRS, EPOCHS = 5, 10


def model():
    """A small convolutional net."""
    layers = [
        keras.Input((32, 32, 3)),
        keras.layers.Conv2D(16, 3, activation="relu", name="conv"),
        keras.layers.Conv2D(32, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(64, activation="relu", name="units"),
        keras.layers.Dense(10, activation="softmax"),
    ]
    return keras.Sequential(layers)


def looking() -> None:
    """One sample, one layer near the end of the net."""
    net = model()
    x = np.random.RandomState(0).rand(1, 32, 32, 3).astype("float32")
    function = keras.Function(net.inputs, net.get_layer("units").output)
    layer = net.get_layer("units")

    def kept():
        np.asarray(keras.ops.convert_to_numpy(function([x])))

    def ours():
        layer_output(net, layer, [x])

    kept(), ours()
    pairs = [(median_seconds(kept, LOOKS), median_seconds(ours, LOOKS)) for _ in range(TURNS)]
    by_function, by_view = (sorted(column)[TURNS // 2] for column in zip(*pairs, strict=True))
    report(function_us=1e6 * by_function, view_us=1e6 * by_view, ratio=by_view / by_function)


def curves() -> None:
    """The fastest fit of each side counts: other programs take more from the machine than is to be seen here."""
    net = model()
    net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x = np.random.RandomState(0).rand(1024, 32, 32, 3).astype("float32")
    y = np.random.RandomState(1).randint(0, 10, 1024)

    def fit(*callbacks):
        net.fit(x, y, batch_size=32, epochs=EPOCHS, verbose=0, callbacks=list(callbacks))

    def live():
        fit(LiveHistory())

    net.fit(x, y, epochs=1, verbose=0)
    pairs = []
    for number in range(PAIRS):  # either goes first in turn
        took = {action: seconds(action) for action in ((fit, live) if number % 2 else (live, fit))}
        pairs.append((took[fit], took[live]))
    plain, with_it = (min(column) for column in zip(*pairs, strict=True))
    report(plain_seconds=plain, percent=100 * (with_it / plain - 1))


if __name__ == "__main__":
    {"looking": looking, "curves": curves}[sys.argv[1]]()
