"""A callback that overrides a batch hook sees every batch, with exact logs, before the next one runs."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import Callback, LambdaCallback
from kerasnb.engine.fitting.steps import Step
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

RATE = 0.1
X, Y = np.random.RandomState(0).rand(26, 3).astype("float32"), np.random.RandomState(1).rand(26, 1).astype("float32")
ROWS = [slice(start, start + 8) for start in range(0, 26, 8)]  # the last batch has two samples


class ByHand:
    """The same training by numpy: a line, its squared error, plain gradient descent."""

    def __init__(self, model):
        self.W, self.b = model.get_weights()

    def step(self, x, y):
        error = x @ self.W + self.b - y
        self.W = self.W - RATE * 2 * x.T @ error / len(x)
        self.b = self.b - RATE * 2 * error.mean(axis=0)
        return (error**2).mean(), np.abs(error).mean()


class Exact(Callback):
    """Compares logs and weights at the end of each batch with those computed by hand."""

    def __init__(self, model):
        super().__init__()
        self.hand, self.sizes = ByHand(model), []

    def on_batch_end(self, batch, logs=None):
        rows = ROWS[batch]
        loss, error = self.hand.step(X[rows], Y[rows])
        assert (logs["batch"], logs["size"]) == (batch, len(X[rows]))
        assert (logs["loss"], logs["mean_absolute_error"]) == pytest.approx((loss, error), rel=1e-4)
        for one, other in zip(self.model.get_weights(), (self.hand.W, self.hand.b), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)
        self.sizes.append(logs["size"])


class OnlyBegins(Callback):
    """Looks at the beginning of batches only."""

    def __init__(self, ran):
        super().__init__()
        self.ran, self.seen = ran, []

    def on_batch_begin(self, batch, logs=None):
        self.seen.append((batch, logs["size"], len(self.ran)))


@pytest.fixture
def model(backend):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile(SGD(RATE), "mse", metrics=["mae"])
    return model


@pytest.fixture
def ran(monkeypatch):
    """A 0 for every batch that was run by itself."""
    ran, step = [], Step.whole
    monkeypatch.setattr(Step, "whole", lambda self, arrays: ran.append(0) or step(self, arrays))
    return ran


def by_arrays(model, *callbacks):
    model.fit(X, Y, batch_size=8, nb_epoch=3, shuffle=False, verbose=0, callbacks=list(callbacks))


def by_generator(model, *callbacks):
    def batches():
        while True:
            for rows in ROWS:
                yield X[rows], Y[rows]

    model.fit_generator(batches(), samples_per_epoch=26, nb_epoch=3, verbose=0, callbacks=list(callbacks))


both_ways = pytest.mark.parametrize("fit", [by_arrays, by_generator])


@both_ways
def test_logs_and_weights_at_the_end_of_a_batch_are_those_of_that_batch(model, fit):
    exact = Exact(model)
    fit(model, exact)
    assert exact.sizes == [8, 8, 8, 2] * 3


@both_ways
def test_one_callback_that_looks_at_batches_among_others_is_enough(model, fit):
    exact, epochs = Exact(model), []
    fit(model, LambdaCallback(on_epoch_end=lambda epoch, logs: epochs.append(epoch)), exact)
    assert len(exact.sizes) == 12 and epochs == [0, 1, 2]


@both_ways
def test_the_beginning_of_a_batch_is_told_before_it_runs(model, fit, ran):
    begins = OnlyBegins(ran)
    fit(model, begins)
    assert begins.seen == [(number % 4, [8, 8, 8, 2][number % 4], number) for number in range(12)]


def test_without_such_a_callback_only_the_smaller_batches_run_by_themselves(model, ran):
    by_arrays(model, LambdaCallback(on_epoch_end=lambda epoch, logs: None))
    assert len(ran) == 3


@both_ways
def test_a_learning_rate_set_at_the_end_of_a_batch_counts_from_the_next_one_on(model, fit):
    weights = []

    def stop_learning(batch, logs):
        weights.append(model.get_weights()[0])
        K.set_value(model.optimizer.lr, 0.0)

    fit(model, LambdaCallback(on_batch_end=stop_learning))
    assert len(weights) == 12 and all(np.array_equal(weights[0], one) for one in weights)
