"""What a Fit panel says before a training, and what a click on a fix does."""

import numpy as np
import pytest

from kerasnb.layers import LSTM, Dense, Dropout, Input
from kerasnb.models import Model, Sequential
from kerasnb.widgets import Builder, FitPanel
from kerasnb.widgets.fit.in_place import edit_in_place

RANDOM = np.random.RandomState(0)
PIXELS = RANDOM.randint(0, 256, (60, 4)).astype("uint8")
PIXELS[0] = 0, 255, 0, 255
LABELS = np.resize(np.arange(3), 60)


@pytest.fixture
def panel():
    model = Sequential([Dense(3, activation="softmax", input_dim=4, name="last")], name="net")
    return FitPanel(model, PIXELS, LABELS, (PIXELS[:9], LABELS[:9]), nb_epoch=1)


def row(panel, says):
    return next(place for place, each in enumerate(panel.advice["rows"]) if says in each["text"])


def click_fix(panel, says, place=0, serial=None):
    message = {"kind": "fix", "row": row(panel, says), "place": place, "serial": panel.advice["serial"]}
    panel._handle_custom_msg(message if serial is None else message | {"serial": serial}, [])


def test_the_card_shows_each_array_and_class(panel):
    x, y = panel.data["arrays"]
    assert (x["shape"], x["dtype"], x["range"]) == ("(4,)", "uint8", "0 to 255")
    assert (y["kind"], panel.data["counts"]) == ("labels 0 to 2", [20, 20, 20])


def test_a_click_divides_pixels_says_so_and_can_be_taken_back(panel):
    click_fix(panel, "x goes from 0 to 255")
    assert panel.data["prepared"] == ["x = x / 255"] and panel.data["arrays"][0]["range"] == "0 to 1"
    assert panel.advice["rows"] == []
    panel._handle_custom_msg({"kind": "unprepare"}, [])
    assert panel.data["prepared"] == [] and panel.fit_data.arguments["x"] is PIXELS


def test_an_error_about_what_has_changed_goes_away_with_a_click_on_a_fix(panel):
    panel.show_error(ValueError("of these pixels"))
    click_fix(panel, "x goes from 0 to 255")
    assert panel.error == {}
    panel.show_error(ValueError("of these pixels"))
    panel._handle_custom_msg({"kind": "unprepare"}, [])
    assert panel.error == {}


def test_fit_trains_on_what_was_prepared(panel, backend):
    seen = {}
    panel.model.fit = lambda **arguments: seen.update(arguments)
    click_fix(panel, "x goes from 0 to 255")
    panel.prepare_compile()
    panel.fit(wait=True)
    np.testing.assert_allclose(seen["x"], PIXELS / 255, rtol=1e-6)
    np.testing.assert_allclose(seen["validation_data"][0], PIXELS[:9] / 255, rtol=1e-6)


def test_a_loss_that_does_not_fit_is_changed_by_a_click(panel):
    panel.loss = "categorical_crossentropy"
    click_fix(panel, "takes one-hot rows")
    assert panel.loss == "sparse_categorical_crossentropy"


def test_a_batch_larger_than_the_data_is_noticed_when_it_is_typed(panel):
    panel._handle_custom_msg({"kind": "option", "name": "batch_size", "value": "100"}, [])
    click_fix(panel, "each epoch is a single step")
    assert panel.batch_size == 6


def test_rare_classes_are_weighted_by_a_click():
    model = Sequential([Dense(1, activation="sigmoid", input_dim=4)])
    panel = FitPanel(model, PIXELS / 255.0, (np.arange(60) < 5) * 1)
    click_fix(panel, "is right in 92 %")
    assert panel.fit_arguments["class_weight"] == {0: 0.5455, 1: 6.0} and panel.advice["rows"] == []


def test_one_of_several_losses_is_changed_alone():
    x = Input((4,))
    model = Model(x, [Dense(1, name="a")(x), Dense(3, activation="softmax", name="b")(x)])
    panel = FitPanel(model, PIXELS / 255.0, [RANDOM.rand(60), LABELS], loss=["mae", "categorical_crossentropy"])
    click_fix(panel, "takes one-hot rows")
    assert panel.loss == "mae, sparse_categorical_crossentropy"
    panel.fit(wait=True)
    assert model.loss == ["mae", "sparse_categorical_crossentropy"]


def test_a_beginners_last_layer_is_mended_by_a_click_in_the_model_that_the_variable_holds(backend):
    model = Sequential([Dense(8, input_dim=4, name="first"), Dense(32, name="last")], name="net")
    kept = model.layers[0].get_weights()[0]
    panel = FitPanel(model, PIXELS / 255.0, LABELS, nb_epoch=1)
    click_fix(panel, "no probabilities")
    assert panel.advice["rows"] == [] and panel.totals["trainable"] == 8 * 5 + 9 * 3
    panel.fit(wait=True)
    assert panel.model is model and model.predict(PIXELS[:2] / 255.0).sum(axis=-1) == pytest.approx([1, 1], rel=1e-5)
    assert model.layers[0].get_weights()[0].shape == kept.shape and panel.error == {}


def test_an_edit_in_place_keeps_weights_and_is_made_whole_or_not_at_all():
    model = Sequential([Dense(3, input_dim=4, name="a"), Dense(3, name="b"), Dense(2, name="c")])
    before, weights = list(model.layers), [value.copy() for value in model.get_weights()]
    edit_in_place(model, {"b": {"activation": "softmax"}})
    for mine, theirs in zip(model.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert model.layers[1].get_config()["activation"] == "softmax" and model.layers[2] is before[2]
    with pytest.raises(ValueError):  # the layer after it has weights for three inputs
        edit_in_place(model, {"b": {"output_dim": 5}})
    assert [layer.name for layer in model.layers] == ["a", "b", "c"] and model.output_shape == (None, 2)
    model.predict(np.zeros((1, 4)))


def pictures_without_flatten():
    return Sequential([Dense(4, input_shape=(2, 2, 1)), Dense(3, activation="softmax", name="last")], name="net")


@pytest.mark.parametrize("is_built_by_clicks", [False, True])
def test_a_click_puts_the_missing_flatten_before_the_last_layer(is_built_by_clicks):
    built = Builder(pictures_without_flatten()) if is_built_by_clicks else None
    panel = FitPanel(built or pictures_without_flatten(), RANDOM.rand(60, 2, 2, 1), LABELS, nb_epoch=1)
    click_fix(panel, "answer for each place")
    assert panel.error == {} and panel.advice["rows"] == []
    assert [type(layer).__name__ for layer in panel.model.layers][-2:] == ["Flatten", "Dense"]
    assert panel.model.output_shape == (None, 3)
    if built is not None:
        assert built.document.undo().startswith("add")


def test_fixes_that_need_an_edit_are_not_offered_where_none_can_be_made():
    x = Input((4,))
    panel = FitPanel(Model(x, Dense(32, name="last")(x)), PIXELS / 255.0, LABELS)
    assert panel.advice["rows"][0]["fixes"] == []


@pytest.mark.parametrize("stale", [{"serial": -1}, {"row": 7}, {"row": "0"}, {"place": None}, {"place": -1}])
def test_a_click_on_advice_that_is_gone_changes_nothing_and_says_so(panel, stale):
    message = {"kind": "fix", "row": 0, "place": 0, "serial": panel.advice["serial"]} | stale
    panel._handle_custom_msg(message, [])
    assert panel.error["message"].startswith("ArgumentError") and panel.data["prepared"] == []


def test_a_click_switches_off_what_spoils_the_answers_behind_the_last_layer():
    model = Sequential([Dense(3, activation="softmax", input_dim=4), Dropout(0.5, name="behind")])
    panel = FitPanel(model, PIXELS / 255, LABELS)
    click_fix(panel, "stands behind the last layer")
    assert panel.model.get_layer("behind").p == 0 and panel.advice["rows"] == [] and panel.error == {}


def test_clicks_make_a_stateful_model_train_on_whole_batches(backend):
    model = Sequential([LSTM(2, batch_input_shape=(8, 3, 2), stateful=True), Dense(1)])
    panel = FitPanel(model, RANDOM.rand(20, 3, 2), RANDOM.rand(20), nb_epoch=1)
    click_fix(panel, "takes batches of 8 samples, no others")
    click_fix(panel, "no multiple")
    assert panel.batch_size == 8 and panel.data["train"] == 16 and panel.advice["rows"] == []
    assert panel.fit(wait=True).history["loss"]


def test_data_given_as_python_objects_become_numbers_by_clicks():
    model = Sequential([Dense(1, input_dim=4)])
    panel = FitPanel(model, (PIXELS / 255).astype(object), RANDOM.rand(60).astype(object))
    while panel.advice["rows"]:
        click_fix(panel, "numbers as Python objects")
    assert [each["dtype"] for each in panel.data["arrays"]] == ["float32", "float32"]
