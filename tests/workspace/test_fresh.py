"""A fresh start: new weights for the same net, and the former ones back."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, BusyError, WeightsError
from kerasnb.layers import BatchNormalization, Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD
from kerasnb.workspace import subject_of

X, Y = np.random.RandomState(0).rand(32, 5).astype("float32"), np.eye(2)[[0, 1] * 16].astype("float32")


@pytest.fixture
def model(backend):
    layers = [Dense(3, input_dim=5, name="first"), BatchNormalization(name="norm"), Dense(2, activation="softmax")]
    made = Sequential(layers, name="net")
    made.compile(SGD(lr=0.1, momentum=0.9), "categorical_crossentropy", metrics=["accuracy"])
    made.fit(X, Y, nb_epoch=2, verbose=0)
    K.set_value(made.optimizer.lr, 0.05)
    return made


def state_of(model):
    return [*model.get_weights(), *model.optimizer.get_weights(), K.get_value(model.optimizer.iterations)]


def test_all_weights_are_new_and_averages_begin_anew(model):
    before = model.get_weights()
    subject_of(model).begin_anew()
    after = model.get_weights()
    assert not np.allclose(before[0], after[0]) and 0 < np.abs(after[0]).max() <= np.sqrt(6 / 8)
    np.testing.assert_array_equal(model.get_layer("norm").get_weights()[2], np.zeros(3))


def test_the_optimizer_knows_nothing_but_its_arguments_and_rate(model):
    subject_of(model).begin_anew()
    assert float(K.get_value(model.optimizer.lr)) == pytest.approx(0.05)
    assert int(K.get_value(model.optimizer.iterations)) == 0 and not model.optimizer.kept()
    assert len(model.fit(X, Y, nb_epoch=1, verbose=0).history["acc"]) == 1


def test_what_is_frozen_keeps_its_weights(model):
    subject = subject_of(model)
    subject.freeze(["first"])
    before = model.get_weights()
    assert subject.begin_anew().kept == ("first",)
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert not np.allclose(model.get_weights()[-2], before[-2])


def test_it_is_taken_back_to_the_bit_even_after_another_training(model):
    subject, before = subject_of(model), state_of(model)
    subject.begin_anew()
    model.fit(X, Y, nb_epoch=1, verbose=0)
    subject.take_back_fresh_start()
    for now, then in zip(state_of(model), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert len(model.fit(X, Y, nb_epoch=1, verbose=0).epoch) == 1


def test_taking_back_twice_or_after_other_layers_is_refused(model):
    subject = subject_of(model)
    with pytest.raises(ArgumentError, match="no new weights that could be taken back"):
        subject.take_back_fresh_start()
    fresh = subject.begin_anew()
    model.add(Dense(2, name="more"))
    assert subject.fresh is None
    with pytest.raises(WeightsError, match="other layers"):
        fresh.take_back()


def test_a_model_of_which_all_is_frozen_is_refused(model):
    subject = subject_of(model)
    subject.freeze(["first", "norm", "dense*"])
    with pytest.raises(ArgumentError, match="no weights that are not frozen"):
        subject.begin_anew()


def test_it_is_refused_while_the_model_trains(model):
    before = model.get_weights()
    with model.control.running("net"), pytest.raises(BusyError):
        subject_of(model).begin_anew()
    np.testing.assert_array_equal(model.get_weights()[0], before[0])


def test_a_model_that_is_not_compiled_gets_new_weights_too(backend):
    model = Sequential([Dense(3, input_dim=5)])
    before, subject = model.get_weights(), subject_of(model)
    subject.begin_anew()
    assert not np.allclose(before[0], model.get_weights()[0])
    subject.take_back_fresh_start()
    np.testing.assert_array_equal(before[0], model.get_weights()[0])
