"""Later spellings, translated at the door."""

import inspect

import pytest

from kerasnb import activations, constraints, initializers, regularizers
from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.engine.layer import LAYERS
from kerasnb.errors import ArgumentError
from kerasnb.spelling.door import accepts, translate


@pytest.mark.parametrize(
    ("later", "earlier"),
    [
        (
            lambda: L.Dense(units=3, kernel_initializer="zeros", use_bias=False, kernel_regularizer="l2"),
            lambda: L.Dense(3, init="zero", bias=False, W_regularizer="l2"),
        ),
        (lambda: L.Dense(3, "relu"), lambda: L.Dense(3, activation="relu")),
        (lambda: L.Conv2D(4, (3, 2)), lambda: L.Convolution2D(4, 3, 2)),
        (lambda: L.Conv2D(4, 3), lambda: L.Convolution2D(4, 3, 3)),
        (
            lambda: L.Conv2D(4, (3, 3), 2, "same"),
            lambda: L.Convolution2D(4, 3, 3, subsample=(2, 2), border_mode="same"),
        ),
        (
            lambda: L.Conv2D(filters=4, kernel_size=3, strides=(2, 1), padding="same", data_format="channels_first"),
            lambda: L.Convolution2D(4, 3, 3, subsample=(2, 1), border_mode="same", dim_ordering="th"),
        ),
        (lambda: L.Conv2D(4, 3, dilation_rate=2), lambda: L.AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2))),
        (lambda: L.Conv2D(4, 3, dilation_rate=1), lambda: L.Convolution2D(4, 3, 3)),
        (lambda: L.Conv1D(4, 3, 2), lambda: L.Convolution1D(4, 3, subsample_length=2)),
        (
            lambda: L.Conv1D(filters=4, kernel_size=(3,), dilation_rate=2),
            lambda: L.AtrousConvolution1D(4, 3, atrous_rate=2),
        ),
        (lambda: L.MaxPooling1D(pool_size=3, strides=2, padding="same"), lambda: L.MaxPooling1D(3, 2, "same")),
        (lambda: L.MaxPooling2D(pool_size=2, padding="same"), lambda: L.MaxPooling2D((2, 2), border_mode="same")),
        (lambda: L.GlobalMaxPooling2D(data_format="channels_first"), lambda: L.GlobalMaxPooling2D("th")),
        (lambda: L.UpSampling1D(size=3), lambda: L.UpSampling1D(3)),
        (lambda: L.Dropout(rate=0.3), lambda: L.Dropout(0.3)),
        (lambda: L.GaussianNoise(stddev=0.3), lambda: L.GaussianNoise(0.3)),
        (lambda: L.Embedding(9, 2, embeddings_initializer="one"), lambda: L.Embedding(9, 2, init="one")),
        (lambda: L.BatchNormalization(1), lambda: L.BatchNormalization(axis=1)),
        (
            lambda: L.LSTM(
                units=3,
                recurrent_activation="sigmoid",
                dropout=0.1,
                recurrent_dropout=0.2,
                implementation=2,
                unit_forget_bias=False,
            ),
            lambda: L.LSTM(
                3, inner_activation="sigmoid", dropout_W=0.1, dropout_U=0.2, consume_less="gpu", forget_bias_init="zero"
            ),
        ),
        (lambda: L.PReLU(alpha_initializer="one"), lambda: L.PReLU(init="one")),
        (
            lambda: L.LSTM(3, "relu", "sigmoid"),
            lambda: L.LSTM(3, activation="relu", inner_activation="sigmoid"),
        ),
        (lambda: L.SimpleRNN(3, "relu"), lambda: L.SimpleRNN(3, activation="relu")),
        (lambda: L.Dense(3, activations.relu), lambda: L.Dense(3, activation="relu")),
        (lambda: L.Conv2DTranspose(2, 3, 2), lambda: L.Deconvolution2D(2, 3, 3, output_shape=None, subsample=(2, 2))),
        (
            lambda: L.SeparableConv2D(2, 3, depthwise_initializer="one"),
            lambda: L.SeparableConvolution2D(2, 3, 3, init="one", pointwise_initializer="glorot_uniform"),
        ),
        (lambda: L.Conv3D(2, 3, data_format="channels_first"), lambda: L.Convolution3D(2, 3, 3, 3, dim_ordering="th")),
        (
            lambda: L.MaxPooling2D((2, 2), (1, 1), "same", "channels_first"),
            lambda: L.MaxPooling2D((2, 2), (1, 1), "same", "th"),
        ),
        (lambda: L.GlobalAveragePooling2D("channels_last"), lambda: L.GlobalAveragePooling2D("tf")),
        (lambda: L.GlobalAveragePooling1D(data_format="channels_last"), lambda: L.GlobalAveragePooling1D()),
        (lambda: L.MaxPooling1D(3, 2, "same", data_format="channels_last"), lambda: L.MaxPooling1D(3, 2, "same")),
        (lambda: L.ZeroPadding2D(1), lambda: L.ZeroPadding2D(padding=1)),
        (lambda: L.LocallyConnected2D(2, (3, 3), implementation=2), lambda: L.LocallyConnected2D(2, 3, 3)),
        (lambda: L.Flatten(data_format="channels_last"), lambda: L.Flatten()),
        (lambda: L.Conv1D(4, 3, data_format="channels_last"), lambda: L.Convolution1D(4, 3)),
        (lambda: L.Conv1D(4, 3, dilation_rate=1), lambda: L.Convolution1D(4, 3)),
        (
            lambda: L.ConvLSTM2D(filters=2, kernel_size=3, padding="same", recurrent_activation="sigmoid"),
            lambda: L.ConvLSTM2D(2, 3, 3, border_mode="same", inner_activation="sigmoid"),
        ),
        (lambda: L.AlphaDropout(rate=0.1), lambda: L.AlphaDropout(0.1)),
        (lambda: L.CuDNNLSTM(units=3, kernel_regularizer="l2"), lambda: L.CuDNNLSTM(3, W_regularizer="l2")),
        (lambda: L.SpatialDropout2D(rate=0.1, data_format="channels_first"), lambda: L.SpatialDropout2D(0.1, "th")),
        (lambda: L.Conv3DTranspose(2, 3), lambda: L.Deconvolution3D(2, 3, 3, 3)),
        (
            lambda: L.Dense(3, input_shape=(4,), dtype="float64"),
            lambda: L.Dense(3, input_shape=(4,), input_dtype="float64"),
        ),
    ],
)
def test_a_later_spelling_makes_the_same_layer(later, earlier):
    one, other = later(), earlier()
    assert type(one) is type(other)
    assert {**one.get_config(), "name": None} == {**other.get_config(), "name": None}


def test_signatures_stay_those_of_keras_1_2():
    assert list(inspect.signature(L.Dense).parameters)[:3] == ["output_dim", "init", "activation"]
    assert list(inspect.signature(L.Convolution2D).parameters)[:3] == ["nb_filter", "nb_row", "nb_col"]


def test_both_spellings_of_one_argument_are_refused():
    with pytest.raises(ArgumentError, match="Dense: units and output_dim are two spellings") as caught:
        L.Dense(units=3, output_dim=3)
    assert caught.value.arguments == ("output_dim",)


def test_what_keras_1_2_had_no_word_for_is_refused():
    with pytest.raises(ArgumentError, match="time_major did not exist in Keras 1.2"):
        L.GRU(3, time_major=True)


def test_a_custom_layer_may_say_compute_output_shape():
    class Doubled(L.Layer):
        def call(self, x):
            return K.concatenate([x, x])

        def compute_output_shape(self, input_shape):
            return (*input_shape[:-1], input_shape[-1] * 2)

    layer = Doubled()
    assert layer.get_output_shape_for((None, 3)) == (None, 6) == layer(L.Input((3,))).shape


def test_later_class_names_are_the_same_classes():
    assert (
        L.Conv2D is L.Convolution2D and L.MaxPool2D is L.MaxPooling2D and L.GlobalAvgPool1D is L.GlobalAveragePooling1D
    )


def test_a_bias_may_begin_elsewhere_in_the_later_spelling():
    layer = L.Dense(2, bias_initializer="ones")
    layer(L.Input((3,)))
    assert layer.get_weights()[1].tolist() == [1, 1]
    assert L.Dense.from_config(layer.get_config()).get_config()["bias_initializer"] == "one"


def test_translate_renames_and_leaves_the_rest():
    given = {"epochs": 3, "verbose": 0}
    assert translate({"epochs": "nb_epoch"}, given) == {"nb_epoch": 3, "verbose": 0}
    assert given == {"epochs": 3, "verbose": 0}


def test_a_function_accepts_later_names_and_keeps_its_signature():
    @accepts({"epochs": "nb_epoch"})
    def fit(x, nb_epoch=10):
        return nb_epoch

    assert fit(1, epochs=3) == 3 and fit(1, 4) == 4
    assert list(inspect.signature(fit).parameters) == ["x", "nb_epoch"]


def test_one_argument_in_two_places_is_refused():
    with pytest.raises(ArgumentError, match="Dense: output_dim was given twice"):
        L.Dense(3, units=4)


LATER = [
    "Add",
    "AlphaDropout",
    "Average",
    "Concatenate",
    "Conv2DTranspose",
    "Conv3DTranspose",
    "Convolution2DTranspose",
    "CuDNNGRU",
    "CuDNNLSTM",
    "Deconv3D",
    "DepthwiseConv2D",
    "Dot",
    "Maximum",
    "Minimum",
    "Multiply",
    "ReLU",
    "SeparableConv1D",
    "Softmax",
    "Subtract",
    *[f"{kind}Pool{axes}D" for kind in ("Max", "Avg", "GlobalMax", "GlobalAvg") for axes in (1, 2, 3)],
]


@pytest.mark.parametrize("name", LATER)
def test_a_later_layer_is_known_to_configurations(name):
    cls = getattr(L, name)
    assert issubclass(cls, L.Layer) and (LAYERS.get(name) is cls or L.Layer.aliases[name] is cls)


@pytest.mark.parametrize(
    "initializer",
    [
        initializers.RandomNormal(mean=0.0, stddev=0.05, seed=1),
        initializers.RandomUniform(minval=-0.05, maxval=0.05, seed=1),
        initializers.TruncatedNormal(stddev=0.1, seed=1),
        initializers.VarianceScaling(scale=2.0, mode="fan_out", distribution="uniform", seed=1),
        initializers.VarianceScaling(distribution="untruncated_normal", seed=1),
        initializers.Orthogonal(gain=1.0, seed=1),
        initializers.Identity(gain=2.0),
        initializers.Constant(3),
        initializers.orthogonal(seed=1),
        initializers.variance_scaling(seed=1),
        initializers.GlorotUniform(seed=1),
        initializers.HeNormal(seed=1),
        initializers.lecun_normal(seed=1),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_later_initializer_gives_the_same_values_again(initializer):
    layers = [L.Dense(4, kernel_initializer=initializer)]
    layers.append(L.Dense.from_config(layers[0].get_config()))
    first, second = (layer(L.Input((4,))) is not None and layer.get_weights()[0] for layer in layers)
    assert (first == second).all() and first.any()


def test_later_regularizers_and_constraints_take_their_later_arguments():
    assert regularizers.l2(l=0.1).get_config() == regularizers.l2(0.1).get_config()
    assert regularizers.l1_l2(l1=0.1, l2=0.2).get_config() == regularizers.l1l2(0.1, 0.2).get_config()
    assert constraints.max_norm(max_value=3).get_config() == constraints.maxnorm(3).get_config()
    later = constraints.min_max_norm(min_value=0.1, max_value=0.5, rate=0.9, axis=1)
    assert later.get_config() == constraints.MinMaxNorm(0.1, 0.5, 0.9, 1).get_config()


def test_layers_go_through_serialize_and_deserialize():
    layer = L.Dense(3, activation="relu")
    assert L.deserialize(L.serialize(layer)).get_config() == layer.get_config()
