"""The bundled digits: all there, scaled, split the same way each time."""

import numpy as np
import pytest

from kerasnb.datasets import digits
from kerasnb.errors import ArgumentError


def test_digits_come_as_images_from_zero_to_one_with_labels():
    (x, y), (x_test, y_test) = digits.load_data()
    assert (x.shape, x_test.shape) == ((1438, 8, 8, 1), (359, 8, 8, 1))
    assert x.dtype == np.float32
    assert (x.min(), x.max()) == (0, 1)
    assert sorted(set(y)) == sorted(set(y_test)) == list(range(10))


def test_digits_are_split_the_same_way_each_time():
    first, again = digits.load_data(), digits.load_data()
    np.testing.assert_array_equal(first[1][0], again[1][0])


def test_digits_of_another_seed_are_in_another_order():
    (_, y), _ = digits.load_data(seed=0)
    (_, other), _ = digits.load_data(seed=1)
    assert (y != other).any()


def test_digits_without_seed_keep_the_file_order():
    (_, y), _ = digits.load_data(test_split=0, seed=None)
    np.testing.assert_array_equal(y[:10], np.arange(10))


def test_loading_digits_leaves_the_global_random_numbers_alone():
    np.random.seed(3)
    expected = np.random.rand()
    np.random.seed(3)
    digits.load_data()
    assert np.random.rand() == expected


def test_digits_are_the_ones_of_scikit_learn():
    from sklearn import datasets

    (x, _), _ = digits.load_data(test_split=0, seed=None)
    np.testing.assert_array_equal(x[..., 0] * 16, datasets.load_digits().images)


@pytest.mark.parametrize("split", [-0.1, 1, 20])
def test_digits_refuse_a_split_that_leaves_nothing(split):
    with pytest.raises(ArgumentError, match=f"test_split must be a fraction from 0 up to 1, got {split}"):
        digits.load_data(test_split=split)
