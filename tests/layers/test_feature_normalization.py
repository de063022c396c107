"""Normalization: what adapt finds; its values are in test_contract and test_as_keras3."""

import numpy as np
import pytest

from kerasnb import layers as L
from kerasnb.engine.files.configs import layer_from_config
from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.models import Sequential

DATA = np.random.RandomState(0).normal(3, 2, (40, 2, 3))


@pytest.mark.parametrize(
    "data",
    [DATA, [DATA[:7], DATA[7:30], DATA[30:]], ((DATA[at : at + 9], None) for at in range(0, 40, 9))],
    ids=["array", "batches", "pairs"],
)
def test_adapt_finds_mean_and_variance_of_any_batches(data):
    layer = L.Normalization()
    layer.adapt(data)
    mean, variance, _ = layer.get_weights()
    np.testing.assert_allclose(mean, DATA.mean((0, 1)), rtol=1e-6)
    np.testing.assert_allclose(variance, DATA.var((0, 1)), rtol=1e-6)


def test_a_model_takes_what_its_layer_was_adapted_to_afterwards(backend):
    layer = L.Normalization(axis=None, input_shape=(2, 3))
    model = Sequential([layer])
    model.compile("sgd", "mse")
    before = model.predict(DATA)
    layer.adapt(DATA)
    after = model.predict(DATA)
    np.testing.assert_allclose(before, DATA, rtol=1e-5)
    assert after.mean() == pytest.approx(0, abs=1e-5) and after.std() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: L.Normalization(mean=1.0), ArgumentError, "given together"),
        (lambda: L.Normalization(mean=1.0, variance=1.0).adapt(DATA), ArgumentError, "that it was given"),
        (lambda: L.Normalization().adapt([]), ArgumentError, "no data"),
        (lambda: L.Normalization()(L.Input((None,))), ShapeError, "needs to know the axes"),
        (lambda: L.Normalization(axis="last"), ArgumentError, "axis must be whole numbers"),
        (lambda: L.Resizing(2, 2, crop_to_aspect_ratio=True)(L.Input((None, None, 1))), ShapeError, "rows and columns"),
        (lambda: L.CategoryEncoding(3, sparse=True), ArgumentError, "no sparse tensors"),
        (lambda: L.Discretization(num_bins=3), ArgumentError, "np.quantile"),
        (lambda: L.TextVectorization(max_tokens=9), ArgumentError, "TextVectorization is not there: .*\n.*Tokenizer"),
        (
            lambda: layer_from_config({"class_name": "StringLookup", "config": {"vocabulary": ["a"]}}),
            ArgumentError,
            "StringLookup is not there",
        ),
        (lambda: L.AdaptiveAveragePooling1D(2)(L.Input((None, 1))), ShapeError, "needs to know axis 1"),
    ],
)
def test_mistakes_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()
