"""Layers that Keras 3 has too: the same values, on both backends, after copying the weights."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.engine.node import to_list
from kerasnb.utils.layer_utils import convert_kernels

# ---- how Keras 3 lays out the same weights


def same(weights: Sequence) -> list:
    return list(weights)


def without_the_axis_of_1(weights):
    """Kernels along time have four axes in Keras 1.2, three in Keras 3."""
    return [one[:, 0] if one.ndim == 4 else one for one in weights]


def features_last(weights):
    """The kernels of transposed convolutions: (..., features, filters) -> (..., filters, features)."""
    return [np.swapaxes(one, -1, -2) if one.ndim > 1 else one for one in weights]


def from_th(weights):
    """Kernels in 'th' order: (filters, features, rows, cols) -> (rows, cols, features, filters)."""
    return [one.transpose(*range(2, one.ndim), 1, 0) if one.ndim > 1 else one for one in weights]


def gates(order: Sequence[int]) -> Callable:
    """Arrays W, U, b of each gate -> the three of Keras 3, with its gates in this order."""

    def joined(weights):
        return [np.concatenate([weights[3 * gate + kind] for gate in order], -1) for kind in range(3)]

    return joined


lstm, gru = gates((0, 2, 1, 3)), gates((0, 1, 2))  # ours are i, c, f, o and z, r, h


def both_ways(of_one: Callable) -> Callable:
    def halves(weights):
        middle = len(weights) // 2
        return of_one(weights[:middle]) + of_one(weights[middle:])

    return halves


# ---- the table


@dataclass(eq=False)
class Row:
    """A layer of ours, what makes Keras 3's, the shape of one sample, and how the weights go over."""

    name: str
    ours: Callable
    theirs: Callable
    shapes: Sequence[tuple]
    weights: Callable = same
    training: bool = False
    below: int | None = None

    def arrays(self) -> list[np.ndarray]:
        random = np.random.RandomState(2)
        if self.below:
            return [random.randint(0, self.below, (3, *shape)).astype("int32") for shape in self.shapes]
        return [random.uniform(-1, 1, (3, *shape)).astype("float32") for shape in self.shapes]


def row(name, ours, theirs, *shapes, **options) -> Row:
    return Row(name, ours, theirs, shapes, **options)


_SIGMOID = {"inner_activation": "sigmoid"}

ROWS = [
    row("dense", lambda: L.Dense(3, activation="softplus"), lambda k: k.Dense(3, activation="softplus"), (4,)),
    row("dense, 3 axes", lambda: L.Dense(3, bias=False), lambda k: k.Dense(3, use_bias=False), (2, 4)),
    row("softmax", lambda: L.Dense(3, activation="softmax"), lambda k: k.Dense(3, activation="softmax"), (4,)),
    row("selu", lambda: L.Activation("selu"), lambda k: k.Activation("selu"), (4,)),
    row("swish", lambda: L.Activation("swish"), lambda k: k.Activation("swish"), (4,)),
    row("exponential", lambda: L.Activation("exponential"), lambda k: k.Activation("exponential"), (4,)),
    row("mish", lambda: L.Activation("mish"), lambda k: k.Activation("mish"), (4,)),
    row("relu6", lambda: L.Activation("relu6"), lambda k: k.Activation("relu6"), (4,)),
    row("gelu", lambda: L.Activation("gelu"), lambda k: k.Activation("gelu"), (4,)),
    row("log_softmax", lambda: L.Activation("log_softmax"), lambda k: k.Activation("log_softmax"), (4,)),
    row("softsign", lambda: L.Activation("softsign"), lambda k: k.Activation("softsign"), (4,)),
    row("reshape", lambda: L.Reshape((2, -1)), lambda k: k.Reshape((2, -1)), (3, 4)),
    row("permute", lambda: L.Permute((2, 1)), lambda k: k.Permute((2, 1)), (3, 4)),
    row("flatten", lambda: L.Flatten(), lambda k: k.Flatten(), (3, 4)),
    row("repeat", lambda: L.RepeatVector(3), lambda k: k.RepeatVector(3), (4,)),
    row("conv1d", lambda: L.Convolution1D(3, 2), lambda k: k.Conv1D(3, 2), (5, 2), weights=without_the_axis_of_1),
    row(
        "conv1d, same, strides",
        lambda: L.Convolution1D(3, 3, border_mode="same", subsample_length=2),
        lambda k: k.Conv1D(3, 3, padding="same", strides=2),
        (6, 2),
        weights=without_the_axis_of_1,
    ),
    row(
        "conv1d, causal, dilated",
        lambda: L.Conv1D(3, 2, padding="causal", dilation_rate=2),
        lambda k: k.Conv1D(3, 2, padding="causal", dilation_rate=2),
        (6, 2),
        weights=without_the_axis_of_1,
    ),
    row("conv2d", lambda: L.Convolution2D(3, 2, 3), lambda k: k.Conv2D(3, (2, 3)), (4, 5, 2)),
    row(
        "conv2d, same, strides",
        lambda: L.Convolution2D(3, 3, 3, border_mode="same", subsample=(2, 2)),
        lambda k: k.Conv2D(3, 3, padding="same", strides=2),
        (5, 6, 2),
    ),
    row(
        "conv2d, atrous",
        lambda: L.AtrousConvolution2D(3, 2, 2, atrous_rate=(2, 1)),
        lambda k: k.Conv2D(3, 2, dilation_rate=(2, 1)),
        (5, 5, 2),
    ),
    row(
        "conv3d",
        lambda: L.Convolution3D(2, 2, 3, 2, border_mode="same", subsample=(1, 2, 2)),
        lambda k: k.Conv3D(2, (2, 3, 2), padding="same", strides=(1, 2, 2)),
        (3, 4, 4, 2),
    ),
    row(
        "conv2d transposed",
        lambda: L.Deconvolution2D(2, 3, 3, (None, 7, 7, 2), subsample=(2, 2)),
        lambda k: k.Conv2DTranspose(2, 3, strides=2),
        (3, 3, 3),
        weights=features_last,
    ),
    row(
        "conv2d transposed, same",
        lambda: L.Conv2DTranspose(2, 3, strides=2, padding="same"),
        lambda k: k.Conv2DTranspose(2, 3, strides=2, padding="same"),
        (3, 4, 3),
        weights=features_last,
    ),
    row(
        "conv2d transposed, gaps",
        lambda: L.Conv2DTranspose(2, 3, padding="same", dilation_rate=2),
        lambda k: k.Conv2DTranspose(2, 3, padding="same", dilation_rate=2),
        (4, 5, 3),
        weights=features_last,
    ),
    row(
        "conv3d transposed",
        lambda: L.Conv3DTranspose(2, 2, strides=2, padding="same"),
        lambda k: k.Conv3DTranspose(2, 2, strides=2, padding="same"),
        (2, 2, 3, 3),
        weights=features_last,
    ),
    row(
        "separable",
        lambda: L.SeparableConvolution2D(3, 2, 2, depth_multiplier=2, border_mode="same"),
        lambda k: k.SeparableConv2D(3, 2, depth_multiplier=2, padding="same"),
        (4, 4, 2),
    ),
    row(
        "separable, 1d",
        lambda: L.SeparableConv1D(3, 2, depth_multiplier=2),
        lambda k: k.SeparableConv1D(3, 2, depth_multiplier=2),
        (4, 2),
        weights=without_the_axis_of_1,
    ),
    row(
        "separable, dilated",
        lambda: L.SeparableConv2D(3, (2, 3), dilation_rate=2, padding="same"),
        lambda k: k.SeparableConv2D(3, (2, 3), dilation_rate=2, padding="same"),
        (5, 6, 2),
    ),
    row(
        "separable, 1d, dilated",
        lambda: L.SeparableConv1D(3, 2, dilation_rate=2),
        lambda k: k.SeparableConv1D(3, 2, dilation_rate=2),
        (5, 2),
        weights=without_the_axis_of_1,
    ),
    row(
        "depthwise",
        lambda: L.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2),
        lambda k: k.DepthwiseConv2D(3, strides=2, padding="same", depth_multiplier=2),
        (5, 4, 2),
    ),
    row("max 1d", lambda: L.MaxPooling1D(2), lambda k: k.MaxPooling1D(2), (5, 2)),
    row(
        "average 1d, same",
        lambda: L.AveragePooling1D(3, 2, "same"),
        lambda k: k.AveragePooling1D(3, 2, "same"),
        (6, 2),
    ),
    row(
        "max 2d, same",
        lambda: L.MaxPooling2D((3, 2), (2, 2), "same"),
        lambda k: k.MaxPooling2D((3, 2), 2, "same"),
        (5, 6, 2),
    ),
    row("average 2d", lambda: L.AveragePooling2D((2, 2)), lambda k: k.AveragePooling2D(2), (5, 6, 2)),
    row(
        "average 2d, same",
        lambda: L.AveragePooling2D((3, 3), (2, 2), "same"),
        lambda k: k.AveragePooling2D(3, 2, "same"),
        (5, 6, 2),
    ),
    row("max 3d", lambda: L.MaxPooling3D(), lambda k: k.MaxPooling3D(), (4, 4, 2, 2)),
    row(
        "average 3d, same",
        lambda: L.AveragePooling3D((2, 2, 2), border_mode="same"),
        lambda k: k.AveragePooling3D(2, padding="same"),
        (3, 3, 2, 2),
    ),
    *[
        row(
            f"global {kind.lower()} {axes}d",
            lambda kind=kind, axes=axes: getattr(L, f"Global{kind}Pooling{axes}D")(),
            lambda k, kind=kind, axes=axes: getattr(k, f"Global{kind}Pooling{axes}D")(),
            (*(3, 4, 2)[:axes], 2),
        )
        for kind in ("Max", "Average")
        for axes in (1, 2, 3)
    ],
    row("padding 1d", lambda: L.ZeroPadding1D((1, 2)), lambda k: k.ZeroPadding1D((1, 2)), (3, 2)),
    row(
        "padding 2d",
        lambda: L.ZeroPadding2D(((1, 0), (2, 1))),
        lambda k: k.ZeroPadding2D(((1, 0), (2, 1))),
        (3, 2, 2),
    ),
    row(
        "padding 3d",
        lambda: L.ZeroPadding3D(((1, 0), (2, 1), (0, 0))),
        lambda k: k.ZeroPadding3D(((1, 0), (2, 1), (0, 0))),
        (2, 2, 2, 1),
    ),
    row("cropping 1d", lambda: L.Cropping1D((1, 2)), lambda k: k.Cropping1D((1, 2)), (5, 2)),
    row("cropping 2d", lambda: L.Cropping2D(((1, 0), (2, 1))), lambda k: k.Cropping2D(((1, 0), (2, 1))), (4, 5, 2)),
    row("cropping 3d", lambda: L.Cropping3D(), lambda k: k.Cropping3D(), (3, 4, 5, 1)),
    row("upsampling 1d", lambda: L.UpSampling1D(3), lambda k: k.UpSampling1D(3), (3, 2)),
    row("upsampling 2d", lambda: L.UpSampling2D((2, 3)), lambda k: k.UpSampling2D((2, 3)), (3, 2, 2)),
    row(
        "upsampling 2d, bilinear",
        lambda: L.UpSampling2D((2, 3), interpolation="bilinear"),
        lambda k: k.UpSampling2D((2, 3), interpolation="bilinear"),
        (3, 2, 2),
    ),
    row("upsampling 3d", lambda: L.UpSampling3D((2, 1, 3)), lambda k: k.UpSampling3D((2, 1, 3)), (2, 2, 2, 1)),
    row(
        "lstm cell",
        lambda: L.RNN(L.LSTMCell(3), return_sequences=True),
        lambda k: k.RNN(k.LSTMCell(3), return_sequences=True),
        (4, 2),
    ),
    row(
        "gru cells, reset after",
        lambda: L.RNN([L.GRUCell(3, reset_after=True), L.GRUCell(2)]),
        lambda k: k.RNN([k.GRUCell(3, reset_after=True), k.GRUCell(2, reset_after=False)]),
        (4, 2),
    ),
    row(
        "gru, reset after",
        lambda: L.GRU(3, reset_after=True, **_SIGMOID),
        lambda k: k.GRU(3, reset_after=True),
        (4, 2),
    ),
    row(
        "simple rnn",
        lambda: L.SimpleRNN(3, return_sequences=True),
        lambda k: k.SimpleRNN(3, return_sequences=True),
        (4, 2),
    ),
    row("lstm", lambda: L.LSTM(3, **_SIGMOID), lambda k: k.LSTM(3), (4, 2), weights=lstm),
    row(
        "lstm, gpu, sequences, unrolled",
        lambda: L.LSTM(3, consume_less="gpu", return_sequences=True, unroll=True, **_SIGMOID),
        lambda k: k.LSTM(3, return_sequences=True),
        (4, 2),
    ),
    row(
        "lstm, backwards",
        lambda: L.LSTM(3, consume_less="mem", return_sequences=True, go_backwards=True, **_SIGMOID),
        lambda k: k.LSTM(3, return_sequences=True, go_backwards=True),
        (4, 2),
        weights=lstm,
    ),
    row(
        "lstm with states",
        lambda: L.LSTM(3, return_state=True, **_SIGMOID),
        lambda k: k.LSTM(3, return_state=True),
        (4, 2),
        weights=lstm,
    ),
    row(
        "lstm without bias",
        lambda: L.LSTM(3, use_bias=False, consume_less="gpu", **_SIGMOID),
        lambda k: k.LSTM(3, use_bias=False),
        (4, 2),
    ),
    row("cudnn lstm", lambda: L.CuDNNLSTM(3), lambda k: k.LSTM(3), (4, 2)),
    row(
        "gru",
        lambda: L.GRU(3, return_sequences=True, **_SIGMOID),
        lambda k: k.GRU(3, return_sequences=True, reset_after=False),
        (4, 2),
        weights=gru,
    ),
    row(
        "gru, gpu",
        lambda: L.GRU(3, consume_less="gpu", **_SIGMOID),
        lambda k: k.GRU(3, reset_after=False),
        (4, 2),
    ),
    row(
        "bidirectional",
        lambda: L.Bidirectional(L.LSTM(3, return_sequences=True, **_SIGMOID)),
        lambda k: k.Bidirectional(k.LSTM(3, return_sequences=True)),
        (4, 2),
        weights=both_ways(lstm),
    ),
    row(
        "bidirectional, last, sum",
        lambda: L.Bidirectional(L.SimpleRNN(3), merge_mode="sum"),
        lambda k: k.Bidirectional(k.SimpleRNN(3), merge_mode="sum"),
        (4, 2),
    ),
    row(
        "time distributed",
        lambda: L.TimeDistributed(L.Convolution2D(2, 2, 2)),
        lambda k: k.TimeDistributed(k.Conv2D(2, 2)),
        (3, 3, 3, 1),
    ),
    row(
        "conv lstm",
        lambda: L.ConvLSTM2D(2, 3, 3, border_mode="same", return_sequences=True, **_SIGMOID),
        lambda k: k.ConvLSTM2D(2, 3, padding="same", return_sequences=True, recurrent_activation="sigmoid"),
        (3, 4, 4, 1),
        weights=lstm,
    ),
    row(
        "conv lstm, valid",
        lambda: L.ConvLSTM2D(2, 2, 2, subsample=(2, 1), **_SIGMOID),
        lambda k: k.ConvLSTM2D(2, 2, strides=(2, 1), recurrent_activation="sigmoid"),
        (2, 4, 4, 2),
        weights=lstm,
    ),
    row("embedding", lambda: L.Embedding(7, 3), lambda k: k.Embedding(7, 3), (4,), below=7),
    row("normalization by sample", lambda: L.LayerNormalization(), lambda k: k.LayerNormalization(), (4, 2)),
    row(
        "normalization by sample, two axes",
        lambda: L.LayerNormalization([1, 2], 1e-2),
        lambda k: k.LayerNormalization([1, 2], 1e-2),
        (4, 2),
    ),
    row("normalization by group", lambda: L.GroupNormalization(2), lambda k: k.GroupNormalization(2), (3, 2, 4)),
    row(
        "normalization by group, axis 1",
        lambda: L.GroupNormalization(3, axis=1, epsilon=1e-2),
        lambda k: k.GroupNormalization(3, axis=1, epsilon=1e-2),
        (6, 2, 3),
    ),
    row("instances", lambda: L.GroupNormalization(groups=-1), lambda k: k.GroupNormalization(groups=-1), (3, 4)),
    row("length 1", lambda: L.UnitNormalization(axis=1), lambda k: k.UnitNormalization(axis=1), (4, 2)),
    row("rescaling", lambda: L.Rescaling(1 / 255, 0.5), lambda k: k.Rescaling(1 / 255, 0.5), (4, 2)),
    row("rescaling, whole numbers", lambda: L.Rescaling([2, 3]), lambda k: k.Rescaling([2, 3]), (4, 2), below=255),
    row("normalization", lambda: L.BatchNormalization(), lambda k: k.BatchNormalization(), (4, 2)),
    row(
        "normalization, axis 1",
        lambda: L.BatchNormalization(axis=1),
        lambda k: k.BatchNormalization(axis=1),
        (2, 3, 3),
    ),
    row(
        "normalization, training",
        lambda: L.BatchNormalization(),
        lambda k: k.BatchNormalization(),
        (4, 2),
        training=True,
    ),
    row("leaky relu", lambda: L.LeakyReLU(0.2), lambda k: k.LeakyReLU(negative_slope=0.2), (4,)),
    row("prelu", lambda: L.PReLU("uniform", shared_axes=[1]), lambda k: k.PReLU(shared_axes=[1]), (3, 2)),
    row("elu", lambda: L.ELU(0.7), lambda k: k.ELU(0.7), (4,)),
    row("relu", lambda: L.ReLU(0.6, 0.1, 0.2), lambda k: k.ReLU(0.6, 0.1, 0.2), (4,)),
    row("softmax layer", lambda: L.Softmax(axis=1), lambda k: k.Softmax(axis=1), (3, 2)),
    row("add", lambda: L.Add(), lambda k: k.Add(), (3, 4), (1, 4)),
    row("merge, sum", lambda: L.Merge(mode="sum"), lambda k: k.Add(), (4,), (4,)),
    row("subtract", lambda: L.Subtract(), lambda k: k.Subtract(), (4,), (4,)),
    row("multiply", lambda: L.Multiply(), lambda k: k.Multiply(), (4,), (4,)),
    row("average", lambda: L.Average(), lambda k: k.Average(), (4,), (4,), (4,)),
    row("maximum", lambda: L.Maximum(), lambda k: k.Maximum(), (4,), (4,)),
    row("minimum", lambda: L.Minimum(), lambda k: k.Minimum(), (4,), (4,)),
    row("concatenate", lambda: L.Concatenate(axis=1), lambda k: k.Concatenate(axis=1), (2, 4), (3, 4)),
    row("dot", lambda: L.Dot(axes=2), lambda k: k.Dot(axes=2), (2, 4), (3, 4)),
    row("dot, cosine", lambda: L.Dot(axes=1, normalize=True), lambda k: k.Dot(axes=1, normalize=True), (4,), (4,)),
    row("merge, dot", lambda: L.Merge(mode="dot", dot_axes=(2, 1)), lambda k: k.Dot(axes=(2, 1)), (2, 4), (4, 3)),
    row(
        "masked lstm",
        lambda: L.Bidirectional(L.LSTM(3, **_SIGMOID)),
        lambda k: k.Bidirectional(k.LSTM(3)),
        (5, 2),
        weights=both_ways(lstm),
    ),
    row(
        "masked gru with sequences",
        lambda: L.GRU(3, return_sequences=True, **_SIGMOID),
        lambda k: k.GRU(3, return_sequences=True, reset_after=False),
        (5, 2),
        weights=gru,
    ),
]


def keras3_layers():
    """Keras 3's layers on TensorFlow."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras
    return keras.layers


class Ours:
    """A layer of ours on sample inputs, with values by backend."""

    def __init__(self, row: Row):
        self.row, self.layer, self.arrays = row, row.ours(), row.arrays()
        if self.is_masked:  # the second sample ends early, the third begins late
            self.arrays[0][1, 3:] = self.arrays[0][2, :2] = 0
        dtype = "int32" if row.below else None
        self.inputs = [L.Input(shape=shape, dtype=dtype) for shape in row.shapes]
        given = [L.Masking()(one) for one in self.inputs] if self.is_masked else self.inputs
        self.outputs = to_list(self.layer(given if len(given) > 1 else given[0]))
        random = np.random.RandomState(4)
        self.layer.set_weights([one + random.uniform(0, 0.5, one.shape) for one in self.layer.get_weights()])
        self.weights = self.layer.get_weights()
        self.values: dict[str, list] = {}

    @property
    def is_masked(self) -> bool:
        return self.row.name.startswith("masked")


@functools.cache
def ours(chunk: int) -> dict[str, Ours]:
    """Some rows, computed by one function for each backend and phase: a small graph, so that no test waits for long."""
    found = {row.name: Ours(row) for row in ROWS[chunk * CHUNK : (chunk + 1) * CHUNK]}
    before = K.backend()
    for name in ("tensorflow", "theano"):
        K.use(name)
        for one in found.values() if name == "theano" else ():
            convert_kernels(one.layer)
        for training in (False, True):
            _run([one for one in found.values() if one.row.training == training], name, training)
    K.use(before)
    return found


def _run(group: list[Ours], backend: str, training: bool) -> None:
    if not group:
        return
    inputs = [x for one in group for x in one.inputs]
    arrays = [x for one in group for x in one.arrays]
    run = K.function([*inputs, K.learning_phase()], [y for one in group for y in one.outputs])
    results = iter(run([*arrays, int(training)]))
    for one in group:
        one.values[backend] = [next(results) for _ in one.outputs]


CHUNK = 10


def keras3_values(one: Ours) -> list[np.ndarray]:
    layers = keras3_layers()
    theirs = one.row.theirs(layers)
    inputs = [layers.Masking()(x) for x in one.arrays] if one.is_masked else one.arrays
    theirs.build([x.shape for x in one.arrays] if len(inputs) > 1 else one.arrays[0].shape)
    theirs.set_weights(one.row.weights(one.weights))
    result = theirs(inputs if len(inputs) > 1 else inputs[0], training=one.row.training)
    return [np.asarray(value) for value in (result if isinstance(result, list | tuple) else [result])]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_values_are_those_of_keras_3(row):
    one = ours(ROWS.index(row) // CHUNK)[row.name]
    expected = keras3_values(one)
    for name in ("tensorflow", "theano"):
        for value, wanted in zip(one.values[name], expected, strict=True):
            np.testing.assert_allclose(value, wanted, atol=1e-5, rtol=1e-5, err_msg=name)


def test_names_of_rows_are_unique():
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_kernels_in_th_order_are_those_of_keras_3_turned():
    """Keras 3 cannot run images with features first on a CPU, so the same image is given turned."""
    layers, x = keras3_layers(), np.random.RandomState(0).rand(2, 3, 5, 5).astype("float32")
    mine = L.Convolution2D(2, 3, 3, border_mode="same", dim_ordering="th")
    image = L.Input((3, 5, 5))
    value = K.function([image], [mine(image)])([x])[0]
    theirs = layers.Conv2D(2, 3, padding="same")
    theirs.build((None, 5, 5, 3))
    theirs.set_weights(from_th(mine.get_weights()))
    np.testing.assert_allclose(value.transpose(0, 2, 3, 1), np.asarray(theirs(x.transpose(0, 2, 3, 1))), atol=1e-5)


def test_hard_sigmoid_is_not_that_of_keras_3():
    """Ours is Keras 1.2's `0.2 x + 0.5`; Keras 3's is `x / 6 + 0.5`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import keras
    x = np.array([-3.5, -2.75, 0.0, 1.0, 2.75], "float32")
    value = K.eval(K.hard_sigmoid(K.variable(x)))
    np.testing.assert_allclose(value, np.clip(0.2 * x + 0.5, 0, 1), atol=1e-6)
    assert np.abs(value - np.asarray(keras.activations.hard_sigmoid(x))).max() > 0.03
