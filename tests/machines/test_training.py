"""Training on several processes, which are started once for each backend and count."""

import os
import signal

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import machines
from kerasnb.backend.ops.refuse import refused_unless
from kerasnb.callbacks import LambdaCallback, LearningRateScheduler
from kerasnb.errors import MachineError
from kerasnb.layers import (
    LSTM,
    Activation,
    BatchNormalization,
    Convolution2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    Lambda,
)
from kerasnb.machines import data
from kerasnb.machines.group import Limits
from kerasnb.metrics import Recall
from kerasnb.models import Sequential
from tests.machines.trainings import RANDOM, X, Y, apart, both, in_use, lives, mlp, processes

# one process for the file: it starts five others for each backend
pytestmark = pytest.mark.xdist_group("machines")


@pytest.fixture(scope="module", autouse=True)
def ended_processes():
    yield
    machines.close()


def test_two_machines_give_the_weights_and_logs_of_one(backend):
    (one, logs), (two, logs_of_two) = both(mlp, validation_split=0.1)
    assert apart(one, two) < 1e-6
    assert logs.keys() == logs_of_two.keys()
    assert all(np.allclose(logs[name], logs_of_two[name], atol=1e-5) for name in logs)


def test_machines_hold_the_same_weights_bit_by_bit(backend):
    seen = []

    def compare(epoch, logs):
        runtime = in_use()
        answers = runtime.group.ask_all("values", sorted(runtime.known))
        seen.append(all(np.array_equal(answers[0][number], answers[1][number]) for number in runtime.known))

    model = mlp(optimizer="adam", more=[Dropout(0.5)])
    model.fit(X, Y, 12, 2, verbose=0, machines="local:2", callbacks=[LambdaCallback(on_epoch_end=compare)])
    assert seen == [True, True]


def testRANDOM_numbers_are_those_that_one_process_draws_for_the_whole_batch(backend):
    # 7 numbers a sample: a machine's part begins within one of the generator's blocks; the last batch, of 9, is whole
    def make():
        return mlp(more=[Dense(7), Dropout(0.5), GaussianNoise(0.3), Dropout(0.5, noise_shape=(1, 7))])

    (one, logs), (two, logs_of_two) = both(make, X[:57], Y[:57])
    assert apart(one, two) < 1e-6
    assert np.allclose(logs["loss"], logs_of_two["loss"], atol=1e-5)


def test_weights_of_samples_count_in_the_whole_batch(backend):
    weights = np.where(np.arange(58) % 3, 0.0, 2.0)
    (one, logs), (two, logs_of_two) = both(mlp, sample_weight=weights, shuffle=False)
    assert apart(one, two) < 1e-6
    assert np.allclose(logs["loss"], logs_of_two["loss"], atol=1e-6)


def test_masked_steps_and_long_gradients_are_those_of_the_whole_batch(backend):
    def make():
        np.random.seed(1)
        model = Sequential([Embedding(9, 4, input_length=5, mask_zero=True), LSTM(4, return_sequences=True)])
        model.add(Dense(2))
        model.compile("sgd", "mse")
        model.optimizer.clipnorm = 0.05
        return model

    x = np.tril(RANDOM.randint(1, 9, (24, 5)))
    (one, _), (two, _) = both(make, x, RANDOM.randn(24, 5, 2).astype("float32"))
    assert apart(one, two) < 1e-6


def test_convolutions_and_sums_over_outputs_count_once(backend):
    def make():
        np.random.seed(1)
        model = Sequential()
        model.add(Convolution2D(2, 3, 3, input_shape=(6, 6, 1), activity_regularizer="l2"))
        for layer in (BatchNormalization(), Activation("relu"), Flatten(), Dense(3, activation="softmax")):
            model.add(layer)
        model.compile("sgd", "categorical_crossentropy")
        return model

    (one, logs), (two, logs_of_two) = both(make, RANDOM.randn(24, 6, 6, 1).astype("float32"), Y[:24])
    assert apart(one, two) < 1e-6
    assert np.allclose(logs["loss"], logs_of_two["loss"], rtol=1e-5)


def test_a_metric_with_states_adds_up_over_machines(backend):
    (_, logs), (_, logs_of_two) = both(lambda: mlp(metrics=[Recall(name="recall")]), validation_split=0.2)
    assert np.allclose(logs["recall"], logs_of_two["recall"], atol=1e-6)
    assert np.allclose(logs["val_recall"], logs_of_two["val_recall"], atol=1e-6)


def test_evaluate_and_predict_give_what_one_process_gives(backend):
    model = mlp()
    assert np.array_equal(model.predict(X, 8, machines="local:2"), model.predict(X, 8))
    assert np.allclose(model.evaluate(X, Y, 8, 0, machines="local:2"), model.evaluate(X, Y, 8, 0), atol=1e-6)


def test_a_second_fit_goes_on_from_where_this_process_left_the_weights(backend):
    models = [mlp(optimizer="adam"), mlp(optimizer="adam")]
    for model, where in zip(models, (None, "local:2"), strict=True):
        for _ in range(2):
            model.fit(X[:48], Y[:48], 12, 1, verbose=0, shuffle=False, machines=where)
            model.set_weights([weight * 0.5 for weight in model.get_weights()])
    assert apart(*models) < 1e-5


def test_a_callback_changes_the_learning_rate_of_all(backend):
    still = LearningRateScheduler(lambda epoch: 0.0)
    model = mlp()
    before = model.layers[0].get_weights()
    model.fit(X, Y, 12, 2, verbose=0, callbacks=[still], machines="local:2")
    assert all(map(np.array_equal, before, model.layers[0].get_weights()))


def test_machines_read_rows_from_the_users_file_and_get_no_copy_of_it(backend, tmp_path, monkeypatch):
    np.save(tmp_path / "x.npy", X.astype("float64"))
    x, copied = np.load(tmp_path / "x.npy", mmap_mode="r"), []
    monkeypatch.setattr(data, "_copied", lambda arrays, copy=data._copied: copied.extend(arrays) or copy(arrays))
    one, two = mlp(), mlp()
    np.random.seed(7)
    one.fit(X[:44], Y[:44], 12, 2, verbose=0)
    np.random.seed(7)
    two.fit(x, Y, 12, 2, verbose=0, machines="local:2", validation_split=0.23)
    assert apart(one, two) < 1e-6
    assert copied and all(array.shape[1:] == (3,) for array in copied)


def test_stop_ends_all_after_the_same_step(backend):
    model = mlp()
    stop = LambdaCallback(on_batch_end=lambda batch, logs: batch == 1 and model.control.stop())
    model.fit(X, Y, 12, 5, verbose=0, shuffle=False, callbacks=[stop], machines="local:2")
    two_batches = mlp()
    two_batches.fit(X[:24], Y[:24], 12, 1, verbose=0, shuffle=False)
    assert model.history.epoch == []
    assert apart(model, two_batches) < 1e-6


def test_a_refusal_on_one_machine_says_which_and_why(backend):
    small = Lambda(lambda x: refused_unless(x, K.lesser(x, 50.0), "a number is too large.", "Scale it."))
    model = Sequential([Dense(2, input_dim=6), small])
    model.compile("sgd", "mse")
    x = X[:24].copy()
    before = model.get_weights()
    x[11] = 1e6
    with pytest.raises(MachineError, match="machine 1 of local:2 .*a number is too large"):
        model.fit(x, Y[:24, :2], 12, 1, verbose=0, shuffle=False, machines="local:2")
    assert all(map(np.array_equal, before, model.get_weights()))
    assert not any(map(lives, processes()))


# what is done to a machine, and what is said of it; once each, since it is all the same to them what they compute
FAULTS = {
    "tensorflow": (signal.SIGKILL, "was killed by SIGKILL"),
    "theano": (signal.SIGSTOP, "no sign of life for 3 s"),
}


def test_three_machines_train_as_one_until_one_is_killed_or_hangs_and_that_one_is_named(backend):
    (one, _), (three, _) = both(mlp, where="local:3")
    assert apart(one, three) < 1e-6
    of_epochs, pids = [], processes()
    in_use().group.limits = Limits(silence=3.0)
    sent, said = FAULTS[backend]

    def harm(epoch, logs):
        of_epochs.append(model.get_weights())
        if epoch == 1:
            os.kill(pids[1], sent)

    model = mlp()
    with pytest.raises(MachineError, match=f"machine 1 of local:3 .*{said}"):
        model.fit(X, Y, 12, 50, verbose=0, callbacks=[LambdaCallback(on_epoch_end=harm)], machines="local:3")
    assert len(of_epochs) == 2
    assert all(map(np.array_equal, model.get_weights(), of_epochs[-1]))
    assert not any(map(lives, pids))
