"""Seconds to see what every layer of the convolutional model makes of one sample: the first time, and again."""

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report, seconds
from benchmarks.models import build, data_for

AGAIN = 20


def viewer(model):
    """A function from a sample to all layers' outputs as arrays."""
    if is_peer():
        import keras

        every = keras.Model(model.inputs, [layer.output for layer in model.layers])
        return lambda x: [keras.ops.convert_to_numpy(value) for value in every(x, training=False)]
    from kerasnb import backend as K

    function = K.function([model.input, K.learning_phase()], [layer.output for layer in model.layers])
    return lambda x: function([x, 0])


def main() -> None:
    sample = data_for("cnn")[0][:1]
    model = build("cnn")
    model.predict(sample, **({"verbose": 0} if is_peer() else {}))  # loads the backend
    made = []

    def first_look():
        made.append(viewer(model))
        made[0](sample)

    first = seconds(first_look)
    report(first_seconds=first, again_seconds=median_seconds(lambda: made[0](sample), AGAIN))


if __name__ == "__main__":
    main()
