"""Programs whose loss is added by a layer or to the model, as Keras 2 writes them: outputs without targets."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import metrics, optimizers
from kerasnb.engine.base_layer import Layer
from kerasnb.errors import DataError
from kerasnb.layers import Dense, Input, Lambda
from kerasnb.models import Model

X = (np.random.RandomState(0).rand(64, 1) < 0.5) * np.tile([0.9, 0.1], 5) + 0.05


def sample(moments):
    mean, log_variance = moments
    noise = K.random_normal(shape=(K.shape(mean)[0], 2), mean=0.0, stddev=1.0)
    return mean + K.exp(log_variance / 2) * noise


def encoded(x):
    hidden = Dense(8, activation="relu")(x)
    mean, log_variance = Dense(2)(hidden), Dense(2)(hidden)
    return mean, log_variance, Lambda(sample, output_shape=(2,))([mean, log_variance])


def variational_loss(x, decoded, mean, log_variance):
    spread = -0.5 * K.sum(1 + log_variance - K.square(mean) - K.exp(log_variance), axis=-1)
    return K.mean(10 * metrics.binary_crossentropy(x, decoded) + spread)


def test_a_variational_autoencoder_adds_its_loss_in_a_layer(backend):
    class Compared(Layer):
        def call(self, inputs):
            x, decoded, mean, log_variance = inputs
            self.add_loss(variational_loss(x, decoded, mean, log_variance), inputs=inputs)
            return x

        def compute_output_shape(self, shapes):
            return shapes[0]

    x = Input(shape=(10,))
    mean, log_variance, code = encoded(x)
    decoded = Dense(10, activation="sigmoid")(code)
    model = Model(x, Compared()([x, decoded, mean, log_variance]))
    model.compile(optimizer=optimizers.Adam(lr=0.03), loss=None)
    history = model.fit(X, epochs=12, batch_size=16, validation_data=(X, None), verbose=0).history
    assert history["val_loss"][-1] < history["val_loss"][0] - 0.5


def test_a_variational_autoencoder_adds_its_loss_to_the_model(backend):
    x = Input(shape=(10,))
    mean, log_variance, code = encoded(x)
    decoded = Dense(10, activation="sigmoid")(code)
    model = Model(inputs=x, outputs=decoded)
    model.add_loss(variational_loss(x, decoded, mean, log_variance))
    model.compile(optimizer=optimizers.Adam(lr=0.03))
    before = model.evaluate(X, verbose=0)
    model.fit(X, epochs=12, batch_size=16, verbose=0)
    assert model.evaluate(X, verbose=0) < before - 0.5 and np.isscalar(model.train_on_batch(X[:8]))
    assert model.predict(X).shape == (64, 10) and model.metrics_names == ["loss"]
    with pytest.raises(DataError, match="no output has a loss"):
        model.fit(X, X)


def test_an_output_without_a_loss_needs_no_target(backend):
    x = Input(shape=(10,))
    code = Dense(2, name="code")(x)
    model = Model(x, [code, Dense(10, name="decoded")(code)])
    model.compile("adam", loss={"code": None, "decoded": "mse"}, metrics={"decoded": "mae"})
    assert model.metrics_names == ["loss", "decoded_loss", "decoded_mean_absolute_error"]
    figures = model.evaluate(X, {"decoded": X}, verbose=0)
    np.testing.assert_allclose(figures[0], ((model.predict(X)[1] - X) ** 2).mean(), rtol=1e-5)
    model.fit(X, X, epochs=1, verbose=0)
