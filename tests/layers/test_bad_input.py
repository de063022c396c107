"""Mistakes in layers: each error names the layer, says what was expected and what came, and what to do."""

import numpy as np
import pytest

from kerasnb import activations, constraints, initializations, regularizers
from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import (
    ArgumentError,
    KerasnbError,
    ShapeError,
    StatefulError,
    UnknownNameError,
    WeightsError,
)


def i(*shape, **options):
    """An input of this shape (without the batch)."""
    return L.Input(shape, **options)


def twice(layer, one, other):
    """The layer called on two inputs."""
    layer(one)
    return layer(other)


def given_weights(layer, x, arrays):
    layer(x)
    layer.set_weights(arrays)


# what is called, and how its input should have been
WRONG_NUMBERS_OF_AXES = [
    (lambda: L.Dense(3), (), "needs 2 axes or more, got (None,)"),
    (lambda: L.Flatten(), (3,), "needs 3 axes or more, got (None, 3)"),
    (lambda: L.RepeatVector(3), (3, 4), "needs input (batch, features), got (None, 3, 4)"),
    (lambda: L.MaxoutDense(2), (5, 5), "(batch, features)"),
    (lambda: L.Highway(), (5, 5), "(batch, features)"),
    (lambda: L.TimeDistributed(L.Dense(2)), (5,), "needs 3 axes or more"),
    (lambda: L.ConvLSTM2D(2, 2, 2), (5, 5, 1), "got (None, 5, 5, 1)"),
    *[
        (make, (5,), "needs input (batch, time, features), got (None, 5)")
        for make in (
            lambda: L.Permute((2, 1)),
            lambda: L.Convolution1D(2, 2),
            lambda: L.AtrousConvolution1D(2, 2),
            lambda: L.SeparableConv1D(2, 2),
            lambda: L.MaxPooling1D(),
            lambda: L.AveragePooling1D(),
            lambda: L.GlobalMaxPooling1D(),
            lambda: L.GlobalAveragePooling1D(),
            lambda: L.ZeroPadding1D(),
            lambda: L.Cropping1D(),
            lambda: L.UpSampling1D(),
            lambda: L.LocallyConnected1D(2, 2),
            lambda: L.SimpleRNN(2),
            lambda: L.GRU(2),
            lambda: L.LSTM(2),
            lambda: L.Bidirectional(L.LSTM(2)),
            lambda: L.SpatialDropout1D(0.5),
            lambda: L.TimeDistributedDense(2),
        )
    ],
    *[
        (make, (5, 5), "needs input (batch, rows, cols, features), got (None, 5, 5)")
        for make in (
            lambda: L.Convolution2D(2, 2, 2),
            lambda: L.AtrousConvolution2D(2, 2, 2),
            lambda: L.SeparableConvolution2D(2, 2, 2),
            lambda: L.DepthwiseConv2D(2),
            lambda: L.Deconvolution2D(2, 3, 3, (None, 7, 7, 2)),
            lambda: L.LocallyConnected2D(2, 2, 2),
            lambda: L.MaxPooling2D(),
            lambda: L.AveragePooling2D(),
            lambda: L.GlobalMaxPooling2D(),
            lambda: L.GlobalAveragePooling2D(),
            lambda: L.ZeroPadding2D(),
            lambda: L.Cropping2D(),
            lambda: L.UpSampling2D(),
            lambda: L.SpatialDropout2D(0.5),
        )
    ],
    *[
        (make, (5, 5, 1), "needs input (batch, depth, rows, cols, features), got (None, 5, 5, 1)")
        for make in (
            lambda: L.Convolution3D(2, 2, 2, 2),
            lambda: L.Conv3DTranspose(2, 2),
            lambda: L.MaxPooling3D(),
            lambda: L.AveragePooling3D(),
            lambda: L.GlobalMaxPooling3D(),
            lambda: L.GlobalAveragePooling3D(),
            lambda: L.ZeroPadding3D(),
            lambda: L.Cropping3D(),
            lambda: L.UpSampling3D(),
            lambda: L.SpatialDropout3D(0.5),
        )
    ],
]

# what is called, on which shape, what is asked for
UNKNOWN_SIZES = [
    (lambda: L.Dense(3), (None,), "needs to know the last axis of its input, got (None, None)"),
    (lambda: L.MaxoutDense(3), (None,), "needs to know the last axis"),
    (lambda: L.Highway(), (None,), "needs to know the last axis"),
    (lambda: L.Convolution1D(2, 2), (5, None), "needs to know the features of its input, got (None, 5, None)"),
    (lambda: L.Convolution2D(2, 2, 2), (5, 5, None), "needs to know the features"),
    (lambda: L.Convolution2D(2, 2, 2, dim_ordering="th"), (None, 5, 5), "(dim_ordering 'th')"),
    (lambda: L.SeparableConvolution2D(2, 2, 2), (5, 5, None), "needs to know the features"),
    (lambda: L.DepthwiseConv2D(2), (5, 5, None), "needs to know the features"),
    (lambda: L.LSTM(3), (5, None), "needs to know the features"),
    (lambda: L.ConvLSTM2D(2, 2, 2), (3, 5, 5, None), "needs to know the features"),
    (lambda: L.GRU(3, unroll=True), (None, 3), "needs to know the time axis to unroll it"),
    (lambda: L.LocallyConnected1D(2, 2), (None, 3), "needs every size of its input but the batch"),
    (lambda: L.LocallyConnected2D(2, 2, 2), (5, None, 3), "needs every size"),
    (lambda: L.Flatten(), (None, 3), "needs every size of its input but the batch"),
    (lambda: L.PReLU(), (None, 3), "share the weights along that axis: shared_axes=[...]"),
    (lambda: L.SReLU(), (None, 3), "needs every size"),
    (lambda: L.BatchNormalization(), (None,), "needs to know axis -1"),
]

# what is called, on which shape, what does not fit, the argument to blame
SIZES_THAT_DO_NOT_FIT = [
    (lambda: L.Convolution1D(2, 6), (5, 1), "kernel of 6 time steps is longer than its input of 5", "filter_length"),
    (lambda: L.Convolution2D(2, 6, 6), (5, 5, 1), "kernel 6x6 is larger than its input 5x5", "nb_row"),
    (lambda: L.Convolution3D(2, 6, 2, 2), (5, 5, 5, 1), "kernel 6x2x2 is larger", "kernel_dim1"),
    (lambda: L.AtrousConvolution2D(2, 3, 3, atrous_rate=(4, 4)), (5, 5, 1), "kernel 9x9 is larger", "nb_row"),
    (lambda: L.MaxPooling1D(6), (5, 1), "pool of 6 time steps is longer", "pool_length"),
    (lambda: L.AveragePooling2D((6, 6)), (5, 5, 1), "pool 6x6 is larger than its input 5x5", "pool_size"),
    (lambda: L.MaxPooling3D((6, 1, 1)), (5, 5, 5, 1), "pool 6x1x1 is larger", "pool_size"),
    (lambda: L.Cropping1D((3, 3)), (5, 1), "cropping 3 and 3 is more than the axis of 5", "cropping"),
    (lambda: L.Reshape((4,)), (6,), "cannot make (4,) (4 values) of (6,) (6 values)", "target_shape"),
    (lambda: L.Reshape((-1, 4)), (6,), "cannot make (-1, 4)", "target_shape"),
    (lambda: L.LocallyConnected2D(2, 6, 6), (5, 5, 1), "window of 6 is larger than its input of 5", "nb_row"),
    (lambda: L.BatchNormalization(axis=5), (4,), "axis 5 is no features axis of (None, 4)", "axis"),
    (lambda: L.LayerNormalization(axis=[1, 3]), (3, 4), "axis [1, 3] is no features axis of (None, 3, 4)", "axis"),
    (lambda: L.GroupNormalization(4), (3, 6), "cannot put 6 features into 4 groups of one size", "groups"),
    (lambda: L.GroupNormalization(axis=0), (4,), "axis 0 is no features axis of (None, 4)", "axis"),
    (lambda: L.UnitNormalization([1, 3]), (3, 4), "axis [1, 3] is no axis of (None, 3, 4)", "axis"),
    (lambda: L.PReLU(shared_axes=[4]), (3, 4), "shared axis 4 is outside 1 to 2", "shared_axes"),
    (lambda: L.Deconvolution2D(2, 3, 3, (None, 20, 20, 2)), (5, 5, 1), "(20, 20) does not fit", "output_shape"),
    (lambda: L.Dense(3, init="identity"), (5,), "needs a square matrix, got the shape (5, 3)", "init"),
]

# how it is made, what is wrong, the argument to blame
WRONG_ARGUMENTS = [
    (lambda: L.Dense(0), "output_dim must be at least 1, got 0", "output_dim"),
    (lambda: L.GroupNormalization(0), "groups must be at least 1, got 0", "groups"),
    (lambda: L.GroupNormalization(axis=[1, 2]), "axis must be a whole number, got [1, 2]", "axis"),
    (lambda: L.UnitNormalization("last"), "axis must be a whole number, or several, got 'last'", "axis"),
    (lambda: L.Rescaling("half"), "scale must be a number, or one for each feature, got 'half'", "scale"),
    (lambda: L.Rescaling(2, [1, float("nan")]), "offset must be a number", "offset"),
    (lambda: L.Dense(2.5), "output_dim must be a whole number, got 2.5", "output_dim"),
    (lambda: L.Dense(None), "output_dim must be a whole number, got None", "output_dim"),
    (lambda: L.Dense(3, activation="reluu"), 'no activation function "reluu"', "activation"),
    (lambda: L.Dense(3, activation=5), "activation must be a name or a function, got 5", "activation"),
    (lambda: L.Dense(3, init="glorot"), 'no initialization "glorot"', "init"),
    (lambda: L.Dense(3, W_regularizer="l3"), 'no regularizer "l3"', "W_regularizer"),
    (lambda: L.Dense(3, W_constraint="max"), 'no constraint "max"', "W_constraint"),
    (lambda: L.Dense(3, units=4), "output_dim was given twice", "output_dim"),
    (lambda: L.Dense(3, input_shape=4), "input_shape is a tuple of sizes, got 4", "input_shape"),
    (lambda: L.Dropout(1.5), "p must be a fraction from 0 to 1, got 1.5", "p"),
    (lambda: L.Dropout(-0.1), "p must be a fraction from 0 to 1, got -0.1", "p"),
    (lambda: L.Dropout(None), "p must be a fraction from 0 to 1, got None", "p"),
    (lambda: L.SpatialDropout2D(0.5, dim_ordering="tg"), 'no dim_ordering "tg"', "dim_ordering"),
    (lambda: L.GaussianNoise(-1), "sigma must be at least 0, got -1", "sigma"),
    (lambda: L.GaussianNoise("a"), "sigma must be a number, got 'a'", "sigma"),
    (lambda: L.GaussianDropout(1.2), "p must be a fraction", "p"),
    (lambda: L.AlphaDropout(2), "p must be a fraction", "p"),
    (lambda: L.LeakyReLU("a"), "alpha must be a number, got 'a'", "alpha"),
    (lambda: L.ELU(None), "alpha must be a number, got None", "alpha"),
    (lambda: L.ReLU(-1), "max_value must be at least 0, got -1", "max_value"),
    (lambda: L.Embedding(0, 3), "input_dim must be at least 1, got 0", "input_dim"),
    (lambda: L.Embedding(3, 3, dropout=2), "dropout must be a fraction", "dropout"),
    (lambda: L.LSTM(3, dropout_W=1.5), "dropout_W must be a fraction", "dropout_W"),
    (lambda: L.LSTM(3, consume_less="less"), 'no consume_less "less"; there are "cpu", "gpu", "mem"', "consume_less"),
    (lambda: L.LSTM(3, implementation=7), 'no consume_less "7"', "consume_less"),
    (lambda: L.ConvLSTM2D(3, 2, 2, border_mode="full"), 'no border_mode "full"', "border_mode"),
    (lambda: L.Convolution2D(2, 3, 3, border_mode="some"), 'no border_mode "some"', "border_mode"),
    (lambda: L.Convolution2D(2, 3, 3, border_mode="causal"), 'no border_mode "causal"', "border_mode"),
    (lambda: L.Convolution2D(2, 3, 3, subsample=(0, 1)), "subsample must be at least 1, got 0", "subsample"),
    (lambda: L.Convolution2D(2, 3, 3, subsample=(1, 1, 1)), "subsample must be 2 whole numbers", "subsample"),
    (lambda: L.Convolution2D(2, 0, 3), "nb_row must be at least 1, got 0", "nb_row"),
    (lambda: L.Conv2D(2, (3, 3, 3)), "kernel_size must be 2 whole numbers, got (3, 3, 3)", "kernel_size"),
    (lambda: L.AtrousConv2D(2, 3, 3, subsample=(2, 2), atrous_rate=(2, 2)), "do not go together", "atrous_rate"),
    (lambda: L.Convolution1D(2, -3), "filter_length must be at least 1", "filter_length"),
    (lambda: L.SeparableConv2D(2, 2, 2, border_mode="some"), 'no border_mode "some"', "border_mode"),
    (lambda: L.SeparableConv2D(2, 2, 2, depth_multiplier=0), "depth_multiplier must be at least 1", "depth_multiplier"),
    (lambda: L.Deconvolution2D(2, 3, 3, (7, 7, 2)), "output_shape must have four sizes", "output_shape"),
    (lambda: L.Conv3DTranspose(2, 2, output_padding=-1), "output_padding must be at least 0", "output_padding"),
    (lambda: L.Conv2DTranspose(2, 2, strides=2, dilation_rate=2), "do not go together", "subsample"),
    (lambda: L.MaxPooling1D(data_format="first"), 'no data_format "first"', "data_format"),
    (lambda: L.ReLU(negative_slope=-0.1), "negative_slope must be at least 0", "negative_slope"),
    (lambda: L.Embedding(9, 2, input_length=3, input_shape=(4,)), "input of (4,) do not agree", "input_length"),
    (lambda: L.LocallyConnected1D(2, 2, border_mode="same"), "border_mode must be 'valid'", "border_mode"),
    (lambda: L.MaxPooling2D((0, 2)), "pool_size must be at least 1, got 0", "pool_size"),
    (lambda: L.MaxPooling2D((2, 2), (0, 1)), "strides must be at least 1, got 0", "strides"),
    (lambda: L.MaxPooling2D(border_mode="full"), 'no border_mode "full"', "border_mode"),
    (lambda: L.MaxPooling1D(-1), "pool_length must be at least 1, got -1", "pool_length"),
    (lambda: L.UpSampling2D((0, 2)), "size must be at least 1, got 0", "size"),
    (lambda: L.UpSampling2D(interpolation="cubic"), 'no interpolation "cubic"', "interpolation"),
    (lambda: L.ZeroPadding1D({"before": 1}), 'no padding "before"; there are "left_pad", "right_pad"', "padding"),
    (lambda: L.ZeroPadding2D((-1, 1)), "padding must be at least 0, got -1", "padding"),
    (lambda: L.ZeroPadding2D({"top": 1}), 'no padding "top"', "padding"),
    (lambda: L.ZeroPadding3D((1, 2)), "padding must be 3 pairs", "padding"),
    (lambda: L.Cropping2D((1, 2, 3)), "cropping must be 2 pairs", "cropping"),
    (lambda: L.BatchNormalization(mode=5), 'no mode "5"; there are "0", "1", "2"', "mode"),
    (lambda: L.BatchNormalization(momentum=2), "momentum must be a fraction", "momentum"),
    (lambda: L.BatchNormalization(epsilon=-1), "epsilon must be at least 0, got -1", "epsilon"),
    (lambda: L.Permute(2), "dims must hold each of 1 to 1 once, got (2,)", "dims"),
    (lambda: L.Permute((1, "a")), "dims must be a whole number, got 'a'", "dims"),
    (lambda: L.Permute((1, 3)), "dims must hold each of 1 to 2 once, got (1, 3)", "dims"),
    (lambda: L.Reshape((-1, -1)), "target_shape can have one -1", "target_shape"),
    (lambda: L.RepeatVector(0), "n must be at least 1, got 0", "n"),
    (lambda: L.Lambda(3), "function must be callable, got 3", "function"),
    (lambda: L.Activation("softmux"), 'Did you mean "softmax"', "activation"),
    (lambda: L.MaxoutDense(3, nb_feature=0), "nb_feature must be at least 1", "nb_feature"),
    (lambda: L.TimeDistributed(L.Dense), "layer must be a layer", "layer"),
    (lambda: L.Bidirectional(L.Dense(3)), "layer must be recurrent, got Dense", "layer"),
    (lambda: L.Bidirectional(L.LSTM(3), merge_mode="max"), 'no merge_mode "max"', "merge_mode"),
    (lambda: L.Merge(mode="plus"), 'no mode "plus"', "mode"),
    (lambda: L.Merge([L.Dense(3)]), "needs two layers or more, got 1", "layers"),
]

# what is done, the error, what it says
OTHER_MISTAKES = [
    (lambda: L.Dense(3)(i(4, dtype="int32")), ShapeError, 'Dense "dense_1": needs float32 input, got int32'),
    (lambda: L.Dense(3)([i(3), i(3)]), ShapeError, "needs 1 inputs, got 2"),
    (lambda: twice(L.Dense(3), i(4), i(5)), ShapeError, "was built for 4 input features, got (None, 5)"),
    (lambda: twice(L.LSTM(3), i(4, 2), i(4, 3)), ShapeError, "axis 2 is 3 instead of 2"),
    (lambda: twice(L.PReLU(), i(4), i(5)), ShapeError, "axis 1 is 5 instead of 4"),
    (lambda: L.LSTM(3, stateful=True)(i(3, 4)), StatefulError, "needs a fixed batch size; its input is (None, 3, 4)"),
    (lambda: L.ConvLSTM2D(2, 2, 2, stateful=True)(i(3, 4, 4, 1)), StatefulError, "needs a fixed batch size"),
    (
        lambda: L.ConvLSTM2D(2, 2, 2, stateful=True)(L.Input(batch_shape=(2, 3, None, 4, 1))),
        StatefulError,
        "needs every size of its input",
    ),
    (lambda: L.LSTM(3).reset_states(), StatefulError, "is not stateful"),
    (lambda: L.LSTM(3)(i(4, 2), initial_state=[i(3)]), ShapeError, "begins with 2 states (h, c), got 1"),
    (lambda: L.LSTM(3)(i(4, 2), initial_state=[i(3), i(4)]), ShapeError, "the state c as (batch, 3), got (None, 4)"),
    (lambda: L.ConvLSTM2D(3, 2, 2)(i(4, 5, 5, 2), initial_state=[i(3)] * 2), ShapeError, "state h as (batch, 4, 4, 3)"),
    (lambda: L.TimeDistributed(L.LSTM(3, return_state=True))(i(2, 4, 2)), ShapeError, "which has 3 outputs"),
    (lambda: L.merge([i(3)]), ShapeError, "needs a list of two tensors or more"),
    (lambda: L.merge([i(3), i(4)], mode="mul"), ShapeError, 'mode "mul" needs inputs of one shape'),
    (lambda: L.merge([i(3, 2), i(3, 4)], mode="concat", concat_axis=1), ShapeError, "agree on every axis but 1"),
    (lambda: L.merge([i(3)] * 3, mode="dot"), ShapeError, 'mode "dot" needs two inputs, got 3'),
    (lambda: L.merge([i(3), i(3)], mode="dot", dot_axes=5), ArgumentError, "dot_axes 5 are no axes of"),
    (lambda: L.merge([i(3), i(3)], mode="cos", dot_axes="a"), ArgumentError, "dot_axes 'a' are no axes of"),
    (lambda: L.add([i(3), i(4)]), ShapeError, 'Add "add_1": needs inputs of one shape'),
    (lambda: L.subtract([i(3)] * 3), ShapeError, "needs two inputs, got 3"),
    (lambda: L.Lambda(lambda x: 3)(i(3)), KerasnbError, "call must return a tensor"),
    (lambda: L.RNN([]), ArgumentError, "cells must be one cell or more"),
    (lambda: L.Dense(3, weights=[np.ones((4, 3))])(i(4)), WeightsError, "set_weights needs 2 arrays, got 1"),
    (lambda: L.Dense(3, weights=[np.ones((3, 4)), np.ones(3)])(i(4)), WeightsError, "has shape (4, 3), got an array"),
    (lambda: given_weights(L.LSTM(3), i(4, 2), [np.ones(3)] * 8), WeightsError, 'first missing is "lstm_1_b_f" (3,)'),
    (lambda: L.Embedding(5, 3, weights=[np.ones((3, 5))])(i(4)), WeightsError, '"embedding_1_W" has shape (5, 3)'),
    (lambda: L.Dense(3, init=lambda shape: np.ones((2, 2)))(i(4)), ShapeError, "gives values of shape (2, 2)"),
    (lambda: activations.softmax(K.placeholder((3,))), ShapeError, "softmax needs (batch, ..., features)"),
    (lambda: activations.get("foo"), UnknownNameError, 'no activation function "foo"'),
    (lambda: initializations.get("foo"), UnknownNameError, 'no initialization "foo"'),
    (lambda: initializations.identity((2, 3)), ShapeError, "needs a square matrix"),
    (lambda: regularizers.get("foo"), UnknownNameError, 'no regularizer "foo"'),
    (lambda: constraints.get("foo"), UnknownNameError, 'no constraint "foo"'),
    (lambda: constraints.maxnorm(-1), ArgumentError, "m must be at least 0, got -1"),
    (lambda: constraints.MinMaxNorm(low=2, high=1), ArgumentError, "needs 0 <= low <= high, got 2 and 1"),
    (lambda: constraints.MinMaxNorm(rate=2), ArgumentError, "rate must be a fraction"),
]


def refused(attempt, kind, text):
    """The error of this kind, which must say this."""
    with pytest.raises(kind) as caught:
        attempt()
    assert text in str(caught.value)
    assert isinstance(caught.value, ValueError), "Keras 1.2 raised ValueErrors"
    return caught.value


@pytest.mark.parametrize(("make", "shape", "text"), [*WRONG_NUMBERS_OF_AXES, *UNKNOWN_SIZES])
def test_a_shape_that_a_layer_cannot_take_is_refused_by_name(make, shape, text):
    layer = make()
    error = refused(lambda: layer(i(*shape)), ShapeError, text)
    assert str(error).startswith(f'{type(layer).__name__} "{layer.name}": ')
    assert not layer.built and not layer.inbound_nodes and layer.weights == []


@pytest.mark.parametrize(("make", "shape", "text", "argument"), SIZES_THAT_DO_NOT_FIT)
def test_sizes_that_do_not_fit_blame_the_argument(make, shape, text, argument):
    layer = make()
    error = refused(lambda: layer(i(*shape)), KerasnbError, text)
    assert str(error).startswith(f'{type(layer).__name__} "{layer.name}": ') and argument in error.arguments


@pytest.mark.parametrize(("make", "text", "argument"), WRONG_ARGUMENTS)
def test_an_argument_that_a_layer_cannot_take_is_refused_at_once(make, text, argument):
    error = refused(make, ArgumentError, text)
    assert argument in error.arguments and error.who


@pytest.mark.parametrize(("attempt", "kind", "text"), OTHER_MISTAKES)
def test_other_mistakes_are_refused(attempt, kind, text):
    refused(attempt, kind, text)


def test_an_unknown_argument_is_refused_with_those_there_are():
    with pytest.raises(TypeError, match="Dense has no argument 'unit'; it takes output_dim, init, activation"):
        L.Dense(3, unit=4)
