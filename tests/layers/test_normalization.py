"""What is special about batch normalization, and about the later ones."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.ops.nn import normalize_features
from kerasnb.engine.files.configs import layer_from_config
from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.layers import BatchNormalization, Dense, GroupNormalization, Input, UnitNormalization
from kerasnb.models import Model, Sequential

from .running import run

X = np.random.RandomState(0).normal(5, 3, (64, 4)).astype("float32")


def test_training_normalizes_by_the_batch(backend):
    value = run(BatchNormalization(), X, phase=1)
    np.testing.assert_allclose(value.mean(0), 0, atol=1e-4)
    np.testing.assert_allclose(value.std(0), 1, atol=1e-2)


def test_a_training_step_moves_the_running_averages(backend):
    model = Sequential([BatchNormalization(momentum=0.8, input_shape=(4,))])
    model.compile("sgd", "mse")
    model.train_on_batch(X, X)
    _, _, mean, variance = model.layers[0].get_weights()
    np.testing.assert_allclose(mean, 0.2 * X.mean(0), rtol=1e-4)
    np.testing.assert_allclose(variance, 0.8 + 0.2 * X.var(0), rtol=1e-4)


def test_evaluating_leaves_the_running_averages_alone(backend):
    model = Sequential([BatchNormalization(input_shape=(4,))])
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.test_on_batch(X, X)
    for one, other in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_weights_are_gamma_beta_mean_and_variance():
    layer = BatchNormalization(name="bn")
    layer(Input((4,)))
    assert [weight.name for weight in layer.weights] == ["bn_gamma", "bn_beta", "bn_running_mean", "bn_running_std"]
    assert [weight.name for weight in layer.trainable_weights] == ["bn_gamma", "bn_beta"]


def test_updates_belong_to_each_call():
    layer = BatchNormalization()
    x, y = Input((4,)), Input((4,))
    layer(x)
    layer(y)
    assert len(layer.get_updates_for(x)) == 2 and len(layer.get_updates_for(None)) == 0
    assert len(Model(input=x, output=layer.get_output_at(0)).updates) == 2


def test_only_mode_zero_asks_for_the_learning_phase():
    assert [BatchNormalization(mode=mode).uses_learning_phase for mode in (0, 1, 2)] == [True, False, False]


def test_scale_and_shift_can_be_left_out(backend):
    layer = BatchNormalization(scale=False, center=False)
    run(layer, X)
    assert [weight.name.rpartition("_running_")[2] for weight in layer.weights] == ["mean", "std"]
    assert BatchNormalization.from_config(layer.get_config()).scale is False


def test_bad_arguments_are_refused():
    with pytest.raises(ArgumentError, match="mode"):
        BatchNormalization(mode=3)
    with pytest.raises(ArgumentError, match="axis 3 is no features axis"):
        BatchNormalization(axis=3)(Input((4,)))
    with pytest.raises(ShapeError, match="needs to know axis -1"):
        BatchNormalization()(Input((None,)))


def test_frozen_normalization_keeps_its_gamma(backend):
    layer = BatchNormalization()
    layer.trainable = False
    x = Input((4,))
    model = Model(input=x, output=Dense(1)(layer(x)))
    model.compile("sgd", "mse")
    model.train_on_batch(X, np.ones((64, 1)))
    assert K.get_value(layer.gamma).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("shape", [(4,), (5, 4), (3, 2, 4)], ids=["features", "sequence", "images"])
def test_features_far_from_zero_are_normalized_in_each_way_to_run(backend, shape):
    """By single steps and in loops of many; XLA's own batch normalization gives NaN here."""
    x = np.random.RandomState(0).normal(100, 0.1, (128, *shape)).astype("float32")
    model = Sequential([BatchNormalization(epsilon=1e-5, momentum=0.0, input_shape=shape)])
    model.compile("sgd", "mse")
    model.fit(x, np.zeros_like(x), batch_size=64, nb_epoch=1, verbose=0)
    losses = model.fit(x, np.zeros_like(x), batch_size=64, nb_epoch=3, verbose=0).history["loss"]
    assert losses[0] == pytest.approx(1, rel=0.1) and losses == sorted(losses, reverse=True)
    _, _, mean, variance = model.layers[0].get_weights()
    np.testing.assert_allclose(mean, 100, rtol=1e-3)
    np.testing.assert_allclose(variance, 0.01, rtol=0.5)


def test_no_gradient_flows_through_the_averages(backend):
    x, features = K.placeholder((None, 2, 4)), K.ones((4,))
    _, mean, var = normalize_features(x, features, features, axis=2, epsilon=0.1)
    gradient = K.gradients(K.sum(x * 2) + K.sum(mean * var), x)[0]
    assert (K.function([x], [gradient])([np.random.rand(3, 2, 4)])[0] == 2).all()


def test_mode_2_normalizes_along_its_axis(backend):
    x = np.random.RandomState(0).rand(16, 3, 5).astype("float32")
    layer = BatchNormalization(mode=2, axis=1, epsilon=1e-6)
    value = run(layer, x)
    assert [weight.shape for weight in layer.get_weights()] == [(3,)] * 4
    np.testing.assert_allclose(value.mean(axis=(0, 2)), 0, atol=1e-5)
    np.testing.assert_allclose(value.std(axis=(0, 2)), 1, atol=1e-3)


def test_layer_normalization_takes_what_keras_3_writes(backend):
    config = {
        "name": "l",
        "axis": [1, 2],
        "epsilon": 1e-3,
        "rms_scaling": False,
        "beta_constraint": None,
        "gamma_initializer": {"module": "keras.initializers", "class_name": "Constant", "config": {"value": 2.0}},
    }
    layer = layer_from_config({"class_name": "LayerNormalization", "config": config})
    x = np.random.rand(4, 3, 2)
    expected = 2 * (x - x.mean((1, 2), keepdims=True)) / np.sqrt(x.var((1, 2), keepdims=True) + 1e-3)
    np.testing.assert_allclose(run(layer, x), expected, rtol=1e-3, atol=1e-5)


def test_group_normalization_takes_sequences_of_any_length(backend):
    x = np.random.RandomState(0).rand(2, 5, 4)
    inputs = Input((None, 4))
    given = Model(inputs, GroupNormalization(2)(inputs)).predict(x)
    expected = [(one - one.mean((1, 2), keepdims=True)) / one.std((1, 2), keepdims=True) for one in np.split(x, 2, -1)]
    np.testing.assert_allclose(given, np.concatenate(expected, -1), rtol=0.02, atol=1e-2)


def test_zeros_have_no_length_and_stay_zeros(backend):
    inputs = Input((3,))
    assert not Model(inputs, UnitNormalization()(inputs)).predict(np.zeros((2, 3))).any()


def test_an_axis_alone_in_a_list_is_that_axis_and_several_are_refused():
    assert BatchNormalization(axis=[-1]).axis == -1 and GroupNormalization(axis=[2]).axis == 2
    with pytest.raises(ArgumentError, match=r"axis must be a whole number, got \[1, 2\]"):
        BatchNormalization(axis=[1, 2])
