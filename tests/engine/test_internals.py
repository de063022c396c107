"""What programs reach into: Keras 1.2's attributes of nodes, graphs and layers, and their later names."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import engine
from kerasnb.engine.topology import Layer, Node
from kerasnb.errors import ArgumentError, GraphError, KindError, NodeError, UnbuiltError
from kerasnb.layers import Dense, Dropout, Input, InputLayer, Masking, merge
from kerasnb.models import Model, Sequential


def branched():
    a, b = Input((4,), name="a"), Input((4,), name="b")
    shared = Dense(3, name="shared")
    both = merge([shared(a), shared(b)], mode="concat", name="both")
    return Model([a, b], [Dense(2, name="end")(both), both], name="whole")


class Scale(Layer):
    """A layer with an argument of its own and no get_config, as old programs write them."""

    def __init__(self, factor, **kwargs):
        self.factor = factor
        super().__init__(**kwargs)

    def build(self, input_shape):
        self.W = self.add_weight((input_shape[-1],), initializer="one", name=f"{self.name}_W")

    def call(self, x, mask=None):
        return self.factor * x * self.W


def test_engine_gives_keras_names_and_their_later_paths():
    from kerasnb.engine import base_layer, input_layer, topology, training

    assert engine.Layer is topology.Layer is base_layer.Layer and engine.Model is training.Model is Model
    assert engine.Input is input_layer.Input and engine.merge is topology.merge
    assert {"Node", "InputSpec", "InputLayer", "Merge", "Container", "get_source_inputs"} <= set(engine.__all__)


def test_a_graph_says_which_nodes_and_tensors_its_ends_are():
    model = branched()
    assert (model.input_layers_node_indices, model.input_layers_tensor_indices) == ([0, 0], [0, 0])
    assert (model.output_layers_node_indices, model.output_layers_tensor_indices) == ([0, 0], [0, 0])
    assert model.internal_input_shapes == [(None, 4), (None, 4)]
    assert model.internal_output_shapes == [(None, 2), (None, 6)]
    assert "shared_ib-1" in model.container_nodes
    inner = model([Input((4,)), Input((4,))])
    assert inner[1]._keras_history == (model, 1, 1) and model.get_output_at(1) == inner


def test_a_graph_runs_anew_on_other_tensors_and_gives_masks_and_shapes():
    model = branched()
    tensors, masks, shapes = model.run_internal_graph([K.placeholder((5, 4)), K.placeholder((5, 4))])
    assert shapes == [(5, 2), (5, 6)] == [K.int_shape(tensor) for tensor in tensors] and masks == [None, None]
    assert model.get_output_shape_for([(7, 4), (7, 4)]) == [(7, 2), (7, 6)]
    assert model.compute_mask(model.inputs, [None, None]) == [None, None]


def test_a_node_can_be_made_by_hand():
    a = Input((4,))
    dense = Dense(3)
    dense.build((None, 4))
    node = Node.create_node(dense, [a._keras_history[0]])
    assert dense.inbound_nodes == [node] == a._keras_history[0].outbound_nodes
    assert node.output_tensors[0]._keras_history == (dense, 0, 0) and node.output_shapes == [(None, 3)]
    assert node.get_config()["inbound_layers"] == ["input_1"]


def test_nodes_have_their_later_names_too():
    model = Sequential([Dense(3, input_dim=2), Dense(1)])
    assert model.layers[0]._outbound_nodes == model.layers[1]._inbound_nodes == model.layers[1].inbound_nodes
    model.layers[1]._outbound_nodes = []
    assert model.layers[1].outbound_nodes == []


class Around(Layer):
    """A layer around a model, in the way of Keras 2: its attributes are the model's, its calls it records itself."""

    def __init__(self, model, **kwargs):
        self.model = model
        self.input_spec = "given before"
        super().__init__(**kwargs)

    @property
    def constraints(self):
        return self.model.constraints

    @property
    def trainable_weights(self):
        return self.model.trainable_weights

    def __call__(self, x):
        del x._keras_shape
        assert self._initial_weights is None
        output = self.model.call(x)
        self._add_inbound_node(x, output, None, None, K.int_shape(x), K.int_shape(output), arguments={"by": "hand"})
        return output


def test_a_layer_may_compute_its_attributes_and_record_its_own_calls(backend):
    inner = Model(x := Input((2,)), Dense(1, init="one", bias=False, W_constraint="nonneg")(x))
    layer = Around(inner)
    assert layer.input_spec == "given before" and len(layer.constraints) == 1
    model = Model(x := Input((2,)), Dense(1, init="one", bias=False)(layer(x)))
    assert layer.inbound_nodes[0].arguments == {"by": "hand"} and len(model.trainable_weights) == 2
    assert model.predict(np.array([[2.0, 3.0]])).tolist() == [[5.0]]


def test_a_layer_that_gives_a_tensor_without_inputs_is_no_lost_input(backend):
    layer, constant = Layer(name="constant"), K.variable([2.0])
    Node(layer, [], [], [], [], [constant], [None], [None], [], [(1,)])
    constant._keras_history = (layer, 0, 0)
    model = Model(x := Input((3,)), merge([x, constant], mode=lambda xs: xs[0] * xs[1], output_shape=(3,)))
    assert model.predict(np.ones((1, 3))).tolist() == [[2.0, 2.0, 2.0]]


def test_what_a_layer_does_not_have_is_no_attribute():
    unused, shared = Dense(3), Dense(3)
    shared(Input((2,))), shared(Input((2,)))
    assert not hasattr(unused, "output") and not hasattr(unused, "input_shape") and not hasattr(shared, "output")
    assert shared.input_shape == (None, 2)
    with pytest.raises(NodeError) as error:
        unused.output_shape  # noqa: B018
    assert isinstance(error.value, AttributeError) and isinstance(error.value, RuntimeError)
    with pytest.raises(RuntimeError, match="never been called"):
        unused.get_output_at(0)
    with pytest.raises(ValueError, match="no node 2"):
        shared.get_output_at(2)


def test_errors_are_of_the_classes_that_keras_raises():
    a, b = Input((2,)), Input((2,))
    with pytest.raises(RuntimeError, match="graph disconnected"):
        Model(a, Dense(2)(b))
    with pytest.raises(RuntimeError, match="the name"):
        Model(a, Dense(2, name="x")(Dense(2, name="x")(a)))
    with pytest.raises(RuntimeError, match="before it is built"):
        Dense(2).count_params()
    with pytest.raises(TypeError, match="add needs a layer"):
        Sequential().add(Dense)
    with pytest.raises(TypeError, match="no layer to pop"):
        Sequential().pop()
    assert issubclass(UnbuiltError, ValueError) and issubclass(KindError, ArgumentError)


def test_a_model_that_cannot_be_says_on_which_line():
    a, b = Input((2,)), Input((2,))
    with pytest.raises(GraphError, match=f"At {__file__}:"):
        Model(a, Dense(2)(b))
    with pytest.raises(GraphError, match="needs one output or more, got none"):
        Model(a, [])


def test_a_list_that_the_program_changes_later_is_not_the_models():
    a = Input((2,))
    inputs = [a]
    model = Model(inputs, Dense(2)(a))
    inputs.append(Input((2,)))
    assert model.inputs == [a]


def test_layers_taken_from_the_list_are_gone_after_the_next_add_or_compile(backend):
    model = Sequential([Dense(4, input_dim=3), Dense(5), Dense(6)])
    model.layers.pop()
    model.outputs = [model.layers[-1].output]
    model.layers[-1].outbound_nodes = []
    model.compile("sgd", "mse")
    assert model.predict(np.ones((2, 3))).shape == (2, 5)
    model.add(Dense(2))
    model.compile("sgd", "mse")
    model.train_on_batch(np.ones((2, 3)), np.ones((2, 2)))
    model.pop()
    assert model.output_shape == (None, 5) and len(model.get_weights()) == 4


def test_a_loss_or_update_of_the_model_itself_counts_also_inside_another(backend):
    a = Input((2,))
    inner = Model(a, Dense(2, init="identity")(a))
    seen = K.variable(0.0)
    inner.add_loss(K.sum(K.square(inner.trainable_weights[0])))
    inner.add_update([(seen, seen + 1)])
    b = Input((2,))
    outer = Model(b, inner(b))
    outer.compile("sgd", "mse")
    x = np.ones((3, 2))
    assert outer.evaluate(x, x, verbose=0) == pytest.approx(2)
    outer.train_on_batch(x, x)
    assert K.get_value(seen) == 1 and len(outer.losses) == 1


def test_any_layer_takes_input_dim_weights_and_a_batch_size():
    layer = Scale(2.0, input_dim=3, weights=[np.arange(3.0)])
    np.testing.assert_array_equal(Sequential([layer]).predict(np.ones((1, 3))), [[0, 2, 4]])
    assert Scale(1.0, input_shape=(3,), batch_size=4).batch_input_shape == (4, 3)
    assert Input((3,), batch_size=4).shape == Input(shape=(3,), batch_size=4).shape == (4, 3)
    assert InputLayer(input_shape=(3,), batch_size=4).batch_input_shape == (4, 3)
    with pytest.raises(TypeError, match="no argument 'input_dims'"):
        Scale(1.0, input_dims=3)


def test_a_layer_without_a_config_says_its_output_shape_and_stays_unbuilt():
    layer = Scale(2.0)
    assert layer.get_output_shape_for((None, 3)) == (None, 3) == layer.compute_output_shape((None, 3))
    assert not layer.built and layer.weights == [] and layer.losses == []


@pytest.mark.parametrize(
    "arguments, named",
    [
        (((2, 3), "one"), {}),
        (((2, 3), "one", "kernel"), {}),
        (("kernel", (2, 3)), {"initializer": "ones"}),
        (("kernel", (2, 3), None, "ones"), {}),
        (("kernel", (2, 3), "float32", "ones"), {}),
        ((), {"name": "kernel", "shape": (2, 3), "initializer": "one", "dtype": "float32"}),
        ((), {"shape": (2, 3)}),
    ],
)
def test_add_weight_takes_either_order(arguments, named):
    layer = Layer()
    weight = layer.add_weight(*arguments, **named)
    assert weight.shape == (2, 3) and layer.trainable_weights == [weight]
    if len(arguments) + len(named) > 1:
        np.testing.assert_array_equal(K.get_value(weight), 1)


def test_add_weight_refuses_another_dtype_by_name():
    with pytest.raises(ArgumentError, match="dtype 'int32'"):
        Layer(name="mine").add_weight("kernel", (2, 3), dtype="int32", initializer="ones")


def test_a_weight_knows_its_constraint():
    layer = Layer()
    weight = layer.add_weight((2,), "one", constraint="nonneg")
    assert layer.constraints == {weight: weight.constraint} and type(weight.constraint).__name__ == "NonNeg"


def test_a_model_with_dropout_called_again_still_depends_on_the_phase():
    a = Input((4,))
    model = Model(a, [Dense(2)(a), Dropout(0.5)(a)])
    assert [tensor._uses_learning_phase for tensor in model(Input((4,)))] == [True, True] and model.uses_learning_phase


def test_masks_and_shapes_of_tensors_are_found_by_keras_2_s_inner_helpers():
    from kerasnb.engine.base_layer import _collect_input_shape, _collect_previous_mask

    x, hidden = Input((4, 2)), Masking()(Input((4, 2)))
    assert _collect_previous_mask(x) is None and _collect_previous_mask(K.zeros((2,))) is None
    first, second = _collect_previous_mask([x, hidden])
    assert first is None and tuple(second.shape) == (None, 4)
    assert _collect_input_shape([x, hidden]) == [(None, 4, 2)] * 2
