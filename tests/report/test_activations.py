"""What layers give for samples, on both backends."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense, Embedding, Flatten
from kerasnb.models import Sequential
from kerasnb.report import dead as dead_module
from kerasnb.report import dead_units, dim_ordering_of, gradient_of_output, layer_output, viewable_layers
from kerasnb.report.source import Shown, source_line
from tests.report.small_models import branching_model, small_cnn

X = np.random.RandomState(0).rand(6, 8, 8, 1).astype("float32")


def test_viewable_layers_begin_with_the_input_that_sequential_hides():
    assert [layer.name for layer in viewable_layers(small_cnn())] == [
        "convolution2d_input_1",
        "conv",
        "pool",
        "flat",
        "drop",
        "out",
    ]


def test_output_of_a_layer_is_what_the_shown_line_computes(backend):
    model = small_cnn()
    line = source_line(model, model.get_layer("conv"), Shown("Output", 2, x_name="X"))
    expected = eval(line, {"K": K, "model": model, "X": X})
    assert np.allclose(layer_output(model, model.get_layer("conv"), [X[2:3]]), expected, atol=1e-6)
    assert expected.shape == (1, 6, 6, 4)


def test_the_line_for_gradients_computes_what_is_shown(backend):
    model = small_cnn()
    layer = model.get_layer("conv")
    expected = eval(source_line(model, layer, Shown("Gradients", 1, x_name="X")), {"K": K, "model": model, "X": X})
    assert np.allclose(gradient_of_output(model, layer, [X[1:2]]), expected, atol=1e-6)


def test_output_of_the_last_layer_is_the_prediction(backend):
    model = branching_model()
    x = np.random.rand(3, 5).astype("float32")
    assert np.allclose(layer_output(model, model.layers[-1], [x]), model.predict(x), atol=1e-6)


def test_train_phase_drops_values(backend):
    model = small_cnn()
    tested, trained = (layer_output(model, model.get_layer("drop"), [X], phase) for phase in (0, 1))
    assert (trained == 0).sum() > (tested == 0).sum()


def test_functions_are_compiled_once_for_a_layer(backend, monkeypatch):
    model, made = small_cnn(), []
    original = K.function
    monkeypatch.setattr(K, "function", lambda *arguments: made.append(1) or original(*arguments))
    for row in range(3):
        layer_output(model, model.get_layer("conv"), [X[row : row + 1]])
    assert len(made) == 1


def test_a_unit_that_is_always_zero_is_found(backend):
    model = small_cnn()
    kernel, bias = model.get_layer("conv").get_weights()
    bias[2] = -100
    model.get_layer("conv").set_weights([kernel, bias])
    units, samples = dead_units(model, model.get_layer("conv"), X)
    assert 2 in units and samples == 6


def test_dead_units_of_a_layer_with_large_outputs_are_looked_for_in_few_samples_at_a_time(monkeypatch):
    asked, model = [], small_cnn()
    original = dead_module.layer_output
    monkeypatch.setattr(
        dead_module, "layer_output", lambda m, layer, x: asked.append(len(x[0])) or original(m, layer, x)
    )
    monkeypatch.setattr(dead_module, "_active_units", lambda output, ordering: np.zeros(4, bool))
    monkeypatch.setattr(dead_module, "MOST_BYTES", 2 * 6 * 6 * 4 * 4)  # of two samples
    assert dead_units(model, model.get_layer("conv"), X) == ([0, 1, 2, 3], 6)
    assert asked == [1, 2, 2, 2]


def test_gradient_at_the_input_matches_finite_differences(backend):
    model, step = branching_model(), 1e-2
    x = np.random.RandomState(1).rand(1, 5).astype("float32")
    gradient = gradient_of_output(model, model.layers[0], [x])[0]
    winner = model.predict(x)[0].argmax()
    moved = [
        model.predict(x + step * row)[0, winner] - model.predict(x - step * row)[0, winner]
        for row in np.eye(5, dtype="float32")
    ]
    assert np.allclose(gradient, np.array(moved) / (2 * step), atol=2e-3)


def test_whole_numbers_have_no_gradient_and_the_error_says_where_to_look():
    model = Sequential([Embedding(10, 4, input_length=5, name="words"), Flatten(), Dense(2, activation="softmax")])
    with pytest.raises(ArgumentError, match="whole numbers have no gradient"):
        gradient_of_output(model, viewable_layers(model)[0], [np.zeros((1, 5), "int32")])


def test_ordering_is_that_of_the_nearest_layer_with_a_say():
    model = small_cnn()
    assert dim_ordering_of(model.get_layer("out")) == "tf"
