"""The convolutions written with conv2d, against numpy and against conv2d itself."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import BackendError, ShapeError, UnknownNameError

RANDOM = np.random.RandomState(0)
IMAGES = RANDOM.uniform(-1, 1, (2, 5, 6, 3)).astype("float32")
VOLUMES = RANDOM.uniform(-1, 1, (2, 4, 6, 4, 2)).astype("float32")


def _values(function, *arrays):
    """What a function of tensors gives; its declared shape must be the one computed."""
    tensors = [K.placeholder((None, *arrays[0].shape[1:])), *(K.placeholder(array.shape) for array in arrays[1:])]
    output = function(*tensors)
    value = K.function(tensors, [output])(list(arrays))[0]
    assert all(declared in (None, got) for declared, got in zip(output.shape, value.shape, strict=True))
    return value


def test_conv1d_is_conv2d_over_one_column(backend):
    x, kernel = IMAGES[:, :, 0], RANDOM.rand(3, 3, 4).astype("float32")
    one = _values(lambda x, k: K.conv1d(x, k, stride=2, border_mode="same"), x, kernel)
    other = _values(
        lambda x, k: K.conv2d(x, k, strides=(2, 1), border_mode="same", dim_ordering="tf"),
        x[:, :, None],
        kernel[:, None],
    )
    np.testing.assert_allclose(one, other[:, :, 0], rtol=1e-5)


@pytest.mark.parametrize("ordering", ["tf", "th"])
def test_separable_convolution_treats_each_feature_by_itself(ordering, backend):
    depthwise, pointwise = RANDOM.rand(2, 3, 3, 2).astype("float32"), RANDOM.rand(1, 1, 6, 4).astype("float32")
    apart = [
        _values(
            lambda x, k: K.conv2d(x, k, dim_ordering="tf"), IMAGES[..., at : at + 1], depthwise[:, :, at][:, :, None]
        )
        for at in range(3)
    ]
    expected = np.concatenate(apart, -1) @ pointwise[0, 0]
    if ordering == "tf":
        value = _values(lambda x, d, p: K.separable_conv2d(x, d, p, dim_ordering="tf"), IMAGES, depthwise, pointwise)
    else:
        turned = [array.transpose(order) for array, order in ((depthwise, (3, 2, 0, 1)), (pointwise, (3, 2, 0, 1)))]
        value = _values(
            lambda x, d, p: K.separable_conv2d(x, d, p, dim_ordering="th"), IMAGES.transpose(0, 3, 1, 2), *turned
        ).transpose(0, 2, 3, 1)
    np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("border_mode", "strides", "shape"),
    [
        ("valid", (1, 1), (7, 7)),
        ("valid", (2, 3), (11, 17)),
        ("valid", (2, 2), (12, 12)),
        ("same", (1, 1), (5, 6)),
        ("same", (2, 3), (9, 18)),
        ("full", (1, 1), (3, 5)),
        ("full", (2, 3), (7, 15)),
        ("full", (2, 3), (8, 17)),
    ],
)
def test_deconvolution_is_the_gradient_of_a_convolution(border_mode, strides, shape, backend):
    kernel = RANDOM.rand(3, 2, 3, 2).astype("float32")
    value = _values(
        lambda x, k: K.deconv2d(x, k, (None, *shape, 2), strides, border_mode, dim_ordering="tf"), IMAGES, kernel
    )
    image, given = K.placeholder((2, *shape, 2)), K.placeholder(IMAGES.shape)
    forward = K.conv2d(image, K.constant(kernel.transpose(0, 1, 3, 2)), strides, border_mode, dim_ordering="tf")
    slope = K.gradients(K.sum(forward * given), image)
    expected = K.function([image, given], slope)([np.zeros((2, *shape, 2)), IMAGES])[0]
    np.testing.assert_allclose(value, expected, rtol=1e-4, atol=1e-5)


def test_deconvolution_slides_over_the_image_as_it_is_whatever_the_stride():
    output = K.deconv2d(
        K.placeholder((1, 2, 2, 3)), K.placeholder((64, 64, 3, 2)), (None, 64, 64, 2), (32, 32), "same", "tf"
    )
    waiting, slid = [output], []
    while waiting:
        operation = waiting.pop().operation
        slid += [one.shape for one in operation.inputs[:1] if operation.op.name == "conv2d"] if operation else []
        waiting += operation.inputs if operation else []
    assert slid == [(1, 4, 4, 3)]  # two taps for each of 32 x 32 places in a pixel, not 64 over 127 x 127 places


def test_deconvolution_refuses_an_output_that_does_not_fit():
    with pytest.raises(ShapeError, match="does not fit.*\n.*try \\(7, 7\\)") as caught:
        K.deconv2d(K.placeholder((None, 5, 6, 3)), K.placeholder((3, 2, 3, 2)), (None, 9, 9, 2), dim_ordering="tf")
    assert caught.value.arguments == ("output_shape",)


@pytest.mark.parametrize(("border_mode", "strides"), [("valid", (1, 1, 1)), ("same", (2, 1, 2)), ("valid", (2, 2, 1))])
def test_a_volume_of_one_deep_kernel_is_an_image_at_a_time(border_mode, strides, backend):
    kernel = RANDOM.rand(1, 2, 2, 2, 3).astype("float32")
    value = _values(lambda x, k: K.conv3d(x, k, strides, border_mode, dim_ordering="tf"), VOLUMES, kernel)
    for at, depth in enumerate(range(0, 4, strides[0])):
        image = _values(
            lambda x, k: K.conv2d(x, k, strides[1:], border_mode, dim_ordering="tf"), VOLUMES[:, depth], kernel[0]
        )
        np.testing.assert_allclose(value[:, at], image, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("mode", "reduce"), [("max", np.max), ("avg", np.mean)])
def test_pooling_a_volume_takes_whole_windows(mode, reduce, backend):
    value = _values(lambda x: K.pool3d(x, (2, 3, 2), (2, 3, 2), dim_ordering="tf", pool_mode=mode), VOLUMES)
    windows = VOLUMES.reshape(2, 2, 2, 2, 3, 2, 2, 2)
    np.testing.assert_allclose(value, reduce(windows, axis=(2, 4, 6)), rtol=1e-5)


def test_an_average_with_same_borders_counts_no_padding(backend):
    ones = np.ones((1, 3, 3, 3, 1), "float32")
    assert (_values(lambda x: K.pool3d(x, (2, 2, 2), (2, 2, 2), "same", "tf", "avg"), ones) == 1).all()


def test_a_volume_needs_five_axes():
    for function in (lambda x: K.conv3d(x, K.placeholder((1, 1, 1, 2, 2))), lambda x: K.pool3d(x, (2, 2, 2))):
        with pytest.raises(ShapeError, match="needs input \\(batch, depth, rows, cols, features\\)"):
            function(K.placeholder((None, 3, 3, 2)))


def test_order_of_axes_set_later_changes_nothing_that_was_built(backend):
    x, kernel = K.variable(RANDOM.rand(1, 4, 4, 4)), K.variable(RANDOM.rand(4, 4, 4, 4))

    def made():
        return [K.conv2d(x, kernel, border_mode="same"), K.pool2d(x, (2, 2), border_mode="same")]

    built = made()
    expected = [K.eval(one) for one in built]
    K.set_image_dim_ordering("th")
    for before, wanted, after in zip(built, expected, made(), strict=True):
        np.testing.assert_array_equal(K.eval(before), wanted)
        assert abs(K.eval(after) - wanted).max() > 1e-3


def test_pooling_knows_no_full_borders():
    with pytest.raises(UnknownNameError, match='no border_mode "full"; there are "same", "valid"'):
        K.pool2d(K.placeholder((None, 5, 6, 3)), (2, 2), border_mode="full")


@pytest.mark.parametrize("strides", [(1, 1), (2, 2)])
def test_a_kernel_larger_than_images_of_unknown_size_is_refused_when_they_come(strides, backend):
    x = K.placeholder((None, None, None, 3))
    run = K.function([x], [K.conv2d(x, K.variable(np.ones((5, 5, 3, 3))), strides, "valid", "tf")])
    assert run([np.ones((1, 7, 6, 3))])[0].shape == (1, *((3, 2) if strides == (1, 1) else (2, 1)), 3)
    try:
        found = run([np.ones((1, 3, 3, 3))])[0]
    except BackendError as error:
        assert "refused op conv2d" in str(error)
    else:
        assert found.size == 0


def test_the_first_of_equal_values_in_a_volume_gets_the_gradient(backend):
    x = K.placeholder((None, 2, 2, 4, 1))
    (slope,) = K.function([x], K.gradients(K.sum(K.pool3d(x, (2, 2, 2), (2, 2, 2), dim_ordering="tf")), [x]))(
        [np.zeros((1, 2, 2, 4, 1), "float32")]
    )
    assert slope[0, 0, 0, :, 0].tolist() == [1, 0, 1, 0]
    assert slope.sum() == 2
