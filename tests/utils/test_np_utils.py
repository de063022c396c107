"""Labels, scores, kernels and lengths."""

import numpy as np
import pytest

from kerasnb.errors import DataError, ShapeError
from kerasnb.utils import np_utils


def test_to_categorical_puts_a_one_at_the_class():
    rows = np_utils.to_categorical([[0], [2]])
    assert rows.tolist() == [[1, 0, 0], [0, 0, 1]] and rows.dtype == "float64"


def test_to_categorical_takes_any_shape_row_by_row():
    assert np_utils.to_categorical(np.zeros((2, 3, 1)), nb_classes=4).shape == (6, 4)
    assert np_utils.to_categorical([1], num_classes=5).shape == (1, 5)


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0]])
def test_to_categorical_refuses_classes_out_of_range(labels):
    with pytest.raises(DataError, match="is outside 0 to 2"):
        np_utils.to_categorical(labels, 3)


def test_to_categorical_refuses_broken_numbers():
    assert np_utils.to_categorical([1.0, 0.0]).tolist() == [[0, 1], [1, 0]]
    with pytest.raises(DataError, match="class 0.5 is no whole number"):
        np_utils.to_categorical([1.0, 0.5])


@pytest.mark.parametrize(("ordering", "shape"), [("th", (4, 2, 3, 3)), ("tf", (3, 3, 2, 4)), ("th", (4, 2, 3, 3, 3))])
def test_converting_a_kernel_twice_gives_it_back(ordering, shape):
    kernel = np.random.rand(*shape)
    turned = np_utils.convert_kernel(kernel, ordering)
    assert not np.array_equal(turned, kernel)
    np.testing.assert_array_equal(np_utils.convert_kernel(turned, ordering), kernel)


def test_converting_turns_the_spatial_axes_only():
    kernel = np.random.rand(3, 3, 2, 4)
    np.testing.assert_array_equal(np_utils.convert_kernel(kernel, "tf"), kernel[::-1, ::-1])


def test_convert_kernel_refuses_a_matrix():
    with pytest.raises(ShapeError, match="3 to 5 axes"):
        np_utils.convert_kernel(np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("mode", "stride", "length"), [("valid", 1, 8), ("valid", 2, 4), ("same", 1, 10), ("same", 3, 4), ("full", 1, 12)]
)
def test_how_many_places_a_window_has(mode, stride, length):
    assert np_utils.conv_output_length(10, 3, mode, stride) == length
    assert np_utils.conv_output_length(None, 3, mode, stride) is None


@pytest.mark.parametrize(("mode", "stride", "length"), [("valid", 1, 12), ("valid", 2, 21), ("same", 2, 19)])
def test_how_long_the_input_of_a_window_is(mode, stride, length):
    assert np_utils.conv_input_length(10, 3, mode, stride) == length
    assert np_utils.conv_output_length(length, 3, mode, stride) == 10
    assert np_utils.conv_input_length(None, 3, mode, stride) is None


def test_lengths_refuse_an_unknown_border_mode():
    with pytest.raises(ValueError, match="samee"):
        np_utils.conv_input_length(10, 3, "samee", 1)


def test_scores():
    assert np_utils.accuracy([1, 2, 3], [1, 2, 4]) == pytest.approx(2 / 3)
    assert np_utils.binary_logloss(np.array([0.5, 0.5]), [0, 1]) == pytest.approx(np.log(2))
    assert np_utils.multiclass_logloss([[0.5, 0.5]], [2]) == pytest.approx(np.log(2))
    assert np_utils.probas_to_classes(np.array([[0.2, 0.8], [0.9, 0.1]])).tolist() == [1, 0]
    assert np_utils.probas_to_classes(np.array([[0.2], [0.9]])).tolist() == [0, 1]


def test_normalize_gives_length_one_and_leaves_zeros():
    np.testing.assert_allclose(np_utils.normalize(np.array([[3.0, 4.0], [0.0, 0.0]])), [[0.6, 0.8], [0, 0]])
