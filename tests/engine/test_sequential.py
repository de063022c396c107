"""Sequential: adding, popping, what may come first, and what it predicts."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, GraphError, KindError, NotCompiledError, ShapeError, UnknownNameError
from kerasnb.layers import (
    LSTM,
    Activation,
    AtrousConvolution2D,
    BatchNormalization,
    Convolution2D,
    Dense,
    Embedding,
    Input,
    InputLayer,
    Lambda,
    MaxPooling2D,
    Merge,
)
from kerasnb.models import Model, Sequential, model_from_json


def tower(features=4):
    return Sequential([Dense(3, input_shape=(features,))])


def test_layers_are_listed_without_the_input():
    model = Sequential([Dense(3, input_shape=(4,)), Activation("relu")], name="mine")
    assert [layer.name for layer in model.layers] == ["dense_1", "activation_1"]
    assert (model.name, model.input_names, model.output_names) == ("mine", ["dense_input_1"], ["activation_1"])
    assert (model.input_shape, model.output_shape) == ((None, 4), (None, 3))


def test_names_of_sequentials_count_from_one():
    assert [Sequential().name, Sequential().name] == ["sequential_1", "sequential_2"]


def test_the_first_layer_without_a_shape_is_refused_with_a_remedy():
    model = Sequential()
    with pytest.raises(
        ArgumentError, match=r'Dense "dense_1": the first layer(.|\n)*Dense\(\.\.\., input_shape='
    ) as error:
        model.add(Dense(3))
    assert error.value.arguments == ("input_shape",) and model.layers == []


def test_what_is_no_layer_is_refused():
    with pytest.raises(ArgumentError, match=r'Sequential "sequential_1": add needs a layer, got \'relu\''):
        Sequential().add("relu")


def test_a_layer_that_does_not_fit_leaves_the_model_as_it_was():
    model = tower()
    with pytest.raises(ShapeError, match='LSTM "lstm_1"'):
        model.add(LSTM(5))
    assert len(model.layers) == 1 and model.output_shape == (None, 3)
    model.add(Dense(2))
    assert model.output_shape == (None, 2)


def test_a_layer_with_two_outputs_is_refused():
    model = tower()
    with pytest.raises(GraphError, match="must have one output"):
        model.add(Lambda(lambda x: [x, x]))
    assert len(model.layers) == 1


def test_an_input_layer_may_come_first(backend):
    model = Sequential([InputLayer(input_shape=(4,)), Dense(3)])
    assert model.predict(np.ones((2, 4))).shape == (2, 3)


def test_a_model_without_layers_says_what_to_do():
    with pytest.raises(GraphError, match='Sequential "sequential_1": has no layers yet'):
        Sequential().compile("sgd", "mse")
    with pytest.raises(GraphError, match="has no layers yet"):
        Sequential().predict(np.ones((2, 2)))


def test_pop_takes_the_top_layer_away(backend):
    model = Sequential([Dense(3, input_shape=(4,)), Dense(2)])
    x = np.random.rand(5, 4)
    model.compile("sgd", "mse")
    model.pop()
    assert model.output_shape == (None, 3) and not model.is_compiled and len(model.get_weights()) == 2
    W, b = model.get_weights()
    np.testing.assert_allclose(model.predict(x), x @ W + b, rtol=1e-5)
    with pytest.raises(NotCompiledError):
        model.fit(x, x)


def test_pop_finds_its_own_output_of_a_shared_layer():
    model = Sequential([Dense(3, input_shape=(4,)), Activation("relu"), Dense(2)])
    output = model.layers[1].output
    model.layers[1](Dense(7)(K.placeholder((None, 2)))), model.layers[1](tower().output)
    model.pop()
    assert model.outputs == [output]


def test_pop_of_the_only_layer_leaves_an_empty_model_to_build_anew():
    model = tower()
    model.pop()
    assert model.layers == []
    with pytest.raises(ArgumentError, match="no layer to pop"):
        model.pop()
    model.add(Dense(2, input_shape=(7,)))
    assert model.input_shape == (None, 7)


def test_get_layer_finds_by_name_and_index():
    model = Sequential([Dense(3, input_shape=(4,), name="one"), Dense(2)])
    assert model.get_layer("one") is model.layers[0] and model.get_layer(index=1) is model.layers[1]


def test_get_layer_knows_names_that_keras_2_gives_where_they_are_not_ambiguous():
    shape = {"input_shape": (5, 5, 1), "border_mode": "same"}
    model = Sequential([Convolution2D(2, 3, 3, name="convolution2d_3", **shape), MaxPooling2D(name="maxpooling2d_1")])
    assert model.get_layer("conv2d_3") is model.layers[0] and model.get_layer("max_pooling2d_1") is model.layers[1]
    model.add(AtrousConvolution2D(2, 3, 3, border_mode="same", name="atrousconvolution2d_3"))
    with pytest.raises(UnknownNameError, match="conv2d_3"):
        model.get_layer("conv2d_3")


def test_a_model_may_come_first(backend):
    inner = tower()
    model = Sequential([inner, Dense(2)])
    x = np.random.rand(5, 4)
    W, b = model.layers[1].get_weights()
    np.testing.assert_allclose(model.predict(x), inner.predict(x) @ W + b, rtol=1e-5)
    assert model.layers == [inner, model.layers[1]] and len(model.get_weights()) == 4


def test_freezing_a_first_model_freezes_its_layers():
    inner = tower()
    model = Sequential([inner, Dense(2)])
    inner.trainable = False
    assert [weight.name for weight in model.trainable_weights] == ["dense_2_W", "dense_2_b"]


def test_a_merge_may_come_first(backend):
    left, right = tower(4), tower(5)
    model = Sequential([Merge([left, right], mode="concat"), Dense(2)])
    x = [np.random.rand(6, 4), np.random.rand(6, 5)]
    together = np.concatenate([left.predict(x[0]), right.predict(x[1])], axis=1)
    W, b = model.layers[1].get_weights()
    np.testing.assert_allclose(model.predict(x), together @ W + b, rtol=1e-5)
    assert len(model.get_weights()) == 6 and len(model.trainable_weights) == 6


def test_a_merge_of_batch_normalized_branches_keeps_their_updates():
    left = Sequential([Dense(3, input_shape=(4,)), BatchNormalization()])
    model = Sequential([Merge([left, tower()], mode="sum"), Dense(2)])
    assert len(model.updates) == 2 and len(model.losses) == 0


def test_a_merge_first_goes_round_through_json():
    model = Sequential([Merge([tower(4), tower(5)], mode="concat"), Dense(2)])
    again = model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    x = [np.random.rand(6, 4), np.random.rand(6, 5)]
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)


def test_a_model_that_is_part_of_another_keeps_its_layers():
    model = tower()
    outer = Sequential([Dense(4, input_shape=(2,)), model])
    for edit in (lambda: model.add(Dense(9)), model.pop, model.layers.clear):
        with pytest.raises(GraphError, match='"sequential_1": is part of another model, so its layers'):
            edit()
    assert len(outer.get_weights()) == 4 and Sequential(model.layers).get_weights()[0] is not None


def test_classes_are_the_largest_output_or_above_a_half(backend):
    model = Sequential([Activation("linear", input_shape=(3,))])
    assert model.predict_classes(np.eye(3)[[2, 0, 1]], verbose=0).tolist() == [2, 0, 1]
    single = Sequential([Activation("linear", input_shape=(1,))])
    assert single.predict_classes(np.array([0.2, 0.7]), verbose=0).tolist() == [[0], [1]]
    np.testing.assert_allclose(single.predict_proba(np.array([0.2]), verbose=0), [[0.2]])


def test_a_thousand_layers_add_up():
    model = Sequential([Activation("linear", input_shape=(2,))])
    for _ in range(999):
        model.add(Activation("linear"))
    assert len(model.layers) == 1000 and model.output_shape == (None, 2)
    np.testing.assert_allclose(model.predict(np.ones((1, 2))), [[1, 1]])


def test_a_layer_used_twice_counts_once():
    shared = Dense(4, input_shape=(4,))
    model = Sequential([shared])
    model.add(shared)
    assert len(model.get_weights()) == 2 and model.count_params() == 20


def test_the_summary_lists_every_layer_and_the_counts(capsys):
    Sequential([Dense(3, input_shape=(4,)), Dense(2)]).summary()
    printed = capsys.readouterr().out
    assert "dense_1 (Dense)" in printed and "(None, 3)" in printed and "Total params: 23" in printed


def test_a_sequential_may_begin_with_an_input_that_is_no_layer_of_it(backend):
    start = Input(shape=(4,))
    model = Sequential([start, Dense(3), Dense(2)])
    assert len(model.layers) == 2 and model.input is start
    again = model_from_json(model.to_json())
    again.set_weights(model.get_weights())
    x = np.ones((2, 4))
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-5)
    assert Model(start, model.layers[0].output).predict(x).shape == (2, 3)


def test_a_sequential_keeps_the_dtype_of_the_input_it_begins_with():
    model = Sequential([Input((6,), dtype="int32"), Embedding(10, 3)])
    assert model_from_json(model.to_json()).input.dtype == "int32"


def test_an_input_further_up_is_no_layer_to_put_on_top():
    with pytest.raises(KindError, match="needs a layer"):
        Sequential([Dense(2, input_shape=(4,)), Input((2,))])
