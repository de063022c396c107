"""Seconds a step of the tiny model when a callback looks at every batch, and so each call is one step."""

from benchmarks.contestants import is_peer
from benchmarks.measure import median_seconds, report
from benchmarks.models import batch_size, build, data_for
from benchmarks.training import compile_model

STEPS = 500


def looking_at_batches():
    if is_peer():
        from keras.callbacks import Callback
    else:
        from kerasnb.callbacks import Callback

    class Looking(Callback):
        def on_batch_end(self, batch, logs=None):
            self.last = logs

        def on_train_batch_end(self, batch, logs=None):
            self.last = logs

    return Looking()


def main() -> None:
    x, y = data_for("tiny", STEPS * batch_size("tiny"))
    model = build("tiny")
    compile_model(model, 1)
    epochs = {"nb_epoch" if not is_peer() else "epochs": 1}

    def fit():
        model.fit(x, y, batch_size=batch_size("tiny"), verbose=0, callbacks=[looking_at_batches()], **epochs)

    for _ in range(3):
        fit()  # TensorFlow's steps are compiled by XLA after some
    report(seconds_per_step=median_seconds(fit, 5) / STEPS)


if __name__ == "__main__":
    main()
