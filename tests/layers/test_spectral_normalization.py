"""SpectralNormalization in training: the kernel is divided, and `vector_u` goes on, as in Keras 3."""

import warnings

import numpy as np
import pytest

from kerasnb import layers as L
from kerasnb.errors import ArgumentError
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import keras

X, Y = np.random.RandomState(0).rand(8, 4).astype("float32"), np.random.RandomState(1).rand(8, 3).astype("float32")


def test_steps_of_training_are_those_of_keras_3(backend):
    theirs = keras.Sequential([keras.Input((4,)), keras.layers.SpectralNormalization(keras.layers.Dense(3), 2)])
    theirs.compile(keras.optimizers.SGD(0.1), "mse")
    model = Sequential([L.SpectralNormalization(L.Dense(3), 2, input_shape=(4,))])
    model.compile(SGD(0.1), "mse")
    model.set_weights(theirs.get_weights())
    for _ in range(2):
        theirs.train_on_batch(X, Y)
        model.train_on_batch(X, Y)
    for mine, other in zip(model.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-5)
    np.testing.assert_allclose(model.predict(X), theirs(X), atol=1e-5)


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(ArgumentError, match="which has no kernel"):
        L.SpectralNormalization(L.Activation("relu"))(L.Input((4,)))
