"""What is special about the core layers."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.engine.files.configs import plain
from kerasnb.errors import ArgumentError, ShapeError, UnknownNameError, WeightsError
from kerasnb.layers import (
    Activation,
    Dense,
    Dropout,
    Flatten,
    Highway,
    Input,
    Lambda,
    Layer,
    Masking,
    MaxoutDense,
    Permute,
    RepeatVector,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
)
from kerasnb.models import Sequential
from kerasnb.utils.code_text import trusted_code

from .running import run


def test_dropout_keeps_the_mean_and_drops_its_share(backend):
    value = run(Dropout(0.25), np.ones((40, 500), "float32"), phase=1)
    assert (value == 0).mean() == pytest.approx(0.25, abs=0.02)
    assert value.mean() == pytest.approx(1, abs=0.03)
    assert np.allclose(np.unique(value), [0, 1 / 0.75])


def test_dropout_with_a_noise_shape_drops_whole_rows(backend):
    value = run(Dropout(0.5, noise_shape=(None, 1)), np.ones((40, 5), "float32"), phase=1)
    assert (value == value[:, :1]).all() and len(np.unique(value)) == 2


@pytest.mark.parametrize(
    ("make", "shape", "shared"),
    [(lambda: SpatialDropout1D(0.5), (30, 4, 3), 1), (lambda: SpatialDropout2D(0.5, "th"), (30, 3, 4, 4), (2, 3))],
)
def test_spatial_dropout_drops_whole_features(make, shape, shared, backend):
    value = run(make(), np.ones(shape, "float32"), phase=1)
    assert (value == value.max(shared, keepdims=True)).all() and 0 < (value == 0).mean() < 1


def test_dropout_of_whole_features_knows_the_size_of_a_single_feature():
    assert SpatialDropout1D(0.5)(Input((4, 1))).shape == (None, 4, 1)
    assert SpatialDropout2D(0.5)(Input((4, 4, 1))).shape == (None, 4, 4, 1)


def test_dropout_of_nothing_does_not_ask_for_the_learning_phase():
    layer = Dropout(0.0)
    assert not layer(Input((3,)))._uses_learning_phase and not layer.uses_learning_phase
    assert Dropout(0.5)(Input((3,)))._uses_learning_phase


def test_masking_hides_steps_that_equal_the_value_everywhere(backend):
    x = Input((3, 2))
    layer = Masking(1.0)
    values = np.array([[[1, 1], [1, 2], [3, 3]]], "float32")
    output, mask = K.function([x], [layer(x), layer.output_mask])([values])
    assert mask.tolist() == [[0, 1, 1]]
    assert output.tolist() == [[[0, 0], [1, 2], [3, 3]]]


@pytest.mark.parametrize("make", [Flatten, lambda: Reshape((4,)), lambda: Lambda(lambda x: x)])
def test_a_mask_into_a_layer_that_cannot_take_it_is_refused(make):
    with pytest.raises(ShapeError, match="does not support masking"):
        make()(Masking()(Input((2, 2))))


def test_dense_hands_the_mask_of_its_steps_on_to_the_loss(backend):
    model = Sequential([Masking(input_shape=(2, 2)), Dense(1, init="one", bias=False)])
    model.compile("sgd", "mse")
    x = np.array([[[1.0, 2.0], [0.0, 0.0]]])
    # the first step errs by 3, the second, which would err by 9, is hidden
    np.testing.assert_allclose(model.evaluate(x, np.array([[[0.0], [9.0]]]), verbose=0), 9.0, rtol=1e-6)


def test_dense_refuses_an_unknown_last_axis():
    with pytest.raises(ShapeError, match='Dense "d": needs to know the last axis'):
        Dense(3, name="d")(Input((None,)))


def test_dense_refuses_another_number_of_features_later():
    layer = Dense(3)
    layer(Input((4,)))
    with pytest.raises(ShapeError, match="was built for 4 input features"):
        layer(Input((5,)))


def test_dense_takes_initial_weights_and_refuses_wrong_ones():
    layer = Dense(2, weights=[np.ones((3, 2)), np.zeros(2)])
    layer(Input((3,)))
    assert (layer.get_weights()[0] == 1).all()
    with pytest.raises(WeightsError):
        Dense(2, weights=[np.ones((3, 3)), np.zeros(2)])(Input((3,)))


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Dense(0), "output_dim"),
        (lambda: Dense(2.5), "output_dim"),
        (lambda: Dense("3"), "output_dim"),
        (lambda: Dense(2, activation="rleu"), "activation"),
        (lambda: Dense(2, init="glorot"), "init"),
        (lambda: Dense(2, W_regularizer="l9"), "W_regularizer"),
        (lambda: Dense(2, W_regularizer=3), "W_regularizer"),
        (lambda: Dense(2, W_constraint="small"), "W_constraint"),
        (lambda: Dropout(1.5), "p"),
        (lambda: Dropout(-0.1), "p"),
        (lambda: MaxoutDense(2, nb_feature=0), "nb_feature"),
        (lambda: RepeatVector(0), "n"),
        (lambda: Permute((0, 1)), "dims"),
        (lambda: Permute((1, 1)), "dims"),
        (lambda: Reshape((-1, -1)), "target_shape"),
        (lambda: Reshape((0, 2)), "target_shape"),
        (lambda: Lambda(3), "function"),
        (lambda: Lambda(len, output_shape=3), "output_shape"),
        (lambda: Activation(7), "activation"),
    ],
)
def test_a_bad_argument_is_refused_by_name(make, argument):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert caught.value.arguments == (argument,)


def test_an_unknown_activation_offers_a_close_one():
    with pytest.raises(UnknownNameError, match='Did you mean "relu"'):
        Activation("relo")


def test_an_unknown_argument_lists_the_known_ones():
    with pytest.raises(TypeError, match="has no argument 'nb_units'; it takes output_dim"):
        Dense(3, nb_units=3)


def test_reshape_refuses_another_number_of_values():
    with pytest.raises(ShapeError, match="cannot make \\(5,\\) .* of \\(3, 3\\)") as caught:
        Reshape((5,))(Input((3, 3)))
    assert caught.value.arguments == ("target_shape",)


def test_reshape_works_out_an_unknown_size_when_it_runs(backend):
    layer = Reshape((-1, 2))
    x = Input((None, 4))
    y = layer(x)
    assert y.shape == (None, None, 2)
    assert K.function([x], [y])([np.zeros((3, 5, 4))])[0].shape == (3, 10, 2)


def test_flatten_refuses_an_unknown_size():
    with pytest.raises(ShapeError, match="needs every size of its input but the batch"):
        Flatten()(Input((None, 3)))


def test_permute_needs_as_many_axes_as_dims():
    with pytest.raises(ShapeError, match="needs input"):
        Permute((2, 1))(Input((2, 2, 2)))


def test_highway_begins_with_a_carry_bias_of_one():
    layer = Highway()
    layer(Input((3,)))
    assert [weight.name.split("_", 2)[2] for weight in layer.weights] == ["W", "W_carry", "b", "b_carry"]
    assert layer.get_weights()[3].tolist() == [1, 1, 1]


def test_lambda_finds_its_own_shape():
    assert Lambda(lambda x: K.sum(x, axis=1))(Input((3, 4))).shape == (None, 4)


def test_lambda_completes_a_shape_that_is_not_known_by_what_it_is_told():
    layer = Lambda(
        lambda x: K.reshape(x, (K.shape(x)[0], -1)), output_shape=lambda shape: (shape[0], shape[1] * shape[2])
    )
    assert layer(Input((3, 4)))._keras_shape == (None, 12)


def test_lambda_passes_arguments_and_a_mask_that_is_named(backend):
    layer = Lambda(lambda x, mask=None, factor=1: x * factor + (0 if mask is None else 1), arguments={"factor": 3})
    assert run(layer, np.ones((1, 2), "float32")).tolist() == [[3, 3]]


def _in_the_backends_own_code(backend):
    if backend == "tensorflow":
        import tensorflow as tf

        return tf.nn.relu
    import pytensor.tensor as pt

    return lambda x: pt.maximum(x, 0)


def test_lambda_runs_the_backends_own_code(backend):
    layer = Lambda(_in_the_backends_own_code(backend))
    assert layer.get_output_shape_for((None, 2)) == (None, 2)
    assert run(layer, np.array([[-1.0, 2.0]], "float32")).tolist() == [[0, 2]]


def test_lambda_of_a_named_function_is_written_with_its_code():
    def doubled(x):
        return 2 * x

    config = plain(Lambda(doubled).get_config())
    assert config["function_type"] == "lambda"
    assert Lambda.from_config(config, custom_objects={"doubled": doubled}).function is doubled
    with pytest.raises(ArgumentError, match=r'function "doubled".*\n.*trust_code=True; else .*{"doubled": doubled}'):
        Lambda.from_config(config)
    with trusted_code():
        assert Lambda.from_config(config).function(4) == 8


def test_the_mask_of_a_lambda_is_in_its_configuration():
    layer = Lambda(lambda x: x, mask=lambda x, mask: mask)
    with trusted_code():
        again = Lambda.from_config(plain(layer.get_config()))
    assert again.compute_mask(1, 2) == 2 and again.supports_masking


def test_lambda_of_a_function_that_a_file_only_names_asks_for_it():
    config = {**Lambda(lambda x: x).get_config(), "function": "doubled", "function_type": "function"}
    with pytest.raises(UnknownNameError, match=r"'doubled', but does not hold its code.\nGive it: custom_objects={"):
        Lambda.from_config(config)


def test_a_layer_built_by_hand_takes_its_first_weights():
    weights = [np.ones((3, 2)), np.zeros(2)]
    layer = Dense(2, weights=weights)
    layer.build((None, 3))
    assert (layer.get_weights()[0] == 1).all()


def test_a_custom_layer_may_delete_its_initial_weights(backend):
    class Mine(Layer):
        def __init__(self, weights=None, **kwargs):
            self.initial_weights = weights
            super().__init__(**kwargs)

        def build(self, input_shape):
            self.W = self.add_weight((input_shape[1],), initializer="one", name="W")
            self.set_weights(self.initial_weights)
            del self.initial_weights

        def call(self, x, mask=None):
            return x * self.W

    assert run(Mine(weights=[np.full(3, 2.0)]), np.ones((1, 3), "float32")).tolist() == [[2, 2, 2]]
