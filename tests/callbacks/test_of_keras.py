"""Keras 3's own callbacks in kerasnb's fit."""

import os

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import TerminateOnNaN
from kerasnb.errors import DivergedError
from kerasnb.layers import Dense
from kerasnb.models import Model, Sequential, load_model

X = np.random.RandomState(0).rand(8, 4).astype("float32")
Y = np.array([[0], [1]] * 4, "float32")


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, activation="sigmoid", input_shape=(4,))])
    model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def callbacks():
    import keras

    return keras.callbacks


def fitted(model, *callbacks, x=X, **how):
    return model.fit(x, Y, nb_epoch=4, verbose=0, validation_data=(X, Y), callbacks=list(callbacks), **how)


def test_the_learning_rate_follows_keras_3s_schedule(model, callbacks, capsys):
    fitted(model, callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2, verbose=1))
    assert K.get_value(model.optimizer.lr) == pytest.approx(0.01 / 16)
    assert "setting learning rate" in capsys.readouterr().out


def test_a_plateau_lowers_the_learning_rate(model, callbacks):
    history = fitted(
        model, callbacks.ReduceLROnPlateau("val_accuracy", factor=0.5, patience=1, mode="min", min_delta=9)
    )
    assert K.get_value(model.optimizer.lr) < 0.01
    assert history.history["learning_rate"][0] == pytest.approx(0.01)


def test_early_stopping_knows_by_the_metric_which_way_is_better(model, callbacks):
    stopping = callbacks.EarlyStopping("val_accuracy", patience=1, min_delta=9, restore_best_weights=True)
    before = model.get_weights()
    assert len(fitted(model, stopping).epoch) == 2
    assert np.abs(model.get_weights()[0] - before[0]).max() < 0.1
    assert stopping.best is not None


def test_checkpoints_and_logs_are_written(model, callbacks, tmp_path):
    fitted(
        model,
        callbacks.ModelCheckpoint(tmp_path / "best.keras", save_best_only=True, monitor="val_loss"),
        callbacks.ModelCheckpoint(tmp_path / "last.weights.h5", save_weights_only=True),
        callbacks.CSVLogger(tmp_path / "log.csv"),
        callbacks.TerminateOnNaN(),
    )
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 5
    np.testing.assert_allclose(load_model(tmp_path / "best.keras").predict(X), model.predict(X), rtol=1e-5)
    model.load_weights(tmp_path / "last.weights.h5")


def test_tensorboard_gets_its_figures(model, callbacks, tmp_path):
    fitted(model, callbacks.TensorBoard(tmp_path, write_graph=False))
    assert {"train", "validation"} <= set(os.listdir(tmp_path))


def test_a_training_goes_on_from_keras_3s_backup_with_the_optimizers_state(model, callbacks, tmp_path):
    class Crash(Exception):
        pass

    def crash(epoch, logs):
        if epoch == 2:
            raise Crash

    with pytest.raises(Crash):
        fitted(model, callbacks.BackupAndRestore(tmp_path), callbacks.LambdaCallback(on_epoch_begin=crash))
    assert fitted(model, callbacks.BackupAndRestore(tmp_path)).epoch == [2, 3]


def test_a_callback_derived_from_keras_3s_sees_the_model_as_one_of_both_kinds(model, callbacks):
    import keras

    seen = []

    class Watching(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            rate = keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)
            seen.append((float(rate), isinstance(self.model, Model), self.model == model, self.model.layers[0].name))
            self.model.optimizer.learning_rate = 0.5
            self.model.stop_training = True

    assert fitted(model, Watching()).epoch == [0]
    assert seen == [(pytest.approx(0.01), True, True, model.layers[0].name)]
    assert K.get_value(model.optimizer.lr) == 0.5


def test_terminate_on_nan_may_raise(model):
    model.set_weights([np.full_like(one, np.nan) for one in model.get_weights()])
    assert fitted(model, TerminateOnNaN()).epoch == [0]
    with pytest.raises(DivergedError, match="the loss of batch 0 is nan"):
        fitted(model, TerminateOnNaN(raise_error=True))
