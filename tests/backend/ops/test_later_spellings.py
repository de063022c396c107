"""K's functions under the names and with the arguments of Keras 2, against their Keras 1 spellings and numpy."""

import inspect

import numpy as np
import pytest
from scipy.special import softmax

from kerasnb import backend as K
from kerasnb.errors import ArgumentError

RANDOM = np.random.RandomState(0)
IMAGES = RANDOM.uniform(-1, 1, (2, 5, 6, 3)).astype("float32")
SERIES = IMAGES[:, :, 0]


def value(function, *arrays):
    """What a function of tensors gives; its declared shape must be the one computed."""
    tensors = [K.placeholder((None, *arrays[0].shape[1:])), *(K.placeholder(array.shape) for array in arrays[1:])]
    output = function(*tensors)
    found = K.function(tensors, [output])(list(arrays))[0]
    assert all(declared in (None, got) for declared, got in zip(output.shape, found.shape, strict=True))
    return found


def same(later, earlier, *arrays):
    np.testing.assert_allclose(value(later, *arrays), value(earlier, *arrays), rtol=1e-4, atol=1e-5)


def first(array):
    """Features first."""
    return np.moveaxis(array, -1, 1)


def test_convolutions_and_pooling_take_later_names(backend):
    kernel = RANDOM.rand(3, 2, 3, 4).astype("float32")
    same(
        lambda x, k: K.conv2d(x, k, padding="same", data_format="channels_last", dilation_rate=(2, 1)),
        lambda x, k: K.conv2d(x, k, border_mode="same", dim_ordering="tf", filter_dilation=(2, 1)),
        IMAGES,
        kernel,
    )
    same(
        lambda x: K.pool2d(x, (2, 2), (2, 2), padding="same", data_format="channels_last", pool_mode="avg"),
        lambda x: K.pool2d(x, (2, 2), (2, 2), "same", "tf", "avg"),
        IMAGES,
    )


def test_names_of_arguments_that_only_changed(backend):
    same(lambda x: K.expand_dims(x, axis=1), lambda x: K.expand_dims(x, dim=1), SERIES)
    pads = ((1, 0), (2, 1))
    same(
        lambda x: K.spatial_2d_padding(x, pads, data_format="channels_last"),
        lambda x: K.asymmetric_spatial_2d_padding(x, 1, 0, 2, 1),
        IMAGES,
    )
    assert K.random_normal((2,), stddev=0.5).shape == K.random_uniform((2,), minval=1, maxval=2).shape
    assert K.one_hot(K.placeholder((None,), dtype="int32"), num_classes=3).shape == (None, 3)


def test_both_spellings_of_one_argument_are_refused():
    with pytest.raises(ArgumentError, match="dim and axis|axis and dim"):
        K.expand_dims(K.placeholder((2,)), dim=1, axis=1)


def test_signatures_stay_those_of_keras_1():
    assert list(inspect.signature(K.softmax).parameters) == ["x"]
    assert list(inspect.signature(K.conv1d).parameters)[2:4] == ["stride", "border_mode"]


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (lambda x: K.softmax(x, axis=1), softmax(IMAGES, axis=1)),
        (lambda x: K.stack([x, x], axis=-1), np.stack([IMAGES] * 2, -1)),
        (lambda x: K.l2_normalize(x), IMAGES / np.sqrt(np.square(IMAGES).sum())),
        (lambda x: K.relu(x, 0.1, 0.8, 0.3), np.where(IMAGES < 0.3, 0.1 * (IMAGES - 0.3), np.minimum(IMAGES, 0.8))),
        (lambda x: K.resize_images(x, 2, 1, "channels_last", interpolation="nearest"), IMAGES.repeat(2, 1)),
        (lambda x: K.size(x), 180),
    ],
    ids=["softmax", "stack", "l2_normalize", "relu", "resize_images", "size"],
)
def test_arguments_that_came_later(later, expected, backend):
    np.testing.assert_allclose(value(later, IMAGES), expected, rtol=1e-4, atol=1e-5)


def test_batch_normalization_along_an_axis(backend):
    numbers = np.arange(1, 6, dtype="float32")
    found = value(lambda x, m: K.batch_normalization(x, m, m, m, m, axis=1, epsilon=0.1), IMAGES, numbers)
    n = numbers[:, None, None]
    np.testing.assert_allclose(found, n * (IMAGES - n) / np.sqrt(n + 0.1) + n, rtol=1e-4, atol=1e-5)


def test_crossentropy_along_an_axis(backend):
    shares = softmax(IMAGES, axis=1)
    target = np.eye(5, dtype="float32")[RANDOM.randint(0, 5, (2, 6, 3))].transpose(0, 3, 1, 2)
    found = value(lambda p, t: K.categorical_crossentropy(p, t, axis=1), shares, target)
    np.testing.assert_allclose(found, -(target * np.log(shares)).sum(1), rtol=1e-4)


def test_causal_convolution_sees_the_past_only(backend):
    kernel = RANDOM.rand(2, 3, 4).astype("float32")
    for rate in (1, 2):
        moved = SERIES.copy()
        moved[:, 3] += 1
        one, other = (
            value(lambda x, k: K.conv1d(x, k, padding="causal", dilation_rate=rate), x, kernel)  # noqa: B023
            for x in (SERIES, moved)
        )
        changed = abs(one - other).max(axis=(0, 2)) > 1e-3
        assert changed.tolist() == [at in (3, 3 + rate) for at in range(5)]


def test_depthwise_convolution_is_the_first_half_of_a_separable_one(backend):
    depthwise, pointwise = RANDOM.rand(2, 3, 3, 2).astype("float32"), np.eye(6, dtype="float32")[None, None]
    same(
        lambda x, d, p: K.depthwise_conv2d(x, d, padding="same") + 0 * K.sum(p),
        lambda x, d, p: K.separable_conv2d(x, d, p, border_mode="same"),
        IMAGES,
        depthwise,
        pointwise,
    )
    np.testing.assert_allclose(
        value(lambda x, d: K.depthwise_conv2d(x, d, data_format="channels_first"), first(IMAGES), depthwise),
        first(value(lambda x, d: K.depthwise_conv2d(x, d), IMAGES, depthwise)),
        rtol=1e-4,
        atol=1e-5,
    )


def test_separable_convolution_along_time_is_one_over_a_column(backend):
    depthwise, pointwise = RANDOM.rand(3, 3, 2).astype("float32"), RANDOM.rand(1, 6, 4).astype("float32")
    same(
        lambda x, d, p: K.separable_conv1d(x, d, p, strides=2, padding="same"),
        lambda x, d, p: K.separable_conv2d(x[:, :, None], d[:, None], p[None], (2, 1), "same", "tf")[:, :, 0],
        SERIES,
        depthwise,
        pointwise,
    )


def test_transposed_convolution_has_the_kernel_of_its_forward_one(backend):
    kernel = RANDOM.rand(3, 2, 4, 3).astype("float32")
    shape = (2, 10, 12, 4)
    same(
        lambda x, k: K.conv2d_transpose(x, k, shape, (2, 2), padding="same"),
        lambda x, k: K.deconv2d(x, K.permute_dimensions(k, (0, 1, 3, 2)), shape, (2, 2), "same"),
        IMAGES,
        kernel,
    )
    spread = np.zeros((5, 3, 4, 3), "float32")
    spread[::2, ::2] = kernel
    same(
        lambda x, k: K.conv2d_transpose(x, k, (2, 9, 8, 4), dilation_rate=(2, 2)),
        lambda x, k: K.conv2d_transpose(x, K.constant(spread), (2, 9, 8, 4)),
        IMAGES,
        kernel,
    )


def test_transposed_convolution_of_volumes_is_what_conv3d_does_to_gradients(backend):
    volumes = RANDOM.uniform(-1, 1, (1, 2, 3, 2, 2)).astype("float32")
    kernel = RANDOM.uniform(-1, 1, (2, 3, 2, 3, 2)).astype("float32")
    before = K.zeros((1, 4, 6, 4, 3))
    forward = K.conv3d(before, K.variable(kernel), (2, 2, 2), "same", "tf")
    (expected,) = K.gradients(K.sum(forward * K.constant(volumes)), [before])
    found = value(lambda x, k: K.conv3d_transpose(x, k, (1, 4, 6, 4, 3), (2, 2, 2), "same"), volumes, kernel)
    np.testing.assert_allclose(found, K.eval(expected), rtol=1e-4, atol=1e-5)


def test_local_convolutions_have_other_weights_at_every_place(backend):
    kernel = RANDOM.rand(3, 9, 2).astype("float32")
    found = value(lambda x, k: K.local_conv1d(x, k, (3,), (1,)), SERIES, kernel)
    expected = np.stack([SERIES[:, at : at + 3].reshape(2, 9) @ kernel[at] for at in range(3)], 1)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_local_convolutions_of_images(data_format, backend):
    kernel = RANDOM.rand(10, 12, 2).astype("float32")
    images = IMAGES if data_format == "channels_last" else first(IMAGES)
    found = value(lambda x, k: K.local_conv2d(x, k, (2, 2), (3, 1), (2, 5), data_format), images, kernel)
    found = found if data_format == "channels_last" else np.moveaxis(found, 1, -1)
    for row, col in np.ndindex(2, 5):
        window = IMAGES[:, 3 * row : 3 * row + 2, col : col + 2]
        flat = (window if data_format == "channels_last" else first(window)).reshape(2, 12)
        np.testing.assert_allclose(found[:, row, col], flat @ kernel[5 * row + col], rtol=1e-4, atol=1e-5)


def test_questions_about_tensors():
    x, v = K.placeholder((None, 2)), K.variable(1.0)
    assert [K.is_tensor(one) for one in (x, v, np.ones(2))] == [True, True, False]
    assert (K.is_placeholder(x), K.is_variable(x), K.is_variable(v)) == (True, False, True)
    assert (K.normalize_data_format(None), K.normalize_data_format("channels_first")) == (
        "channels_last",
        "channels_first",
    )
    assert K.is_keras_tensor(x) and not K.is_keras_tensor(v)


def test_name_scope_is_named_in_errors():
    with K.name_scope("attention"), K.control_dependencies([]):
        made = K.placeholder((2,)) * 2
    assert made.operation.layer == "attention"


ORDERS = {"truth first": lambda true, output: (true, output), "output first": lambda true, output: (output, true)}


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_a_crossentropy_knows_the_output_by_its_weights(name, order, backend):
    loss = getattr(K, name)
    true = K.placeholder((None,) if name.startswith("sparse") else (None, 2))
    logits = K.placeholder((None, 2)) * K.variable(np.array([1.0, 2.0]))
    output = K.softmax(logits)
    labels = np.array([1, 0]) if name.startswith("sparse") else np.array([[0, 1], [1, 0]])
    found = loss(*ORDERS[order](true, output))
    expected = loss(output=output, target=true)
    given = [labels, np.array([[0.3, 0.1], [0.2, 0.7]])]
    values = K.function([true, logits.operation.inputs[0]], [found, expected])(given)
    np.testing.assert_allclose(values[0], values[1], rtol=1e-6)
    shares = np.exp(given[1] * [1, 2]) / np.exp(given[1] * [1, 2]).sum(1, keepdims=True)
    np.testing.assert_allclose(np.ravel(values[0])[:1], -np.log(shares[0, 1]), rtol=1e-5)
