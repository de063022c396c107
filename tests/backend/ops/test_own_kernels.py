"""TensorFlow's own kernels for volumes and for features apart, beside the same written with conv2d."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.backend.graph.walks import order_operations
from kerasnb.backend.ops import convolve_more, own_kernels
from kerasnb.backend.runtime import chosen
from kerasnb.errors import ShapeError

pytestmark = pytest.mark.usefixtures("on_tensorflow")
RANDOM = np.random.RandomState(0)
VOLUMES = RANDOM.uniform(-1, 1, (2, 6, 7, 5, 3)).astype("float32")
IMAGES = RANDOM.uniform(-1, 1, (2, 7, 6, 20)).astype("float32")


def value_and_gradients(function, *arrays):
    """What the function gives, and the gradients of its squares' sum."""
    tensors = [K.placeholder((None, *arrays[0].shape[1:])), *(K.placeholder(array.shape) for array in arrays[1:])]
    output = function(*tensors)
    wanted = K.function(tensors, [output, *K.gradients(K.sum(K.square(output)), tensors)])
    value, *gradients = wanted(list(arrays))
    assert tuple(output.shape[1:]) == value.shape[1:]
    return [value, *gradients]


def assert_equal(some, others):
    for one, other in zip(some, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


@pytest.fixture
def by_kernel(monkeypatch):
    """The function with its kernel, and without it."""

    def both(function, *arrays):
        with_kernel = value_and_gradients(function, *arrays)
        monkeypatch.setattr(own_kernels, "volumes_by_kernel", lambda *_: False)
        monkeypatch.setattr(own_kernels, "apart_by_kernel", lambda *_: False)
        return with_kernel, value_and_gradients(function, *arrays)

    return both


@pytest.mark.parametrize("mode", ["valid", "same", "full"])
@pytest.mark.parametrize("strides", [(1, 1, 1), (2, 1, 2)])
def test_a_volume_is_convolved_as_its_slices_are(mode, strides, by_kernel):
    kernel = RANDOM.uniform(-1, 1, (3, 2, 3, 3, 4)).astype("float32")
    assert_equal(*by_kernel(lambda x, k: K.conv3d(x, k, strides, mode, "tf"), VOLUMES, kernel))


@pytest.mark.parametrize("mode", ["valid", "same"])
@pytest.mark.parametrize(
    "strides, rates, window",
    [((1, 1), (1, 1), (3, 2)), ((2, 2), (1, 1), (3, 3)), ((1, 1), (2, 1), (3, 3)), ((1, 1), (1, 1), (5, 1))],
)
def test_features_apart_are_convolved_as_by_a_kernel_with_zeros(mode, strides, rates, window, by_kernel):
    kernel = RANDOM.uniform(-1, 1, (*window, 20, 2)).astype("float32")
    assert_equal(*by_kernel(lambda x, k: convolve_more.depthwise(x, k, strides, mode, "tf", rates), IMAGES, kernel))


def test_features_first_are_convolved_apart_as_features_last(by_kernel):
    x, kernel = IMAGES.transpose(0, 3, 1, 2), RANDOM.uniform(-1, 1, (2, 20, 3, 3)).astype("float32")
    assert_equal(*by_kernel(lambda x, k: convolve_more.depthwise(x, k, (1, 1), "same", "th"), x, kernel))


def names(output):
    """The ops behind a tensor."""
    return {operation.op.name for operation in order_operations([output])}


def test_what_the_kernel_cannot_take_is_written_with_conv2d():
    kernel = K.variable(RANDOM.rand(3, 3, 20, 1))
    known, unknown = K.placeholder((None, 9, 9, 20)), K.placeholder((None, None, 9, 20))
    assert "depthwise_conv2d" in names(convolve_more.depthwise(known, kernel, (1, 1), "valid", "tf"))
    assert "conv2d" in names(convolve_more.depthwise(known, kernel, (2, 1), "valid", "tf"))
    assert "conv2d" in names(convolve_more.depthwise(unknown, kernel, (1, 1), "valid", "tf"))
    window = K.variable(RANDOM.rand(2, 2, 2, 2, 3))
    known, unknown = K.placeholder((None, 9, 9, 9, 2)), K.placeholder((None, None, 9, 9, 2))
    assert "conv3d" in names(K.conv3d(known, window, dim_ordering="tf"))
    assert "conv2d" in names(K.conv3d(known, window, dim_ordering="tf", filter_dilation=(2, 1, 1)))
    assert "conv2d" in names(K.conv3d(unknown, window, dim_ordering="tf"))


def test_a_kernel_for_other_features_is_refused():
    with pytest.raises(ShapeError, match="kernel for 4 features, but the input"):
        K.conv3d(K.placeholder((None, 6, 6, 6, 3)), K.variable(RANDOM.rand(2, 2, 2, 4, 3)), dim_ordering="tf")


def test_a_kernel_s_features_may_be_unknown_until_it_comes(by_kernel):
    kernel = RANDOM.uniform(-1, 1, (2, 2, 2, 3, 4)).astype("float32")
    x, window = K.placeholder((None, *VOLUMES.shape[1:])), K.placeholder((2, 2, 2, None, 4))
    (value,) = K.function([x, window], [K.conv3d(x, window, dim_ordering="tf")])([VOLUMES, kernel])
    assert_equal([value], by_kernel(lambda x, k: K.conv3d(x, k, dim_ordering="tf"), VOLUMES, kernel)[1][:1])


def test_what_was_recorded_for_tensorflow_runs_on_theano():
    x, kernel = K.placeholder((None, *IMAGES.shape[1:])), K.placeholder((3, 3, 20, 2))
    volumes, window = K.placeholder((None, *VOLUMES.shape[1:])), K.placeholder((2, 2, 2, 3, 4))
    outputs = [
        convolve_more.depthwise(x, kernel, (1, 1), "same", "tf"),
        K.conv3d(volumes, window, dim_ordering="tf"),
    ]
    taps, filters = RANDOM.rand(3, 3, 20, 2).astype("float32"), RANDOM.rand(2, 2, 2, 3, 4).astype("float32")
    on_tensorflow = K.function([x, kernel, volumes, window], outputs)([IMAGES, taps, VOLUMES, filters])
    with chosen.in_force("theano"):  # which turns kernels over
        turned = [IMAGES, taps[::-1, ::-1], VOLUMES, filters[::-1, ::-1, ::-1]]
        assert_equal(on_tensorflow, K.function([x, kernel, volumes, window], outputs)(turned))
