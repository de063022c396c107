"""The hash of a run's data."""

import numpy as np
import pytest

from kerasnb.runs import data


def test_the_same_values_have_one_hash_wherever_they_lie():
    array = np.arange(12, dtype="float32").reshape(3, 4)
    assert data.array_hash(array) == data.array_hash(np.asfortranarray(array)) == data.array_hash(array.copy())


@pytest.mark.parametrize("other", ["value", "type", "shape"])
def test_other_values_types_and_shapes_have_another(other):
    array = np.arange(12, dtype="float32").reshape(3, 4)
    changed = {"value": array + (array == 11), "type": array.astype("float64"), "shape": array.reshape(4, 3)}[other]
    assert data.array_hash(array) != data.array_hash(changed)


@pytest.mark.parametrize("shape", [(1000, 10), (10, 1000), (2, 9000)])
def test_of_a_large_array_a_bounded_part_is_read(monkeypatch, shape):
    monkeypatch.setattr(data, "MOST", 16384)
    array = np.random.RandomState(0).rand(*shape)
    assert 0 < sum(piece.nbytes for piece in data._pieces(array)) <= 16384
    assert data.array_hash(array) == data.array_hash(np.asfortranarray(array))
    assert data.array_hash(array) != data.array_hash(array + 1)


def test_what_is_no_array_has_none():
    assert data.array_hash([1, 2]) is None and data.array_hash(np.array([object()])) is None
    assert data.describe_arrays(["x"], [range(3)]) == [{"name": "x", "shape": [], "dtype": "range", "hash": None}]
