"""Programs that classify pictures, in both orders of axes."""

import numpy as np

from kerasnb import backend as K
from kerasnb.callbacks import Callback, EarlyStopping, LambdaCallback, LearningRateScheduler
from kerasnb.layers import Activation, BatchNormalization, Convolution2D, Dense, Dropout, Flatten, MaxPooling2D
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD, Adam
from kerasnb.utils.layer_utils import convert_all_kernels_in_model

from .small_data import bright_corners


def classifier(shape):
    model = Sequential()
    model.add(Convolution2D(6, 3, 3, border_mode="same", input_shape=shape))
    model.add(BatchNormalization(axis=1 if K.image_dim_ordering() == "th" else -1))
    model.add(Activation("relu"))
    model.add(MaxPooling2D(pool_size=(2, 2), strides=(2, 2)))
    model.add(Dropout(0.1))
    model.add(Flatten())
    model.add(Dense(4, activation="softmax"))
    return model


def test_a_convolutional_network_learns_with_channels_first(backend):
    K.set_image_dim_ordering("th")
    x, y = bright_corners(first=True)
    model = classifier((1, 8, 8))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(lr=0.02), metrics=["accuracy"])
    model.fit(x, y, batch_size=16, nb_epoch=8, verbose=0)
    assert model.layers[0].W.shape == (6, 1, 3, 3) and model.layers[0].output_shape == (None, 6, 8, 8)
    assert model.evaluate(x, y, verbose=0)[1] > 0.9


def test_flipped_kernels_make_a_network_the_same_on_the_other_backend():
    before = K.backend()
    x, _ = bright_corners(samples=4)
    model = classifier((8, 8, 1))
    K.use("tensorflow")
    expected = model.predict(x)
    K.use("theano")
    convert_all_kernels_in_model(model)
    np.testing.assert_allclose(model.predict(x), expected, rtol=1e-4, atol=1e-6)
    K.use(before)


def test_callbacks_watch_slow_down_and_stop(backend):
    class Losses(Callback):
        def on_train_begin(self, logs=None):
            self.losses = []

        def on_batch_end(self, batch, logs=None):
            self.losses.append(logs["loss"])

    x, y = bright_corners(samples=32)
    model = Sequential([Flatten(input_shape=(8, 8, 1)), Dense(4, activation="softmax")])
    model.compile(SGD(lr=0.5), "categorical_crossentropy")
    losses, rates = Losses(), []
    seen = LambdaCallback(on_epoch_end=lambda epoch, logs: rates.append(float(K.get_value(model.optimizer.lr))))
    slower = LearningRateScheduler(lambda epoch: 0.5 / 2**epoch)
    stop = EarlyStopping(monitor="val_loss", min_delta=10.0, patience=1)
    history = model.fit(
        x,
        y,
        batch_size=8,
        nb_epoch=20,
        validation_data=(x, y),
        callbacks=[losses, slower, seen, stop],
        verbose=0,
    )
    assert history.epoch == [0, 1, 2] and len(losses.losses) == 12
    np.testing.assert_allclose(rates, [0.5, 0.25, 0.125])
    np.testing.assert_allclose(history.history["loss"][0], np.mean(losses.losses[:4]), rtol=1e-5)


def test_a_wider_network_starts_from_the_weights_of_a_narrow_one(backend):
    """Doubles the filters and halves what follows them, so that nothing changes at first."""
    x, _ = bright_corners(samples=4)
    narrow = Sequential()
    narrow.add(Convolution2D(2, 3, 3, input_shape=(8, 8, 1), activation="relu", name="conv1"))
    narrow.add(Convolution2D(3, 3, 3, activation="relu", name="conv2"))
    wide = Sequential()
    wide.add(Convolution2D(4, 3, 3, input_shape=(8, 8, 1), activation="relu", name="conv1"))
    wide.add(Convolution2D(3, 3, 3, activation="relu", name="conv2"))
    W, b = narrow.get_layer("conv1").get_weights()
    wide.get_layer("conv1").set_weights([np.concatenate([W, W], axis=3), np.concatenate([b, b])])
    W, b = narrow.get_layer(name="conv2").get_weights()
    wide.get_layer(index=1).set_weights([np.concatenate([W, W], axis=2) / 2, b])
    np.testing.assert_allclose(wide.predict(x), narrow.predict(x), rtol=1e-4, atol=1e-6)
