"""Seconds to see what layers of the convolutional model make of one sample: the first time, and again.

Keras 3 is asked by calling a model of the wanted outputs, or by its `predict`; "raw" is its model in a `tf.function`.
"""

import sys
import time

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import build, data_for

AGAIN = 30


def viewer(model, which: str, method: str):
    """A function from a sample to the layers' outputs as arrays."""
    layers = model.layers[1:2] if which == "one" else model.layers
    outputs = [layer.output for layer in layers]
    if not is_peer():
        from kerasnb import backend as K

        function = K.function([model.input, K.learning_phase()], outputs)
        return lambda x: function([x, 0])
    import keras

    every = keras.Model(model.inputs, outputs)
    if method == "predict":
        return lambda x: every.predict(x, verbose=0)
    call = compiled(every) if method == "raw" else lambda x: every(x, training=False)
    return lambda x: [keras.ops.convert_to_numpy(value) for value in flat(call(x))]


def compiled(every):
    import tensorflow as tf

    function = tf.function(lambda x: every(x, training=False), autograph=False)
    return lambda x: function(tf.constant(x))


def flat(values) -> list:
    return list(values) if isinstance(values, list | tuple) else [values]


def main(which: str, method: str = "call") -> None:
    sample = data_for("cnn", 1)[0]
    model = build("cnn")
    model.predict(sample, verbose=0)  # loads the backend
    made = []

    def first_look():
        made.append(viewer(model, which, method))
        made[0](sample)

    first = seconds(first_look)
    again = median_seconds(lambda: made[0](sample), AGAIN)
    before = time.process_time()
    for _ in range(AGAIN):
        made[0](sample)
    report(first_seconds=first, again_seconds=again, again_work=(time.process_time() - before) / AGAIN)


if __name__ == "__main__":
    main(*sys.argv[1:])
