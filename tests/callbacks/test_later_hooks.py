"""The hooks and names that later releases gave to callbacks."""

import pickle

import numpy as np
import pytest

from kerasnb.callbacks import Callback, CallbackList, EarlyStopping, LambdaCallback, ModelCheckpoint, ReduceLROnPlateau
from kerasnb.callbacks.logs import Logs
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(10, 3), np.arange(10) % 2


class Watch(Callback):
    def __init__(self):
        super().__init__()
        self.calls = []

    def on_train_batch_end(self, batch, logs=None):
        super().on_train_batch_end(batch, logs)
        self.calls.append("train")

    def on_test_begin(self, logs=None):
        super().on_test_begin(logs)
        self.calls.append("test begins")

    def on_test_batch_begin(self, batch, logs=None):
        self.calls.append(sorted(logs))

    def on_test_batch_end(self, batch, logs=None):
        self.calls.append((batch, logs["size"], logs["accuracy"] >= 0))

    def on_test_end(self, logs=None):
        self.calls.append(sorted(logs))

    def on_predict_begin(self, logs=None):
        self.calls.append("predict begins")

    def on_predict_batch_end(self, batch, logs=None):
        self.calls.append((batch, logs["outputs"][0].shape))

    def on_predict_end(self, logs=None):
        self.calls.append("predict ends")


TEST = ["test begins", ["batch", "size"], (0, 8, True), ["batch", "size"], (1, 2, True), ["acc", "loss"]]
PREDICT = ["predict begins", (0, (8, 1)), (1, (2, 1)), "predict ends"]


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, activation="sigmoid", input_shape=(3,))])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model


def batches():
    while True:
        yield X[:8], Y[:8]
        yield X[8:], Y[8:]


def test_the_hooks_of_tests_and_predictions_are_called(model):
    watch = Watch()
    model.fit(X, Y, nb_epoch=1, batch_size=8, verbose=0, validation_data=(X, Y), callbacks=[watch])
    assert watch.calls == ["train", "train", *TEST]
    watch.calls.clear()
    model.evaluate(X, Y, batch_size=8, verbose=0, callbacks=[watch])
    model.predict(X, batch_size=8, callbacks=[watch])
    assert watch.calls == [*TEST, *PREDICT]


def test_they_are_called_for_generators_too(model):
    watch = Watch()
    model.fit_generator(batches(), 10, 1, verbose=0, validation_data=batches(), nb_val_samples=10, callbacks=[watch])
    model.evaluate_generator(batches(), 10, callbacks=[watch])
    model.predict_generator(((X[:8],), (X[8:],)).__iter__(), 10, callbacks=[watch])
    assert watch.calls == ["train", "train", *TEST, *TEST, *PREDICT]


def test_functions_and_other_classes_may_have_them(model):
    calls = []

    class Own:
        def set_params(self, params): ...

        def set_model(self, model): ...

        def __getattr__(self, name):
            if not name.startswith("on_"):
                raise AttributeError(name)
            return lambda *arguments: calls.append(name)

    assert CallbackList([LambdaCallback(on_test_batch_end=print)]).look_at("test")
    callbacks = [LambdaCallback(on_test_end=calls.append), Own()]
    model.fit(X, Y, nb_epoch=1, verbose=0, validation_data=(X, Y), callbacks=callbacks)
    assert {"loss": model.history.history["val_loss"][0], "acc": model.history.history["val_acc"][0]} in calls
    assert "on_test_end" in calls


def test_figures_answer_to_the_names_of_other_releases(model, tmp_path):
    callbacks = [
        ModelCheckpoint(tmp_path / "{epoch}-{val_accuracy:.1f}.h5", monitor="val_accuracy", save_best_only=True),
        EarlyStopping(monitor="val_accuracy", patience=9),
        ReduceLROnPlateau(monitor="val_accuracy"),
    ]
    history = model.fit(X, Y, nb_epoch=2, verbose=0, validation_data=(X, Y), callbacks=callbacks).history
    assert history["accuracy"] == history["acc"] and len(history["val_accuracy"]) == 2
    assert len(list(tmp_path.iterdir())) >= 1 and "learning_rate" in history and "accuracy" not in list(history)
    assert pickle.loads(pickle.dumps(history)) == history == dict(history)


@pytest.mark.parametrize(
    "logged, asked",
    [
        ("val_acc", "val_accuracy"),
        ("accuracy", "acc"),
        ("out_acc_1", "out_accuracy_1"),
        ("lr", "learning_rate"),
        ("val_mean_squared_error", "val_mse"),
        ("mae", "mean_absolute_error"),
        ("binary_accuracy", "binary_accuracy"),
    ],
)
def test_names_of_one_figure(logged, asked):
    logs = Logs({logged: 1.0})
    assert logs[asked] == logs.get(asked) == 1.0 and asked in logs and logs.get("loss", 2) == 2
    with pytest.raises(KeyError, match="loss"):
        logs["loss"]


def test_the_exact_name_comes_first():
    assert Logs(acc=1, accuracy=2)["accuracy"] == 2
