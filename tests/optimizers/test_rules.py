"""Optimizers against the formulas of their papers in numpy, and their state, settings and names."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import optimizers
from kerasnb.errors import ArgumentError, UnknownNameError, WeightsError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import rules

X = np.random.RandomState(0).rand(4, 3).astype("float32")
Y = np.random.RandomState(1).rand(4, 2).astype("float32")


def model_with(optimizer, **arguments):
    model = Sequential([Dense(2, input_shape=(3,), bias=False, **arguments)])
    model.compile(optimizer, "mse")
    return model


def gradient(W):
    return X.T @ (X @ W - Y) * 2 / Y.size


def sgd(W, steps, lr=0.1, momentum=0.0, decay=0.0, nesterov=False):
    velocity = 0
    for step in range(steps):
        g, rate = gradient(W), lr / (1 + decay * step)
        velocity = momentum * velocity - rate * g
        W = W + (momentum * velocity - rate * g if nesterov else velocity)
    return W


def rmsprop(W, steps, lr=0.01, rho=0.9, decay=0.0):
    mean = 0
    for step in range(steps):
        g = gradient(W)
        mean = rho * mean + (1 - rho) * g**2
        W = W - lr / (1 + decay * step) * g / (np.sqrt(mean) + 1e-8)
    return W


def adagrad(W, steps, lr=0.1):
    total = 0
    for _ in range(steps):
        g = gradient(W)
        total = total + g**2
        W = W - lr * g / (np.sqrt(total) + 1e-8)
    return W


def adadelta(W, steps, lr=1.0, rho=0.95, epsilon=1e-6):
    mean = delta = 0
    for _ in range(steps):
        g = gradient(W)
        mean = rho * mean + (1 - rho) * g**2
        update = g * np.sqrt(delta + epsilon) / np.sqrt(mean + epsilon)
        delta = rho * delta + (1 - rho) * update**2
        W = W - lr * update
    return W


def adam(W, steps, lr=0.01, decay=0.0):
    m = v = 0
    for t in range(1, steps + 1):
        g = gradient(W)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        rate = lr / (1 + decay * (t - 1)) * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        W = W - rate * m / (np.sqrt(v) + 1e-8)
    return W


def adamax(W, steps, lr=0.01):
    m = u = 0
    for t in range(1, steps + 1):
        g = gradient(W)
        m, u = 0.9 * m + 0.1 * g, np.maximum(0.999 * u, abs(g))
        W = W - lr / (1 - 0.9**t) * m / (u + 1e-8)
    return W


def nadam(W, steps, lr=0.01):
    m, v, schedule = 0, 0, 1
    for t in range(1, steps + 1):
        g = gradient(W)
        now, later = (0.9 * (1 - 0.5 * 0.96 ** (one * 0.004)) for one in (t, t + 1))
        schedule = schedule * now
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        ahead = (1 - now) * g / (1 - schedule) + later * m / (1 - schedule * later)
        W = W - lr * ahead / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return W


CASES = {
    "plain": (lambda: optimizers.SGD(lr=0.1), sgd, {}),
    "momentum": (lambda: optimizers.SGD(lr=0.1, momentum=0.9), sgd, {"momentum": 0.9}),
    "nesterov": (lambda: optimizers.SGD(lr=0.1, momentum=0.9, nesterov=True), sgd, {"momentum": 0.9, "nesterov": True}),
    "sgd decay": (lambda: optimizers.SGD(lr=0.1, decay=0.5), sgd, {"decay": 0.5}),
    "rmsprop": (lambda: optimizers.RMSprop(lr=0.01), rmsprop, {}),
    "rmsprop decay": (lambda: optimizers.RMSprop(lr=0.01, decay=0.5), rmsprop, {"decay": 0.5}),
    "adagrad": (lambda: optimizers.Adagrad(lr=0.1), adagrad, {}),
    "adadelta": (lambda: optimizers.Adadelta(epsilon=1e-6), adadelta, {}),
    "adam": (lambda: optimizers.Adam(lr=0.01), adam, {}),
    "adam decay": (lambda: optimizers.Adam(lr=0.01, decay=0.5), adam, {"decay": 0.5}),
    "adamax": (lambda: optimizers.Adamax(lr=0.01), adamax, {}),
    "nadam": (lambda: optimizers.Nadam(lr=0.01), nadam, {}),
}


@pytest.mark.parametrize("case", CASES)
def test_three_steps_follow_the_formula(backend, case):
    make, formula, arguments = CASES[case]
    model = model_with(make())
    before = model.get_weights()[0].astype("float64")
    for _ in range(3):
        model.train_on_batch(X, Y)
    np.testing.assert_allclose(model.get_weights()[0], formula(before, 3, **arguments), rtol=1e-4, atol=1e-6)


def test_clipnorm_scales_by_the_norm_of_all_gradients_together(backend):
    model = Sequential([Dense(2, input_shape=(3,))])
    model.compile(optimizers.SGD(lr=1.0, clipnorm=0.01), "mse")
    before = model.get_weights()
    model.train_on_batch(X, Y)
    moved = [old - new for old, new in zip(before, model.get_weights(), strict=True)]
    assert np.sqrt(sum((one**2).sum() for one in moved)) == pytest.approx(0.01, rel=1e-4)
    by_hand = gradient(before[0])
    np.testing.assert_allclose(moved[0] / np.linalg.norm(moved[0]), by_hand / np.linalg.norm(by_hand), atol=1e-4)


def test_a_large_clipnorm_changes_nothing(backend):
    model = model_with(optimizers.SGD(lr=0.1, clipnorm=1e6))
    before = model.get_weights()[0]
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(model.get_weights()[0], sgd(before, 1), rtol=1e-5)


def test_clipvalue_cuts_each_gradient(backend):
    model = model_with(optimizers.SGD(lr=1.0, clipvalue=0.001))
    before = model.get_weights()[0]
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(before - model.get_weights()[0], np.clip(gradient(before), -0.001, 0.001), atol=1e-6)


def test_a_constraint_is_applied_in_the_step(backend):
    model = model_with(optimizers.SGD(lr=10.0), W_constraint="nonneg")
    model.train_on_batch(X, np.full_like(Y, -9))
    assert model.get_weights()[0].min() >= 0


# what each optimizer keeps between steps, in Keras 1.2's order
STATES = {
    "SGD": ["iterations", "m"],
    "RMSprop": ["a"],
    "Adagrad": ["a"],
    "Adadelta": ["a", "d"],
    "Adam": ["iterations", "m", "v"],
    "Adamax": ["iterations", "m", "v"],
    "Nadam": ["iterations", "m", "v"],
}


def test_every_optimizer_is_offered_and_has_its_state_listed_here():
    classes = {name: value for name, value in vars(rules).items() if isinstance(value, type)}
    written = {name for name, value in classes.items() if value.__module__ == rules.__name__}
    assert written == set(rules.__all__) == set(STATES)
    assert written <= set(optimizers.__all__)


@pytest.mark.parametrize("name, names", STATES.items())
def test_the_state_is_listed_in_keras_order_and_goes_round(backend, name, names):
    model = model_with(name)
    model.train_on_batch(X, Y)
    state = model.optimizer.get_weights()
    assert [np.shape(one) for one in state] == [() if one == "iterations" else (3, 2) for one in names]
    weights = model.get_weights()
    model.train_on_batch(X, Y)
    after = model.get_weights()
    model.set_weights(weights), model.optimizer.set_weights(state)
    model.train_on_batch(X, Y)
    if name != "Nadam":  # its momentum schedule is no part of the state, in Keras too
        np.testing.assert_allclose(model.get_weights()[0], after[0], rtol=1e-6)


def test_a_state_of_other_shapes_is_refused_and_nothing_changes(backend):
    model = model_with("adam")
    model.train_on_batch(X, Y)
    before = model.optimizer.get_weights()
    with pytest.raises(WeightsError, match="Adam has a state of shapes"):
        model.optimizer.set_weights([np.ones(())] + [np.ones((9, 9))] * 2)
    assert all(map(np.array_equal, before, model.optimizer.get_weights()))


@pytest.mark.parametrize("name", rules.__all__)
def test_a_config_makes_the_same_optimizer_again(name):
    cls = getattr(optimizers, name)
    config = cls(lr=0.03, clipnorm=2.0).get_config()
    again = optimizers.optimizer_from_config({"class_name": name, "config": config})
    assert (
        type(again) is cls
        and again.get_config() == config
        and config["clipnorm"] == 2
        and round(config["lr"], 6) == 0.03
    )


def test_the_learning_rate_is_a_variable_that_counts_from_the_next_step(backend):
    model = model_with(optimizers.SGD(lr=0.1))
    model.train_on_batch(X, Y)
    before = model.get_weights()[0]
    K.set_value(model.optimizer.lr, 0.5)
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(model.get_weights()[0], sgd(before, 1, lr=0.5), rtol=1e-5)


def test_the_later_names_of_the_learning_rate_are_taken():
    assert optimizers.Adam(learning_rate=0.5).get_config()["lr"] == 0.5
    assert optimizers.SGD(learning_rate=0.5, momentum=0.9).learning_rate is not None
    with pytest.raises(ArgumentError, match="learning_rate and lr are two spellings"):
        optimizers.SGD(lr=0.1, learning_rate=0.1)


def test_the_learning_rate_is_read_and_set_under_its_later_name():
    optimizer = optimizers.SGD(lr=0.5)
    assert optimizer.learning_rate is optimizer.lr
    optimizer.learning_rate = 0.25
    assert K.get_value(optimizer.lr) == 0.25


@pytest.mark.parametrize("name", ["sgd", "SGD", "Adam", "rmsprop", "RMSprop", "nadam"])
def test_names_are_found_in_any_case(name):
    assert type(optimizers.get(name)).__name__.lower() == name.lower()


def test_an_unknown_name_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='no optimizer "adem".*Did you mean "adam"'):
        optimizers.get("adem")


def test_what_is_no_optimizer_is_refused():
    with pytest.raises(ArgumentError, match="3 is no optimizer"):
        optimizers.get(3)


def test_an_unknown_or_negative_argument_is_refused():
    with pytest.raises(TypeError, match="SGD has no argument 'clip'"):
        optimizers.SGD(clip=1)
    with pytest.raises(ArgumentError, match="clipnorm must be 0 or more, got -1"):
        optimizers.SGD(clipnorm=-1)


def test_a_class_is_made_into_an_optimizer():
    assert isinstance(optimizers.get(optimizers.Adam), optimizers.Adam)


def test_an_optimizer_of_ones_own_trains(backend):
    class Sign(optimizers.Optimizer):
        def __init__(self, lr=0.1, **kwargs):
            super().__init__(**kwargs)
            self.lr = K.variable(lr)

        def get_updates(self, params, constraints, loss):
            self.updates = [
                (p, p - self.lr * K.sign(g)) for p, g in zip(params, self.get_gradients(loss, params), strict=True)
            ]
            return self.updates

    model = model_with(Sign())
    before = model.get_weights()[0]
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(abs(model.get_weights()[0] - before), 0.1, rtol=1e-5)


def test_a_weight_that_the_loss_does_not_reach_stays(backend):
    from kerasnb.engine.topology import Layer

    class Unused(Layer):
        def build(self, input_shape):
            self.idle = self.add_weight((2,), initializer="one")

        def call(self, x, mask=None):
            return x

    model = Sequential([Dense(2, input_shape=(3,)), Unused()])
    model.compile("adam", "mse")
    model.train_on_batch(X, Y)
    np.testing.assert_array_equal(model.get_weights()[2], [1, 1])
