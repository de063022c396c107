"""A model written as text, one layer a line."""

import sys

import pytest

from kerasnb.errors import ArgumentError
from kerasnb.widgets.builder.document.document import Document
from kerasnb.widgets.builder.model.lines import graph_of_lines


def shapes(text, **given):
    document = Document.from_graph(graph_of_lines(text, **given), "net")
    assert document.is_good, {name: result.error for name, result in document.results.items()}
    return {name: result.output.shape for name, result in document.results.items()}


def test_a_chain_is_one_layer_a_line():
    text = """
        # digits
        Input(8, 8, 1)
        Convolution2D(16, 3, 3, activation=relu)   # a name needs no quotes
        Flatten
        Dense(10, activation='softmax')
    """
    assert shapes(text) == {
        "input_1": (None, 8, 8, 1),
        "conv_1": (None, 6, 6, 16),
        "flatten_1": (None, 576),
        "dense_1": (None, 10),
    }


def test_later_spelling_means_the_same():
    old = graph_of_lines("Input(8, 8, 1)\nConvolution2D(16, 3, 3, border_mode=same, W_regularizer=l2(0.01))")
    new = graph_of_lines("Input((8, 8, 1))\nConv2D(16, 3, padding=same, kernel_regularizer=l2(0.01))")
    assert old == new


def test_branches_read_named_lines():
    text = """
        Input(4)
        wide = Dense(8)
        deep = Dense(3) < input_1
        both = Concatenate < wide, deep
        Dense(1)
    """
    graph = graph_of_lines(text)
    assert graph.inputs_of("both") == ["wide", "deep"] and graph.inputs_of("deep") == ["input_1"]
    assert shapes(text)["both"] == (None, 11)


def test_words_wrappers_and_several_inputs():
    text = """
        words = Input(20, dtype=int32)
        Embedding(100, 8)
        Bidirectional(LSTM(5))
        more = Input(3)
        Merge(mode=concat) < both_1, more
    """
    assert shapes(text)["merge_1"] == (None, 13)


def test_the_shape_of_a_sample_may_be_known():
    assert shapes("Dense(2)", input_shape=(6,)) == {"input_1": (None, 6), "dense_1": (None, 2)}


@pytest.mark.parametrize(
    "text, shape",
    [
        ("Dense(2, input_shape=(6,))", (None, 6)),
        ("Dense(2, input_dim=6)", (None, 6)),
        ("Dense(2, batch_input_shape=(5, 6))", (5, 6)),
        ("LSTM(2, input_dim=4, input_length=7)", (None, 7, 4)),
        ("Embedding(10, 2, input_length=7)", (None, 7)),
    ],
)
def test_the_first_layer_may_say_the_shape_of_a_sample_as_in_keras(text, shape):
    assert shapes(text)["input_1"] == shape


def test_the_first_layer_may_say_the_type_of_a_sample_too():
    (given, _) = graph_of_lines("Embedding(10, 2, input_length=7)").layers
    assert given.arguments == {"input_shape": (7,), "input_dtype": "int32"}


def test_a_lambda_is_given_a_function_of_the_notebook_by_name(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "half", lambda x: x / 2, raising=False)
    assert shapes("Input(4)\nLambda(half)")["lambda_1"] == (None, 4)


def test_of_the_variables_of_a_line_the_missing_one_is_named(monkeypatch):
    monkeypatch.setattr(sys.modules["__main__"], "units", 3, raising=False)
    with pytest.raises(ArgumentError, match='no variable "curve"'):
        graph_of_lines("Input(4)\nDense({units}, activation={curve})")


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "no layer in it"),
        ("Dense(3)", "line 1, 'Dense.3.': the shape of a sample is not known"),
        ("Input(4)\nDens(3)", 'line 2, .*Did you mean "Dense"'),
        ("Input(4)\nDense()", "line 2, 'Dense..': .*output_dim"),
        ("Input(4)\nDense(3, 3 + 4)", "line 2, .*holds more than a value"),
        ("Input(4)\nDense({ units })", 'line 2, .*there is no variable "units".*Run the cell that sets it'),
        ("Input(4)\nDense(3) + 1", "line 2, .*this is no layer"),
        ("Input(4)\nl2(0.01)", "line 2, .*is no layer"),
        ("Input(4)\na = Dense(3)\na = Dense(3)", "line 3, .*name of an earlier line"),
        ("Input(4)\nDense(3) < wide", 'line 2, .*"wide"'),
        ("Input(size=4)", "line 1, .*takes the shape of one sample"),
        ("Input(4)\nDense(__import__('os').system('true'))", "line 2, .*holds more than a value"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_what_is_wrong(text, says):
    with pytest.raises(ArgumentError, match=f"(?s){says}"):
        graph_of_lines(text)
