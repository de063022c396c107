"""The Builder as an object: messages in, traits out."""

import sys

import pytest

from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.widgets import Builder
from kerasnb.widgets.base import quiet_update
from kerasnb.workspace import here


@pytest.fixture
def builder():
    built = Builder(input_shape=(8, 8, 1), name="digits_cnn")
    built.add("Convolution2D", name="conv_1", nb_filter=16, nb_row=3, nb_col=3)
    return built


def send(builder, **message):
    builder._receive(builder, message, [])


def test_added_layer_is_selected_and_drawn(builder):
    send(builder, type="add", class_name="Flatten", after="conv_1")
    assert builder.selected == "flatten_1"
    assert builder.state["nodes"][-1]["shape"] == "(None, 576)"


def test_form_edit_changes_the_shape(builder):
    send(builder, type="set", name="conv_1", argument="border_mode", value="same")
    assert builder.state["nodes"][1]["shape"] == "(None, 8, 8, 16)"


def test_refused_edit_shows_its_message_and_changes_nothing(builder):
    before = builder.document.graph
    send(builder, type="rename", name="conv_1", new_name="input_1")
    assert '"input_1" is taken' in builder.state["refused"]["message"]
    assert builder.document.graph is before


def test_message_of_a_refusal_goes_with_the_next_edit(builder):
    send(builder, type="rename", name="conv_1", new_name="input_1")
    send(builder, type="undo")
    assert builder.state["refused"] is None


def test_python_call_raises_what_a_click_shows(builder):
    with pytest.raises(ArgumentError):
        builder.rename("conv_1", "input_1")


def test_revision_rises_with_every_edit(builder):
    revision = builder.state["revision"]
    send(builder, type="undo")
    assert builder.state["revision"] == revision + 1


@pytest.mark.parametrize(
    "message",
    [
        {"type": "set", "name": "conv_1"},
        {"type": "set", "name": "conv_1", "argument": "nb_filter", "value": [1, 2]},
        {"type": "set", "name": "input_1", "argument": "input_dtype", "value": [1, 2]},
        {"type": "add", "class_name": ["Dense"]},
        {"type": "rename", "name": None, "new_name": 3},
        {"type": "name", "name": 3},
        {"type": "fix", "name": "conv_1", "index": 0},
        {"type": ["add"]},
    ],
)
def test_a_message_that_makes_no_sense_is_refused_in_words_and_changes_nothing(builder, message):
    before = builder.document.graph
    send(builder, **message)
    assert builder.state["refused"]["message"]
    assert builder.document.graph is before and builder.document.name == "digits_cnn"


def test_unknown_message_is_refused(builder):
    send(builder, type="explode")
    assert 'no step is called "explode"' in builder.state["refused"]["message"]


def test_model_is_the_last_good_one(builder):
    builder.add("Convolution2D", name="conv_2", nb_filter=4, nb_row=9, nb_col=9)
    assert builder.state["status"]["failed"]
    assert builder.model.output_shape == (None, 6, 6, 16)


def test_model_stays_the_same_object_while_nothing_changes(builder):
    assert builder.model is builder.model


def test_builder_without_layers_has_no_model():
    assert Builder(input_shape=(4,)).model is None


def test_freezing_keeps_the_model_and_freezes_its_layer(builder):
    model = builder.model
    builder.freeze("conv_1")
    assert builder.model is model
    assert model.get_layer("conv_1").trainable is False


def test_removed_layer_hands_the_selection_to_the_one_before(builder):
    builder.add("Flatten")
    send(builder, type="remove", name="flatten_1")
    assert builder.selected == "conv_1"


def test_steps_at_several_layers_are_one_step_each_and_keep_them_selected(builder):
    builder.add("MaxPooling2D", name="pool_1")
    builder.selection = ["conv_1", "pool_1"]
    send(builder, type="duplicate", names=["conv_1", "pool_1"])
    assert builder.selection == ["conv_2", "pool_2"] and builder.selected == "pool_2"
    send(builder, type="shift", names=["conv_2", "pool_2"], by=-1)
    assert builder.selection == ["conv_2", "pool_2"]
    send(builder, type="trainable", names=["conv_1", "conv_2"], trainable=False)
    assert builder.several["frozen"] and builder.document.undo_label == "freeze conv_1, freeze conv_2"
    send(builder, type="remove", names=["conv_2", "pool_2"])
    assert builder.selection == ["conv_1"] and builder.several == {}
    assert [builder.undo() for _ in range(4)][::3] == ["remove conv_2, pool_2", "duplicate conv_1, pool_1"]


def test_a_selection_is_told_in_figures_of_the_model(builder):
    builder.add("Flatten")
    builder.selection = ["conv_1", "flatten_1"]
    told = {"title": "2 layers", "detail": "160 parameters", "can_freeze": True, "frozen": False}
    assert builder.several == told and builder.selected == "flatten_1"
    builder.freeze(builder.document.graph.names)
    assert builder.document.undo_label == "freeze conv_1"
    assert builder.several == told | {"detail": "160 parameters, 160 of them frozen", "frozen": True}
    builder.selected = "conv_1"
    assert builder.selection == ["conv_1"] and builder.several == {}


def test_a_layer_is_called_again_after_another_one_and_the_call_is_selected(builder):
    send(builder, type="again", name="conv_1", after="input_1", branch=True)
    assert builder.selected == "conv_1 again" and builder.document.graph.inputs_of("conv_1 again") == ["input_1"]


@pytest.mark.parametrize(
    "message",
    [
        {"type": "duplicate", "names": ["conv_1"]},
        {"type": "shift", "names": ["flatten_1"], "by": -1},
        {"type": "move", "names": ["flatten_1"], "after": "input_1"},
        {"type": "again", "name": "conv_1", "after": "conv_1"},
        {"type": "trainable", "names": ["conv_1"], "trainable": False},
        {"type": "remove", "names": ["conv_1", "flatten_1"]},
    ],
)
def test_a_step_at_layers_is_refused_while_training_when_stale_and_when_a_layer_is_gone(builder, message):
    builder.add("Flatten")
    before, model = builder.document.graph, builder.model
    with model.control.running("digits_cnn"):
        send(builder, **message)
        assert "is training" in builder.state["refused"]["message"]
    send(builder, **message, version=builder.document.revision - 1)
    assert "nothing was done: this step was meant for version" in builder.state["refused"]["message"]
    send(builder, **message | ({"names": ["conv_1", "gone"]} if "names" in message else {"after": "gone"}))
    assert builder.state["refused"]["message"].startswith('nothing was done: layer "gone" is gone')
    assert builder.document.graph is before and builder.model is model and model.get_layer("conv_1").trainable


def test_renamed_layer_stays_selected(builder):
    send(builder, type="rename", name="conv_1", new_name="first")
    assert builder.selected == "first"


def test_fix_from_the_bubble_is_applied(builder):
    builder.add("Convolution2D", name="conv_2", nb_filter=4, nb_row=9, nb_col=9)
    send(builder, type="fix", name="conv_2", index=0)
    assert not builder.state["status"]["failed"]


def test_schemas_grow_with_the_classes_in_use(builder):
    assert "Dense" not in builder.schemas
    builder.add("Dense")
    assert "Dense" in builder.schemas


def test_repr_says_what_is_built(builder):
    assert repr(builder) == "Builder(digits_cnn: 2 layers, 160 parameters)"


def test_lasting_picture_holds_the_model_as_text_and_drawing(builder):
    picture = builder.picture()
    assert picture.text.splitlines()[2].split() == ["conv_1", "Convolution2D", "(None,", "6,", "6,", "16)", "160"]
    assert picture.svg.startswith("<svg") and "(None, 6, 6, 16)" in picture.svg


def test_opened_model_is_given_back_unchanged(builder):
    model = builder.model
    assert Builder(model).model is model


def test_model_in_hand_is_frozen_by_the_click_itself(builder):
    model = builder.model
    send(builder, type="trainable", name="conv_1", trainable=False)
    assert model.get_layer("conv_1").trainable is False


def test_freezing_elsewhere_reaches_the_canvas(builder):
    builder.model.get_layer("conv_1").trainable = False
    here.look()
    assert builder.state["nodes"][1]["frozen"]
    assert builder.model.get_layer("conv_1").trainable is False


def test_layer_named_by_its_function_in_the_notebook(builder, monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "halve", lambda x: x / 2, raising=False)
    builder.add("Lambda", name="half", function="halve")
    assert builder.document.results["half"].output.shape == (None, 6, 6, 16)


def test_function_that_the_notebook_does_not_have_is_refused(builder):
    with pytest.raises(ArgumentError, match="Define it in a cell"):
        builder.add("Lambda", function="nothing_like_that")


def test_shift_adds_a_branch(builder):
    builder.add("Flatten")
    send(builder, type="add", class_name="Activation", after="conv_1", branch=True)
    assert builder.document.graph.outputs_of("conv_1") == ["flatten_1", "act_1"]


def test_code_is_there_whichever_tab_is_open_and_follows_edits(builder):
    assert builder.tab == "Canvas" and "Convolution2D" in builder.sources["keras1"]
    builder.add("Flatten", name="flat")
    assert "Flatten(name='flat')" in builder.sources["keras1"]


def test_code_of_a_broken_model_is_the_last_whole_one(builder):
    builder.tab = "Code"
    builder.add("Convolution2D", name="conv_2", nb_filter=4, nb_row=9, nb_col=9)
    assert "conv_2" not in builder.sources["keras1"]
    assert "conv_2 does not fit yet" in builder.sources["note"]


def test_picture_follows_python_edits_at_once_and_clicks_after_a_pause(builder, monkeypatch):
    shown = []
    monkeypatch.setattr(quiet_update, "QUICK", 0.0)  # as for a large model
    monkeypatch.setattr(builder.snapshot, "update", lambda picture: shown.append(picture.text))
    builder.snapshot.is_shown = True
    builder.add("Flatten", name="flat")
    assert "flat" in shown[-1]
    send(builder, type="remove", name="flat")
    assert len(shown) == 1
    builder._pictures._timer.join()
    assert "flat" not in shown[-1]


def test_only_layers_of_the_model_can_be_selected(builder):
    with pytest.raises(UnknownNameError, match='"conv_1"'):
        builder.selected = "conv_7"


def test_something_else_than_a_model_is_refused_with_advice():
    with pytest.raises(ArgumentError, match="input_shape="):
        Builder((8, 8, 1))


def test_text_of_the_picture_marks_frozen_layers(builder):
    builder.freeze("conv_1")
    assert builder.picture().text.splitlines()[2].endswith("160  frozen")


def test_a_word_of_the_palette_adds_a_layer_with_what_it_stands_for(builder):
    entry = next(each for family in builder.palette for each in family["layers"] if each["class_name"] == "Activation")
    builder._handle_custom_msg({"type": "add", "class_name": "Activation", "arguments": entry["meant"]["softmax"]}, [])
    assert builder.document.graph["act_1"].arguments == {"activation": "softmax"}
    builder._handle_custom_msg({"type": "add", "class_name": "Activation", "arguments": ["relu"]}, [])
    assert "names with values" in builder.state["refused"]["message"] and "act_2" not in builder.document.graph
