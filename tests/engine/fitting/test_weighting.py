"""Batches of which nothing counts: no NaN, in weights, losses, metrics and averages."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.callbacks import Callback
from kerasnb.layers import LSTM, Dense, Input, Layer, Masking, TimeDistributed
from kerasnb.models import Model, Sequential, load_model

rng = np.random.RandomState(0)
X = rng.rand(64, 3).astype("float32")
Y = np.eye(2)[rng.randint(0, 2, 64)]
HALF = np.repeat([0.0, 1.0], 32)  # in batches of 32, the first has no weight
PADDED = rng.rand(64, 4, 3) * np.repeat([0, 1], 32)[:, None, None]
STEPS = np.eye(2)[rng.randint(0, 2, (64, 4))]


class BatchWatcher(Callback):
    def on_batch_end(self, batch, logs=None):
        assert np.isfinite(logs["loss"])


def classifier(**arguments):
    model = Sequential([Dense(2, activation="softmax", input_shape=(3,))])
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"], **arguments)
    return model


def tagger(**arguments):
    model = Sequential([Masking(0.0, input_shape=(4, 3)), LSTM(2, return_sequences=True), TimeDistributed(Dense(2))])
    model.compile("adam", "mse", **arguments)
    return model


def batches(*arrays):
    while True:
        for start in range(0, 64, 32):
            yield tuple(array[start : start + 32] for array in arrays)


def is_finite(model):
    return all(np.isfinite(weight).all() for weight in model.get_weights())


@pytest.mark.parametrize("callbacks", [[], [BatchWatcher()]])
def test_a_batch_of_zero_weights_moves_nothing_and_counts_nothing(backend, callbacks):
    model, plain = classifier(), classifier()
    plain.set_weights(model.get_weights())
    arguments = {"batch_size": 32, "nb_epoch": 1, "shuffle": False, "verbose": 0}
    weighted = model.fit(X, Y, sample_weight=HALF, validation_data=(X, Y, HALF), callbacks=callbacks, **arguments)
    wanted = plain.fit(X[32:], Y[32:], validation_data=(X[32:], Y[32:]), **arguments)
    assert weighted.history["loss"] == pytest.approx(wanted.history["loss"], rel=1e-5) and is_finite(model)
    assert weighted.history["val_loss"][0] == pytest.approx(model.evaluate(X[32:], Y[32:], verbose=0)[0], rel=1e-5)


@pytest.mark.parametrize("batch_size", [1, 24, 64])
def test_the_loss_is_that_of_the_samples_with_weight_whatever_the_batch_size(backend, batch_size):
    model = classifier()
    weights = np.repeat([0.0, 1.0, 0.0], [24, 24, 16])
    loss, acc = model.evaluate(X, Y, batch_size=batch_size, sample_weight=weights, verbose=0)
    assert loss == pytest.approx(model.evaluate(X[24:48], Y[24:48], verbose=0)[0], rel=1e-5)
    assert acc == pytest.approx(model.evaluate(X, Y, verbose=0)[1])  # as in Keras 1.2, metrics weigh nothing


def test_where_nothing_at_all_counts_the_loss_is_the_penalties(backend):
    model = Sequential([Dense(1, input_shape=(3,), W_regularizer="l2")])
    model.compile("sgd", "mse")
    penalty = 0.01 * np.square(model.get_weights()[0]).sum()
    assert model.evaluate(X, Y[:, :1], sample_weight=np.zeros(64), verbose=0) == pytest.approx(penalty, rel=1e-5)
    assert model.test_on_batch(X, Y[:, :1], sample_weight=np.zeros(64)) == pytest.approx(penalty, rel=1e-5)


def test_a_class_of_weight_zero_in_batches_of_one(backend):
    model = classifier()
    figures = model.fit(X, Y, class_weight={0: 0.0, 1: 2.0}, batch_size=1, nb_epoch=1, verbose=0).history
    assert is_finite(model) and np.isfinite(figures["loss"]).all() and figures["loss"][0] > 0.5


def test_batches_that_are_wholly_padding_count_nothing(backend):
    model = tagger()
    wanted = model.evaluate(PADDED[32:], STEPS[32:], verbose=0)
    for size in (1, 32, 64):
        assert model.evaluate(PADDED, STEPS, batch_size=size, verbose=0) == pytest.approx(wanted, rel=1e-5)
    assert model.evaluate_generator(batches(PADDED, STEPS), 64) == pytest.approx(wanted, rel=1e-5)
    figures = [
        model.fit(PADDED, STEPS, batch_size=32, nb_epoch=1, verbose=0).history["loss"],
        model.fit_generator(batches(PADDED, STEPS), 64, 1, verbose=0).history["loss"],
        model.train_on_batch(PADDED[:32], STEPS[:32]),
    ]
    assert is_finite(model) and np.isfinite(np.hstack(figures)).all()


def test_a_total_stays_the_sum_of_its_losses(backend):
    x = Input((3,))
    model = Model(x, [Dense(1, name="a")(x), Dense(1, name="b")(x)])
    model.compile("sgd", "mse", loss_weights={"a": 1.0, "b": 0.5})
    weights = {"a": HALF, "b": np.ones(64)}
    found = model.evaluate(X, [Y[:, :1]] * 2, batch_size=32, sample_weight=weights, verbose=0)
    assert found[0] == pytest.approx(found[1] + 0.5 * found[2], rel=1e-5)
    assert found[1] == pytest.approx(model.evaluate(X[32:], [Y[32:, :1]] * 2, verbose=0)[1], rel=1e-5)


def test_weighted_metrics_leave_out_padding_which_metrics_count(backend):
    model = tagger(metrics=["mae"], weighted_metrics=["mae"])
    assert model.metrics_names == ["loss", "mean_absolute_error", "weighted_mean_absolute_error"]
    wrong = np.abs(model.predict(PADDED) - STEPS).mean(axis=(1, 2))
    _, counted, left = model.evaluate(PADDED, STEPS, batch_size=24, verbose=0)
    assert counted == pytest.approx(wrong.mean(), rel=1e-5) and left == pytest.approx(wrong[32:].mean(), rel=1e-5)


def test_weighted_metrics_weigh_samples(backend):
    model = classifier(weighted_metrics=["accuracy"])
    weights = rng.rand(64)
    right = model.predict(X).argmax(axis=1) == Y.argmax(axis=1)
    found = dict(
        zip(model.metrics_names, model.evaluate(X, Y, batch_size=10, sample_weight=weights, verbose=0), strict=True)
    )
    assert found["weighted_acc"] == pytest.approx((right * weights).sum() / weights.sum(), rel=1e-5)
    with pytest.raises(ValueError, match="precision gives one number for the whole batch"):
        classifier(weighted_metrics=["precision"])


def test_weighted_metrics_are_kept_in_files(backend, tmp_path):
    model = tagger(weighted_metrics=["mae"])
    model.save(tmp_path / "model.h5")
    loaded = load_model(tmp_path / "model.h5")
    assert loaded.metrics_names == model.metrics_names == ["loss", "weighted_mean_absolute_error"]
    assert loaded.recompile() is None and loaded.metrics_names == model.metrics_names


def test_accuracy_of_a_loss_of_ones_own_goes_by_the_width_of_the_targets(backend):
    model = Sequential([Dense(2, activation="softmax", input_shape=(3,))])
    labels, right = Y.argmax(axis=1), model.predict(X).argmax(axis=1) == Y.argmax(axis=1)
    for loss, targets in (
        (lambda y_true, y_pred: K.sparse_categorical_crossentropy(y_pred, y_true), labels),
        (lambda y_true, y_pred: K.categorical_crossentropy(y_pred, y_true), Y),
    ):
        model.compile("sgd", loss, metrics=["accuracy"])
        assert model.evaluate(X, targets, verbose=0)[1] == pytest.approx(right.mean())


def test_a_mask_of_what_was_summed_hides_samples_of_which_nothing_is_left(backend):
    """A layer that sums over time and hands on its mask, as attentions of old programs do."""

    class Summed(Layer):
        supports_masking = True

        def call(self, x, mask=None):
            return K.sum(x, axis=1)

        def get_output_shape_for(self, input_shape):
            return input_shape[0], input_shape[2]

    model = Sequential([Masking(0.0, input_shape=(4, 3)), Summed(), Dense(2)])
    model.compile("sgd", "mse", weighted_metrics=["mse"])
    counted = ((model.predict(PADDED) - Y) ** 2).mean(axis=1)[32:].mean()
    np.testing.assert_allclose(model.evaluate(PADDED, Y, batch_size=64, verbose=0), [counted, counted], rtol=1e-5)
