"""Layers connected into a model: order, names, weights, nesting, and graphs that cannot be."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.topology import get_source_inputs
from kerasnb.errors import ArgumentError, GraphError, ShapeError, UnknownNameError, WeightsError
from kerasnb.layers import Activation, BatchNormalization, Convolution2D, Dense, Dropout, Input, Lambda, Reshape, merge
from kerasnb.models import Model, Sequential


def two_branches():
    a, b = Input((4,), name="a"), Input((3,), name="b")
    left = Dense(5, name="left")(a)
    right = Dense(5, name="right")(b)
    both = merge([left, right], mode="sum", name="both")
    return Model(input=[a, b], output=[Dense(2, name="first")(both), Dense(1, name="second")(left)])


def chain(length):
    x = first = Input((3,))
    for _ in range(length):
        x = Activation("linear")(x)
    return Model(first, x)


def test_a_model_lists_its_layers_from_inputs_to_outputs():
    model = two_branches()
    assert [layer.name for layer in model.layers] == ["a", "b", "left", "right", "both", "first", "second"]
    assert (model.input_names, model.output_names) == (["a", "b"], ["first", "second"])
    assert (model.input_shape, model.output_shape) == ([(None, 4), (None, 3)], [(None, 2), (None, 1)])


def test_a_model_takes_the_later_names_of_its_ends():
    a = Input((4,))
    model = Model(inputs=a, outputs=Dense(2)(a))
    assert model.name == "model_1" and model.input is a


def test_several_inputs_and_outputs_compute(backend):
    model = two_branches()
    first, second = model.predict([np.ones((2, 4)), np.ones((2, 3))])
    assert (first.shape, second.shape) == ((2, 2), (2, 1))
    by_name = model.predict({"b": np.ones((2, 3)), "a": np.ones((2, 4))})
    np.testing.assert_allclose(by_name[0], first)


def test_a_disconnected_graph_names_the_tensor_and_a_remedy():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    output = Dense(2, name="end")(merge([a, b], mode="sum", name="both"))
    with pytest.raises(GraphError) as error:
        Model(input=a, output=output)
    assert 'graph disconnected: "both" needs tensor "b" (None, 4)' in str(error.value)
    assert 'not among the inputs ["a"]' in str(error.value) and "Model(input=[a, b], output=end)" in str(error.value)


def test_two_layers_of_one_name_are_refused():
    a = Input((4,))
    with pytest.raises(GraphError, match='the name "same" is used by 2 layers'):
        Model(a, Dense(2, name="same")(Dense(3, name="same")(a)))


def test_the_same_input_twice_is_refused():
    a = Input((4,))
    with pytest.raises(GraphError, match="listed twice"):
        Model([a, a], Dense(2)(a))


def test_an_output_that_no_layer_made_is_refused_with_a_remedy():
    a = Input((4,))
    with pytest.raises(GraphError, match="Lambda"):
        Model(a, K.exp(a))


def test_get_layer_finds_by_name_and_by_index():
    model = two_branches()
    assert (
        model.get_layer("left") is model.layers[2] is model.get_layer(index=2)
        and model.get_layer(index=-1).name == "second"
    )


def test_get_layer_offers_a_close_name():
    with pytest.raises(UnknownNameError, match='no layer "lefd".*Did you mean "left"'):
        two_branches().get_layer("lefd")
    with pytest.raises(ArgumentError, match="7 layers, there is none at index 7"):
        two_branches().get_layer(index=7)


def test_weights_go_round_layer_by_layer():
    model = two_branches()
    assert [weight.name for weight in model.weights] == [
        f"{name}_{kind}" for name in ("left", "right", "first", "second") for kind in "Wb"
    ]
    weights = [array + 1 for array in model.get_weights()]
    model.set_weights(weights)
    assert all(map(np.array_equal, weights, model.get_weights()))
    assert model.count_params() == sum(array.size for array in weights)


def test_wrong_weights_change_nothing():
    model = two_branches()
    before = model.get_weights()
    with pytest.raises(WeightsError, match='"second_b" has shape \\(1,\\)'):
        model.set_weights([array + 1 for array in before[:-1]] + [np.ones(9)])
    with pytest.raises(WeightsError, match="needs 8 arrays, got 7"):
        model.set_weights(before[:-1])
    assert all(map(np.array_equal, before, model.get_weights()))


def test_a_shared_layer_counts_once():
    a, b, shared = Input((4,)), Input((4,)), Dense(2)
    model = Model([a, b], merge([shared(a), shared(b)], mode="concat"))
    assert model.layers.count(shared) == 1 and len(model.get_weights()) == 2 and model.count_params() == 10


def test_a_model_is_a_layer(backend):
    a = Input((4,))
    inner = Model(a, Dense(3, activation="relu")(a))
    b = Input((4,))
    outer = Model(b, Dense(2)(inner(b)))
    assert outer.layers[1] is inner and len(outer.get_weights()) == 4
    x = np.random.rand(5, 4)
    W, bias = outer.get_weights()[2:]
    np.testing.assert_allclose(outer.predict(x), inner.predict(x) @ W + bias, rtol=1e-5)


def test_a_model_called_twice_shares_its_weights(backend):
    a = Input((4,))
    inner = Model(a, Dense(3)(a))
    b, c = Input((4,)), Input((4,))
    outer = Model([b, c], merge([inner(b), inner(c)], mode="sum"))
    x = np.random.rand(5, 4)
    np.testing.assert_allclose(outer.predict([x, x]), 2 * inner.predict(x), rtol=1e-5)
    assert len(outer.get_weights()) == 2


def test_a_model_called_on_an_array_predicts(backend):
    model = Sequential([Dense(2, input_shape=(3,))])
    x = np.random.rand(4, 3)
    np.testing.assert_allclose(model(x), model.predict(x), rtol=1e-6)


def test_freezing_a_model_freezes_all_its_layers():
    model = two_branches()
    model.trainable = False
    assert model.trainable_weights == [] and len(model.non_trainable_weights) == 8
    model.trainable = True
    assert len(model.trainable_weights) == 8


def test_freezing_a_layer_keeps_the_order_of_get_weights():
    model = Sequential([Dense(2, input_shape=(3,)), BatchNormalization(), Dense(1)])
    before = [weight.name for weight in model._weights_by_layer]
    model.layers[1].trainable = model.layers[0].trainable = False
    assert [weight.name for weight in model._weights_by_layer] == before and len(model.trainable_weights) == 2


def test_updates_of_a_nested_model_belong_to_the_outer_one():
    inner = Sequential([Dense(2, input_shape=(3,)), BatchNormalization()])
    a = Input((3,))
    outer = Model(a, Dense(1)(inner(a)))
    assert len(outer.updates) == 2 and len(inner.updates) == 2
    assert not {id(value) for _, value in outer.updates} & {id(value) for _, value in inner.updates}


def test_updates_of_a_first_model_in_a_sequential_are_kept():
    inner = Sequential([Dense(2, input_shape=(3,)), BatchNormalization()])
    assert len(Sequential([inner, Dense(1)]).updates) == 2


def test_penalties_are_collected_once_also_from_shared_and_nested_layers():
    a, b = Input((4,)), Input((4,))
    shared = Dense(3, W_regularizer="l2")
    inner = Model(a, Dense(3, W_regularizer="l2")(shared(a)))
    outer = Model(b, Dense(3, W_regularizer="l2")(inner(b)))
    assert len(outer.losses) == 3 and len(inner.losses) == 2


def test_a_penalty_on_outputs_is_collected_for_each_call():
    a, b, shared = Input((4,)), Input((4,)), Dense(3, activity_regularizer="activity_l2")
    assert len(Model([a, b], merge([shared(a), shared(b)], mode="sum")).losses) == 2


def test_a_model_in_the_middle_of_a_graph_starts_at_any_layers_output(backend):
    a = Input((4,))
    middle = Dense(3)(a)
    output = Dense(2)(middle)
    whole, first, second = Model(a, output), Model(a, middle), Model(middle, output)
    x = np.random.rand(2, 4)
    np.testing.assert_allclose(second.predict(first.predict(x)), whole.predict(x), rtol=1e-5)


def test_the_learning_phase_is_known_to_matter():
    a = Input((4,))
    assert Model(a, Dropout(0.5)(a)).uses_learning_phase and not Model(a, Dense(2)(a)).uses_learning_phase


def test_source_inputs_are_found_through_the_graph():
    a, b = Input((4,)), Input((4,))
    assert get_source_inputs(Dense(2)(merge([a, b], mode="sum"))) == [a, b]


def test_a_wrong_call_of_a_model_names_the_layer_and_changes_nothing():
    a = Input((4,))
    model = Model(a, Dense(2)(a))
    with pytest.raises(ShapeError, match='Dense "dense_1": was built for 4 input features, got \\(None, 5\\)'):
        model(Input((5,)))
    assert len(model.inbound_nodes) == 1


def test_a_chain_of_a_thousand_layers_builds_and_goes_round():
    model = chain(1000)
    assert len(model.layers) == 1001 and K.int_shape(model.output) == (None, 3)
    assert len(Model.from_config(model.get_config()).layers) == 1001


def test_a_chain_of_a_thousand_layers_computes():
    model = chain(1000)
    np.testing.assert_allclose(model.predict(np.ones((2, 3))), np.ones((2, 3)))


def test_a_lambda_with_two_outputs_has_two_tensors():
    first, second = Lambda(lambda x: [x + 1, x * 2])(Input((3,)))
    assert first._keras_history[2] == 0 and second._keras_history[2] == 1 and K.int_shape(second) == (None, 3)


def test_a_model_takes_what_its_layers_take_whatever_it_was_made_for(backend):
    dense = Sequential([Dense(6, input_dim=4), Reshape((2, 3))])
    x = Input((1, 4))
    assert Model(x, dense(x)).predict(np.ones((2, 1, 4))).shape == (2, 2, 3)
    larger = Input((9, 9, 1))
    pictures = Sequential([Convolution2D(2, 3, 3, input_shape=(5, 5, 1))])
    assert Model(larger, pictures(larger)).output_shape == (None, 7, 7, 2)
