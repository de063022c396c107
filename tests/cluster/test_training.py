"""Training on machines that Ray finds, on this computer."""

import numpy as np
import pytest

from kerasnb.callbacks import LambdaCallback, LearningRateScheduler
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dropout, Layer
from tests.machines.trainings import RANDOM, X, Y, apart, both, in_use, mlp

TWO = "ray:2"


@pytest.mark.parametrize("where", [TWO, "ray:3"])
def test_machines_give_the_weights_and_logs_of_one_process_and_are_bit_equal(backend, where):
    (one, logs), (many, logs_of_many) = both(mlp, where=where, validation_split=0.1)
    assert apart(one, many) < 1e-6
    assert all(np.allclose(logs[name], logs_of_many[name], atol=1e-5) for name in logs)
    seen = []

    def compare(epoch, logs):
        runtime = in_use()
        answers = list(runtime.group.ask_all("values", sorted(runtime.known)).values())
        seen.append(all(np.array_equal(answers[0][key], other[key]) for other in answers[1:] for key in answers[0]))

    model = mlp(optimizer="adam", more=[Dropout(0.5)])
    model.fit(X, Y, 12, 2, verbose=0, machines=where, callbacks=[LambdaCallback(on_epoch_end=compare)])
    assert seen == [True, True]


def test_evaluate_and_predict_give_what_one_process_gives(backend):
    model = mlp()
    assert np.array_equal(model.predict(X, 8, machines=TWO), model.predict(X, 8))
    assert np.allclose(model.evaluate(X, Y, 8, 0, machines=TWO), model.evaluate(X, Y, 8, 0), atol=1e-6)


def test_layers_of_the_users_own_need_not_be_known_there(backend):
    class Scaled(Layer):
        def call(self, x, mask=None):
            return x * 2.0

    (one, _), (two, _) = both(lambda: mlp(more=[Scaled()]), where=TWO)
    assert apart(one, two) < 1e-6


def test_a_callback_changes_the_learning_rate_of_all(backend):
    model = mlp()
    before = model.layers[0].get_weights()
    still = LearningRateScheduler(lambda epoch: 0.0)
    model.fit(X, Y, 12, 2, verbose=0, callbacks=[still], machines=TWO)
    assert all(map(np.array_equal, before, model.layers[0].get_weights()))


def test_stop_ends_all_after_the_same_step(backend):
    model = mlp()
    stop = LambdaCallback(on_batch_end=lambda batch, logs: batch == 1 and model.control.stop())
    model.fit(X, Y, 12, 5, verbose=0, shuffle=False, callbacks=[stop], machines=TWO)
    two_batches = mlp()
    two_batches.fit(X[:24], Y[:24], 12, 1, verbose=0, shuffle=False)
    assert model.history.epoch == []
    assert apart(model, two_batches) < 1e-6


def test_data_are_put_into_rays_store_once_for_all_machines(ray, monkeypatch):
    model = mlp()
    model.fit(X, Y, 12, 1, verbose=0, machines=TWO)
    put, stored = ray.put, []
    monkeypatch.setattr(ray, "put", lambda value: stored.append(value) or put(value))
    x = RANDOM.randn(1000, 6).astype("float32")
    model.fit(x, np.eye(3, dtype="float32")[np.arange(1000) % 3], 100, 1, verbose=0, machines=TWO)
    assert [[array.shape for array in arrays] for arrays in stored] == [[(1000, 6), (1000, 3)]]


def test_data_in_a_file_of_this_computer_is_read_there(backend, tmp_path):
    np.save(tmp_path / "x.npy", X)
    one, two = mlp(), mlp()
    np.random.seed(7)
    one.fit(X, Y, 12, 2, verbose=0)
    np.random.seed(7)
    two.fit(np.load(tmp_path / "x.npy", mmap_mode="r"), Y, 12, 2, verbose=0, machines=TWO)
    assert in_use().group.reads_files
    assert apart(one, two) < 1e-6


def test_a_batch_that_cannot_be_cut_is_refused_when_the_machines_are_counted():
    with pytest.raises(ArgumentError, match="a batch of 3 cannot be cut into 2 equal parts"):
        mlp().fit(X, Y, 3, 1, verbose=0, machines=TWO)
