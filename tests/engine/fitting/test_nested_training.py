"""Models inside models: what trains, what is measured, and what passes through."""

import numpy as np

from kerasnb import backend as K
from kerasnb.layers import LSTM, BatchNormalization, Dense, Dropout, Embedding, Input, Masking, TimeDistributed
from kerasnb.models import Model, Sequential
from kerasnb.optimizers import SGD

X, Y = np.random.RandomState(0).rand(8, 3), np.random.RandomState(1).rand(8, 1)


def nested(*inner_layers):
    inner = Sequential(list(inner_layers))
    x = Input((3,))
    model = Model(x, Dense(1)(inner(x)))
    model.compile(SGD(0.5), "mse")
    return model, inner


def changed(before, after):
    return [not np.array_equal(one, other) for one, other in zip(before, after, strict=True)]


def test_the_inner_models_weights_train(backend):
    model, inner = nested(Dense(2, input_shape=(3,)))
    before = inner.get_weights()
    model.train_on_batch(X, Y)
    assert all(changed(before, inner.get_weights()))


def test_a_frozen_inner_model_stays(backend):
    model, inner = nested(Dense(2, input_shape=(3,)))
    inner.trainable = False
    model.recompile()
    before = model.get_weights()
    model.train_on_batch(X, Y)
    assert changed(before, model.get_weights()) == [False, False, True, True]


def test_inner_batch_normalization_moves_its_averages(backend):
    model, inner = nested(BatchNormalization(input_shape=(3,), momentum=0.5))
    model.train_on_batch(X, Y)
    np.testing.assert_allclose(inner.get_weights()[2], 0.5 * X.mean(axis=0), rtol=1e-5)


def test_inner_penalties_and_dropout_count(backend):
    model, inner = nested(
        Dense(2, input_shape=(3,), W_regularizer="l2", activity_regularizer="activity_l2"), Dropout(0.5)
    )
    assert model.uses_learning_phase and len(model.losses) == 2
    wanted = ((model.predict(X) - Y) ** 2).mean() + 0.01 * (inner.get_weights()[0] ** 2).sum()
    wanted += 0.01 * ((X @ inner.get_weights()[0]) ** 2).sum()
    np.testing.assert_allclose(model.evaluate(X, Y, verbose=0), wanted, rtol=1e-5)


def test_a_constraint_in_an_inner_model_holds(backend):
    model, inner = nested(Dense(2, input_shape=(3,), W_constraint="nonneg"))
    model.train_on_batch(X, -9 * Y)
    assert inner.get_weights()[0].min() >= 0


def test_a_generator_learns_through_a_frozen_judge(backend):
    judge = Sequential([Dense(2, input_shape=(3,)), BatchNormalization(), Dense(1)])
    judge.compile(SGD(0.5), "mse")
    judge.trainable = False
    maker = Sequential([Dense(3, input_shape=(3,))])
    both = Sequential([maker, judge])
    both.compile(SGD(0.5), "mse")
    judging, making = judge.get_weights(), maker.get_weights()
    both.train_on_batch(X, Y)
    assert changed(judging, judge.get_weights()) == [False, False, False, False, True, True, False, False]
    assert all(changed(making, maker.get_weights()))
    judging = judge.get_weights()
    judge.train_on_batch(X, Y)
    assert all(changed(judging, judge.get_weights()))


def test_a_mask_passes_through_an_inner_model_to_the_loss(backend):
    inner = Sequential([TimeDistributed(Dense(2), input_shape=(4, 2))])
    x = Input((4, 2))
    model = Model(x, inner(Masking()(x)))
    model.compile("sgd", "mse")
    values, targets = np.random.rand(2, 4, 2), np.random.rand(2, 4, 2)
    values[:, 2:] = 0
    wanted = ((model.predict(values) - targets) ** 2)[:, :2].mean()
    np.testing.assert_allclose(model.evaluate(values, targets, verbose=0), wanted, rtol=1e-5)


def test_an_inner_model_with_a_mask_of_its_own_hides_padding(backend):
    inner = Sequential([Embedding(5, 3, mask_zero=True, input_length=4), LSTM(2, consume_less="cpu")])
    words = Input((4,), dtype="int32")
    model = Model(words, inner(words))
    np.testing.assert_allclose(model.predict(np.array([[1, 2, 0, 0]])), model.predict(np.array([[1, 2, 0, 0]])))
    short = Sequential([Embedding(5, 3, input_length=2), LSTM(2)])
    short.set_weights(inner.get_weights())
    np.testing.assert_allclose(model.predict(np.array([[1, 2, 0, 0]])), short.predict(np.array([[1, 2]])), rtol=1e-5)


def test_an_inner_stateful_model_is_reset_with_the_outer_one(backend):
    inner = Sequential([LSTM(2, batch_input_shape=(2, 3, 1), stateful=True)])
    x = Input(batch_shape=(2, 3, 1))
    model = Model(x, inner(x))
    values = np.random.rand(2, 3, 1)
    first, second = model.predict(values), model.predict(values)
    assert model.stateful and abs(first - second).max() > 1e-5
    model.reset_states()
    np.testing.assert_allclose(model.predict(values), first, rtol=1e-5)


def test_gradients_of_the_total_loss_can_be_asked_for(backend):
    model = Sequential([Dense(1, input_shape=(3,), bias=False)])
    model.compile("sgd", "mse")
    wanted = K.gradients(model.total_loss, model.trainable_weights)
    ask = K.function([*model.inputs, *model.targets, *model.sample_weights, K.learning_phase()], wanted)
    W = model.get_weights()[0]
    np.testing.assert_allclose(ask([X, Y, np.ones(8), 1])[0], X.T @ (X @ W - Y) * 2 / 8, rtol=1e-4)


def test_the_step_functions_take_lists_as_keras_programs_pass_them(backend):
    model = Sequential([Dense(1, input_shape=(3,))])
    model.compile("sgd", "mse", metrics=["mae"])
    loss, mae = model.test_function([X, Y, np.ones(8)])
    np.testing.assert_allclose([loss, mae], model.test_on_batch(X, Y), rtol=1e-5)
    assert model.train_function([X, Y, np.ones(8), 1.0])[0] == loss
