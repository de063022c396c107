"""Layers that are added and changed in the later spelling."""

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.screen.palette import palette, schema


@pytest.fixture
def document():
    document = Document(input_shape=(28, 28, 1))
    document.add("Conv2D", name="conv_1", filters=8, kernel_size=(3, 5), padding="same", kernel_regularizer="l2(0.01)")
    return document


def test_a_layer_is_added_by_its_later_name_with_later_arguments(document):
    spec = document.graph["conv_1"]
    assert spec.class_name == "Convolution2D"
    assert [spec.arguments[name] for name in ("nb_filter", "nb_row", "nb_col")] == [8, 3, 5]
    assert document.results["conv_1"].signal.shape == (None, 28, 28, 8)


def test_arguments_are_set_in_either_spelling(document):
    document.set_argument("conv_1", "filters", "12")
    document.set_argument("conv_1", "nb_row", "1")
    document.set_argument("conv_1", "kernel_size", "3")
    spec = document.graph["conv_1"]
    assert [spec.arguments[name] for name in ("nb_filter", "nb_row", "nb_col")] == [12, 3, 3]


def test_one_argument_in_both_spellings_is_refused_by_the_name_of_the_layer(document):
    with pytest.raises(ArgumentError, match='"conv_1".*two spellings of one argument'):
        document.set_arguments("conv_1", {"filters": 3, "nb_filter": 4})
    with pytest.raises(ArgumentError, match="kernel_size of Convolution2D takes 2 numbers, got 3"):
        document.set_arguments("conv_1", {"kernel_size": (1, 2, 3)})
    assert document.graph["conv_1"].arguments["nb_filter"] == 8


def test_a_layer_is_replaced_by_one_of_a_later_name(document):
    document.replace("conv_1", "AvgPool2D", padding="same")
    assert document.graph["conv_1"].class_name == "AveragePooling2D"
    assert document.graph["conv_1"].arguments["border_mode"] == "same"


def test_every_argument_of_our_layers_has_its_help():
    names = [layer["class_name"] for family in palette() if family["family"] != "custom" for layer in family["layers"]]
    assert [(name, row["name"]) for name in names for row in schema(name) if not row["help"]] == []
