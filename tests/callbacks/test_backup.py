"""BackupAndRestore: a training that was cut off goes on as if it had not been; damaged backups are refused in words."""

import os

import numpy as np
import pytest

from kerasnb.callbacks import BackupAndRestore, LambdaCallback
from kerasnb.errors import ArgumentError, FileError
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(10, 4).astype("float32")
Y = X.sum(axis=1, keepdims=True)


class Crash(Exception):
    pass


def made(units=3):
    np.random.seed(5)
    model = Sequential([Dense(units, input_shape=(4,)), Dense(1)])
    model.compile("adam", "mse")
    return model


def fitted(model, *callbacks, **how):
    return model.fit(X, Y, batch_size=4, nb_epoch=4, verbose=0, callbacks=list(callbacks), **how)


def crash_in(epoch, batch=None):
    """A callback that raises in this epoch, before its first batch or after one."""
    now = []

    def begins(number, logs):
        now.append(number)
        if number == epoch and batch is None:
            raise Crash

    def ends(number, logs):
        if now[-1] == epoch and number == batch:
            raise Crash

    return LambdaCallback(on_epoch_begin=begins, **({} if batch is None else {"on_batch_end": ends}))


@pytest.mark.parametrize("options", [{}, {"save_freq": 2}], ids=["epochs", "batches"])
def test_a_training_that_was_cut_off_goes_on_as_if_it_had_not_been(options, backend, tmp_path):
    folder = tmp_path / "backup"
    whole = fitted(model := made()).history["loss"]
    cut = crash_in(2, 2) if options else crash_in(2)
    with pytest.raises(Crash):
        fitted(made(), BackupAndRestore(folder, **options), cut)
    np.random.seed(99)  # the process that goes on is another one
    again = made()
    history = fitted(again, BackupAndRestore(folder, **options))
    assert history.epoch == [2, 3]
    assert history.history["loss"][1] == pytest.approx(whole[3], rel=1e-5)
    for value, expected in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-7)
    assert not folder.exists()


def test_batches_of_an_epoch_that_goes_on_keep_their_numbers(backend, tmp_path):
    with pytest.raises(Crash):
        fitted(made(), BackupAndRestore(tmp_path, save_freq=2), crash_in(0, 1))
    seen = []
    watching = LambdaCallback(on_batch_begin=lambda batch, logs: seen.append((batch, logs["size"])))
    fitted(made(), BackupAndRestore(tmp_path, save_freq=2), watching)
    assert seen[:2] == [(2, 2), (0, 4)]


def test_a_generator_goes_on_at_the_beginning_of_an_epoch(backend, tmp_path):
    def batches():
        while True:
            yield X, Y

    def run(*callbacks):
        return made().fit_generator(batches(), 20, 3, verbose=0, callbacks=[BackupAndRestore(tmp_path), *callbacks])

    with pytest.raises(Crash):
        run(crash_in(1))
    assert run().epoch == [1, 2]


def test_the_backup_of_a_training_stopped_by_hand_stays_and_can_be_kept_after_its_end(tmp_path):
    model = made()
    stop = LambdaCallback(on_epoch_end=lambda epoch, logs: model.control.stop())
    fitted(model, BackupAndRestore(tmp_path), stop)
    assert os.listdir(tmp_path) == ["training.h5"]
    assert fitted(made(), BackupAndRestore(tmp_path, delete_checkpoint=False)).epoch == [1, 2, 3]
    assert os.listdir(tmp_path) == ["training.h5"]
    assert fitted(made(), BackupAndRestore(tmp_path)).epoch == []


def test_a_damaged_backup_is_refused_and_nothing_is_changed(tmp_path):
    (tmp_path / "training.h5").write_bytes(b"no file of HDF5")
    model = made()
    before = model.get_weights()
    with pytest.raises(FileError, match=r"BackupAndRestore cannot go on from .*training.h5.*\n?.*Delete the folder"):
        fitted(model, BackupAndRestore(tmp_path))
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert model.resumption is None


def test_a_backup_of_another_model_is_refused(tmp_path):
    made().save_training(tmp_path / "training.h5", 1)
    with pytest.raises(FileError, match="BackupAndRestore cannot go on"):
        fitted(made(units=5), BackupAndRestore(tmp_path))


def test_the_backup_before_the_last_serves_where_the_last_one_is_damaged(tmp_path):
    with pytest.raises(Crash):
        fitted(made(), BackupAndRestore(tmp_path, double_checkpoint=True), crash_in(2))
    (tmp_path / "training.h5").write_bytes(b"")
    with pytest.warns(UserWarning, match="goes on from the backup before the last"):
        assert fitted(made(), BackupAndRestore(tmp_path)).epoch == [1, 2, 3]


@pytest.mark.parametrize("given", [{"backup_dir": ""}, {"save_freq": 0}, {"save_freq": True}, {"save_freq": "batch"}])
def test_other_arguments_are_refused_in_words(given):
    with pytest.raises(ArgumentError, match=next(iter(given))):
        BackupAndRestore(**{"backup_dir": "backup"} | given)
