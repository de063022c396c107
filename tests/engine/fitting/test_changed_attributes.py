"""What programs for Keras 1.2 change of a compiled model takes effect."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import Dense, Dropout
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

X = np.random.RandomState(0).rand(20, 3).astype("float32")
Y = np.random.RandomState(1).rand(20, 2).astype("float32")


@pytest.fixture
def model(backend):
    model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    model.compile("sgd", "mse", metrics=["mae"])
    return model


def moved(model):
    """Whether a fit changes the weights."""
    before = model.get_weights()
    model.fit(X, Y, nb_epoch=1, verbose=0)
    return not all(map(np.array_equal, before, model.get_weights()))


def test_a_figure_that_is_appended_is_logged_and_measured(model):
    model.fit(X, Y, nb_epoch=1, verbose=0)
    model.metrics_tensors.append(K.mean(model.output))
    model.metrics_names.append("mean")
    history = model.fit(X, Y, nb_epoch=2, validation_split=0.5, batch_size=4, verbose=0).history
    names = ("loss", "mean_absolute_error", "mean")
    assert set(history) == {*names, *(f"val_{name}" for name in names)}
    assert model.evaluate(X, Y, verbose=0)[2] == pytest.approx(model.predict(X).mean(), rel=1e-4)
    assert len(model.train_on_batch(X, Y)) == 3


def test_other_figures_may_take_the_place_of_the_old(model):
    model.metrics_tensors, model.metrics_names = [K.max(model.output, axis=-1)], ["loss", "top"]
    wanted = model.predict(X).max(axis=1).mean()
    assert model.evaluate(X, Y, batch_size=20, verbose=0)[1] == pytest.approx(wanted, rel=1e-5)


def test_a_loss_that_is_assigned_is_what_is_trained(model):
    assert moved(model)
    model.total_loss = 0.0 * model.total_loss
    assert not moved(model) and model.evaluate(X, Y, verbose=0)[0] == 0
    model.compile("sgd", "mse")
    assert moved(model)


def test_an_optimizer_that_is_assigned_makes_the_next_step(model):
    assert moved(model)
    model.optimizer = SGD(lr=0.0)
    assert not moved(model)


def test_none_makes_the_functions_anew(model):
    functions = model.train_function, model.test_function, model.predict_function
    model.train_function = model.test_function = model.predict_function = None
    assert not set(functions) & {model.train_function, model.test_function, model.predict_function}
    assert moved(model)


def test_a_function_of_the_programs_own_is_called_in_place_of_the_step(model):
    seen = []
    model.train_function = lambda arrays: seen.append([np.shape(array) for array in arrays]) or [7.0, 8.0]
    assert not moved(model) and seen == [[(20, 3), (20, 2), (20,), ()]]
    assert model.history.history == {"loss": [7.0], "mean_absolute_error": [8.0]}
    model.predict_function = K.function([model.input, K.learning_phase()], [model.output + 1])
    model.test_function = lambda arrays: 5.0
    assert model.evaluate(X, Y, verbose=0) == 5.0
    shifted = model.predict(X)
    model.predict_function = None
    np.testing.assert_allclose(shifted, model.predict(X) + 1, rtol=1e-5)
