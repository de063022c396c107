"""Objectives against numpy: one value per sample (and time step)."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import objectives
from kerasnb.errors import UnknownNameError
from kerasnb.layers import Activation, Dense
from kerasnb.models import Sequential

EPSILON = 1e-7


def shares(y):
    return y / y.sum(axis=-1, keepdims=True)


def unit(y):
    return y / np.sqrt((y**2).sum(axis=-1, keepdims=True))


def log1p(y):
    return np.log(np.clip(y, EPSILON, None) + 1)


FORMULAS = {
    "mean_squared_error": lambda t, p: ((p - t) ** 2).mean(-1),
    "mean_absolute_error": lambda t, p: abs(p - t).mean(-1),
    "mean_absolute_percentage_error": lambda t, p: 100 * (abs(t - p) / np.clip(abs(t), EPSILON, None)).mean(-1),
    "mean_squared_logarithmic_error": lambda t, p: ((log1p(p) - log1p(t)) ** 2).mean(-1),
    "squared_hinge": lambda t, p: (np.maximum(1 - t * p, 0) ** 2).mean(-1),
    "hinge": lambda t, p: np.maximum(1 - t * p, 0).mean(-1),
    "categorical_crossentropy": lambda t, p: -(t * np.log(shares(p))).sum(-1),
    "binary_crossentropy": lambda t, p: -(t * np.log(p) + (1 - t) * np.log(1 - p)).mean(-1),
    "kullback_leibler_divergence": lambda t, p: (t * np.log(t / p)).sum(-1),
    "poisson": lambda t, p: (p - t * np.log(p + EPSILON)).mean(-1),
    "categorical_hinge": lambda t, p: np.maximum(1 + ((1 - t) * p).max(-1) - (t * p).sum(-1), 0),
    "logcosh": lambda t, p: np.log(np.cosh(p - t)).mean(-1),
    "cosine_similarity": lambda t, p: -(unit(t) * unit(p)).sum(-1),
    "huber_loss": lambda t, p: np.where(abs(p - t) < 1, (p - t) ** 2 / 2, abs(p - t) - 0.5).mean(-1),
    "cosine_proximity": lambda t, p: -(unit(t) * unit(p)).mean(-1),
}


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("shape", [(6, 4), (3, 5, 4)])
def test_an_objective_gives_its_formula_for_each_sample_and_step(backend, name, shape):
    target, output = (np.random.uniform(0.1, 0.9, shape).astype("float32") for _ in range(2))
    found = objectives.get(name)(target, output)
    assert found.shape == shape[:-1]
    np.testing.assert_allclose(found, FORMULAS[name](target, output), rtol=2e-5, atol=1e-6)


@pytest.mark.parametrize("shape", [(6, 4), (3, 5, 4)])
def test_sparse_crossentropy_takes_the_class_that_is_named(backend, shape):
    output = shares(np.random.uniform(0.1, 0.9, shape)).astype("float32")
    classes = np.random.randint(4, size=shape[:-1])
    found = objectives.sparse_categorical_crossentropy(classes[..., None].astype("float32"), output)
    np.testing.assert_allclose(np.squeeze(found), -np.log((output * np.eye(4)[classes]).sum(-1)), rtol=1e-5)


def test_crossentropies_of_certain_wrong_outputs_are_finite(backend):
    target, output = np.array([[1.0, 0.0]], "float32"), np.array([[0.0, 1.0]], "float32")
    for name in ("categorical_crossentropy", "binary_crossentropy", "kullback_leibler_divergence"):
        assert np.isfinite(objectives.get(name)(target, output)).all() and objectives.get(name)(target, output) > 10


def test_masked_steps_do_not_count_in_the_loss(backend):
    from kerasnb.layers import Masking, TimeDistributed

    model = Sequential([Masking(input_shape=(3, 2)), TimeDistributed(Dense(1))])
    model.compile("sgd", "mse")
    x = np.random.rand(2, 3, 2)
    x[0, 1:] = 0
    y = np.random.rand(2, 3, 1)
    wrong = ((model.predict(x) - y) ** 2)[..., 0]
    mask = np.array([[1, 0, 0], [1, 1, 1]])
    np.testing.assert_allclose(model.evaluate(x, y, verbose=0), (wrong * mask).sum() / mask.sum(), rtol=1e-5)


def test_short_names_are_the_same_functions():
    assert objectives.mse is objectives.MSE is objectives.get("mse") is objectives.mean_squared_error
    assert objectives.get("kld") is objectives.kullback_leibler_divergence
    assert objectives.cosine is objectives.cosine_proximity


def test_an_unknown_objective_offers_a_close_name():
    with pytest.raises(UnknownNameError, match='no objective "mean_squared_eror".*Did you mean "mean_squared_error"'):
        objectives.get("mean_squared_eror")


def test_an_objective_of_ones_own_is_taken_as_it_is(backend):
    def cubic(y_true, y_pred):
        return K.mean(K.abs(y_pred - y_true) ** 3, axis=-1)

    model = Sequential([Activation("linear", input_shape=(2,))])
    model.compile("sgd", cubic)
    assert model.evaluate(np.full((3, 2), 2.0), np.zeros((3, 2)), verbose=0) == pytest.approx(8)


def test_an_objective_of_ones_own_may_give_one_number(backend):
    model = Sequential([Activation("linear", input_shape=(2,))])
    model.compile("sgd", lambda y_true, y_pred: K.max(y_pred) - K.min(y_true))
    assert model.evaluate(np.array([[1.0, 5.0]]), np.array([[2.0, 3.0]]), verbose=0) == pytest.approx(3)


KERAS_3 = {
    "mean_squared_error": "mean_squared_error",
    "mean_absolute_error": "mean_absolute_error",
    "mean_absolute_percentage_error": "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error": "mean_squared_logarithmic_error",
    "squared_hinge": "squared_hinge",
    "hinge": "hinge",
    "categorical_hinge": "categorical_hinge",
    "categorical_crossentropy": "categorical_crossentropy",
    "binary_crossentropy": "binary_crossentropy",
    "kullback_leibler_divergence": "kl_divergence",
    "poisson": "poisson",
    "logcosh": "log_cosh",
}


@pytest.mark.parametrize("name", KERAS_3)
def test_objectives_have_the_values_of_keras_3(backend, name):
    import keras

    output = shares(np.random.uniform(0.1, 0.9, (6, 4))).astype("float32")
    target = np.eye(4, dtype="float32")[np.random.randint(4, size=6)]
    if name in ("hinge", "squared_hinge"):
        target = 2 * target - 1
    expected = getattr(keras.losses, KERAS_3[name])(target, output).numpy()
    np.testing.assert_allclose(objectives.get(name)(target, output), expected, rtol=1e-5, atol=1e-6)


def test_an_objective_goes_round_by_its_name():
    from kerasnb import losses

    def mine(y_true, y_pred):
        return K.mean(y_pred, axis=-1)

    assert losses.deserialize(losses.serialize(losses.poisson)) is objectives.poisson
    assert losses.deserialize("mine", {"mine": mine}) is mine
