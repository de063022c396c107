"""Calls of layers and models with the later argument `training`, which fixes their learning phase."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.topology import Layer
from kerasnb.layers import LSTM, BatchNormalization, Dense, Dropout, Input
from kerasnb.models import Model, Sequential, model_from_json

X = np.ones((4, 50), "float32")


def test_dropout_called_for_training_drops_when_predicting_too(backend):
    x = Input((50,))
    model = Model(x, Dropout(0.5)(x, training=True))
    first, second = model.predict(X), model.predict(X)
    assert (first == 0).any() and not np.array_equal(first, second)
    x = Input((50,))
    np.testing.assert_array_equal(Model(x, Dropout(0.5)(x)).predict(X), X)


def test_the_argument_goes_with_the_layer_into_other_models_and_files(backend):
    x, y = Input((50,)), Input((50,))
    inner = Model(x, Dropout(0.5)(x, training=True))
    outer = Model(y, inner(y))
    for model in (outer, Model.from_config(inner.get_config()), model_from_json(outer.to_json())):
        assert (model.predict(X) == 0).any()


def test_a_frozen_normalization_keeps_its_averages_while_the_rest_trains(backend):
    base = Sequential([BatchNormalization(input_shape=(50,)), Dropout(0.5)])
    x = Input((50,))
    model = Model(x, Dense(1)(base(x, training=False)))
    model.compile("sgd", "mse")
    before = base.get_weights()
    model.train_on_batch(np.random.rand(4, 50), np.ones((4, 1)))
    after = base.get_weights()
    np.testing.assert_array_equal(before[2:], after[2:])
    assert model.updates == [] and not np.array_equal(before[0], after[0])


def test_a_layer_of_ones_own_is_told(backend):
    class Told(Layer):
        def call(self, x, training=None):
            return K.in_train_phase(x * 2, x, training=training)

    x = Input((50,))
    layer = Told()
    for training, expected in ((True, 2), (False, 1), (None, 1)):
        np.testing.assert_array_equal(Model(x, layer(x, training=training)).predict(X), expected * X)
    np.testing.assert_array_equal(layer(X, training=True), 2 * X)
    assert [node.arguments for node in layer.inbound_nodes] == [{"training": True}, {"training": False}, {}]


def test_the_phase_is_an_input_again_after_the_call():
    x = Input((3, 2))
    LSTM(2, dropout_W=0.5)(x, training=True)
    assert not isinstance(K.learning_phase(), int)
    with pytest.raises(ValueError, match="got 3"):
        Dropout(0.5)(Input((2,)), training=3)
    assert not isinstance(K.learning_phase(), int)
