"""`set_random_seed`: runs of a program, and of a model that is compiled already, are equal bit for bit."""

import random
import sys
import types

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.plans import plan
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense, Dropout, GaussianNoise, Lambda
from kerasnb.models import Sequential
from kerasnb.utils import set_random_seed

X, Y = np.random.RandomState(0).rand(70, 4).astype("float32"), np.random.RandomState(1).rand(70, 1).astype("float32")


def made(seed=None):
    model = Sequential([Dense(3, input_shape=(4,)), GaussianNoise(0.1), Dropout(0.5, seed=seed), Dense(1)])
    model.compile("adam", "mse")
    return model


def trained(model, **how):
    """Losses and weights after a fit that runs many batches in a call."""
    how = {"nb_epoch": 3, "batch_size": 2, "verbose": 0} | how
    history = model.fit(X, Y, **how).history
    return [
        *history["loss"],
        *history.get("val_loss", []),
        *np.concatenate([one.ravel() for one in model.get_weights()]),
    ]


def again(model, weights):
    """The model as it was when it was compiled."""
    model.set_weights(weights)
    model.compile("adam", "mse")
    return model


def test_two_runs_of_a_program_are_equal_bit_for_bit(backend):
    runs = []
    for _ in range(2):
        set_random_seed(7)
        model = made()
        drawn = [random.random(), *np.random.rand(2), *K.eval(K.random_normal((2,)))]
        runs.append([*trained(model, validation_data=(X, Y)), *drawn])
    set_random_seed(8)
    other = trained(made())
    assert runs[0] == runs[1]
    assert runs[0][0] != other[0]


def test_a_compiled_model_that_is_trained_again_goes_the_same_way(backend):
    model = made()
    weights, state = model.get_weights(), None
    runs = []
    for seed in (7, 7, 8):
        set_random_seed(seed)
        model.set_weights(weights)
        runs.append(trained(model, shuffle=False))
        state = state or [np.zeros_like(one) for one in model.optimizer.get_weights()]
        model.optimizer.set_weights(state)
    assert runs[0] == runs[1]
    assert runs[0][0] != runs[2][0]


def test_a_refit_equals_the_fit_of_a_model_that_was_made_after_the_seed(backend):
    set_random_seed(7)
    model = made()
    weights = model.get_weights()
    first = trained(model, shuffle=False)
    set_random_seed(7)
    assert trained(again(model, weights), shuffle=False) == first


def test_a_model_made_before_the_seed_draws_the_same_in_each_run(backend):
    runs = []
    for _ in range(2):
        np.random.seed()  # the model's own seeds differ
        set_random_seed(1)
        noise = K.function([], [K.random_uniform((3,))])
        set_random_seed(2)
        runs.append([*noise([])[0], *noise([])[0]])
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 6


def test_a_layer_with_a_seed_of_its_own_keeps_it(backend):
    drawn = []
    for seed in (7, 8):
        numbers = K.function([], [K.random_uniform((3,), seed=5)])
        set_random_seed(seed)
        drawn.append([*numbers([])[0], *numbers([])[0]])
    assert drawn[0] == drawn[1]


def test_single_steps_and_many_in_a_call_take_turns_alike_in_a_refit(backend, monkeypatch):
    monkeypatch.setattr(plan, "_PATIENCE_IF_SMALL", 30)
    model = made()
    weights = model.get_weights()
    runs = []
    for _ in range(2):
        set_random_seed(3)
        runs.append(trained(again(model, weights), nb_epoch=2))
    assert runs[0] == runs[1]


def test_random_numbers_of_the_backends_own_code_begin_anew_too():
    import tensorflow as tf

    K.use("tensorflow")
    model = Sequential([Lambda(lambda x: x + tf.random.normal(tf.shape(x)), input_shape=(4,))])
    runs = []
    for _ in range(2):
        set_random_seed(3)
        runs.append([*model.predict(X).ravel(), *model.predict(X).ravel()])
    assert runs[0] == runs[1]
    assert runs[0][: X.size] != runs[0][X.size :]


def test_other_libraries_are_seeded_where_the_program_has_loaded_them(monkeypatch):
    given = []
    torch = types.ModuleType("torch")
    torch.manual_seed = given.append
    monkeypatch.setitem(sys.modules, "torch", torch)
    set_random_seed(np.int64(3))
    assert given == [3]


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "a", None, True])
def test_a_seed_that_is_none_is_refused_and_nothing_is_set(seed):
    random.seed(0)
    with pytest.raises(ArgumentError, match="whole number from 0 to"):
        set_random_seed(seed)
    assert random.random() == random.Random(0).random()
