"""Later spellings, translated at the door."""

import inspect

import pytest

from kerasnb import backend as K
from kerasnb import layers as L
from kerasnb.errors import ArgumentError
from kerasnb.spellings import accepts, translate


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
    with pytest.raises(ArgumentError, match="reset_after did not exist in Keras 1.2"):
        L.GRU(3, reset_after=True)


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
