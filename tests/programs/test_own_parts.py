"""Programs with layers, initializers, penalties, constraints, losses and metrics of their own."""

import numpy as np

from kerasnb import backend as K
from kerasnb import initializations
from kerasnb.constraints import Constraint
from kerasnb.engine.topology import InputSpec, Layer
from kerasnb.layers import Activation, Dense, Dropout, Embedding
from kerasnb.models import Sequential
from kerasnb.optimizers import SGD, Adam
from kerasnb.regularizers import Regularizer

from .small_data import padded_words, two_clusters


class Antirectifier(Layer):
    """Both halves of the normalized input, side by side."""

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], 2 * input_shape[1])

    def call(self, x, mask=None):
        x -= K.mean(x, axis=1, keepdims=True)
        x = K.l2_normalize(x, axis=1)
        return K.concatenate([K.relu(x), K.relu(-x)], axis=1)


def test_an_antirectifier_takes_the_place_of_an_activation(backend):
    x, labels = two_clusters()
    model = Sequential()
    model.add(Dense(4, input_shape=(6,)))
    model.add(Antirectifier())
    model.add(Dropout(0.1))
    model.add(Dense(2))
    model.add(Activation("softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(lr=0.05), metrics=["accuracy"])
    history = model.fit(x, np.eye(2)[labels], batch_size=30, nb_epoch=8, verbose=0).history
    assert history["acc"][-1] > 0.95 and model.layers[1].output_shape == (None, 8)


class MaskedMean(Layer):
    """The mean over time of the steps that count, each feature with a weight of its own."""

    def __init__(self, start=1.0, **kwargs):
        self.start = start
        self.supports_masking = True
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.input_spec = [InputSpec(shape=(None, *input_shape[1:]))]
        self.scale = K.variable(self.start * np.ones(input_shape[2]), name=f"{self.name}_scale")
        self.trainable_weights = [self.scale]

    def call(self, x, mask=None):
        kept = K.expand_dims(K.cast(mask, K.floatx()))
        return self.scale * K.sum(x * kept, axis=1) / K.sum(kept, axis=1)

    def compute_mask(self, input, input_mask=None):
        return None

    def get_output_shape_for(self, input_shape):
        return (input_shape[0], input_shape[2])

    def get_config(self):
        return {**super().get_config(), "start": self.start}


def test_a_layer_with_weights_uses_the_mask_and_ends_it(backend):
    rows, _ = padded_words()
    share = np.array([(row[row > 0] > 4).mean() for row in rows])
    model = Sequential([Embedding(9, 4, input_length=6, mask_zero=True), MaskedMean(start=2.0), Dense(1)])
    model.compile(Adam(lr=0.03), "mse")
    history = model.fit(rows, share, batch_size=20, nb_epoch=20, verbose=0).history
    assert history["loss"][-1] < 0.2 * history["loss"][0]
    again = Sequential.from_config(model.get_config(), custom_objects={"MaskedMean": MaskedMean})
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again.predict(rows), model.predict(rows), rtol=1e-5)


class Counter(Layer):
    """Passes its input on, counts the batches it was trained on and adds a penalty."""

    def build(self, input_shape):
        self.seen = self.add_weight((), initializer="zero", name=f"{self.name}_seen", trainable=False)
        self.built = True

    def call(self, x, mask=None):
        self.add_update([K.update_add(self.seen, 1)], x)
        self.add_loss([0.25 * K.mean(K.square(x))], x)
        return x


def test_updates_run_when_training_and_penalties_count_always(backend):
    x = np.ones((8, 3), "float32")
    counter = Counter(input_shape=(3,))
    model = Sequential([counter])
    model.compile(SGD(lr=0.1), "mse")
    assert len(model.updates) == len(model.losses) == 1
    losses = [model.train_on_batch(x, x) for _ in range(3)]
    np.testing.assert_allclose([*losses, model.evaluate(x, x, verbose=0)], 0.25)
    assert counter.get_weights() == [3.0] and model.non_trainable_weights == [counter.seen]


def test_own_initializer_penalty_constraint_loss_and_metric_work_together(backend):
    class Cap(Constraint):
        def __call__(self, p):
            return K.clip(p, -0.5, 0.5)

    class Bend(Regularizer):
        def __call__(self, x):
            return 0.01 * K.sum(K.square(x))

    def halves(shape, name=None):
        return initializations.one(shape, name=name) if len(shape) == 1 else K.variable(np.full(shape, 0.25), name=name)

    def worst(y_true, y_pred):
        return K.max(K.abs(y_true - y_pred), axis=-1)

    def bounds(y_true, y_pred):
        return {"low": K.min(y_pred), "high": K.max(y_pred)}

    x, labels = two_clusters()
    model = Sequential([Dense(3, init=halves, W_constraint=Cap(), W_regularizer=Bend(), input_dim=6)])
    np.testing.assert_allclose(model.get_weights()[0], 0.25)
    model.compile(SGD(lr=0.5, clipnorm=1.0), worst, metrics=[bounds, "mae"])
    assert model.metrics_names == ["loss", "low", "high", "mean_absolute_error"]
    y = np.eye(3)[labels] * 4
    before = model.evaluate(x, y, verbose=0)
    model.fit(x, y, nb_epoch=5, verbose=0)
    after = model.evaluate(x, y, verbose=0)
    W = model.get_weights()[0]
    assert after[0] < before[0] and np.abs(W).max() <= 0.5
    predicted = model.predict(x)
    np.testing.assert_allclose(after[0], np.abs(predicted - y).max(axis=-1).mean() + 0.01 * (W**2).sum(), rtol=1e-4)
