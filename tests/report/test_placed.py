"""Layers inside models: where they stand, and what they give there."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.layers import Dense, Dropout, Input
from kerasnb.models import Model, Sequential
from kerasnb.report.activations import layer_output
from kerasnb.report.freezing import ancestors, freeze_state
from kerasnb.report.gradients import gradient_of_output
from kerasnb.report.placed import expression_of, placed_layers
from tests.report.connected_models import CONNECTED, siamese, video, with_backbone

PICTURES = np.random.RandomState(0).rand(3, 6, 6, 1).astype("float32")


def test_what_stands_in_a_model_follows_it_by_its_path():
    placed = [(one.path, one.depth, one.inside) for one in placed_layers(with_backbone())]
    assert placed == [
        ("picture", 0, 0),
        *(("backbone", 0, 3), ("backbone/conv_1", 1, 0), ("backbone/norm_1", 1, 0), ("backbone/flat_1", 1, 0)),
        ("head", 0, 0),
    ]


def test_what_stands_in_a_frozen_model_does_not_train():
    model = with_backbone()
    model.get_layer("backbone").trainable = False
    trains = {one.path: one.trains for one in placed_layers(model)}
    assert [trains[path] for path in ("backbone", "backbone/conv_1", "head")] == [False, False, True]


@pytest.mark.parametrize("make", CONNECTED)
def test_code_leads_to_the_layer_of_each_path(make):
    model = make()
    for one in placed_layers(model):
        assert eval(expression_of(model, one.path), {"model": model}) is one.layer


def test_a_layer_inside_gives_what_it_gives_in_this_model_not_in_its_own(backend):
    inner = Sequential([Dense(3, input_shape=(4,), name="one"), Dense(2, name="two")], name="inner")
    x = Input(shape=(5,), name="x")
    first = Dense(4, name="first")
    model = Model(input=x, output=Dense(2, name="last")(inner(first(x))))
    data = np.random.RandomState(1).rand(2, 5).astype("float32")
    (W, b), (V, c) = first.get_weights(), inner.layers[0].get_weights()
    one = layer_output(model, inner.layers[0], [data])
    np.testing.assert_allclose(one, (data @ W + b) @ V + c, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(layer_output(model, inner.layers[1], [data]), layer_output(model, inner, [data]))


def test_the_gradient_at_a_layer_inside_is_that_of_the_models_output(backend):
    inner = Sequential([Dense(3, input_shape=(4,), name="one"), Dense(2, name="two")], name="inner")
    x = Input(shape=(4,), name="x")
    model = Model(input=x, output=inner(x))
    data = np.random.RandomState(1).rand(1, 4).astype("float32")
    best = int(model.predict(data).argmax())
    gradient = gradient_of_output(model, inner.layers[0], [data])
    np.testing.assert_allclose(gradient[0], inner.layers[1].get_weights()[0][:, best], rtol=1e-5)


def test_a_dropout_inside_drops_in_the_phase_that_is_asked_for(backend):
    inner = Sequential([Dropout(0.5, input_shape=(400,), name="drop")], name="inner")
    x = Input(shape=(400,), name="x")
    model = Model(input=x, output=Dense(1)(inner(x)))
    ones = np.ones((1, 400), "float32")
    assert layer_output(model, inner.layers[0], [ones], phase=0).min() == 1
    assert 100 < (layer_output(model, inner.layers[0], [ones], phase=1) == 0).sum() < 300


def test_looking_inside_leaves_nothing_in_the_layers():
    model = with_backbone()
    norm = model.get_layer("backbone").layers[1]
    before = len(norm._updates), len(norm.inbound_nodes)
    layer_output(model, norm, [PICTURES])
    assert (len(norm._updates), len(norm.inbound_nodes)) == before


def test_a_layer_in_a_wrapper_says_where_to_look():
    model = video()
    conv = next(one.layer for one in placed_layers(model) if one.path == "each/backbone/conv_1")
    with pytest.raises(ArgumentError, match="runs inside another layer"):
        layer_output(model, conv, [PICTURES[None, :3]])


def test_a_shared_layer_counts_once_and_gives_its_first_call(backend):
    model = siamese()
    a, b = np.ones((2, 4), "float32"), np.zeros((2, 4), "float32")
    shared = model.get_layer("shared")
    W, bias = shared.get_weights()
    state = freeze_state(model)
    assert state.trainable == model.count_params()
    first = layer_output(model, shared, [b, a])
    expected = [np.maximum(x @ W + bias, 0) for x in (a, b)]
    assert any(np.allclose(first, one, rtol=1e-5) for one in expected)


def test_what_a_layer_inside_is_computed_from():
    assert ancestors(with_backbone(), "backbone/norm_1") == ["picture", "backbone/conv_1", "backbone/norm_1"]
    assert ancestors(video(), "each/backbone/conv_1") == ["clip", "each/backbone/conv_1"]


@pytest.mark.parametrize("make", CONNECTED)
def test_figures_of_freezing_are_those_of_the_model(make):
    model = make()
    state = freeze_state(model)
    assert state.trainable == sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert sum(row.params for row in state.rows if not row.depth) == model.count_params()
