"""Errors of a backend while it compiles or runs a graph: they name layer, op, shapes and the user's line."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import BackendError, DataError
from kerasnb.layers import Dense, Embedding, Flatten, Input, Lambda
from kerasnb.models import Model, Sequential


def model_with(function, output_shape):
    x = Input((4,))
    model = Model(x, Lambda(function, output_shape=output_shape, name="mine")(x))
    model.compile("sgd", "mse")
    return model


def test_a_reshape_that_cannot_be_names_layer_op_shape_and_line(backend):
    model = model_with(lambda x: K.reshape(x, (3, 5)), (5,))
    with pytest.raises(BackendError) as error:
        model.predict(np.ones((2, 4)))
    assert f'{backend} refused layer "mine", op _reshape on (None, 4), from {__file__}:' in str(error.value)


@pytest.mark.parametrize(
    "run",
    [
        lambda model, x: model.predict(x),
        lambda model, x: model.train_on_batch(x, x),
        lambda model, x: model.fit(x, x, verbose=0),
    ],
)
def test_sizes_that_differ_only_when_data_comes_name_layer_op_shapes_and_line(backend, run):
    model = model_with(lambda x: x + K.variable(np.zeros((3, 4))), (4,))
    with pytest.raises(BackendError) as error:
        run(model, np.ones((2, 4)))
    assert f'{backend} refused layer "mine", op add on (None, 4), (3, 4), from {__file__}:' in str(error.value)
    assert "3,4" in str(error.value).replace(" ", "") and "Graph execution error" not in str(error.value)


def test_a_loss_that_cannot_be_computed_names_the_op_and_the_line(backend):
    model = Sequential([Dense(2, input_dim=3)])
    model.compile("sgd", lambda y_true, y_pred: K.dot(y_true, y_pred))
    with pytest.raises(BackendError, match=rf"{backend} refused op dot on \(None, None\), \(None, 2\), from .*\.py:"):
        model.train_on_batch(np.ones((4, 3)), np.ones((4, 2)))


def test_an_error_in_the_users_code_stays_and_gets_a_note_with_layer_and_line():
    def wrong(x):
        raise KeyError("mine")

    with pytest.raises(KeyError) as error:
        Lambda(wrong, output_shape=(4,), name="wrong")(Input((4,)))
    assert error.value.__notes__[0].startswith(f'In Lambda "wrong", called at {__file__}:')


@pytest.mark.parametrize(
    "run",
    [
        lambda model, x: model.predict(x),
        lambda model, x: model.train_on_batch(x, np.ones(2)),
        lambda model, x: model.fit(x, np.ones(2), verbose=0),
    ],
)
def test_a_word_that_an_embedding_does_not_have_is_refused_before_anything_runs(backend, run):
    model = Sequential([Embedding(5, 2, input_length=3, name="words"), Flatten(), Dense(1)])
    model.compile("sgd", "mse")
    with pytest.raises(DataError, match='Embedding "words": needs numbers from 0 to 4.*got 1 to 9\\.\n.*input_dim=10'):
        run(model, [[1, 2, 9], [1, 1, 1]])
    with pytest.raises(DataError, match="got -1 to 1.\nNumber the words from 0"):
        run(model, [[1, -1, 1], [1, 1, 1]])


def test_a_word_is_looked_at_inside_an_inner_model_too():
    inner = Sequential([Embedding(5, 2, input_length=3, name="words"), Flatten()])
    x = Input((3,), dtype="int32")
    with pytest.raises(DataError, match='Embedding "words"'):
        Model(x, Dense(1)(inner(x))).predict(np.full((2, 3), 7))
