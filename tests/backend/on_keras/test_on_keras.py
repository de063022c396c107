"""K on Keras 3's symbolic tensors and variables: the functions that Keras 3 has no more."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerasnb import backend as K
from kerasnb.errors import DataError, GraphError

X = np.random.RandomState(0).rand(4, 3).astype("float32")


@pytest.fixture(scope="module")
def model():
    x = keras.Input((3,))
    hidden = keras.layers.Dense(5, activation="tanh", name="hidden")(x)
    dropped = keras.layers.Dropout(0.5, name="drop")(hidden)
    return keras.Model(x, keras.layers.Dense(2, name="end")(dropped))


def test_a_function_gives_the_output_of_a_layer_in_each_phase(model):
    function = K.function([model.input, K.learning_phase()], [model.get_layer("hidden").output, model.layers[2].output])
    hidden, tested = function([X, 0])
    np.testing.assert_allclose(hidden, model.get_layer("hidden")(X), atol=1e-6)
    np.testing.assert_array_equal(tested, hidden)
    trained = function([X, 1])[1]
    assert set(np.unique(np.round(trained / hidden, 4))) == {0.0, 2.0}


def test_a_function_begins_at_an_inner_tensor_as_well(model):
    end = K.function([model.get_layer("drop").output], [model.output])
    hidden = np.ones((2, 5), "float32")
    np.testing.assert_allclose(end([hidden])[0], model.get_layer("end")(hidden), atol=1e-6)


def test_new_weights_are_seen(model):
    function = K.function([model.input], [model.output])
    before = function([X])[0]
    bias = model.get_layer("end").bias
    K.set_value(bias, K.get_value(bias) + 1)
    np.testing.assert_allclose(function([X])[0], before + 1, atol=1e-6)


def test_gradients_by_input_by_an_inner_tensor_and_by_a_weight_are_those_of_a_tape(model):
    kernel, hidden = model.get_layer("hidden").kernel, model.get_layer("hidden")
    loss = keras.ops.mean(keras.ops.square(model.output))
    wanted = K.gradients(loss, [model.input, hidden.output, kernel])
    found = K.function([model.input, K.learning_phase()], wanted)([X, 0])
    with tf.GradientTape() as tape:
        x = tf.constant(X)
        tape.watch(x)
        inner = hidden(x)
        tape.watch(inner)
        score = tf.reduce_mean(tf.square(model.get_layer("end")(inner)))
    for one, own in zip(found, tape.gradient(score, [x, inner, kernel.value]), strict=True):
        np.testing.assert_allclose(one, own, atol=1e-6)


def test_shapes_types_and_values_are_told(model):
    hidden = model.get_layer("hidden")
    assert (K.int_shape(hidden.output), K.ndim(hidden.output), K.dtype(hidden.output)) == ((None, 5), 2, "float32")
    np.testing.assert_array_equal(K.get_value(hidden.kernel), hidden.get_weights()[0])
    np.testing.assert_array_equal(K.eval(hidden.bias), np.zeros(5))


def test_what_keras_cannot_run_is_refused(model):
    own = K.placeholder((None, 3))
    with pytest.raises(GraphError, match="takes symbolic tensors of Keras"):
        K.function([own], [model.output])
    with pytest.raises(GraphError, match=r"Write the loss with keras\.ops"):
        K.gradients([model.output, K.sum(own)], model.input)
    with pytest.raises(DataError, match="takes 2 inputs, got 1"):
        K.function([model.input, K.learning_phase()], [model.output])([X])


def test_to_look_at_many_layers_brings_no_warning_of_tensorflow(caplog):
    net = keras.Sequential([keras.Input((3,)), *[keras.layers.Dense(3) for _ in range(7)]])
    with caplog.at_level("WARNING", logger="tensorflow"):
        for layer in net.layers:
            K.function([*net.inputs, K.learning_phase()], [layer.output])([np.ones((2, 3)), 0])
    assert caplog.messages == []
