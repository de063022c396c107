"""Optimizers and options that came with Keras 3, step by step beside Keras 3's own."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import optimizers
from kerasnb.engine.handover import compile_again
from kerasnb.errors import ArgumentError, DataError
from kerasnb.layers import Dense
from kerasnb.models import Sequential, load_model

STEPS = 5
X = np.random.RandomState(0).rand(4, 3).astype("float32")
Y = np.random.RandomState(1).rand(4, 2).astype("float32")
KERNEL, BIAS = np.random.RandomState(2).rand(3, 2).astype("float32"), np.array([0.5, -0.25], "float32")

# name in Keras 3 -> arguments
CASES = {
    "AdamW": {},
    "AdamW amsgrad": {"amsgrad": True, "learning_rate": 0.05},
    "Adam amsgrad": {"amsgrad": True, "learning_rate": 0.1, "beta_2": 0.5},
    "Lion": {"learning_rate": 0.01, "weight_decay": 0.1},
    "Ftrl": {
        "learning_rate": 0.1,
        "l1_regularization_strength": 0.01,
        "l2_regularization_strength": 0.02,
        "l2_shrinkage_regularization_strength": 0.03,
        "beta": 0.1,
    },
    "Adafactor": {"learning_rate": 0.05},
    "Adafactor absolute": {"learning_rate": 0.3, "relative_step": False, "clip_threshold": 0.5},
    "Lamb": {"learning_rate": 0.1},
    "Muon": {"learning_rate": 0.05},
    "Muon plain": {"learning_rate": 0.05, "nesterov": False, "rms_rate": None, "adam_lr_ratio": 0.5, "ns_steps": 2},
    "RMSprop": {"learning_rate": 0.01, "centered": True, "momentum": 0.5, "epsilon": 1e-3},
    "SGD decay": {"learning_rate": 0.1, "momentum": 0.9, "weight_decay": 0.1},
    "SGD ema": {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
    "SGD gathered": {"learning_rate": 0.5, "gradient_accumulation_steps": 2, "momentum": 0.9},
}


def gradients(kernel, bias):
    difference = (X @ kernel + bias - Y) * 2 / Y.size
    return X.T @ difference, difference.sum(0)


def by_keras(optimizer):
    import keras

    weights = [keras.Variable(KERNEL, name="kernel"), keras.Variable(BIAS, name="bias")]
    for _ in range(STEPS):
        optimizer.apply([keras.ops.convert_to_tensor(one) for one in gradients(*(w.numpy() for w in weights))], weights)
    return [weight.numpy() for weight in weights]


def theirs(case):
    import keras

    return getattr(keras.optimizers, case.split()[0])(**CASES[case])


def compiled(optimizer, **arguments):
    model = Sequential([Dense(2, input_shape=(3,), **arguments)])
    model.set_weights([KERNEL, BIAS])
    model.compile(optimizer, "mse")
    return model


def stepped(optimizer, steps=STEPS):
    model = compiled(optimizer)
    for _ in range(steps):
        model.train_on_batch(X, Y)
    return model


@pytest.mark.parametrize("case", CASES)
def test_steps_are_those_of_keras_3(backend, case):
    wanted = by_keras(theirs(case))
    ours = getattr(optimizers, case.split()[0])(**CASES[case] | {"epsilon": 1e-7} if "Adam " in case else CASES[case])
    if case == "RMSprop":
        ours.epsilon_under_root = True
    for found, one, begin in zip(stepped(ours).get_weights(), wanted, (KERNEL, BIAS), strict=True):
        np.testing.assert_allclose(found, one, rtol=2e-4, atol=2e-6)
        assert np.abs(one - begin).max() > 1e-3


def test_schedules_means_and_constraints_count_batches_while_gradients_are_gathered(backend):
    import keras

    def make():
        rate = keras.optimizers.schedules.PolynomialDecay(0.5, 5, 0.01)
        upkeep = {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2}
        return keras.optimizers.SGD(rate, gradient_accumulation_steps=2, **upkeep)

    for found, wanted in zip(stepped(optimizers.get(make())).get_weights(), by_keras(make()), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=2e-5)
    model = compiled(optimizers.SGD(lr=0.5, gradient_accumulation_steps=2), kernel_constraint="non_neg")
    model.set_weights([-KERNEL, BIAS])
    model.train_on_batch(X, Y)
    kernel, bias = model.get_weights()
    assert np.all(kernel == 0) and np.all(bias == BIAS)


@pytest.mark.parametrize("case", CASES)
def test_their_objects_and_our_configurations_mean_the_same(case):
    ours = optimizers.get(theirs(case))
    assert ours.get_config() == optimizers.deserialize(optimizers.serialize(ours)).get_config()
    for name, value in CASES[case].items():
        kept = ours.get_config()
        held = kept["lr"] if name == "learning_rate" else kept.get(name, getattr(ours, name))
        assert held == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize("case", ["SGD ema", "SGD gathered", "Adafactor", "Muon", "AdamW amsgrad"])
def test_training_goes_on_from_a_file_as_if_it_had_not_stopped(backend, tmp_path, case):
    model = stepped(optimizers.get(theirs(case)), 3)
    model.save(tmp_path / "m.h5")
    again = load_model(tmp_path / "m.h5")
    for one in (model, again):
        one.train_on_batch(X, Y)
        one.train_on_batch(X, Y)
    for kept, read in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(read, kept, rtol=1e-6)


def test_fit_ends_with_the_running_means(backend):
    model = compiled(optimizers.SGD(lr=0.5, use_ema=True, ema_momentum=0.5))
    model.fit(X, Y, batch_size=4, nb_epoch=3, verbose=0)
    kernels, (kernel, bias) = [], (KERNEL, BIAS)
    for _ in range(3):
        down, side = gradients(kernel, bias)
        kernel, bias = kernel - 0.5 * down, bias - 0.5 * side
        kernels.append(kernel)
    mean = 0.25 * kernels[0] + 0.25 * kernels[1] + 0.5 * kernels[2]
    np.testing.assert_allclose(model.get_weights()[0], mean, rtol=1e-5)


def test_running_means_go_on_when_a_model_is_compiled_again():
    model = stepped(optimizers.SGD(lr=0.5, use_ema=True), 2)
    before = K.get_value(model.optimizer.averages[model.weights[0]])
    compile_again(model, optimizer=optimizers.SGD(lr=0.1, use_ema=True), loss="mse")
    np.testing.assert_array_equal(K.get_value(model.optimizer.averages[model.weights[0]]), before)


def test_weights_can_be_left_out_of_the_decay(backend):
    optimizer = optimizers.SGD(lr=1.0, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["_b$"])
    model = stepped(optimizer, 1)
    down, side = gradients(KERNEL, BIAS)
    np.testing.assert_allclose(model.get_weights()[0], KERNEL * 0.5 - down, rtol=1e-5)
    np.testing.assert_allclose(model.get_weights()[1], BIAS - side, rtol=1e-5)


@pytest.mark.parametrize(
    "make",
    [
        lambda: optimizers.SGD(ema_momentum=1.5),
        lambda: optimizers.SGD(weight_decay=-1),
        lambda: optimizers.SGD(gradient_accumulation_steps=0),
        lambda: optimizers.SGD(ema_overwrite_frequency=0.5),
    ],
)
def test_settings_out_of_range_are_refused(make):
    with pytest.raises((ArgumentError, DataError), match="SGD: "):
        make()
