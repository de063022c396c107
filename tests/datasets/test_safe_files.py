"""Pickles and .npz files of data are read whole, whichever Python and numpy wrote them."""

import gzip
import pickle

import numpy as np
import pytest

from kerasnb.datasets.safe_files import read_arrays, read_pickles

# an array of four bytes as numpy 1 on Python 2 wrote it
PYTHON_2 = (
    b"cnumpy.core.multiarray\n_reconstruct\np0\n(cnumpy\nndarray\np1\n(I0\ntp2\nS'b'\np3\ntp4\nRp5\n(I1\n(I4\ntp6\n"
    b"cnumpy\ndtype\np7\n(S'u1'\np8\nI0\nI1\ntp9\nRp10\n(I3\nS'|'\np11\nNNNI-1\nI-1\nI0\ntp12\nbI00\n"
    b"S'\\x00\\x01\\xff\\x03'\np13\ntp14\nb."
)
VALUES = [
    np.arange(6.0).reshape(2, 3).T,
    np.array([1, 2], dtype=">i4"),
    np.array([[1], [2, 3]], dtype=object),
    np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f8")]),
    np.float32(3),
    [{"a": (1, 2.5, None, True)}, "é", b"\xff", {1}, frozenset([2]), bytearray(b"x"), 1 + 2j],
]


def test_array_of_python_2_is_read(tmp_path):
    (tmp_path / "a.pkl").write_bytes(PYTHON_2)
    np.testing.assert_array_equal(read_pickles(tmp_path / "a.pkl")[0], [0, 1, 255, 3])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_and_plain_values_of_every_protocol_are_read(tmp_path, protocol):
    (tmp_path / "a.pkl").write_bytes(b"".join(pickle.dumps(value, protocol) for value in VALUES))
    found = read_pickles(tmp_path / "a.pkl")
    assert len(found) == len(VALUES)
    for value, expected in zip(found, VALUES, strict=True):
        assert type(value) is type(expected)
        np.testing.assert_equal(value, expected)


def test_packed_pickles_are_unpacked(tmp_path):
    (tmp_path / "a.pkl.gz").write_bytes(gzip.compress(pickle.dumps([1])))
    assert read_pickles(tmp_path / "a.pkl.gz") == [[1]]


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_of_npz_files_are_read(tmp_path, save):
    arrays = {"rows": VALUES[0], "empty": np.zeros((0, 3), "uint8"), "one": np.array(5), "lists": VALUES[2]}
    save(tmp_path / "a.npz", **arrays)
    found = read_arrays(tmp_path / "a.npz")
    assert sorted(found) == sorted(arrays)
    for name, expected in arrays.items():
        assert (found[name].dtype, found[name].shape) == (expected.dtype, expected.shape)
        np.testing.assert_equal(found[name], expected)


def test_arrays_that_were_read_can_be_changed(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.zeros(3))
    found = read_arrays(tmp_path / "a.npz")["a"]
    found[0] = 1
    assert found[0] == 1
