"""A model for batches of five takes batches of five, or says so before a weight moves."""

import numpy as np
import pytest

from kerasnb.errors import StatefulError
from kerasnb.layers import LSTM, Dense
from kerasnb.models import Sequential

X, Y = np.random.RandomState(0).rand(20, 4, 2), np.ones((20, 1))


@pytest.fixture(params=[True, False])
def model(request, backend):
    model = Sequential([LSTM(3, batch_input_shape=(5, 4, 2), stateful=request.param), Dense(1)])
    model.compile("sgd", "mse")
    return model


def batches(*sizes):
    for size in sizes:
        yield X[:size], Y[:size]


def test_other_sizes_are_refused_before_anything_is_trained(model):
    before = model.get_weights()
    fives = {"batch_size": 5, "verbose": 0}
    for call, said in (
        (lambda: model.fit(X, Y, validation_split=0.1, **fives), "18 samples in batches of 5 give one of 3"),
        (lambda: model.fit(X, Y, validation_split=0.6, **fives), "8 samples in batches of 5 give one of 3"),
        (lambda: model.fit(X, Y, batch_size=4, verbose=0), "20 samples in batches of 4 give one of 4"),
        (lambda: model.fit(X[:3], Y[:3], verbose=0), "3 samples in batches of 3"),
        (lambda: model.fit(X, Y, batch_size=5, validation_data=(X[:7], Y[:7]), verbose=0), "validation.*7 samples"),
        (lambda: model.evaluate(X[:9], Y[:9], batch_size=5, verbose=0), "9 samples in batches of 5 give one of 4"),
        (lambda: model.predict(X), "20 samples in batches of 20 give one of 20"),
        (lambda: model.predict_on_batch(X[:4]), "Give 5 samples"),
        (lambda: model.train_on_batch(X, Y), "Give 5 samples"),
        (lambda: model.fit_generator(batches(3), 3, 1, verbose=0), "fit_generator.*3 samples"),
        (lambda: model.predict_generator(batches(4), 4), "predict_generator.*4 samples"),
    ):
        with pytest.raises(StatefulError, match=f"(?s){said}"):
            call()
    assert all(map(np.array_equal, before, model.get_weights()))


def test_its_own_size_is_taken_everywhere(model):
    history = model.fit(X, Y, batch_size=5, validation_split=0.5, nb_epoch=1, verbose=0).history
    assert np.isfinite(history["val_loss"]).all() and model.predict(X, batch_size=5).shape == (20, 1)
    assert model.fit_generator(batches(5, 5), 10, 1, validation_data=(X, Y), verbose=0).epoch == [0]
