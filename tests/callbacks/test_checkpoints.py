"""ModelCheckpoint: when it saves, what, and under which name."""

import os

import numpy as np
import pytest

from kerasnb.callbacks import ModelCheckpoint
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential, load_model

X, Y = np.random.RandomState(0).rand(12, 3), np.random.RandomState(1).rand(12, 2)


def model():
    made = Sequential([Dense(2, input_shape=(3,))])
    made.compile("sgd", "mse", metrics=["acc"])
    return made


class Recorder:
    """Stands in for a model, and keeps the names it was saved under."""

    def __init__(self):
        self.saved = []

    def save(self, filepath, overwrite):
        self.saved.append(filepath)

    def save_weights(self, filepath, overwrite):
        self.saved.append(f"weights {filepath}")


def saved(logs, *args, **kwargs):
    """The names under which a model is saved when epochs end with these logs."""
    callback = ModelCheckpoint(*args, **kwargs)
    callback.set_model(Recorder())
    for epoch, one in enumerate(logs):
        callback.on_epoch_end(epoch, one)
    return callback.model.saved


def test_a_file_for_every_epoch_with_figures_in_its_name(backend, tmp_path):
    one = model()
    name = str(tmp_path / "m.{epoch:02d}-{val_loss:.2f}.h5")
    history = one.fit(X, Y, nb_epoch=2, validation_data=(X, Y), callbacks=[ModelCheckpoint(name)], verbose=0)
    wanted = [f"m.{epoch:02d}-{loss:.2f}.h5" for epoch, loss in enumerate(history.history["val_loss"])]
    assert sorted(os.listdir(tmp_path)) == sorted(wanted)
    np.testing.assert_allclose(load_model(tmp_path / wanted[1]).predict(X), one.predict(X), rtol=1e-6)


def test_weights_only(tmp_path):
    one, path = model(), tmp_path / "w.h5"
    one.fit(X, Y, nb_epoch=1, callbacks=[ModelCheckpoint(path, save_weights_only=True)], verbose=0)
    other = model()
    other.load_weights(path)
    np.testing.assert_array_equal(other.get_weights()[0], one.get_weights()[0])
    with pytest.raises(ValueError, match="No model found"):
        load_model(path)


def test_only_better_epochs_are_saved():
    logs = [{"val_loss": 3.0}, {"val_loss": 4.0}, {"val_loss": 2.0}, {"val_loss": 2.0}]
    assert saved(logs, "{epoch}", save_best_only=True) == ["0", "2"]
    assert saved(logs, "{epoch}", save_best_only=True, mode="max") == ["0", "1"]
    assert saved(logs, "{epoch}", save_best_only=True, save_weights_only=True) == ["weights 0", "weights 2"]


def test_auto_takes_accuracies_as_better_when_larger():
    assert saved([{"val_acc": 0.1}, {"val_acc": 0.3}], "{epoch}", "val_acc", save_best_only=True) == ["0", "1"]
    assert saved([{"fmeasure": 0.1}, {"fmeasure": 0.3}], "{epoch}", "fmeasure", save_best_only=True) == ["0", "1"]


def test_an_unknown_mode_is_auto():
    with pytest.warns(RuntimeWarning, match="unknown"):
        assert saved([{"acc": 1.0}, {"acc": 2.0}], "{epoch}", "acc", save_best_only=True, mode="no") == ["0", "1"]


def test_the_period_counts_epochs_from_the_last_saving():
    assert saved([{}] * 7, "{epoch}", period=3) == ["2", "5"]


def test_a_figure_that_is_not_logged_is_a_warning():
    with pytest.warns(RuntimeWarning, match=r"only with val_loss available, skipping; there are \['loss'\]"):
        assert saved([{"loss": 1.0}], "m", save_best_only=True) == []


def test_a_name_with_a_figure_that_is_not_logged_says_what_there_is():
    with pytest.raises(ArgumentError, match=r"needs 'val_loss', which is not logged; there are \['epoch', 'loss'\]"):
        saved([{"loss": 1.0}], "{val_loss}")


def test_verbose_says_what_it_does(capsys):
    saved([{"loss": 2.0}, {"loss": 3.0}, {"loss": 1.0}], "m.h5", "loss", verbose=1, save_best_only=True)
    assert capsys.readouterr().out.splitlines() == [
        "Epoch 00000: loss improved from inf to 2.00000, saving model to m.h5",
        "Epoch 00001: loss did not improve",
        "Epoch 00002: loss improved from 2.00000 to 1.00000, saving model to m.h5",
    ]
    saved([{}], "m.h5", verbose=1)
    assert capsys.readouterr().out == "Epoch 00000: saving model to m.h5\n"


def test_it_saves_after_so_many_batches_of_whichever_epoch():
    trained, files = model(), []
    callback = ModelCheckpoint("m-{epoch}-{batch}.h5", save_freq=3)
    callback._save = files.append
    trained.fit(X, Y, nb_epoch=2, batch_size=3, verbose=0, callbacks=[callback])
    assert files == ["m-0-2.h5", "m-1-1.h5"]
    with pytest.raises(ArgumentError, match="save_freq is 'epoch' or a number of batches, got 0.5"):
        ModelCheckpoint("m.h5", save_freq=0.5)


def test_the_first_figure_has_to_be_better_than_a_threshold():
    logs = [{"loss": 0.5}, {"loss": 0.3}, {"loss": 0.35}]
    options = {"monitor": "loss", "save_best_only": True, "initial_value_threshold": 0.4}
    assert saved(logs, "m{epoch}.h5", **options) == ["m1.h5"]
