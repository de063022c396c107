"""Arrays in files: where their values lie there."""

import numpy as np
import pytest

from kerasnb.backend.runtime.in_files import place_in_file

VALUES = np.arange(24.0).reshape(6, 4)


@pytest.fixture
def saved(tmp_path):
    np.save(tmp_path / "x.npy", VALUES)
    return tmp_path / "x.npy"


@pytest.mark.parametrize("part", [slice(None), slice(2, 5), slice(5, None)])
def test_a_part_of_a_mapped_array_begins_where_its_values_lie(saved, part):
    array = np.load(saved, mmap_mode="r")[part][:, None]
    path, offset = place_in_file(array)
    assert np.array_equal(np.memmap(path, array.dtype, "r", offset, array.shape), VALUES[part][:, None])


@pytest.mark.parametrize("mode, pick", [("r", np.s_[::2]), ("r", np.s_[[1, 2]]), ("c", np.s_[:])])
def test_rows_left_out_or_picked_and_values_that_may_be_changed_lie_in_no_file(saved, mode, pick):
    assert place_in_file(np.load(saved, mmap_mode=mode)[pick]) is None


def test_an_array_whose_file_is_gone_lies_in_no_file(saved):
    array = np.load(saved, mmap_mode="r")
    saved.unlink()
    assert place_in_file(array) is None and place_in_file(np.array(array)) is None
