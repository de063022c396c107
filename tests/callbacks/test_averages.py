"""SwapEMAWeights: the running means of weights are what is tested and saved, the weights themselves go on training."""

import numpy as np
import pytest

from kerasnb.callbacks import LambdaCallback, SwapEMAWeights
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

X = np.random.RandomState(0).rand(8, 4).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def fitted(*callbacks, use_ema=True):
    """The model and its History after three steps; with its weights before them."""
    model = Sequential([Dense(1, input_shape=(4,), init="zero")])
    model.compile(SGD(0.1, **({"use_ema": True, "ema_momentum": 0.5} if use_ema else {})), "mse")
    how = {"batch_size": 8, "nb_epoch": 3, "verbose": 0, "shuffle": False, "validation_data": (X, Y)}
    return model, model.fit(X, Y, callbacks=list(callbacks), **how).history


def by_hand():
    """Training losses, losses of the means after each step, and the means at the end."""
    W, b, means, losses, tested = np.zeros((4, 1)), np.zeros(1), None, [], []
    for _ in range(3):
        error = X @ W + b - Y
        losses.append(np.mean(error**2))
        W, b = W - 0.1 * 2 * X.T @ error / 8, b - 0.1 * 2 * error.mean(axis=0)
        means = [W, b] if means is None else [0.5 * mean + 0.5 * one for mean, one in zip(means, [W, b], strict=True)]
        tested.append(np.mean((X @ means[0] + means[1] - Y) ** 2))
    return losses, tested, means


@pytest.mark.parametrize("swap_on_epoch", [False, True])
def test_means_are_tested_while_the_weights_train_on(swap_on_epoch, backend):
    losses, tested, means = by_hand()
    seen = []
    watching = LambdaCallback(on_epoch_end=lambda epoch, logs: seen.append(model_of(watching).get_weights()[0]))
    model, history = fitted(SwapEMAWeights(swap_on_epoch), watching)
    np.testing.assert_allclose(history["loss"], losses, rtol=1e-4)
    np.testing.assert_allclose(history["val_loss"], tested, rtol=1e-4)
    np.testing.assert_allclose(model.get_weights()[0], means[0], rtol=1e-4)
    assert np.allclose(seen[-1], means[0], rtol=1e-4) is swap_on_epoch


def model_of(callback):
    return callback.model


def test_an_optimizer_without_means_is_refused():
    with pytest.raises(ArgumentError, match="SGD keeps no running means.*\n?.*use_ema=True"):
        fitted(SwapEMAWeights(), use_ema=False)


def test_keras_3s_becomes_ours(backend):
    import keras

    _, history = fitted(keras.callbacks.SwapEMAWeights())
    np.testing.assert_allclose(history["val_loss"], by_hand()[1], rtol=1e-4)
