"""Data for tests, and the routine that puts a layer through all it must do."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.layers import Convolution2D, Dense, Dropout, Embedding, Lambda, Layer, SimpleRNN
from kerasnb.utils.test_utils import get_test_data, keras_test, layer_test


def test_samples_lie_around_their_class():
    (x, y), (x_test, y_test) = get_test_data(300, 20, (4, 2), nb_class=3)
    assert x.shape == (300, 4, 2) and y.shape == (300,) and x_test.shape == (20, 4, 2) and y_test.shape == (20,)
    assert set(y) == {0, 1, 2}
    assert np.allclose([x[y == number].mean() for number in range(3)], [0, 1, 2], atol=0.15)


def test_targets_are_numbers_where_asked_and_later_names_do():
    (x, y), (_, y_test) = get_test_data(
        num_train=30, num_test=5, input_shape=(4,), output_shape=(2,), classification=False
    )
    assert x.shape == (30, 4) and y.shape == (30, 2) and y_test.shape == (5, 2)


def test_layers_pass(backend):
    kwargs = {"nb_filter": 2, "nb_row": 2, "nb_col": 2, "dim_ordering": "th", "W_regularizer": "l2"}
    assert layer_test(Convolution2D, kwargs, input_shape=(2, 1, 3, 3)).shape == (2, 2, 2, 2)
    stateful = {"output_dim": 2, "stateful": True, "return_sequences": True}
    assert layer_test(SimpleRNN, stateful, input_shape=(3, 2, 2), fixed_batch_size=True).shape == (3, 2, 2)
    words = {"input_dim": 10, "output_dim": 3}
    output = layer_test(Embedding, words, input_shape=(3, 2), input_dtype="int32", expected_output_dtype=K.floatx())
    assert output.shape == (3, 2, 3)


def test_given_data_and_an_expected_output_are_compared():
    data = np.array([[1.0, 2.0]], "float32")
    assert layer_test(Dropout, {"p": 0.5}, input_data=data, expected_output=data).tolist() == data.tolist()
    with pytest.raises(AssertionError):
        layer_test(Dropout, {"p": 0.5}, input_data=data, expected_output=data + 1)


def test_code_of_the_caller_s_own_lambda_runs():
    assert layer_test(Lambda, {"function": lambda x: x + 1}, input_shape=(2, 3)).shape == (2, 3)


def test_a_wrong_declared_shape_is_found():
    class Halved(Layer):
        def call(self, x, mask=None):
            return x * 2

        def get_output_shape_for(self, input_shape):
            return (input_shape[0], 1)

    with pytest.raises((AssertionError, ValueError)):
        layer_test(Halved, {}, input_shape=(2, 3))


def test_a_config_that_forgets_an_argument_is_found():
    class Scaled(Layer):
        def __init__(self, factor=1.0, **kwargs):
            self.factor = factor
            super().__init__(**kwargs)

        def call(self, x, mask=None):
            return x * self.factor

    with pytest.raises(AssertionError, match="Not equal"):
        layer_test(Scaled, {"factor": 2.0}, input_shape=(2, 3))


def test_the_arguments_that_are_given_stay_as_they_are():
    kwargs = {"output_dim": 2}
    layer_test(Dense, kwargs, input_shape=(None, 3))
    assert kwargs == {"output_dim": 2}


def test_keras_test_lets_names_count_from_one_again():
    @keras_test
    def first(name):
        Dense(2)
        return Dense(2).name + name

    assert first("!") == "dense_2!" and first("?") == "dense_2?"
    assert first.__name__ == "first"
