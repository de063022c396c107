"""Programs in the spelling of Keras 2."""

import numpy as np

from kerasnb import backend as K
from kerasnb import constraints, initializers, losses, optimizers, regularizers
from kerasnb.engine.base_layer import Layer
from kerasnb.layers import (
    GRU,
    Add,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GlobalAveragePooling2D,
    Input,
    LeakyReLU,
    MaxPooling2D,
    TimeDistributed,
    concatenate,
)
from kerasnb.models import Model, Sequential
from kerasnb.utils import to_categorical

from .small_data import bright_corners, padded_words, two_clusters


def test_a_convolutional_network(backend):
    x, y = bright_corners()
    model = Sequential()
    model.add(Conv2D(6, kernel_size=(3, 3), activation="relu", padding="same", input_shape=(8, 8, 1)))
    model.add(Conv2D(6, (3, 3), strides=(2, 2), activation="relu", kernel_initializer="he_normal"))
    model.add(MaxPooling2D(pool_size=(2, 2), padding="same"))
    model.add(Dropout(rate=0.1))
    model.add(Flatten())
    model.add(Dense(units=4, activation="softmax", kernel_regularizer=regularizers.l2(0.001), use_bias=True))
    model.compile(loss=losses.categorical_crossentropy, optimizer=optimizers.Adam(lr=0.02), metrics=["accuracy"])
    history = model.fit(x, y, batch_size=16, epochs=8, verbose=0, validation_data=(x, y)).history
    assert history["val_acc"][-1] > 0.9 and model.layers[1].output_shape == (None, 3, 3, 6)


def test_a_residual_block_with_two_inputs_and_two_outputs(backend):
    x, y = bright_corners(samples=32)
    picture, hint = Input(shape=(8, 8, 1), name="picture"), Input(shape=(4,), name="hint")
    first = Conv2D(4, 3, padding="same", data_format="channels_last")(picture)
    second = Conv2D(4, 3, padding="same")(BatchNormalization(axis=-1)(first))
    pooled = GlobalAveragePooling2D()(Add()([first, second]))
    both = concatenate([pooled, hint], axis=-1)
    corner = Dense(4, activation="softmax", name="corner")(both)
    mean = Dense(1, name="mean")(pooled)
    model = Model(inputs=[picture, hint], outputs=[corner, mean])
    model.compile(
        optimizer=optimizers.RMSprop(learning_rate=0.02),
        loss={"corner": "categorical_crossentropy", "mean": "mean_squared_error"},
        loss_weights={"corner": 1.0, "mean": 0.5},
        metrics={"corner": ["accuracy"]},
    )
    targets = {"corner": y, "mean": x.mean(axis=(1, 2))}
    history = model.fit({"picture": x, "hint": y}, targets, epochs=10, batch_size=16, verbose=0).history
    assert history["loss"][-1] < history["loss"][0] and history["corner_acc"][-1] > 0.9


def test_a_masked_bidirectional_tagger(backend):
    rows, tags = padded_words()
    model = Sequential()
    model.add(Embedding(input_dim=9, output_dim=6, input_length=6, mask_zero=True))
    model.add(Bidirectional(GRU(units=5, return_sequences=True, recurrent_activation="hard_sigmoid")))
    model.add(TimeDistributed(Dense(2, activation="softmax")))
    model.compile("adam", "categorical_crossentropy")
    optimizer = model.optimizer
    optimizer.learning_rate = 0.05
    model.fit(rows, to_categorical(tags, num_classes=2).reshape((-1, 6, 2)), batch_size=20, epochs=6, verbose=0)
    found = model.predict(rows).argmax(axis=-1)
    assert (found == tags)[rows > 0].mean() > 0.9


class Linear(Layer):
    def __init__(self, units, **kwargs):
        self.units = units
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            name="kernel",
            shape=(input_shape[-1], self.units),
            initializer=initializers.RandomNormal(stddev=0.1, seed=1),
            constraint=constraints.MaxNorm(2.0),
            trainable=True,
        )
        self.offset = self.add_weight("offset", (self.units,), initializer="zeros")
        super().build(input_shape)

    def call(self, inputs, training=None):
        return K.in_train_phase(K.dropout(inputs, 0.1), inputs, training=training) @ self.kernel + self.offset

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.units)


def test_a_layer_of_ones_own(backend):
    x, labels = two_clusters()
    model = Sequential([Linear(5, input_shape=(6,)), LeakyReLU(alpha=0.1), Linear(1)])
    model.compile(optimizers.Adam(learning_rate=0.05), "hinge")
    history = model.fit(x, 2 * labels - 1, epochs=10, batch_size=30, verbose=0).history
    assert history["loss"][-1] < 0.3
    assert ((model.predict(x).ravel() > 0) == labels).mean() > 0.95
    assert np.linalg.norm(model.layers[0].get_weights()[0], axis=0).max() <= 2.0001
    assert len(model.layers[0]._inbound_nodes) == 1


def test_a_step_made_by_hand_from_an_optimizer(backend):
    x, labels = two_clusters()
    model = Sequential([Dense(1, input_dim=6, activation="sigmoid")])
    target = K.placeholder(shape=(None, 1))
    loss = K.mean(losses.binary_crossentropy(target, model.output))
    updates = optimizers.SGD(lr=0.5).get_updates(params=model.trainable_weights, loss=loss)
    step = K.function(inputs=[model.input, target], outputs=[loss], updates=updates)
    found = [step([x, labels[:, None]])[0] for _ in range(20)]
    assert found[-1] < 0.6 * found[0]
