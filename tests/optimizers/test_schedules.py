"""Learning rates that follow the steps: as numbers, in training, in files, and where something else sets a rate."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import optimizers
from kerasnb.callbacks import LearningRateScheduler, ReduceLROnPlateau
from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.layers import Dense
from kerasnb.models import Sequential, load_model
from kerasnb.optimizers import schedules

X, Y = np.ones((4, 1), "float32"), np.zeros((4, 1), "float32")
HALVES = {"decay_steps": 3, "decay_rate": 0.5}
COSINE = {"decay_steps": 5, "warmup_target": 0.9}
CASES = {
    "ExponentialDecay": [HALVES, {**HALVES, "staircase": True}],
    "InverseTimeDecay": [HALVES, {**HALVES, "staircase": True}],
    "PolynomialDecay": [{"decay_steps": 4, "power": 2.0}, {"decay_steps": 4, "cycle": True, "end_learning_rate": 0.01}],
    "CosineDecay": [{"decay_steps": 5, "alpha": 0.1}, {**COSINE, "warmup_steps": 3}, COSINE],
    "CosineDecayRestarts": [
        {"first_decay_steps": 3, "m_mul": 0.5, "alpha": 0.1},
        {"first_decay_steps": 4, "t_mul": 1.0},
    ],
}
PAIRS = [(name, {"initial_learning_rate": 0.3, **given}) for name, listed in CASES.items() for given in listed]
PAIRS.append(("PiecewiseConstantDecay", {"boundaries": [2, 5], "values": [1.0, 0.5, 0.25]}))


@pytest.mark.parametrize(("name", "arguments"), PAIRS)
def test_rates_are_those_of_keras_3(backend, name, arguments):
    import keras

    theirs, ours = getattr(keras.optimizers.schedules, name)(**arguments), getattr(schedules, name)(**arguments)
    wanted = [float(theirs(step)) for step in range(13)]
    np.testing.assert_allclose([ours(step) for step in range(13)], wanted, rtol=1e-5, atol=1e-7)
    steps = K.constant(np.arange(13.0))
    np.testing.assert_allclose(K.eval(ours(steps)), wanted, rtol=1e-4, atol=1e-6)
    assert schedules.as_schedule(theirs).get_config() == ours.get_config() == theirs.get_config()


def compiled(optimizer):
    model = Sequential([Dense(1, input_shape=(1,), bias=False)])
    model.compile(optimizer, "mse")
    return model


def halved():
    return schedules.ExponentialDecay(0.25, 1, 0.5)


@pytest.mark.parametrize("kind", ["SGD", "RMSprop", "Adam", "Nadam", "Lion"])
def test_each_step_takes_the_rate_of_its_number_and_lr_shows_the_next(backend, kind):
    model = compiled(getattr(optimizers, kind)(halved()))
    lasting = compiled(getattr(optimizers, kind)(0.25))
    lasting.set_weights(model.get_weights())
    for step in range(3):
        assert float(K.get_value(model.optimizer.lr)) == 0.25 * 0.5**step
        lasting.optimizer.lr = 0.25 * 0.5**step
        for one in (model, lasting):
            one.train_on_batch(X, Y)
    np.testing.assert_allclose(model.get_weights()[0], lasting.get_weights()[0], rtol=1e-6)


def test_it_goes_on_from_a_file_where_it_stood(backend, tmp_path):
    model = compiled(optimizers.Adam(learning_rate=halved()))
    model.train_on_batch(X, Y)
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    assert again.optimizer.schedule.get_config() == halved().get_config()
    assert float(K.get_value(again.optimizer.lr)) == 0.125


def test_a_schedule_of_ones_own_is_found_by_custom_objects(backend):
    class Tenth(schedules.LearningRateSchedule):
        def __call__(self, step):
            return 1.0 / (10.0 + step)

        def get_config(self):
            return {}

    optimizer = optimizers.SGD(lr=Tenth())
    config = optimizers.serialize(optimizer)
    with pytest.raises(UnknownNameError, match="custom_objects"):
        optimizers.deserialize(config)
    again = optimizers.deserialize(config, {"Tenth": Tenth})
    assert float(K.get_value(again.lr)) == pytest.approx(0.1)


@pytest.mark.parametrize("callback", [LearningRateScheduler(lambda epoch: 0.1), ReduceLROnPlateau("loss")])
def test_what_would_set_the_rate_is_refused(callback):
    model = compiled(optimizers.SGD(lr=halved()))
    with pytest.raises(ArgumentError, match="follows ExponentialDecay"):
        model.fit(X, Y, nb_epoch=1, verbose=0, callbacks=[callback])
    with pytest.raises(ArgumentError, match="follows ExponentialDecay"):
        model.optimizer.lr = 0.1


@pytest.mark.parametrize(
    "make",
    [
        lambda: schedules.ExponentialDecay(0.1, 0, 0.5),
        lambda: schedules.PiecewiseConstantDecay([1], [1.0]),
        lambda: schedules.PiecewiseConstantDecay([2, 1], [1.0, 2.0, 3.0]),
        lambda: schedules.CosineDecayRestarts(0.1, 3, t_mul=0.5),
        lambda: optimizers.SGD(lr="fast"),
    ],
)
def test_settings_that_mean_nothing_are_refused(make):
    with pytest.raises(ArgumentError):
        make()


def test_decay_of_many_weights_asks_the_schedule_once_a_step():
    asked = []

    class Counted(schedules.ExponentialDecay):
        def __call__(self, step):
            asked.append(step)
            return super().__call__(step)

    optimizer = optimizers.SGD(lr=Counted(0.1, 10, 0.5), weight_decay=0.1)
    weights = [K.variable(np.ones(2)) for _ in range(3)]
    optimizer.get_updates(params=weights, constraints={}, loss=sum(K.sum(one) for one in weights))
    assert len([step for step in asked if step is optimizer.iterations]) == 1
