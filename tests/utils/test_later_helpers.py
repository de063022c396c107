"""Helpers of Keras 2's utils, and what registries read and write."""

import numpy as np
import pytest

from kerasnb import activations, constraints, initializers, losses, metrics, regularizers
from kerasnb.errors import ArgumentError, ShapeError, UnknownNameError
from kerasnb.layers import Convolution2D, Dense, Flatten, Input, Lambda, MaxPooling2D
from kerasnb.models import Model, Sequential, clone_model
from kerasnb.utils import multi_gpu_model
from kerasnb.utils.conv_utils import deconv_length, normalize_data_format, normalize_padding, normalize_tuple
from kerasnb.utils.generic_utils import (
    check_for_unexpected_keys,
    deserialize_keras_object,
    has_arg,
    is_all_none,
    serialize_keras_object,
    slice_arrays,
    to_list,
    transpose_shape,
    unpack_singleton,
)
from kerasnb.utils.layer_utils import convert_dense_weights_data_format, count_params

NAMED = {activations: "relu", losses: "mean_squared_error", metrics: "mean_squared_error"}
CONFIGURED = {
    constraints: constraints.maxnorm(3),
    regularizers: regularizers.l1(0.1),
    initializers: initializers.RandomNormal(stddev=0.3),
}


@pytest.mark.parametrize("module", NAMED, ids=lambda module: module.__name__)
def test_registries_of_functions_write_names(module):
    function = module.get(NAMED[module])
    assert module.serialize(function) == NAMED[module] and module.deserialize(NAMED[module]) is function
    assert module.deserialize("mine", custom_objects={"mine": sum}) is sum and module.deserialize(None) is None
    with pytest.raises(UnknownNameError):
        module.get("serialize")


@pytest.mark.parametrize("module", CONFIGURED, ids=lambda module: module.__name__)
def test_registries_of_objects_write_class_and_config(module):
    config = module.serialize(CONFIGURED[module])
    assert module.deserialize(config).get_config() == CONFIGURED[module].get_config()


def test_objects_of_a_program_are_read_from_its_own_registry():
    config = serialize_keras_object(Dense(3, name="d"))
    assert deserialize_keras_object(config, {"Dense": Dense}).output_dim == 3
    assert deserialize_keras_object(None) is None and serialize_keras_object(len) == "len"
    with pytest.raises(UnknownNameError, match="thing"):
        deserialize_keras_object("nope", {}, printable_module_name="thing")
    with pytest.raises(ArgumentError, match="neither get_config nor a name"):
        serialize_keras_object(3)


def test_arguments_are_looked_for_by_name():
    def function(a, *args, b=1, **kwargs):
        pass

    assert has_arg(function, "b") and not has_arg(function, "c") and has_arg(function, "c", accept_all=True)


def test_lists_and_shapes_are_brought_into_form():
    assert to_list(1) == [1] and to_list((1, 2)) == [(1, 2)] and to_list((1, 2), allow_tuple=True) == [1, 2]
    assert unpack_singleton([3]) == 3 and unpack_singleton([1, 2]) == [1, 2]
    assert is_all_none([None, None]) and not is_all_none((None, 1))
    x = np.arange(4)
    assert [part.tolist() for part in slice_arrays([x, x], 1, 3)] == [[1, 2]] * 2 and slice_arrays(None) == [None]
    assert slice_arrays(x, [3, 0]).tolist() == [3, 0]
    assert transpose_shape((None, 8, 9, 3), "channels_first", (1, 2)) == (None, 3, 8, 9)
    assert transpose_shape((None, 8, 3), "channels_last", (1,)) == (None, 8, 3)
    with pytest.raises(ArgumentError, match=r"unexpected keys: \['b'\]"):
        check_for_unexpected_keys("mine", {"a": 1, "b": 2}, ["a"])


def test_sizes_of_windows_are_whole_numbers():
    assert normalize_tuple(3, 2, "kernel_size") == (3, 3) and normalize_tuple([1, 2], 2, "strides") == (1, 2)
    for wrong in ((1,), 1.5, "12"):
        with pytest.raises(ArgumentError, match="strides must be a whole number or 2 of them"):
            normalize_tuple(wrong, 2, "strides")
    assert normalize_padding("SAME") == "same" and normalize_data_format("channels_first") == "channels_first"
    with pytest.raises(UnknownNameError, match="padding"):
        normalize_padding("reflect")


def test_the_length_of_a_transposed_convolution():
    assert [deconv_length(4, 2, 3, padding) for padding in ("valid", "same", "full")] == [9, 8, 5]
    assert deconv_length(4, 2, 3, "same", output_padding=1) == 8 and deconv_length(None, 2, 3, "same") is None


def pictures_net(order):
    shape = (3, 8, 10) if order == "th" else (8, 10, 3)
    kernel = {"dim_ordering": order}
    return Sequential(
        [Convolution2D(4, 3, 3, input_shape=shape, **kernel), MaxPooling2D(**kernel), Flatten(), Dense(5)]
    )


@pytest.mark.parametrize("shape", [(4, 3, 4), (3, 4, 4)], ids=["as it was", "as it becomes"])
def test_a_channels_first_net_becomes_a_channels_last_one(backend, shape):
    th, tf = pictures_net("th"), pictures_net("tf")
    kernel, bias = th.layers[0].get_weights()
    tf.layers[0].set_weights([kernel.transpose(2, 3, 1, 0), bias])
    tf.layers[3].set_weights(th.layers[3].get_weights())
    convert_dense_weights_data_format(tf.layers[3], shape, "channels_last")
    x = np.random.RandomState(0).rand(2, 3, 8, 10)
    np.testing.assert_allclose(th.predict(x), tf.predict(x.transpose(0, 2, 3, 1)), atol=1e-5)
    with pytest.raises(ShapeError, match="has 48 inputs"):
        convert_dense_weights_data_format(tf.layers[3], (4, 4, 4), "channels_last")


def test_weights_are_counted_once():
    layer = Dense(3, input_shape=(2,))
    Sequential([layer])
    assert count_params(layer.weights + layer.weights) == 9


def test_a_clone_has_the_same_layers_and_weights_of_its_own():
    x = Input((3,))
    model = Model(x, Lambda(lambda y: 2 * y)(Dense(2)(x)))
    clone = clone_model(model)
    assert [type(layer) for layer in clone.layers] == [type(layer) for layer in model.layers]
    assert clone.layers[1].W is not model.layers[1].W
    start = Input((3,))
    assert clone_model(Sequential([Dense(2, input_shape=(3,))]), input_tensors=start).inputs == [start]


def test_several_graphics_cards_are_refused_in_words():
    with pytest.raises(ArgumentError, match="trains on one device"):
        multi_gpu_model(None, gpus=2)
