"""What is special about merging."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError, GraphError, ShapeError, UnknownNameError
from kerasnb.layers import LSTM, Add, Dense, Input, Lambda, Masking, Merge, add, concatenate, merge
from kerasnb.models import Model, Sequential


def test_inputs_of_different_shapes_are_refused_by_name():
    x = Input((5,))
    with pytest.raises(ShapeError) as caught:
        merge([Dense(3, name="a")(x), Dense(4, name="b")(x)], mode="sum", name="m")
    assert str(caught.value).startswith(
        'Merge "m": mode "sum" needs inputs of one shape, got "a" (None, 3) and "b" (None, 4).'
    )
    assert caught.value.arguments == ("mode",)


def test_concat_refuses_axes_that_differ():
    with pytest.raises(ShapeError, match='mode "concat" needs inputs that agree on every axis but 1'):
        merge([Input((2, 3)), Input((2, 4))], mode="concat", concat_axis=1)


def test_dot_needs_two_inputs_that_fit():
    with pytest.raises(ShapeError, match="needs two inputs, got 3"):
        merge([Input((2,))] * 3, mode="dot")
    with pytest.raises(ShapeError, match="3 and 4 differ"):
        merge([Input((3,)), Input((4,))], mode="dot")


def test_an_unknown_mode_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "sum"'):
        Merge(mode="smu")


def test_one_input_is_not_enough():
    with pytest.raises(ShapeError, match="needs a list of two tensors"):
        merge([Input((2,))])
    with pytest.raises(ArgumentError, match="needs two layers or more"):
        Merge([Dense(2, input_shape=(3,))])


def test_a_merge_can_be_used_once_and_an_add_often():
    layer, other = Merge(mode="sum"), Add()
    x, y = Input((2,)), Input((2,))
    layer([x, y])
    with pytest.raises(GraphError, match="can be used only once"):
        layer([x, y])
    other([x, y])
    assert other([y, x]).shape == (None, 2)


def test_a_layer_that_was_never_called_cannot_be_merged():
    with pytest.raises(GraphError, match="has never been called"):
        Merge([Dense(2), Dense(2)])


def test_models_can_start_a_sequential_merged(backend):
    left, right = (Sequential([Dense(2, input_shape=(3,))]) for _ in range(2))
    model = Sequential([Merge([left, right], mode="concat"), Dense(1)])
    assert model.output_shape == (None, 1) and len(model.inputs) == 2
    assert model.predict([np.ones((4, 3)), np.ones((4, 3))]).shape == (4, 1)


@pytest.mark.parametrize(("mode", "expected"), [("sum", [[0, 0, 1]]), ("concat", [[0, 0, 1]])])
def test_masks_are_combined_by_and(mode, expected, backend):
    x, y = Input((3, 2)), Input((3, 2))
    output = merge([Masking()(x), Masking()(y)], mode=mode)
    arrays = [np.array([[[0, 0], [1, 1], [1, 1]]]), np.array([[[1, 1], [0, 0], [1, 1]]])]
    mask = K.function([x, y], [output._keras_history[0].output_mask])(arrays)[0]
    assert mask.tolist() == expected


def test_an_input_without_a_mask_counts_as_unmasked(backend):
    x, y = Input((3, 2)), Input((4, 2))
    output = merge([Masking()(x), y], mode="concat", concat_axis=1)
    mask = K.function([x, y], [output._keras_history[0].output_mask])([np.zeros((1, 3, 2)), np.ones((1, 4, 2))])[0]
    assert mask.tolist() == [[0, 0, 0, 1, 1, 1, 1]]


def test_max_refuses_a_mask_as_in_keras_1():
    x = Masking()(Input((3, 2)))
    with pytest.raises(ShapeError, match='mode "max" does not support masking'):
        merge([x, x], mode="max")


def test_a_function_merges_and_is_kept_in_the_config():
    layer = Merge(mode=lambda pair: pair[0] * pair[1], output_shape=(2,), output_mask=lambda masks: None)
    assert layer([Input((2,)), Input((2,))]).shape == (None, 2)
    copy = Merge.from_config(layer.get_config())
    assert copy([Input((2,)), Input((2,))]).shape == (None, 2)


def test_later_functions_merge_tensors(backend):
    x, y = Input((2,)), Input((2,))
    values = K.function([x, y], [add([x, y]), concatenate([x, y])])([[[1, 2]], [[3, 4]]])
    assert values[0].tolist() == [[4, 6]] and values[1].tolist() == [[1, 2, 3, 4]]


def test_a_shared_layer_merged_with_itself_trains(backend):
    shared, x, y = LSTM(2), Input((3, 2)), Input((3, 2))
    model = Model(input=[x, y], output=Dense(1)(merge([shared(x), shared(y)], mode="concat")))
    model.compile("sgd", "mse")
    assert np.isfinite(model.train_on_batch([np.ones((2, 3, 2))] * 2, np.ones((2, 1))))


def test_a_function_of_two_inputs_works_inside_a_nested_model(backend):
    a, b = Input((2,)), Input((2,))
    inner = Model([a, b], [Lambda(lambda pair: pair[0] - pair[1])([a, b])])
    c, d = Input((2,)), Input((2,))
    model = Model([c, d], inner([c, d]))
    assert model.predict([np.ones((1, 2)), np.full((1, 2), 3.0)]).tolist() == [[-2, -2]]
