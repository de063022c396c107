"""Arguments that are tensors where numbers are usual, and shapes that are plain numbers."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ShapeError

X = np.arange(10.0).reshape(2, 5)


def test_tile_takes_symbolic_numbers_of_copies(backend):
    like = K.placeholder((None, None))
    rows = K.tile(K.reshape(K.arange(0, 3), (-1, 1)), [1, K.shape(like)[1]])
    assert K.int_shape(rows) == (3, None)
    assert K.function([like], [rows])([np.ones((2, 4))])[0].tolist() == [[0] * 4, [1] * 4, [2] * 4]


def test_stacked_numbers_are_a_shape(backend):
    x = K.placeholder((None, 4))
    boxes = K.reshape(x, K.stack([-1, K.shape(x)[1] // 2, 2]))
    assert K.int_shape(boxes) == K.int_shape(K.reshape(x, K.stack([-1, 2, 2]))) == (None, 2, 2)
    found, stacked, joined = K.function([x], [boxes, K.stack([1.5, 2]), K.concatenate([[1, 2], [3]])])([X[:, :4]])
    assert found.tolist() == X[:, :4].reshape(-1, 2, 2).tolist()
    assert stacked.tolist() == [1.5, 2] and joined.tolist() == [1, 2, 3]


def test_slice_begins_at_a_symbolic_place(backend):
    x, at = K.placeholder((None, 5)), K.placeholder((1,), dtype="int32")
    part = K.function([x, at], [K.slice(x, [0, at[0]], [-1, 2])])([X, np.array([1])])[0]
    assert part.tolist() == X[:, 1:3].tolist()


@pytest.mark.parametrize("make", [K.zeros, K.ones])
def test_a_shape_may_be_one_number(make):
    assert K.int_shape(make(3)) == (3,) and K.int_shape(make(np.int64(2))) == (2,)


def test_a_shape_with_an_unknown_number_of_axes_is_refused_in_words(backend):
    sizes = K.placeholder((None,), dtype="int32")
    with pytest.raises(ShapeError, match=r"known number of axes, got <Placeholder"):
        K.reshape(K.variable(X), sizes)


def test_relu_takes_tensors_for_its_slope_and_largest_value(backend):
    x, slope, most = K.variable(np.array([-2.0, 1.0, 9.0])), K.variable(np.array(0.5)), K.variable(np.array(3.0))
    assert K.eval(K.relu(x, slope, most)).tolist() == [-1, 1, 3] and K.eval(K.relu(x, slope, 3)).tolist() == [-1, 1, 3]


@pytest.mark.parametrize("make", [K.zeros, K.ones])
def test_zeros_and_ones_take_sizes_that_are_not_known_yet(make, backend):
    x = K.placeholder((None, 2))
    filled = make([K.shape(x)[0], 3, K.shape(x)[1]], "int32")
    assert filled.shape == (None, 3, 2) and filled.dtype == "int32"
    alike = make(K.shape(x)) + x
    values = K.function([x], [filled, alike])([np.ones((4, 2))])
    expected = make((1,)).get_value()[0]
    np.testing.assert_array_equal(values[0], np.full((4, 3, 2), expected))
    np.testing.assert_array_equal(values[1], np.full((4, 2), expected + 1))
    assert isinstance(make((K.shape(x)[1], 5)), K.Variable)
