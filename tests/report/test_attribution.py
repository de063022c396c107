"""Saliency of the input, and inputs that a unit answers to."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.layers import Convolution2D, Dense, Embedding, Flatten
from kerasnb.models import Sequential
from kerasnb.report.attribution import input_maximizing, saliency

W = np.array([[1.0, -4.0], [0.0, 2.0], [3.0, 0.5]], "float32")


def linear():
    model = Sequential([Dense(2, input_dim=3, name="out")])
    model.set_weights([W, np.zeros(2, "float32")])
    return model


def test_the_saliency_of_a_linear_output_is_the_magnitude_of_its_weights(backend):
    x = [np.ones((2, 3), "float32")]
    np.testing.assert_allclose(saliency(linear(), x, output=1)[0], np.abs(W[:, 1])[np.newaxis].repeat(2, 0))
    # left out, the largest output: 4 for the first
    np.testing.assert_allclose(saliency(linear(), x)[0], np.abs(W[:, 0])[np.newaxis].repeat(2, 0))


def test_smoothing_averages_over_noise_and_keeps_the_type(backend):
    x = [np.ones((1, 3), "float32")]
    smooth = saliency(linear(), x, output=0, smooth=4)[0]
    np.testing.assert_allclose(smooth, np.abs(W[:, 0])[np.newaxis], rtol=1e-6)
    assert smooth.dtype == "float32"


def test_words_and_outputs_that_are_not_there_are_refused():
    words = Sequential([Embedding(5, 2, input_length=3), Flatten(), Dense(1)])
    with pytest.raises(ArgumentError, match="whole numbers have no gradient"):
        saliency(words, [np.zeros((1, 3), "int32")])
    with pytest.raises(ArgumentError, match="outputs 0 to 1, got 7"):
        saliency(linear(), [np.ones((1, 3))], output=7)


def test_a_unit_answers_most_to_its_own_weights(backend):
    model = linear()
    found = input_maximizing(model, model.layers[0], 0)[0]
    cosine = found @ W[:, 0] / (np.linalg.norm(found) * np.linalg.norm(W[:, 0]))
    assert cosine > 0.99


@pytest.mark.parametrize("ordering", ["tf", "th"])
def test_a_filter_answers_more_to_what_was_found_than_to_grey(backend, ordering):
    shape = (6, 6, 2) if ordering == "tf" else (2, 6, 6)
    model = Sequential([Convolution2D(3, 3, 3, dim_ordering=ordering, input_shape=shape, activation="relu")])
    found = input_maximizing(model, model.layers[0], 2, like=np.full(shape, 0.5))
    assert found.shape == (1, *shape)
    axis = 3 if ordering == "tf" else 1
    answers = [np.take(model.predict(x), 2, axis).mean() for x in (found, np.full((1, *shape), 0.5))]
    assert answers[0] > answers[1]


def test_a_unit_that_is_not_there_is_refused():
    model = linear()
    with pytest.raises(ArgumentError, match='"out" has units 0 to 1, got 2'):
        input_maximizing(model, model.layers[0], 2)
