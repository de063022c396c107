"""Programs over sequences: translation, tagging with masks, states that last, text classes."""

import numpy as np

from kerasnb.callbacks import Callback
from kerasnb.layers import (
    LSTM,
    Activation,
    Bidirectional,
    Convolution1D,
    Dense,
    Embedding,
    GlobalMaxPooling1D,
    RepeatVector,
    SimpleRNN,
    TimeDistributed,
)
from kerasnb.models import Sequential, model_from_json
from kerasnb.optimizers import Adam

from .small_data import padded_words


def test_an_encoder_and_a_decoder_learn_to_repeat(backend):
    x = np.eye(4)[np.random.RandomState(0).randint(0, 4, (64, 2))]
    model = Sequential()
    model.add(SimpleRNN(16, input_shape=(2, 4)))
    model.add(RepeatVector(2))
    model.add(SimpleRNN(16, return_sequences=True))
    model.add(TimeDistributed(Dense(4)))
    model.add(Activation("softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=Adam(lr=0.02), metrics=["accuracy"])
    history = model.fit(x, x, batch_size=16, nb_epoch=15, verbose=0).history
    assert history["acc"][-1] > 0.9
    assert (model.predict_classes(x, verbose=0) == x.argmax(-1)).mean() > 0.9


def test_a_bidirectional_tagger_leaves_padding_out(backend):
    def tagger(length):
        model = Sequential()
        model.add(Embedding(9, 6, input_length=length, mask_zero=True))
        model.add(Bidirectional(LSTM(5, return_sequences=True), merge_mode="concat"))
        model.add(TimeDistributed(Dense(1, activation="sigmoid")))
        return model

    rows, tags = padded_words()
    model = tagger(6)
    model.compile(Adam(lr=0.05), "binary_crossentropy", sample_weight_mode="temporal")
    model.fit(rows, tags[..., None], sample_weight=(rows > 0).astype(float), batch_size=20, nb_epoch=6, verbose=0)
    found = model.predict(rows)[..., 0] > 0.5
    assert (found == tags)[rows > 0].mean() > 0.9
    short = tagger(3)
    short.set_weights(model.get_weights())
    padded = rows * (np.arange(6) < 3)
    np.testing.assert_allclose(model.predict(padded)[:, :3], short.predict(rows[:, :3]), rtol=1e-4)


def test_a_state_lasts_from_batch_to_batch_until_it_is_reset(backend):
    class Reset(Callback):
        def on_epoch_begin(self, epoch, logs=None):
            self.model.reset_states()

    x = np.random.RandomState(0).rand(20, 1, 2)
    model = Sequential()
    model.add(SimpleRNN(4, batch_input_shape=(5, 1, 2), stateful=True, return_sequences=True))
    model.add(SimpleRNN(3, stateful=True))
    model.add(Dense(1))
    model.compile("sgd", "mse")
    model.fit(x, x.sum(axis=(1, 2)), batch_size=5, nb_epoch=2, shuffle=False, callbacks=[Reset()], verbose=0)
    model.reset_states()
    first = model.predict(x, batch_size=5)
    going_on = model.predict(x, batch_size=5)
    model.reset_states()
    np.testing.assert_allclose(model.predict(x, batch_size=5), first, rtol=1e-5)
    assert not np.allclose(first, going_on)


def test_a_text_classifier_is_rebuilt_from_json_with_its_weights(backend):
    rows, _ = padded_words(samples=80)
    has_eight = (rows == 8).any(axis=1)
    model = Sequential()
    model.add(Embedding(9, 4, input_length=6))
    model.add(Convolution1D(nb_filter=6, filter_length=2, border_mode="valid", activation="relu", subsample_length=1))
    model.add(GlobalMaxPooling1D())
    model.add(Dense(1))
    model.add(Activation("sigmoid"))
    model.compile(loss="binary_crossentropy", optimizer=Adam(lr=0.05), metrics=["accuracy"])
    held = (rows, has_eight)
    history = model.fit(rows, has_eight, batch_size=20, nb_epoch=15, validation_data=held, verbose=0).history
    assert history["val_acc"][-1] > 0.95
    again = model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    np.testing.assert_allclose(again.predict_proba(rows, verbose=0), model.predict_proba(rows, verbose=0), rtol=1e-5)
    assert [layer.name for layer in again.layers] == [layer.name for layer in model.layers]
