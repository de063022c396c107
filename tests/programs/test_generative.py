"""Programs that make pictures or vectors: autoencoders, and pictures that please a filter."""

import numpy as np

from kerasnb import backend as K
from kerasnb import objectives
from kerasnb.layers import Convolution2D, Dense, Flatten, Input, Lambda, MaxPooling2D, Reshape, UpSampling2D, merge
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import Adam

from .small_data import bright_corners


def test_an_autoencoder_shares_its_layers_with_encoder_and_decoder(backend):
    x = np.random.RandomState(0).rand(60, 2).dot(np.random.RandomState(1).rand(2, 8))
    first = Input(shape=(8,))
    code = Dense(2, name="code")(first)
    decode = Dense(8, name="decode")
    autoencoder, encoder = Model(first, decode(code)), Model(first, code)
    given = Input(shape=(2,))
    decoder = Model(given, decode(given))
    autoencoder.compile(Adam(lr=0.05), "mse")
    history = autoencoder.fit(x, x, batch_size=20, nb_epoch=40, verbose=0).history
    assert history["loss"][-1] < 0.1 * history["loss"][0]
    np.testing.assert_allclose(decoder.predict(encoder.predict(x)), autoencoder.predict(x), rtol=1e-4, atol=1e-5)


def test_a_variational_autoencoder_samples_in_a_lambda_and_closes_over_its_code(backend):
    random = np.random.RandomState(0)
    x = (random.rand(64, 1) < 0.5) * np.tile([0.9, 0.1], 5) + 0.05
    batch, size = 16, 10
    first = Input(batch_shape=(batch, size))
    hidden = Dense(8, activation="relu")(first)
    mean, log_variance = Dense(2)(hidden), Dense(2)(hidden)

    def sample(moments):
        mu, log_var = moments
        return mu + K.exp(log_var / 2) * K.random_normal(shape=(batch, 2), mean=0.0, std=1.0)

    code = Lambda(sample, output_shape=(2,))([mean, log_variance])
    decode = Dense(size, activation="sigmoid")

    def loss(y_true, y_pred):
        spread = -0.5 * K.sum(1 + log_variance - K.square(mean) - K.exp(log_variance), axis=-1)
        return size * objectives.binary_crossentropy(y_true, y_pred) + spread

    model = Model(first, decode(code))
    model.compile(optimizer=Adam(lr=0.03), loss=loss)
    history = model.fit(x, x, shuffle=True, nb_epoch=15, batch_size=batch, validation_data=(x, x), verbose=0).history
    assert history["val_loss"][-1] < history["val_loss"][0] - 0.5
    given = Input(shape=(2,))
    assert Model(given, decode(given)).predict(random.randn(3, 2)).shape == (3, size)
    assert not np.array_equal(model.predict(x, batch_size=batch), model.predict(x, batch_size=batch))


def test_a_picture_autoencoder_goes_down_and_up(backend):
    x, _ = bright_corners(samples=32)
    model = Sequential()
    model.add(Convolution2D(4, 3, 3, border_mode="same", activation="relu", input_shape=(8, 8, 1)))
    model.add(MaxPooling2D((2, 2)))
    model.add(Flatten())
    model.add(Dense(16, activation="relu"))
    model.add(Reshape((4, 4, 1)))
    model.add(UpSampling2D((2, 2)))
    model.add(Convolution2D(1, 3, 3, border_mode="same", activation="sigmoid"))
    model.compile(Adam(lr=0.02), "binary_crossentropy")
    history = model.fit(x, x, batch_size=16, nb_epoch=8, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] and model.output_shape == (None, 8, 8, 1)


def test_pooling_places_come_from_a_gradient(backend):
    """The places of maxima, as where-switches of a decoder need them: the gradient of pooled by unpooled."""

    def places(pair):
        before, after = pair
        return K.gradients(K.sum(after), before)

    first = Input(shape=(4, 4, 1))
    pooled = MaxPooling2D((2, 2))(first)
    where = merge([first, pooled], mode=places, output_shape=lambda shapes: shapes[0])
    x = np.arange(16.0).reshape((1, 4, 4, 1))
    found = Model(first, where).predict(x)[0, :, :, 0]
    np.testing.assert_array_equal(found, np.isin(x[0, :, :, 0], [5, 7, 13, 15]))


def test_gradient_ascent_finds_a_picture_that_a_filter_likes(backend):
    model = Sequential()
    model.add(Convolution2D(3, 3, 3, activation="relu", input_shape=(8, 8, 1), name="first"))
    model.add(Convolution2D(2, 3, 3, activation="linear", name="second"))
    layers = {layer.name: layer for layer in model.layers}
    pleasure = K.mean(layers["second"].output[:, :, :, 1])
    slope = K.gradients(pleasure, model.input)[0]
    slope /= K.sqrt(K.mean(K.square(slope))) + 1e-5
    step = K.function([model.input, K.learning_phase()], [pleasure, slope])
    picture = np.random.RandomState(0).rand(1, 8, 8, 1)
    start = step([picture, 0])[0]
    for _ in range(10):
        value, up = step([picture, 0])
        picture += 0.1 * up
    assert value > start + 0.1


def test_a_picture_is_fitted_to_the_style_of_another(backend):
    """Optimizes a placeholder beside fixed pictures in one batch, through the statistics of a layer."""
    random = np.random.RandomState(0)
    content, style = K.variable(random.rand(1, 6, 6, 3)), K.variable(random.rand(1, 6, 6, 3))
    mixed = K.placeholder((1, 6, 6, 3))
    first = Input(tensor=K.concatenate([content, style, mixed], axis=0))
    features = Convolution2D(4, 3, 3, border_mode="same", activation="relu")(first)

    def gram(x):
        rows = K.batch_flatten(K.permute_dimensions(x, (2, 0, 1)))
        return K.dot(rows, K.transpose(rows))

    loss = K.variable(0.0)
    loss += K.sum(K.square(features[2] - features[0])) + K.sum(K.square(gram(features[1]) - gram(features[2]))) / 100
    step = K.function([mixed], [loss, *K.gradients(loss, mixed)])
    x = random.rand(1, 6, 6, 3)
    start = step([x])[0]
    for _ in range(15):
        value, slope = step([x])
        x -= 0.01 * slope / np.sqrt((slope**2).mean())
    assert value < 0.9 * start and Model(first, features).input_names == ["input_1"]
