"""Attributes of layers under their later names, as programs that derive from Keras 2's layers use them."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb import initializations, layers
from kerasnb.layers import (
    LSTM,
    Conv1D,
    Conv2D,
    Conv3D,
    Dense,
    Dropout,
    Embedding,
    GaussianNoise,
    MaxPooling1D,
    SimpleRNN,
)
from kerasnb.models import Sequential

VALUES = [
    (Dense(3), {"units": 3, "use_bias": True, "kernel_initializer": initializations.glorot_uniform}),
    (
        Conv2D(4, (2, 5), strides=3, padding="same", data_format="channels_first"),
        {
            "filters": 4,
            "kernel_size": (2, 5),
            "strides": (3, 3),
            "padding": "same",
            "data_format": "channels_first",
            "dilation_rate": (1, 1),
            "bias_initializer": initializations.zero,
        },
    ),
    (Conv1D(4, 3, strides=2), {"kernel_size": (3,), "strides": (2,), "dilation_rate": (1,)}),
    (Conv2D(4, 3, dilation_rate=2), {"dilation_rate": (2, 2)}),
    (Conv3D(4, 3), {"kernel_size": (3, 3, 3), "kernel_regularizer": None}),
    (MaxPooling1D(3), {"strides": (3,), "padding": "valid"}),
    (LSTM(5, dropout=0.5), {"units": 5, "dropout": 0.5, "recurrent_dropout": 0.0, "implementation": 0}),
    (Dropout(0.25), {"rate": 0.25}),
    (GaussianNoise(0.5), {"stddev": 0.5}),
]


@pytest.mark.parametrize(("layer", "values"), VALUES, ids=lambda value: getattr(value, "name", ""))
def test_arguments_are_attributes_under_their_later_names(layer, values):
    assert {name: getattr(layer, name) for name in values} == values
    assert not hasattr(layer, "nothing_of_the_kind")


def test_setting_one_name_sets_the_other():
    layer = Conv2D(4, 3, input_shape=(5, 5, 1))
    layer.filters, layer.kernel_size, layer.data_format = 2, (1, 2), "channels_first"
    assert (layer.nb_filter, layer.nb_row, layer.nb_col, layer.dim_ordering) == (2, 1, 2, "th")


def test_weights_have_their_later_names():
    dense, words, rnn = Dense(3, input_shape=(2,)), Embedding(5, 2, input_length=3), SimpleRNN(2, input_shape=(3, 1))
    for layer in (dense, words, rnn):
        Sequential([layer])
    assert dense.kernel is dense.W and words.embeddings is words.W and rnn.recurrent_kernel is rnn.U


def test_a_layer_derived_in_the_later_way_builds_its_own_weights(backend):
    class Doubled(layers.Conv2D):
        def build(self, input_shape):
            shape = (*self.kernel_size, input_shape[-1], self.filters)
            self.kernel = self.add_weight("kernel", shape, initializer=self.kernel_initializer)
            self.bias = self.add_weight("bias", (self.filters,), initializer="ones") if self.use_bias else None
            self.built = True

        def call(self, inputs):
            made = K.conv2d(inputs, 2 * self.kernel, strides=self.strides, padding=self.padding)
            return K.bias_add(made, self.bias, data_format=self.data_format) if self.use_bias else made

    model = Sequential([Doubled(2, (1, 1), input_shape=(3, 3, 1), kernel_initializer="ones")])
    assert model.predict(np.ones((1, 3, 3, 1)))[0, 0, 0].tolist() == [3, 3]
