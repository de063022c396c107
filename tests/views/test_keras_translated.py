"""Models of Keras 3 as models of kerasnb: what the Builder opens."""

import keras
import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError
from kerasnb.views import as_kerasnb
from kerasnb.widgets import Builder, Inspector
from tests.views.keras_models import ROWS, Subclassed, chain

# of Keras 3.15 itself, where it writes weights with numpy 2
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def test_a_copy_computes_the_same():
    model = chain()
    np.testing.assert_allclose(as_kerasnb(model).predict(ROWS), model(ROWS), atol=1e-6)


def test_the_builder_opens_a_copy():
    model = chain()
    builder = Builder(model)
    assert [spec.class_name for spec in builder.document.graph] == ["InputLayer", "Dense", "Dropout", "Dense"]
    assert builder.subject.model is not model


def test_what_kerasnb_does_not_have_is_refused_by_name():
    model = Subclassed()
    with pytest.raises(ArgumentError, match="has no weights yet"):
        as_kerasnb(model)
    model(ROWS)
    with pytest.raises(ArgumentError, match='of Keras cannot be made one of kerasnb: no layer class "Subclassed"'):
        as_kerasnb(model)
    with pytest.raises(ArgumentError, match="needs a model of Keras 3, got int"):
        as_kerasnb(3)


def dictionaries():
    rows, tags = keras.Input((5,), name="rows"), keras.Input((2,), name="own_key")
    x = keras.layers.Concatenate()([rows, tags])
    ends = {"kind": keras.layers.Dense(3, name="k")(x), "age": keras.layers.Dense(1, name="a")(x)}
    return keras.Model({"rows": rows, "own_key": tags}, ends)


def test_inputs_and_outputs_in_dictionaries_come_in_the_order_that_keras_gives_them():
    model, tags = dictionaries(), np.ones((6, 2), "float32")
    given = model({"rows": ROWS, "own_key": tags})
    age, kind = as_kerasnb(model).predict([tags, ROWS])
    np.testing.assert_allclose(age, given["age"], atol=1e-6)
    np.testing.assert_allclose(kind, given["kind"], atol=1e-6)


def test_the_inspector_takes_a_dictionary_by_the_keys_of_the_model():
    model, x = dictionaries(), {"rows": ROWS, "own_key": np.ones((6, 2), "float32")}
    inspector = Inspector(model, x, layer="a")
    inspector.sample = 3
    first = {name: rows[3:4] for name, rows in x.items()}
    np.testing.assert_allclose(inspector.output, model(first)["age"], atol=1e-6)
    with pytest.raises(DataError, match="x has the keys rows, tags; the model has own_key, rows"):
        Inspector(model, {"rows": ROWS, "tags": ROWS})


def test_layers_with_arguments_that_only_later_programs_have_can_be_edited():
    layers = [
        keras.layers.ZeroPadding2D(((1, 1), (1, 1))),
        keras.layers.SeparableConv2D(2, 3),
        keras.layers.UpSampling2D(interpolation="bilinear"),
        keras.layers.Conv2DTranspose(2, 3, strides=2),
        keras.layers.Reshape((17 * 17, 2)),
        keras.layers.AveragePooling1D(2),
        keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True)),
        keras.layers.Conv1D(3, 3, padding="causal", kernel_initializer=keras.initializers.RandomUniform(-1, 1)),
        keras.layers.GRU(3),
    ]
    model = keras.Sequential([keras.Input((4, 4, 1)), *layers])
    document = Builder(model).document
    assert [spec.name for spec in document.graph if spec.live is not None] == []
    made = {}
    exec(document.to_code("keras2"), made)
    assert [weight.shape for weight in made["model"].weights] == [weight.shape for weight in model.weights]


def test_operations_between_layers_are_written_as_keras_writes_them():
    rows = keras.Input((5,), name="rows")
    x = keras.ops.concatenate([rows[:, 1:3] * 2, keras.ops.mean(rows, axis=-1, keepdims=True)], axis=-1)
    steps = keras.layers.Reshape((3, 1))(x)
    model = keras.Model(rows, keras.layers.Dense(2)(keras.layers.SimpleRNN(3)(steps, initial_state=x)))
    made = {}
    exec(Builder(model).code("keras2"), made)
    made["model"].set_weights(model.get_weights())
    np.testing.assert_allclose(made["model"](ROWS), model(ROWS), atol=1e-6)


def test_what_lora_learned_comes_merged_and_quantized_layers_are_boxes_that_say_so():
    model = chain()
    model.layers[0].enable_lora(2)
    model.layers[0].lora_kernel_b.assign(np.ones((2, 4)))
    with pytest.warns(UserWarning, match="lora_rank; their kernels come whole"):
        mine = as_kerasnb(model)
    np.testing.assert_allclose(mine.predict(ROWS), model(ROWS), atol=1e-5)
    model = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3, name="small")])
    model.layers[0].quantize("int8")
    (box,) = Builder(model).document.stand_ins
    assert "quantized layers are not read" in box.live.reason
    assert Inspector(model, ROWS, layer="small").output.shape == (1, 3)
