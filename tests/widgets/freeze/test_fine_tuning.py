"""Fine-tuning: cut the head, put a new one, freeze the rest, by calls and by clicks."""

import numpy as np
import pytest

from kerasnb.errors import ArgumentError, BusyError, DataError, UnknownNameError
from kerasnb.layers import Dense, Input, merge
from kerasnb.models import Model, Sequential
from kerasnb.widgets import Builder, FitPanel, FreezePanel, Inspector, fine_tune
from kerasnb.widgets.freeze.fine_tuning import cut_head, freeze_rest, put_head
from kerasnb.workspace import subject_of
from tests.report.small_models import small_cnn

X = np.random.RandomState(0).rand(10, 8, 8, 1).astype("float32")
Y = np.arange(10) % 5


def click(panel, kind, **more):
    panel._handle_custom_msg({"kind": kind, **more}, [])


def names(model):
    return [layer.name for layer in model.layers]


def test_a_fine_tuned_model_trains_its_head_and_keeps_the_rest_bit_for_bit(backend):
    model = small_cnn()
    kernel = model.get_layer("conv").get_weights()[0]
    tuned = fine_tune(model, y=Y)
    tuned.compile("adam", "sparse_categorical_crossentropy")
    head = tuned.layers[-1]
    before = head.get_weights()[0]
    tuned.fit(X, Y, nb_epoch=1, verbose=0)
    assert tuned.output_shape == (None, 5) and not np.array_equal(before, head.get_weights()[0])
    assert np.array_equal(kernel, tuned.get_layer("conv").get_weights()[0])


def test_the_model_that_was_given_stays_as_it_is():
    model = small_cnn()
    fine_tune(model, 5)
    assert names(model)[-1] == "out" and model.get_layer("conv").trainable


def test_a_head_of_the_same_units_is_a_new_one():
    model = small_cnn()
    tuned = fine_tune(model, 3)
    assert names(tuned)[-1] == "dense_1"
    again = fine_tune(tuned, 3)
    assert not np.array_equal(tuned.layers[-1].get_weights()[0], again.layers[-1].get_weights()[0])


def test_maps_are_averaged_before_a_head():
    tuned = fine_tune(small_cnn(), 4, at="flat")
    assert names(tuned) == ["conv", "pool", "pool_1", "dense_1"] and tuned.output_shape == (None, 4)


def test_every_widget_of_the_model_follows_and_the_builder_takes_it_back():
    model = small_cnn()
    builder, inspector = Builder(model), Inspector(model, X)
    fitting, freezing = FitPanel(model, X, Y), FreezePanel(model)
    fine_tune(freezing, 5)
    assert inspector.layers[-1]["name"] == freezing.rows[-1]["name"] == "dense_1"
    assert freezing.totals == {"trainable": 185, "frozen": 40}
    assert (fitting.totals["trainable"], fitting.totals["frozen"]) == (185, 40)
    builder.undo()
    assert names(builder.model)[-1] == "out" and freezing.totals["frozen"] == 0


def test_what_does_not_fit_the_targets_changes_nothing():
    model = small_cnn()
    subject = subject_of(model)
    with pytest.raises(DataError, match="does not fit the targets"):
        fine_tune(subject, 3, y=Y)
    assert subject.model is model and subject.document is None


@pytest.mark.parametrize(
    "at, error, said",
    [
        ("conv", ArgumentError, "leaves 0 open ends"),
        ("flatt", UnknownNameError, 'Did you mean "flat"'),
    ],
)
def test_a_cut_that_leaves_no_model_is_refused(at, error, said):
    model = small_cnn()
    with pytest.raises(error, match=said):
        fine_tune(model, 3, at=at)
    assert names(subject_of(model).model) == names(model)


def test_a_cut_beside_a_shortcut_is_refused_with_the_ends_it_leaves():
    start = Input((5,))
    first = Dense(4, name="first")(start)
    beside = Dense(4, name="beside")(start)
    joined = merge([Dense(4, name="second")(first), beside], mode="sum", name="joined")
    model = Model(start, Dense(2, name="out")(joined))
    with pytest.raises(ArgumentError, match='2 open ends: "first", "beside"'):
        cut_head(model, "second")
    with pytest.raises(ArgumentError, match="2 open ends"):
        cut_head(model, "joined")
    assert cut_head(model, "out") == ["out"]


def test_a_head_is_put_only_where_the_former_was_cut():
    model = small_cnn()
    with pytest.raises(ArgumentError, match='still ends with its head: "out"'):
        put_head(model, 4)
    assert cut_head(model) == ["out"]
    assert put_head(model, 4) == "dense_1"


def test_freezing_the_rest_leaves_the_head_learning():
    model = small_cnn()
    subject = subject_of(model)
    assert freeze_rest(subject) == ["out"]
    assert subject.model is model and [layer.name for layer in model.layers if not layer.trainable] == ["conv"]


def test_while_it_trains_nothing_is_cut():
    model = small_cnn()
    with model.control.running("small_cnn"), pytest.raises(BusyError):
        cut_head(model)
    assert names(subject_of(model).model) == names(model)


def test_three_clicks_fine_tune():
    panel = FreezePanel(small_cnn(), y=Y)
    assert (panel.head["layers"], panel.head["units"], panel.head["activation"]) == (["out"], "5", "softmax")
    click(panel, "cut", at="out")
    assert panel.head["is_cut"]
    click(panel, "put_head", units=5, activation="softmax")
    click(panel, "freeze_rest", at="dense_1")
    assert panel.error == {} and panel.totals == {"trainable": 185, "frozen": 40}


@pytest.mark.parametrize(
    "message",
    [{"kind": "cut"}, {"kind": "put_head", "units": "5", "activation": "softmax"}, {"kind": "cut", "at": "x"}],
)
def test_clicks_that_make_no_sense_are_refused_in_words(message):
    panel = FreezePanel(small_cnn())
    panel._handle_custom_msg(message, [])
    assert panel.error["message"] and panel.rows[-1]["name"] == "out"


def test_a_head_that_does_not_fit_the_targets_is_refused_in_the_strip():
    panel = FreezePanel(small_cnn(), y=Y)
    panel.cut_head()
    click(panel, "put_head", units=4, activation="softmax")
    assert "does not fit the targets" in panel.error["message"] and panel.rows[-1]["name"] == "drop"


def test_a_model_in_the_model_keeps_its_weights_and_is_frozen_as_a_whole():
    start, inside = Input((8, 8, 1)), Sequential(small_cnn().layers[:3], name="backbone")
    model = Model(start, Dense(3, activation="softmax", name="out")(inside(start)))
    kernel = inside.get_weights()[0]
    tuned = fine_tune(model, 5)
    assert [(layer.name, layer.trainable) for layer in tuned.layers[-2:]] == [("backbone", False), ("dense_1", True)]
    assert np.array_equal(tuned.get_layer("backbone").get_weights()[0], kernel)


def test_a_sequential_that_begins_with_one_keeps_its_weights():
    inside = Sequential([Dense(3, input_shape=(4,), name="first")], name="inside")
    model = Sequential([inside, Dense(2, name="out")])
    tuned = fine_tune(model, 5)
    assert np.array_equal(tuned.get_layer("first").get_weights()[0], inside.get_weights()[0])
