"""The code a document writes, run."""

import os
import subprocess
import sys

import pytest

from kerasnb import layers as L
from kerasnb.errors import ArgumentError
from kerasnb.models import Model
from kerasnb.widgets.builder.document.document import Document


def run(code):
    names = {}
    exec(code, names)
    return names["model"]


def plain(model):
    """Class, name and arguments of each layer; code writes the input as a layer, models as part of one."""
    of_input = ("input_dtype", "batch_input_shape")
    return [
        (type(layer).__name__, {name: value for name, value in layer.get_config().items() if name not in of_input})
        for layer in model.layers
        if type(layer).__name__ != "InputLayer"
    ]


def test_chain_is_written_as_a_sequential_that_builds_the_same_model(digits):
    code = digits.to_code()
    assert "Sequential([" in code
    assert plain(run(code)) == plain(digits.to_model())


def test_branching_model_is_written_with_functional_calls(branching):
    code = branching.to_code()
    assert "merge([conv_a, conv_b], mode='concat', name='merge_1')" in code
    assert plain(run(code)) == plain(branching.to_model())


def test_only_changed_arguments_are_written(digits):
    line = next(line for line in digits.to_code().splitlines() if "conv_1" in line)
    assert line.strip() == "Convolution2D(16, 3, 3, activation='relu', name='conv_1'),"


@pytest.mark.parametrize("build", ["digits", "branching"])
def test_input_is_called_alike_on_the_canvas_in_the_model_and_in_the_code(build, request):
    document = request.getfixturevalue(build)
    document.rename("input_1", "picture")
    for model in (document.to_model(), run(document.to_code())):
        assert model.input_names == ["picture"]
        assert model.inputs[0].name.startswith("picture")


def test_batch_size_and_dtype_of_the_input_are_written(digits):
    digits.set_arguments("input_1", {"batch_input_shape": (4, 8, 8, 1), "input_dtype": "float32"})
    assert "InputLayer(batch_input_shape=(4, 8, 8, 1), input_dtype='float32', name='input_1')," in digits.to_code()
    assert run(digits.to_code()).input_shape == (4, 8, 8, 1)


def test_frozen_layer_is_written_as_such(digits):
    digits.set_trainable("conv_1", False)
    assert run(digits.to_code()).get_layer("conv_1").trainable is False


def test_regularizer_is_written_and_imported(digits):
    digits.set_argument("dense_1", "W_regularizer", "l2(0.01)")
    code = digits.to_code()
    assert "from kerasnb.regularizers import l2" in code
    assert run(code).get_layer("dense_1").W_regularizer.get_config()["l2"] == 0.01


def test_words_are_embedded_as_whole_numbers():
    document = Document(input_shape=(10,), input_dtype="int32", name="words")
    document.add("Embedding", input_dim=50, output_dim=8)
    document.add("LSTM", output_dim=4)
    assert "Embedding(50, 8, name='embed_1')" in document.to_code()
    assert run(document.to_code()).input_shape == (None, 10)
    assert run(document.to_code()).inputs[0].dtype == document.to_model().inputs[0].dtype == "int32"


def test_later_style_uses_later_names(digits):
    code = digits.to_code("keras2")
    assert "Conv2D(16, (3, 3), activation='relu', name='conv_1')" in code
    assert "from keras.layers import" in code


@pytest.mark.slow
def test_later_style_builds_the_same_models_in_keras_3(digits, branching):
    program = "".join(
        f"{document.to_code('keras2')}\nprint(model.output_shape, model.count_params())\n"
        for document in (digits, branching)
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "KERAS_BACKEND": "jax"}, capture_output=True, text=True
    )
    built = [document.to_model() for document in (digits, branching)]
    assert done.stdout.splitlines() == [f"{model.output_shape} {model.count_params()}" for model in built], done.stderr


def test_layer_names_that_are_no_identifiers_become_some():
    document = Document(input_shape=(4,))
    document.add("Dense", name="a.b", output_dim=2)
    document.add("Dense", after="input_1", branch=True, name="a-b", output_dim=2)
    document.add("Merge", after="a-b", name="list")
    assert run(document.to_code()).output_shape == (None, 2)


def test_document_without_layers_writes_a_comment():
    assert Document(input_shape=(4,)).to_code() == "# no layer yet"


def test_attention_is_called_as_keras_3_calls_it():
    x, mask = L.Input((3, 2), name="x"), L.Input((3, 3), name="mask")
    y = L.MultiHeadAttention(2, 3, name="heads")(x, x, attention_mask=mask, use_causal_mask=True)
    code = Document.from_model(Model([x, mask], [y, L.Attention(name="again")([y, x])])).to_code()
    assert "(x, x, attention_mask=mask, use_causal_mask=True)" in code
    assert "Attention(name='again')([heads, x])" in code
    assert run(code).output_shape == [(None, 3, 2)] * 2


def test_attention_that_is_put_behind_one_box_attends_to_itself():
    document = Document(input_shape=(5, 4), name="one")
    document.add("MultiHeadAttention", name="heads")
    assert document.is_good and "(2, 16, name='heads')(input_1, input_1)" in document.to_code()


def test_a_step_without_a_layer_is_kept():
    x = L.Input((3, 2), name="x")
    y = L.Operator("Add", [{"tensor": 0}, 1.5], name="plus")(L.Operator("Mean", settings={"axis": 1}, name="mean")(x))
    code = Document.from_model(Model(x, y)).to_code()
    assert run(code).output_shape == (None, 2) and "given=({'tensor': 0}, 1.5)" in code


def test_a_cell_or_several_are_arguments_of_a_form_and_of_code_for_keras_3():
    document = Document(input_shape=(5, 2), name="net")
    document.add("RNN", name="rnn")
    assert document.is_good and "RNN(LSTMCell(32), name='rnn')" in document.to_code()
    document.set_arguments("rnn", {"cell": "[GRUCell(3, reset_after=True), LSTMCell(2)]"})
    assert run(document.to_code()).output_shape == (None, 2)
    assert "[GRUCell(units=3, reset_after=True), LSTMCell(units=2)]" in document.to_code("keras2")
    opened = Document.from_model(run(document.to_code()))
    assert opened.graph["rnn"].live is None and "reset_after=True" in opened.to_code()
    with pytest.raises(ArgumentError, match=r'RNN "rnn": cell takes a cell, as LSTMCell\(32\), or a list of them'):
        document.set_arguments("rnn", {"cell": "3"})


def test_what_only_kerasnb_is_told_stands_not_in_code_for_keras_3():
    x = L.Input((4, 3), name="x")
    y = L.BatchNormalization(averages_when_frozen=True, name="norm")(x)
    y = L.Operator("Einsum", [{"tensor": 0}, {"tensor": 0}], {"subscripts": "bij,bkj->bik"}, name="dots")([y, y])
    code = Document.from_model(Model(x, y)).to_code("keras2")
    assert "BatchNormalization(name='norm')" in code and "ops.einsum('bij,bkj->bik', norm, norm)" in code
