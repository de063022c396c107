"""What the front end is given to draw."""

import json

from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.screen.palette import palette, schema
from kerasnb.widgets.builder.screen.state import document_state, layout_of


def state(document):
    drawn = document_state(document, layout_of(document))
    return json.loads(json.dumps(drawn))


def node(document, name):
    return next(each for each in state(document)["nodes"] if each["name"] == name)


def test_node_says_shape_and_count_in_words(digits):
    conv = node(digits, "conv_1")
    assert (conv["shape"], conv["counts"]) == ("(None, 6, 6, 16)", "160 params")
    assert node(digits, "pool_1")["counts"] == "no params"


def test_form_gets_only_changed_values_as_text(digits):
    assert node(digits, "conv_1")["values"] == {"nb_filter": "16", "nb_row": "3", "nb_col": "3", "activation": "relu"}


def test_totals_add_up(digits):
    assert state(digits)["totals"] == [["1,610", "parameters"], ["1,610", "trainable"], ["123\u202fKiB", "at batch 32"]]


def test_frozen_layer_counts_as_frozen(digits):
    digits.set_trainable("conv_1", False)
    assert state(digits)["table"]["split"] == "1,450 trainable, 160 frozen"
    assert state(digits)["status"]["aside"] == "5 layers, 1 frozen"
    assert node(digits, "conv_1")["frozen"]


def test_error_names_its_layer_with_checked_fixes(digits):
    digits.add("Convolution2D", after="pool_1", name="conv_2", nb_filter=8, nb_row=5, nb_col=5)
    drawn = state(digits)
    broken = node(digits, "conv_2")
    assert drawn["status"]["failed"] and drawn["first_error"] == "conv_2"
    assert drawn["status"]["text"].startswith('Convolution2D "conv_2": ')
    assert drawn["status"]["aside"] == "2 layers waiting"
    assert {"label": "border_mode='same'", "shape": "(None, 3, 3, 8)"} in broken["fixes"]
    assert node(digits, "dense_1")["note"] == "waiting for conv_2"


def test_totals_are_partial_while_a_layer_breaks(digits):
    digits.add("Convolution2D", after="pool_1", name="conv_2", nb_filter=8, nb_row=5, nb_col=5)
    assert state(digits)["totals"][0] == ["160", "parameters so far"]
    assert state(digits)["totals"][2] == ["", "memory unknown at batch 32"]


def test_a_form_says_what_an_argument_is_called_later():
    later = {field["name"]: field["later"] for field in schema("Convolution2D")}
    assert (later["nb_filter"], later["nb_row"], later["border_mode"], later["activation"]) == (
        *("filters", "kernel_size", "padding"),
        "",
    )


def test_palette_knows_the_later_names_of_layers_and_what_people_call_them():
    entries = {layer["class_name"]: layer for family in palette() for layer in family["layers"]}
    assert entries["Convolution2D"]["also"] == "Conv2D" and "conv2d" in entries["Convolution2D"]["words"]
    assert "bn" in entries["BatchNormalization"]["words"] and "gap" in entries["GlobalAveragePooling2D"]["words"]


def test_palette_holds_every_layer_class_once_with_its_family():
    families = palette()
    names = [layer["class_name"] for family in families for layer in family["layers"]]
    assert len(names) == len(set(names))
    assert {"Dense", "Convolution2D", "LSTM", "Merge", "InputLayer"} <= set(names)
    assert [family["family"] for family in families][:3] == ["core", "convolutional", "pooling"]
    known = {layer["class_name"]: family["family"] for family in families for layer in family["layers"]}
    assert (known["ZeroPadding2D"], known["CuDNNLSTM"], known["InputLayer"]) == ("convolutional", "recurrent", "core")


def test_schema_of_a_class_is_plain_data():
    fields = {field["name"]: field for field in json.loads(json.dumps(schema("Convolution2D")))}
    assert fields["border_mode"]["choices"] == ["valid", "same"]
    assert fields["nb_filter"]["default"] == ""
    assert fields["dim_ordering"]["words"] == {"default": "default (tf)"}


def test_empty_document_says_what_to_do_first():
    assert state(Document(input_shape=(4,)))["status"]["text"].startswith("Add a first layer")


def test_input_without_shape_is_asked_for_calmly():
    drawn = state(Document())
    assert drawn["status"]["failed"] is False
    assert drawn["nodes"][0]["is_unset"]
    assert drawn["nodes"][0]["note"] == "needs input_shape"
