"""Optimizers of Keras 3 and TensorFlow as ours: the same steps, or a refusal that says why."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import optimizers
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential

X = np.random.RandomState(0).rand(4, 3).astype("float32")
Y = np.random.RandomState(1).rand(4, 2).astype("float32")


def stepped(optimizer, steps=3):
    """The weights before, and after some steps of our model with this optimizer."""
    model = Sequential([Dense(2, input_shape=(3,), bias=False)])
    model.compile(optimizer, "mse")
    before = model.get_weights()[0]
    for _ in range(steps):
        model.train_on_batch(X, Y)
    return before, model.get_weights()[0]


def stepped_by_keras(optimizer, W, steps=3):
    import keras

    weight = keras.Variable(W)
    for _ in range(steps):
        gradient = X.T @ (X @ weight.numpy() - Y) * 2 / Y.size
        optimizer.apply([gradient], [weight])
    return weight.numpy()


ARGUMENTS = {
    "SGD": {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
    "Adadelta": {"learning_rate": 0.5, "rho": 0.9},
    "Adam": {"learning_rate": 0.01, "beta_1": 0.8, "epsilon": 1e-6},
    "Adamax": {"learning_rate": 0.01},
    "Nadam": {"learning_rate": 0.01, "global_clipnorm": 0.1},
    "RMSprop": {"learning_rate": 0.01, "epsilon": 0.01},
    "Adagrad": {"learning_rate": 0.1, "epsilon": 0.01},
    "clipnorm": {"learning_rate": 0.5, "clipnorm": 0.05},
}


def made_by_keras(name):
    import keras

    return getattr(keras.optimizers, "SGD" if name == "clipnorm" else name)(**ARGUMENTS[name])


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_optimizer_of_keras_3_makes_the_same_steps(backend, name):
    before, after = stepped(made_by_keras(name))
    np.testing.assert_allclose(after, stepped_by_keras(made_by_keras(name), before), rtol=1e-4, atol=1e-6)
    assert np.abs(after - before).max() > 1e-3


@pytest.mark.parametrize("name", ARGUMENTS)
def test_its_configuration_means_the_same_as_the_object(name):
    theirs = made_by_keras(name)
    ours = optimizers.get(theirs)
    config = {"class_name": f"Custom>{type(theirs).__name__}", "config": theirs.get_config()}  # as in files
    assert optimizers.deserialize(config).get_config() == ours.get_config()
    assert optimizers.deserialize(optimizers.serialize(ours)).get_config() == ours.get_config()


def test_those_of_tensorflow_before_2_11_add_epsilon_to_the_root():
    settings = {
        "name": "RMSprop",
        "learning_rate": 0.5,
        "decay": 0.0,
        "rho": 0.9,
        "momentum": 0.0,
        "epsilon": 0.01,
        "centered": False,
    }
    ours = optimizers.deserialize({"class_name": "RMSprop", "config": settings})
    assert not ours.epsilon_under_root and "epsilon_under_root" not in ours.get_config()
    settings = {"name": "Nadam", "learning_rate": 0.5, "decay": 0.004, "clipnorm": 1.0}
    ours = optimizers.deserialize({"class_name": "Nadam", "config": settings})
    assert (ours.schedule_decay, ours.local_clipnorm) == (0.004, 1.0) and not hasattr(ours, "clipnorm")


def test_what_means_something_else_is_refused_by_name():
    import keras

    with pytest.raises(ArgumentError, match="ScheduleFreeAdamW has no counterpart.*\n.*Muon"):
        optimizers.get(keras.optimizers.ScheduleFreeAdamW())
    config = {"name": "own", "learning_rate": 0.1}
    with pytest.raises(ArgumentError, match="ScheduleFreeAdamW has no counterpart"):
        optimizers.deserialize({"class_name": "ScheduleFreeAdamW", "config": config})


@pytest.mark.parametrize(
    "make, ours",
    [
        (lambda train: train.GradientDescentOptimizer(0.1), lambda: optimizers.SGD(lr=0.1)),
        (
            lambda train: train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
            lambda: optimizers.SGD(lr=0.1, momentum=0.9, nesterov=True),
        ),
        (lambda train: train.AdamOptimizer(0.01, beta2=0.99), lambda: optimizers.Adam(lr=0.01, beta_2=0.99)),
    ],
)
def test_tf_optimizer_makes_the_steps_of_the_one_inside(backend, make, ours):
    import tensorflow as tf

    np.random.seed(2)
    _, after = stepped(optimizers.TFOptimizer(make(tf.compat.v1.train)))
    np.random.seed(2)
    np.testing.assert_allclose(after, stepped(ours())[1], rtol=1e-6)


def test_tf_optimizer_shows_the_settings_and_state_of_the_one_inside(backend):
    import tensorflow as tf

    optimizer = optimizers.TFOptimizer(tf.compat.v1.train.AdamOptimizer(0.25))
    stepped(optimizer, steps=2)
    assert K.get_value(optimizer.lr) == 0.25 and K.get_value(optimizer.iterations) == 2
    assert [one.shape for one in optimizer.get_weights()] == [(), (3, 2), (3, 2)]
    with pytest.raises(NotImplementedError, match="Adam\\("):
        optimizer.get_config()


def test_tf_optimizer_refuses_what_none_of_ours_does():
    import tensorflow as tf

    with pytest.raises(ArgumentError, match="tensorflow's FtrlOptimizer has no counterpart"):
        optimizers.TFOptimizer(tf.compat.v1.train.FtrlOptimizer(0.1))
    with pytest.raises(ArgumentError, match="has no counterpart"):
        optimizers.TFOptimizer(3)
