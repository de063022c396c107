"""What is special about convolutions, padding and cropping."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.ops.shapes import window_length
from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.layers import (
    Add,
    AtrousConvolution2D,
    AveragePooling2D,
    Conv3DTranspose,
    Convolution1D,
    Convolution2D,
    Convolution3D,
    Cropping1D,
    Cropping2D,
    DepthwiseConv2D,
    GlobalAveragePooling1D,
    Input,
    LocallyConnected2D,
    Masking,
    MaxPooling1D,
    MaxPooling2D,
    SeparableConv1D,
    SeparableConvolution2D,
    UpSampling2D,
    ZeroPadding2D,
)
from kerasnb.layers.convolutional import _Conv, grown_sizes
from kerasnb.models import Model, Sequential
from kerasnb.utils.layer_utils import convert_all_kernels_in_model

from .running import run


def test_a_kernel_larger_than_its_input_is_refused_by_name():
    with pytest.raises(ShapeError) as caught:
        Convolution2D(4, 3, 3, name="conv_3")(Input((2, 2, 1)))
    assert str(caught.value).startswith('Convolution2D "conv_3": kernel 3x3 is larger than its input 2x2.')
    assert caught.value.arguments == ("nb_row", "nb_col")


def test_only_the_argument_to_blame_is_named():
    with pytest.raises(ShapeError) as caught:
        Convolution2D(4, 1, 5)(Input((4, 4, 1)))
    assert caught.value.arguments == ("nb_col",)
    with pytest.raises(ShapeError) as caught:
        Convolution1D(4, 5)(Input((3, 2)))
    assert caught.value.arguments == ("filter_length",)


@pytest.mark.parametrize(
    ("make", "argument"),
    [
        (lambda: Convolution2D(0, 3, 3), "nb_filter"),
        (lambda: Convolution2D(2, -1, 3), "nb_row"),
        (lambda: Convolution2D(2, 3, 3, border_mode="smae"), "border_mode"),
        (lambda: Convolution2D(2, 3, 3, subsample=0), "subsample"),
        (lambda: Convolution2D(2, 3, 3, subsample=(1, 2, 3)), "subsample"),
        (lambda: Convolution2D(2, 3, 3, dim_ordering="tff"), "dim_ordering"),
        (lambda: MaxPooling2D((0, 2)), "pool_size"),
        (lambda: MaxPooling2D(border_mode="full"), "border_mode"),
        (lambda: UpSampling2D((2,)), "size"),
        (lambda: ZeroPadding2D((-1, 1)), "padding"),
        (lambda: ZeroPadding2D({"top": 1}), "padding"),
        (lambda: Cropping2D(((1, 1),)), "cropping"),
        (lambda: Cropping2D(((1, -1), (0, 0))), "cropping"),
    ],
)
def test_a_bad_argument_is_refused_by_name(make, argument):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert caught.value.arguments == (argument,)


def test_gaps_and_steps_do_not_go_together():
    with pytest.raises(ArgumentError, match="do not go together"):
        AtrousConvolution2D(2, 3, 3, subsample=(2, 2), atrous_rate=(2, 2))


def test_a_convolution_needs_four_axes_and_known_features():
    with pytest.raises(ShapeError, match="needs input \\(batch, rows, cols, features\\), got \\(None, 8\\)"):
        Convolution2D(2, 3, 3)(Input((8,)))
    with pytest.raises(ShapeError, match="needs to know the features"):
        Convolution2D(2, 3, 3)(Input((8, 8, None)))


@pytest.mark.parametrize(
    ("ordering", "shape", "kernel"), [("tf", (8, 8, 3), (2, 4, 3, 5)), ("th", (3, 8, 8), (5, 3, 2, 4))]
)
def test_kernels_have_the_layout_of_their_ordering(ordering, shape, kernel):
    layer = Convolution2D(5, 2, 4, dim_ordering=ordering)
    layer(Input(shape))
    assert layer.W.shape == kernel and layer.b.shape == (5,)


def test_the_default_ordering_is_settled_when_the_layer_is_made():
    K.set_image_dim_ordering("th")
    layer = Convolution2D(5, 2, 2)
    K.set_image_dim_ordering("tf")
    assert layer.dim_ordering == "th"


def test_rows_and_columns_may_be_unknown():
    assert Convolution2D(5, 3, 3)(Input((None, None, 2))).shape == (None, None, None, 5)


def test_theano_flips_the_kernel_and_tensorflow_does_not(backend):
    layer = Convolution2D(1, 1, 2, bias=False)
    layer(Input((1, 2, 1)))
    layer.set_weights([np.array([1.0, 10.0]).reshape(1, 2, 1, 1)])
    value = run(layer, np.array([3.0, 4.0], "float32").reshape(1, 1, 2, 1)).item()
    assert value == (43 if backend == "tensorflow" else 34)


def test_converting_all_kernels_makes_the_backends_agree():
    inner = Sequential([Convolution2D(2, 2, 2, input_shape=(4, 4, 1))])
    model = Sequential([inner, Convolution2D(2, 2, 2)])
    x = np.random.rand(2, 4, 4, 1)
    values = []
    for name in ("tensorflow", "theano"):
        K.use(name)
        values.append(K.function([model.input], [model.output])([x])[0])
        convert_all_kernels_in_model(model)
    K.use("tensorflow")
    np.testing.assert_allclose(*values, atol=1e-5)


ROWS, IMAGE, VOLUME = np.ones((1, 4, 2)), np.ones((1, 4, 5, 2)), np.ones((1, 4, 5, 3, 2))


@pytest.mark.parametrize(
    ("make", "x", "around"),
    [
        (lambda mode: Convolution1D(3, 3, border_mode=mode, subsample_length=2), ROWS, (2,)),
        (lambda mode: Convolution2D(3, 3, 2, border_mode=mode), IMAGE, (2, 1)),
        (lambda mode: AtrousConvolution2D(3, 2, 2, atrous_rate=(1, 3), border_mode=mode), IMAGE, (1, 3)),
        (lambda mode: Convolution3D(3, 2, 3, 2, border_mode=mode), VOLUME, (1, 2, 1)),
        (lambda mode: SeparableConv1D(3, 3, padding=mode, dilation_rate=2), ROWS, (4,)),
        (lambda mode: SeparableConvolution2D(3, 3, 2, border_mode=mode, subsample=(2, 2)), IMAGE, (2, 1)),
        (lambda mode: DepthwiseConv2D((3, 2), padding=mode, depth_multiplier=2), IMAGE, (2, 1)),
    ],
)
def test_full_borders_count_every_place_where_the_kernel_meets_the_input(make, x, around, backend):
    x = x * np.arange(1, 1 + x.size).reshape(x.shape)
    layer, inside = make("full"), make("valid")
    padded = np.pad(x, [(0, 0), *((zeros, zeros) for zeros in around), (0, 0)])
    layer(Input(x.shape[1:])), inside(Input(padded.shape[1:]))
    inside.set_weights(layer.get_weights())
    value = run(layer, x.astype("float32"))
    np.testing.assert_allclose(value, run(inside, padded.astype("float32")), rtol=1e-4, atol=1e-3)
    assert layer.compute_output_shape(x.shape) == value.shape


def test_a_transposed_convolution_of_volumes_takes_full_borders_away(backend):
    layer = Conv3DTranspose(1, (1, 3, 2), padding="full", strides=(1, 2, 1), use_bias=False)
    x = np.arange(12, dtype="float32").reshape(1, 2, 2, 3, 1)
    layer(Input(x.shape[1:]))
    layer.set_weights([np.ones((1, 3, 2, 1, 1))])
    # along rows 2, 2 apart, meet 3 taps: 1 stays; along columns 3 meet 2 taps: 2 stay
    assert run(layer, x).reshape(2, 1, 2).tolist() == [[[8, 12]], [[32, 36]]]
    assert layer.compute_output_shape(x.shape) == (1, 2, 1, 2, 1)


def test_cropping_everything_leaves_an_empty_axis_as_in_keras_1_2(backend):
    assert Cropping2D(((2, 2), (0, 0)))(Input((4, 4, 1))).shape == (None, 0, 4, 1)
    assert run(Cropping1D((2, 2)), np.ones((2, 4, 3), "float32")).shape == (2, 0, 3)


def test_cropping_more_than_there_is_is_refused():
    with pytest.raises(ShapeError, match="cropping 3 and 2 is more than the axis of 4"):
        Cropping2D(((3, 2), (0, 0)))(Input((4, 4, 1)))


def test_a_pool_larger_than_its_input_is_refused():
    with pytest.raises(ShapeError, match="pool 5x5 is larger than its input 4x4") as caught:
        MaxPooling2D((5, 5))(Input((4, 4, 1)))
    assert caught.value.arguments == ("pool_size",)
    with pytest.raises(ShapeError, match="longer than its input of 2"):
        MaxPooling1D(3)(Input((2, 1)))


def test_padding_takes_pairs_numbers_and_names():
    for padding, shape in [
        ((1, 2), (5, 7)),
        ((1, 2, 3, 4), (6, 10)),
        (((1, 2), (3, 4)), (6, 10)),
        ({"top_pad": 2}, (5, 3)),
        (1, (5, 5)),
    ]:
        assert ZeroPadding2D(padding)(Input((3, 3, 1))).shape == (None, *shape, 1)


def test_average_pooling_with_same_borders_counts_no_padding(backend):
    value = run(AveragePooling2D((2, 2), border_mode="same"), np.ones((1, 3, 3, 1), "float32"))
    assert (value == 1).all()


def test_a_bias_for_each_place_of_th_images_is_kept_as_keras_1_2_keeps_it(backend):
    model = Sequential([LocallyConnected2D(2, 1, 1, dim_ordering="th", input_shape=(1, 3, 4))])
    kernel, bias = model.get_weights()
    assert bias.shape == (3, 4, 2)
    model.set_weights([0 * kernel, np.arange(24.0).reshape(3, 4, 2)])
    # the same numbers in another shape, as there
    np.testing.assert_array_equal(model.predict(np.zeros((1, 1, 3, 4)))[0], np.arange(24.0).reshape(2, 3, 4))


def test_a_mean_over_time_leaves_hidden_steps_out(backend):
    x = Input((3, 2))
    y = GlobalAveragePooling1D()(Masking()(x))
    given = np.array([[[1, 2], [3, 4], [0, 0]], [[0, 0]] * 3])
    assert K.function([x], [y])([given])[0].tolist() == [[2, 3], [0, 0]]


def test_merging_layers_want_a_mask_for_each_input():
    x = Input((3, 2))
    for inputs, mask in ((x, [None, None]), ([x, x], x), ([x, x], [None])):
        with pytest.raises(ShapeError, match="a list with a mask, or None, for each"):
            Add().compute_mask(inputs, mask)


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("stride", [1, 2])
def test_sizes_grown_backwards_are_those_that_the_convolution_shrinks_again(mode, stride):
    for padding in (None, [0], [stride - 1]):
        (size,) = grown_sizes([5], [3], [stride], mode, padding)
        assert window_length(size, 3, stride, mode) == 5


class Scaled(_Conv):
    """A convolution whose kernel has length 1, as programs for Keras 2 derive them."""

    def __init__(self, filters, kernel_size, **kwargs):
        super().__init__(rank=2, filters=filters, kernel_size=kernel_size, **kwargs)

    def call(self, inputs):
        kernel = self.kernel / K.sqrt(K.sum(K.square(self.kernel)))
        outputs = K.conv2d(inputs, kernel, strides=self.strides, padding=self.padding, data_format=self.data_format)
        return K.bias_add(outputs, self.bias)

    def get_config(self):
        config = super().get_config()
        config.pop("rank")
        return config


def test_a_layer_derived_from_keras_2s_convolution_of_any_rank_trains_and_is_made_again(backend):
    layer = Scaled(3, 2, padding="same", input_shape=(4, 4, 2), kernel_regularizer="l2")
    model = Sequential([layer])
    model.compile("sgd", "mse")
    x = np.random.RandomState(0).rand(4, 4, 4, 2)
    before = layer.kernel.shape
    model.fit(x, np.ones((4, 4, 4, 3)), nb_epoch=1, verbose=0)
    again = Sequential.from_config(model.get_config(), custom_objects={"Scaled": Scaled})
    again.set_weights(model.get_weights())
    assert tuple(before) == (2, 2, 2, 3) and (layer.filters, layer.kernel_size, layer.strides) == (3, (2, 2), (1, 1))
    np.testing.assert_allclose(again.predict(x), model.predict(x), rtol=1e-6)


@pytest.mark.parametrize(
    ("rank", "of_keras_1", "sizes"),
    [(1, Convolution1D, (6,)), (2, Convolution2D, (5, 6)), (3, Convolution3D, (4, 3, 5))],
    ids=["1 axis", "2 axes", "3 axes"],
)
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_a_convolution_of_any_rank_computes_what_the_layers_of_that_rank_do(
    backend, rank, of_keras_1, sizes, data_format
):
    is_last = data_format == "channels_last"
    inputs = Input((*sizes, 2) if is_last else (2, *sizes))
    arguments = {"strides": 2, "padding": "same", "data_format": data_format, "activation": "tanh"}
    general = _Conv(rank, 3, 3, **arguments)
    plain = of_keras_1(filters=3, kernel_size=3, **arguments)
    one, other = Model(inputs, general(inputs)), Model(inputs, plain(inputs))
    kernel, bias = np.random.RandomState(1).rand(*[3] * rank, 2, 3), np.array([1, 2, 3])
    general.set_weights([kernel, bias])
    in_order = kernel if is_last or rank == 1 else kernel.transpose(rank + 1, rank, *range(rank))
    plain.set_weights([in_order.reshape(plain.W_shape), bias])
    x = np.random.RandomState(2).rand(2, *inputs._keras_shape[1:])
    np.testing.assert_allclose(one.predict(x), other.predict(x), rtol=1e-4)
    assert one.output_shape == other.output_shape


def test_a_convolution_of_any_rank_refuses_other_ranks():
    with pytest.raises(ValueError, match="rank"):
        _Conv(4, 2, 3)
    with pytest.raises(ValueError, match="kernel_size must be 2 whole numbers"):
        _Conv(2, 2, (3, 3, 3))


@pytest.mark.parametrize("name", ["kernel_regularizer", "W_constraint"])
def test_a_separable_convolution_leaves_the_penalty_of_a_plain_kernel_without_effect_and_says_so(name):
    value = "nonneg" if "constraint" in name else "l2"
    with pytest.warns(UserWarning, match="which has no effect. Give depthwise_.* and pointwise_"):
        layer = SeparableConvolution2D(2, 3, 3, input_shape=(5, 5, 1), **{name: value})
    layer(Input((5, 5, 1)))
    assert not layer.losses and not layer.constraints


def test_a_class_of_ones_own_with_another_kernel_needs_no_number_of_filters():
    """As copies of Keras 2.0's MobileNet make their depthwise convolution."""

    class Depthwise(Convolution2D):
        def __init__(self, kernel_size, **kwargs):
            super().__init__(filters=None, kernel_size=kernel_size, **kwargs)

        def build(self, input_shape):
            self.kernel = self.add_weight(shape=(*self.kernel_size, input_shape[-1], 1), initializer="ones", name="k")
            self.built = True

        def call(self, x, mask=None):
            return K.depthwise_conv2d(x, self.kernel, padding=self.padding)

    assert Depthwise((2, 2))(Input((5, 5, 3))).shape == (None, 4, 4, 3)
    with pytest.raises(ArgumentError, match="nb_filter must be a whole number, got None"):
        Convolution2D(None, 3, 3)
