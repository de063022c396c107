"""What a layer's author says about sizes: checked when it runs, on both backends."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import BackendError, ShapeError
from kerasnb.layers import LSTM, Lambda, Masking, Reshape, SimpleRNN
from kerasnb.models import Sequential

X = np.arange(12.0, dtype="float32").reshape(3, 4)


def of_unknown_width(x):
    """`x`, from code that hides its width."""
    return K.reshape(x, (K.shape(x)[0], K.cast(K.sum(x) * 0, "int32") + 4))


def test_a_true_output_shape_completes_what_the_function_hides(backend):
    model = Sequential([Lambda(of_unknown_width, output_shape=(4,), input_shape=(4,)), Reshape((-1,))])
    assert model.layers[0].output_shape == (None, 4)
    np.testing.assert_array_equal(model.predict(X), X)


def test_an_untrue_output_shape_is_refused_before_samples_mix(backend):
    model = Sequential([Lambda(of_unknown_width, output_shape=(8,), input_shape=(4,)), Reshape((-1,))])
    with pytest.raises(BackendError, match=r'refused layer "lambda_1"(.|\n)*8'):
        model.predict(X)


@pytest.mark.parametrize(
    ("function", "rows"), [(lambda x: K.sum(x, axis=0, keepdims=True), 1), (lambda x: K.reshape(x, (-1, 2)), 6)]
)
def test_outputs_without_a_row_for_each_sample_are_refused(function, rows, backend):
    model = Sequential([Lambda(function, input_shape=(4,))])
    with pytest.raises(
        ShapeError, match=f"output 0 has {rows} rows for a batch of 3 samples(.|\n)*keep the first axis"
    ):
        model.predict(X)


def test_a_series_without_steps_is_refused_by_the_layer_s_name(backend):
    with pytest.raises(ShapeError, match=r'LSTM "lstm_1": index 0 is outside axis 1 of \(None, 0, 3\)'):
        Sequential([LSTM(2, input_shape=(0, 3))])
    model = Sequential([Masking(input_shape=(None, 3)), SimpleRNN(2)])
    with pytest.raises(BackendError, match='refused layer "simplernn_1".*(axis 1, which is empty|axis 1 with size 0)'):
        model.predict(np.zeros((2, 0, 3)))
