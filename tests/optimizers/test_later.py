"""How later Keras calls optimizers: argument names, the order of `get_updates`, arguments that are new."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import optimizers
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(4, 3).astype("float32")


def loss_of(weight):
    return K.sum(K.square(weight))


def run(updates):
    K.function([], [], updates)([])


@pytest.mark.parametrize(
    "call",
    [
        lambda optimizer, w: optimizer.get_updates([w], {}, loss_of(w)),
        lambda optimizer, w: optimizer.get_updates(loss_of(w), [w]),
        lambda optimizer, w: optimizer.get_updates(params=[w], loss=loss_of(w)),
        lambda optimizer, w: optimizer.get_updates(params=[w], constraints={}, loss=loss_of(w)),
    ],
)
def test_get_updates_takes_either_order(backend, call):
    weight = K.variable(np.ones(3))
    run(call(optimizers.SGD(lr=0.25), weight))
    np.testing.assert_allclose(K.get_value(weight), 0.5)


def test_an_optimizer_in_the_later_order_trains_and_keeps_constraints(backend):
    class Later(optimizers.Optimizer):
        def __init__(self, learning_rate=0.1, **kwargs):
            super().__init__(**kwargs)
            self.rate = K.variable(learning_rate)

        def get_updates(self, loss, params):
            self.updates = []
            for param, grad in zip(params, self.get_gradients(loss, params), strict=True):
                value = param - self.rate * grad
                self.updates.append(K.update(param, param.constraint(value)))
            return self.updates

    model = Sequential([Dense(2, input_shape=(3,), bias=False, W_constraint="nonneg")])
    model.compile(Later(learning_rate=50.0), "mse")
    model.train_on_batch(X, np.full((4, 2), -9))
    np.testing.assert_array_equal(model.get_weights()[0], 0)


def test_global_clipnorm_is_clipnorm():
    assert optimizers.SGD(global_clipnorm=2.0).clipnorm == 2
    with pytest.raises(ArgumentError, match="two spellings"):
        optimizers.SGD(global_clipnorm=2.0, clipnorm=1.0)


def test_new_arguments_that_ask_for_nothing_are_taken():
    optimizer = optimizers.Adam(learning_rate=0.5, epsilon=None, amsgrad=False, name="mine", weight_decay=None)
    assert optimizer.epsilon == K.epsilon() and K.get_value(optimizer.lr) == 0.5
    assert "clipnorm" not in optimizers.RMSprop(momentum=0.0, centered=False, clipnorm=None).get_config()


@pytest.mark.parametrize(
    "make, complaint",
    [
        (lambda: optimizers.SGD(amsgrad=True), "SGD: amsgrad=True asks for"),
        (lambda: optimizers.Adam(momentum=0.9), "Adam: momentum=0.9 asks for"),
    ],
)
def test_new_arguments_that_ask_for_something_are_refused(make, complaint):
    with pytest.raises(ArgumentError, match=complaint):
        make()


def test_a_number_given_to_a_setting_counts_from_the_next_step(backend):
    model = Sequential([Dense(2, input_shape=(3,), bias=False)])
    optimizer = optimizers.SGD(lr=0.1)
    model.compile(optimizer, "mse")
    model.train_on_batch(X, np.ones((4, 2)))
    before = model.get_weights()[0]
    optimizer.lr = 0
    model.train_on_batch(X, np.ones((4, 2)))
    np.testing.assert_array_equal(model.get_weights()[0], before)
    assert optimizer.get_config()["lr"] == 0


def test_serialize_and_deserialize_go_round():
    config = optimizers.serialize(optimizers.Nadam(lr=0.5))
    assert config["class_name"] == "Nadam"
    assert optimizers.deserialize(config).get_config() == config["config"]


def test_a_custom_optimizer_is_found_by_its_name_in_a_scope():
    from kerasnb.utils.generic_utils import custom_object_scope

    class Mine(optimizers.SGD):
        pass

    with custom_object_scope({"Mine": Mine}):
        assert type(optimizers.get("Mine")) is Mine
        assert type(optimizers.get({"class_name": "Mine", "config": {"lr": 0.5}})) is Mine
