"""A document as text and back."""

import json
import sys

import numpy as np
import pytest

from kerasnb.errors import FileError, UnknownNameError
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.document.storing import read_document, written
from kerasnb.widgets.builder.model.lines import graph_of_lines

NET = """
    Input(8, 8, 1)
    Conv2D(4, 3, padding=same, kernel_regularizer=l2(0.01))
    left = MaxPooling2D
    right = AveragePooling2D < conv_1
    Concatenate < left, right
    Flatten
    Dense(10, activation=softmax)
"""


def there_and_back(document):
    return read_document(written(document))


def test_a_document_comes_back_equal_with_its_name_and_what_is_frozen():
    document = Document.from_graph(graph_of_lines(NET), "digits")
    document.set_trainable("conv_1", False)
    again = there_and_back(document)
    assert (again.graph, again.name, again.is_good) == (document.graph, "digits", True)


def test_a_model_that_does_not_fit_yet_comes_back_with_its_error():
    document = Document(input_shape=(8, 8, 1))
    document.add("LSTM", output_dim=4)
    again = there_and_back(document)
    assert again.graph == document.graph and again.failed == ["lstm_1"]


def test_a_function_is_taken_from_the_notebook_by_its_name(monkeypatch):
    def half(x):
        return x / 2

    document = Document(input_shape=(4,))
    document.add("Lambda", function=half)
    text = written(document)
    assert read_document(text).failed == ["lambda_1"]
    error = read_document(text).results["lambda_1"].error
    assert "half was not kept with the model" in str(error)
    monkeypatch.setattr(sys.modules["__main__"], "half", half, raising=False)
    assert read_document(text).is_good


def test_arrays_and_numbers_that_json_lacks_are_kept():
    weights = [np.arange(6, dtype="float32").reshape(3, 2), np.array([np.inf, np.nan], "float32")]
    document = Document(input_shape=(3,))
    document.add("Dense", output_dim=2)
    spec = document.graph["dense_1"].changed(arguments={"output_dim": 2, "weights": weights})
    held = Document.from_graph(type(document.graph)((document.graph["input_1"], spec), document.graph.connections))
    again = there_and_back(held).graph["dense_1"].arguments["weights"]
    for mine, theirs in zip(again, weights, strict=True):
        np.testing.assert_array_equal(mine, theirs)
        assert mine.dtype == theirs.dtype


def changed(**parts):
    return json.dumps({**json.loads(written(Document.from_graph(graph_of_lines(NET), "net"))), **parts})


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[1, 2]", "holds no model of a Builder"),
        (changed(version=2), "format 2, this release of kerasnb reads up to 1"),
        (changed(version="1"), "format '1'"),
        (changed(layers=[]), "layers without names"),
        (changed(layers=None), "damaged"),
        (changed(layers=[{"name": "a"}]), "'class' is missing"),
        (changed(connections=[["conv_1", "gone"]]), "a layer that is not there"),
        (changed(connections=[["left", "conv_1"], ["conv_1", "left"]]), "in a circle"),
        (changed(connections=[["left"]]), "damaged"),
        (changed(layers=[{"name": 3, "class": "Dense", "arguments": {}, "trainable": True}]), "where a name belongs"),
    ],
)
def test_text_that_is_none_of_ours_is_refused_in_words(text, says):
    with pytest.raises(FileError, match=says):
        read_document(text, "net.json")


def test_a_layer_class_that_is_not_there_is_named():
    layers = [
        {"name": "input_1", "class": "InputLayer", "arguments": {"input_shape": {"tuple": [4]}}, "trainable": True},
        {"name": "mine", "class": "MyLayer", "arguments": {}, "trainable": True},
    ]
    with pytest.raises(UnknownNameError, match="MyLayer"):
        read_document(changed(layers=layers, connections=[["input_1", "mine"]]))


def test_what_a_file_names_is_looked_up_among_layers_and_never_run():
    call = {"call": "os.system", "positional": ["true"], "named": {}}
    layers = json.loads(changed())["layers"]
    layers[1]["arguments"]["W_regularizer"] = call
    document = read_document(changed(layers=layers))
    assert document.failed == ["conv_1"] and "os.system" in str(document.results["conv_1"].error)
