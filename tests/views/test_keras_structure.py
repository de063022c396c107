"""Models of Keras 3 as reports know them: layers by their paths, shapes, weights, connections."""

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError
from kerasnb.report import freeze_state, layer_card, placed_layers, weight_cards
from kerasnb.report.graph_svg import model_svg
from kerasnb.views import has_view, view_of
from tests.views.keras_models import ROWS, Subclassed, chain, nested


def step_of(model):
    """The name of the one operator step, in which Keras counts."""
    return next(each.name for each in model.operations if each.name.startswith("multiply"))


def shapes(model):
    return {placed.path: placed.layer.output_shape for placed in placed_layers(model)}


def test_a_chain_has_its_layers_with_shapes_and_no_input_among_them():
    assert shapes(chain()) == {"first": (None, 4), "drop": (None, 4), "last": (None, 2)}


def test_layers_in_a_model_stand_behind_it_and_operator_steps_are_there():
    model = nested()
    assert shapes(model) == {
        "image": (None, 6, 6, 1),
        "backbone": (None, 4, 4, 2),
        "backbone/conv": (None, 4, 4, 2),
        "backbone/norm": (None, 4, 4, 2),
        "flat": (None, 32),
        step_of(model): (None, 32),
        "shared": (None, 32),
        "last": (None, 2),
    }


def test_a_layer_that_is_called_twice_can_be_looked_at_in_each_call():
    model = nested()
    view = view_of(model)
    assert [placed.path for placed in view.placed_calls(view.layers)][-3:] == ["shared", "shared again", "last"]


def test_a_row_tells_counts_and_what_a_layer_is_computed_from():
    model = nested()
    rows = {row.name: row for row in view_of(model).rows()}
    assert (rows["backbone"].params, rows["backbone"].trainable_params) == (28, 24)
    assert rows["backbone"].family == "models" and rows["backbone"].multiply_adds == 4 * 4 * 18
    assert rows["shared"].inbound == [step_of(model), "shared"]
    assert rows["last"].multiply_adds == 64


def test_a_subclassed_model_shows_its_layers_and_their_shapes_after_one_call():
    model = Subclassed()
    assert shapes(model) == dict.fromkeys(
        ["block_1", "block_1/dense", "block_1/norm", "block_2", "block_2/dense", "block_2/norm", "head"]
    )
    model(ROWS)
    assert shapes(model)["block_2/dense"] == (None, 4)
    assert shapes(model)["head"] == (None, 2)
    assert [row.inbound for row in view_of(model).rows()] == [[], ["block_1"], ["block_2"]]


def test_weights_have_their_names_within_the_layer_and_their_values():
    model = nested()
    cards = list(weight_cards(view_of(model).placed()[1].layer))
    assert [card.name for card in cards][:3] == ["conv/kernel", "conv/bias", "norm/gamma"]
    assert [card.trainable for card in cards] == [True] * 4 + [False] * 2
    np.testing.assert_array_equal(cards[0].values, model.get_layer("backbone").get_layer("conv").kernel.numpy())


def test_a_card_says_what_was_changed_from_defaults():
    model = chain()
    card = layer_card(view_of(model).layers[-1])
    assert (card.phrase, card.family, card.changed) == ("Dense, softmax", "core", {"units": 2, "activation": "softmax"})


def test_a_layer_is_reached_by_code_with_its_path():
    model = nested()
    view = view_of(model)
    for path in ("backbone/conv", step_of(model)):
        reached = eval(view.expression(path, "model"))
        assert reached is next(placed.layer.layer for placed in view.placed() if placed.path == path)


def test_counts_are_those_of_keras():
    model = nested()
    state = freeze_state(model)
    assert (state.trainable, state.frozen) == (model.count_params() - 4, 0)


def test_a_model_is_drawn():
    assert "multiply" in model_svg(nested())


def test_layers_added_later_are_seen():
    model = chain()
    view_of(model).rows()
    model.add(keras.layers.Dense(3, name="more"))
    assert shapes(model)["more"] == (None, 3)


def test_what_is_no_model_has_no_view():
    assert not has_view("text") and not has_view(keras.layers.Dense(2))
    with pytest.raises(ArgumentError, match="no view of a Dense"):
        view_of(keras.layers.Dense(2))
