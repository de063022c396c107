"""What one layer is: its name, weights, nodes, and how it behaves when called on tensors, arrays or nonsense."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.node import mask_of
from kerasnb.engine.topology import InputSpec, Layer, Node
from kerasnb.errors import ArgumentError, GraphError, ShapeError, WeightsError
from kerasnb.layers import Activation, Dense, Dropout, Flatten, Input, Lambda, Masking


class Scale(Layer):
    """A layer as users write it: Keras 1.2's three methods."""

    def build(self, input_shape):
        self.factor = self.add_weight((input_shape[-1],), initializer="one", name=f"{self.name}_factor")
        self.built = True

    def call(self, x, mask=None):
        return x * self.factor


class Doubled(Layer):
    """A layer whose output shape only its author knows."""

    def call(self, x):
        return K.concatenate([x, x], axis=-1)

    def get_output_shape_for(self, input_shape):
        return (*input_shape[:-1], 2 * input_shape[-1])


class Failing(Layer):
    """A layer that makes weights, then fails."""

    def build(self, input_shape):
        self.W = self.add_weight((2, 2), initializer="one")

    def call(self, x, mask=None):
        raise RuntimeError("the user's own mistake")


def test_names_are_the_class_in_lower_case_and_a_number_from_one():
    assert [Dense(2).name, Dense(2).name, Activation("relu").name] == ["dense_1", "dense_2", "activation_1"]
    assert Input((3,))._keras_history[0].name == "input_1"


def test_clear_session_counts_names_from_one_again():
    Dense(2)
    K.clear_session()
    assert Dense(2).name == "dense_1"


def test_an_unknown_argument_is_refused_with_the_known_ones():
    with pytest.raises(TypeError, match="'units_'.*output_dim"):
        Dense(2, units_=3)


def test_weights_have_keras_names_and_shapes():
    layer = Dense(3)
    layer(Input((4,)))
    assert [(weight.name, tuple(weight.shape)) for weight in layer.weights] == [
        ("dense_1_W", (4, 3)),
        ("dense_1_b", (3,)),
    ]
    assert layer.count_params() == 15


def test_count_params_before_building_says_what_to_do():
    with pytest.raises(ShapeError, match='Dense "dense_1".*before it is built'):
        Dense(3).count_params()


def test_a_call_records_a_node_with_keras_attributes():
    a, layer = Input((4,)), Dense(3)
    b = layer(a)
    node = layer.inbound_nodes[0]
    assert isinstance(node, Node) and node.outbound_layer is layer
    assert node.input_tensors == [a] and node.output_tensors == [b]
    assert (node.input_shapes, node.output_shapes) == ([(None, 4)], [(None, 3)])
    assert a._keras_history[0].outbound_nodes == [node] and b._keras_history == (layer, 0, 0)


def test_tensors_are_equal_only_to_themselves():
    a, b = Input((4,)), Input((4,))
    assert a == a and a != b and [a, b].index(b) == 1 and {a: 1}[a] == 1


def test_a_shared_layer_has_a_node_for_each_call():
    a, b, layer = Input((4,)), Input((4,)), Dense(3)
    first, second = layer(a), layer(b)
    assert layer.get_output_at(0) is first and layer.get_output_at(1) is second
    assert (
        layer.get_input_at(1) is b
        and layer.get_input_shape_at(1) == (None, 4)
        and layer.get_output_shape_at(0) == (None, 3)
    )
    assert len(layer.weights) == 2


def test_a_shared_layer_has_no_one_output():
    layer = Dense(3)
    layer(Input((4,))), layer(Input((4,)))
    with pytest.raises(GraphError, match=r"called 2 times(.|\n)*get_output_at"):
        layer.output  # noqa: B018
    assert layer.output_shape == (None, 3)


def test_a_layer_called_on_other_shapes_has_no_one_input_shape():
    layer = Activation("relu")
    layer(Input((4,))), layer(Input((5,)))
    with pytest.raises(GraphError, match="different shapes"):
        layer.input_shape  # noqa: B018


def test_a_node_that_is_not_there_is_refused():
    layer = Dense(3)
    layer(Input((4,)))
    with pytest.raises(GraphError, match="no node 1"):
        layer.get_output_at(1)


def test_a_layer_never_called_has_no_output():
    with pytest.raises(GraphError, match='Dense "dense_1": has never been called'):
        Dense(3).output  # noqa: B018


def test_a_failed_call_leaves_the_layer_unbuilt():
    layer = Failing()
    with pytest.raises(RuntimeError, match="own mistake"):
        layer(Input((2,)))
    assert not layer.built and layer.weights == [] and layer.inbound_nodes == []


def test_a_layer_refused_for_its_input_fits_a_better_one_later():
    layer = Dense(3)
    with pytest.raises(ShapeError):
        layer(Input((None,)))
    assert not layer.built
    assert K.int_shape(layer(Input((4,)))) == (None, 3)


def test_an_input_of_the_wrong_rank_is_refused_by_name_with_a_remedy_and_the_users_line():
    layer = Flatten()
    with pytest.raises(ShapeError) as error:
        Dense(3, name="middle").assert_input_compatibility(Input(()))
    assert '"middle"' in str(error.value)
    with pytest.raises(ShapeError) as error:
        layer(Input((None, 3)))
    assert 'Flatten "flatten_1"' in str(error.value) and "test_layer.py" in str(error.value)


def test_an_error_inside_call_names_the_layer_and_the_users_line():
    def wrong(x):
        return K.reshape(x, (7, 3))

    with pytest.raises(ShapeError) as error:
        Lambda(wrong, name="wrong")(Input(batch_shape=(2, 5)))
    assert 'Lambda "wrong"' in str(error.value) and "cannot reshape" in str(error.value)
    assert "test_layer.py" in str(error.value)


def test_a_custom_layer_computes_with_its_own_weight(backend):
    layer = Scale()
    output = layer(Input((3,)))
    layer.set_weights([np.array([1.0, 2.0, 3.0])])
    found = K.function([layer.input], [output])([np.ones((2, 3))])[0]
    np.testing.assert_allclose(found, [[1, 2, 3], [1, 2, 3]])


def test_a_custom_layer_may_leave_the_mask_argument_out(backend):
    layer = Doubled()
    output = layer(Input((2,)))
    assert K.int_shape(output) == (None, 4)
    np.testing.assert_allclose(K.function([layer.input], [output])([[[1, 2]]])[0], [[1, 2, 1, 2]])


def test_the_shape_of_a_custom_layer_is_read_off_its_call():
    layer = Lambda(lambda x: K.sum(x, axis=1))
    assert K.int_shape(layer(Input((5, 3)))) == (None, 3)


def test_the_output_shape_for_another_input_shape_needs_no_building():
    layer = Scale()
    assert layer.get_output_shape_for((None, 7)) == (None, 7) and not layer.built


def test_native_code_in_a_custom_layer_just_works(backend):
    class Native(Layer):
        def call(self, x, mask=None):
            if K.backend() == "tensorflow":
                import tensorflow as tf

                return tf.reduce_sum(tf.square(x), axis=-1, keepdims=True)
            import pytensor.tensor as pt

            return pt.sum(pt.sqr(x), axis=-1, keepdims=True)

    layer = Native()
    output = layer(Input((3,)))
    assert K.int_shape(output) == (None, 1)
    np.testing.assert_allclose(K.function([layer.input], [output])([[[1, 2, 3]]])[0], [[14]])


def test_native_code_for_the_other_backend_is_refused_by_name():
    def other(x):
        import pytensor.tensor as pt

        return pt.exp(x)

    before = K.backend()
    K.use("tensorflow")
    try:
        with pytest.raises(ValueError, match=r'Lambda "lambda_1".*pytensor'):
            Lambda(other)(Input((3,)))
    finally:
        K.use(before)


def test_a_layer_called_on_an_array_gives_an_array(backend):
    layer = Dense(2, init="one")
    np.testing.assert_allclose(layer(np.ones((4, 3))), np.full((4, 2), 3))
    np.testing.assert_allclose(layer(np.ones((1, 3), "int64")), [[3, 3]])


def test_native_code_called_on_an_array_gives_an_array(backend):
    def square(x):
        if K.backend() == "tensorflow":
            import tensorflow as tf

            return tf.square(x)
        import pytensor.tensor as pt

        return pt.sqr(x)

    np.testing.assert_allclose(Lambda(square)(np.array([[3.0]])), [[9]])


def test_an_array_that_does_not_fit_leaves_the_layer_unbuilt():
    layer = Dense(2)
    with pytest.raises(ShapeError, match='Dense "dense_1"'):
        layer(np.ones(3))
    assert not layer.built and layer.inbound_nodes == []


def test_dropout_called_on_an_array_tests(backend):
    np.testing.assert_allclose(Dropout(0.5)(np.ones((2, 3))), np.ones((2, 3)))


def test_set_weights_changes_all_or_nothing():
    layer = Dense(2)
    layer(Input((3,)))
    before = layer.get_weights()
    with pytest.raises(WeightsError, match=r'"dense_1_b" has shape \(2,\), got an array of \(5,\)'):
        layer.set_weights([np.ones((3, 2)), np.ones(5)])
    with pytest.raises(WeightsError, match='needs 2 arrays, got 1; the first missing is "dense_1_b"'):
        layer.set_weights([np.ones((3, 2))])
    assert all(map(np.array_equal, before, layer.get_weights()))


def test_initial_weights_are_set_when_the_layer_is_built():
    layer = Dense(2, weights=[np.full((3, 2), 7.0), np.zeros(2)])
    layer(Input((3,)))
    assert layer.get_weights()[0].min() == 7


def test_wrong_initial_weights_are_refused_at_the_call():
    with pytest.raises(WeightsError, match='Dense "dense_1"'):
        Dense(2, weights=[np.ones((5, 5)), np.zeros(2)])(Input((3,)))


def test_freezing_moves_the_weights_to_the_untrained_ones():
    layer = Dense(2)
    layer(Input((3,)))
    layer.trainable = False
    assert layer.trainable_weights == [] and len(layer.non_trainable_weights) == 2 and len(layer.weights) == 2


def test_a_config_makes_the_same_layer_again():
    layer = Dense(3, activation="relu", W_regularizer="l2", input_shape=(4,), name="one")
    again = Dense.from_config(layer.get_config())
    assert again.get_config() == layer.get_config() and again.name == "one" and again.batch_input_shape == (None, 4)


def test_add_weight_takes_the_later_order_too():
    class Later(Layer):
        def build(self, input_shape):
            self.kernel = self.add_weight(
                name="kernel", shape=(input_shape[-1],), initializer="uniform", trainable=False
            )
            super().build(input_shape)

        def call(self, inputs):
            return inputs + self.kernel

        def compute_output_shape(self, input_shape):
            return input_shape

    layer = Later()
    assert K.int_shape(layer(Input((3,)))) == (None, 3)
    assert layer.trainable_weights == [] and layer.non_trainable_weights[0].name == "kernel"


def test_an_input_spec_refuses_another_number_of_inputs_and_another_size():
    layer = Dense(2)
    layer(Input((3,)))
    with pytest.raises(ShapeError, match='Dense "dense_1": needs 1 inputs, got 2'):
        layer([Input((3,)), Input((3,))])
    layer.input_spec = [InputSpec(shape=(None, 3))]
    with pytest.raises(ShapeError, match="axis 1 is 4 instead of 3"):
        layer(Input((4,)))


def test_input_needs_a_shape_and_says_how():
    with pytest.raises(ArgumentError, match="Input\\(shape="):
        Input()
    with pytest.raises(ArgumentError, match=r"input_shape=\(4,\)"):
        Dense(2, input_shape=4)


def test_an_input_spec_takes_keras_2s_words():
    layer = Activation("linear")
    layer.input_spec = InputSpec(min_ndim=3, max_ndim=4, axes={-1: 2})
    assert K.int_shape(layer(Input((5, 2)))) == (None, 5, 2)
    for shape, message in (((2,), "needs 3 axes or more"), ((1, 1, 1, 2), "4 axes at most"), ((5, 3), "size of 2")):
        with pytest.raises(ShapeError, match=message):
            layer(Input(shape))


def test_a_layer_of_several_outputs_may_give_fewer_masks():
    class Twice(Layer):
        supports_masking = True

        def call(self, x, mask=None):
            return [x, x * 2, x * 3]

        def compute_mask(self, x, mask=None):
            return [mask, None]

    outputs = Twice()(Masking()(Input((4, 3))))
    assert [mask_of(one) is None for one in outputs] == [False, True, True]
