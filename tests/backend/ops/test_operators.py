"""What may be done with a tensor directly: operators, methods, attributes; and what to do instead of the rest."""

import operator

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ShapeError

X = np.random.RandomState(0).uniform(0.1, 1, (4, 3, 5)).astype("float32")


def value(function):
    x = K.placeholder((None, 3, 5))
    output = function(x)
    found = K.function([x], [output])([X])[0]
    assert (found.dtype.name, found.ndim) == (output.dtype, len(output.shape))
    return found


@pytest.mark.parametrize(
    "name", ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "lt", "le", "gt", "ge", "matmul"]
)
def test_operators_take_arrays_and_numbers_on_either_side(name, backend):
    do = getattr(operator, name)
    other = X[0].T if name == "matmul" else np.float32(0.3)
    sides = [lambda x: do(x, other)]
    if name == "matmul":
        expected = [do(X, other)]
    else:
        sides += [lambda x: do(0.3, x), lambda x: do(X[0], x)]
        expected = [do(X, other), do(other, X), do(X[0], X)]
    for side, wanted in zip(sides, expected, strict=True):
        np.testing.assert_allclose(value(side), wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (lambda x: x.sum(axis=1), X.sum(1)),
        (lambda x: x.mean(), X.mean()),
        (lambda x: x.max(axis=-1, keepdims=True), X.max(-1, keepdims=True)),
        (lambda x: x.argmax(), X.argmax()),
        (lambda x: x.argmin(axis=1), X.argmin(1)),
        (lambda x: np.mean(x, axis=1), X.mean(1)),
        (lambda x: np.sum(x), X.sum()),
        (lambda x: np.reshape(np.transpose(x), (5, 12)), X.T.reshape(5, 12)),
        (lambda x: x.reshape((-1, 15)), X.reshape(-1, 15)),
        (lambda x: x.flatten(2), X.reshape(4, 15)),
        (lambda x: x.T, X.T),
        (lambda x: x.transpose(1, 0, 2), X.transpose(1, 0, 2)),
        (lambda x: x.dimshuffle(0, "x", 2, 1), X.transpose(0, 2, 1)[:, None]),
        (lambda x: x[:1].dimshuffle(1, 2), X[0]),
        (lambda x: (x * 9).astype("int32"), (X * 9).astype("int32")),
    ],
)
def test_methods_of_arrays_and_theano_variables(method, expected, backend):
    np.testing.assert_allclose(value(method), expected, rtol=1e-4, atol=1e-5)


def test_shape_and_dtype_answer_as_tensorflow_1_did():
    x = K.placeholder((None, 3), dtype="float32")
    assert x.shape[1:].as_list() == [3]
    assert x.get_shape().as_list() == [None, 3] and x.get_shape()[1].value == 3 and x.get_shape().ndims == 2
    assert x.dtype == "float32" and x.dtype.name == "float32" and x.dtype.base_dtype.is_floating
    assert x.dtype.as_numpy_dtype is np.float32
    assert K.variable(1, dtype="bool").dtype.is_bool and K.variable(1, dtype="uint8").dtype.is_integer


def test_index_of_places_counts_from_the_end_too(backend):
    np.testing.assert_array_equal(value(lambda x: x[np.array([0, -1])]), X[[0, -1]])
    np.testing.assert_array_equal(value(lambda x: x[K.arange(3), [0, -1, 1]]), X[np.arange(3), [0, -1, 1]])


def test_a_list_with_slices_is_an_index_of_several_axes(backend):
    np.testing.assert_array_equal(value(lambda x: x[[slice(None)] + [0] * 2]), X[:, 0, 0])
    np.testing.assert_array_equal(value(lambda x: x[[..., 1]]), X[..., 1])
    np.testing.assert_array_equal(value(lambda x: x[[0, 1]]), X[[0, 1]])  # without slices it picks rows


def test_numbers_up_to_a_size(backend):
    np.testing.assert_array_equal(value(lambda x: K.arange(1, K.shape(x)[0] * 2, 2)), [1, 3, 5, 7])
    assert K.arange(K.shape(K.placeholder((4, 3)))[1] * 2).shape == (6,)


@pytest.mark.parametrize(
    ("use", "error", "says"),
    [
        (lambda x: bool(x > 0), TypeError, "K.switch"),
        (list, TypeError, "K.map_fn"),
        (lambda x: 3 in x, TypeError, "K.any"),
        (np.array, TypeError, "K.eval"),
        (lambda x: x[x > 0], ShapeError, "K.switch"),
        (lambda x: x[[0], :, [1]], ShapeError, "Index in two steps"),
        (lambda x: x.convolve, AttributeError, "no attribute 'convolve'"),
    ],
)
def test_what_needs_a_value_says_what_to_do_instead(use, error, says):
    with pytest.raises(error, match=says):
        use(K.placeholder((None, 3, 5)))


def test_duck_tests_take_no_tensor_for_a_list():
    """Programs ask `hasattr(x, '__len__')`; TensorFlow 1's tensors and Theano's have none."""
    tensors = [K.placeholder((3, 2)), K.variable([1.0, 2.0]), K.constant([1.0]), K.ones((2, 2)) + 1]
    for x in tensors:
        assert not any(hasattr(x, name) for name in ("__len__", "__index__", "__float__", "__call__", "keys", "append"))
        assert x == x and x != tensors and x is not None and x in tensors and len({x, x}) == 1
    assert len(list(tensors[0])) == 3
