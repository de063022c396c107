"""HDF5Matrix, arrays in files, and the question before a file is replaced."""

import builtins
import io
import os
import sys

import h5py
import numpy as np
import pytest

from kerasnb.errors import ArgumentError, DataError, FileError, MissingFileError
from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.utils.io_utils import HDF5Matrix, ask_to_proceed_with_overwrite, load_array, save_array

ROWS = np.arange(60.0, dtype="float32").reshape(20, 3)


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "data.h5")
    with h5py.File(path, "w") as file:
        file["x"], file["y"] = ROWS, (ROWS.sum(axis=1) > 90).astype("int32")
    return path


def test_a_matrix_is_a_part_of_the_dataset(path):
    matrix = HDF5Matrix(path, "x", start=5, end=15)
    assert (len(matrix), matrix.shape, matrix.ndim, matrix.size) == (10, (10, 3), 2, 30)
    assert matrix.dtype == "float32"
    np.testing.assert_array_equal(np.asarray(matrix), ROWS[5:15])


@pytest.mark.parametrize(
    "key",
    [
        slice(2, 6),
        slice(None),
        slice(0, 10, 3),
        slice(-3, None),
        4,
        np.int64(4),
        -1,
        [1, 2, 7],
        [7, 1, 1],
        np.array([3, 0]),
        np.arange(10) % 2 == 0,
        [],
    ],
    ids=str,
)
def test_rows_are_those_of_an_array(path, key):
    matrix = HDF5Matrix(path, "x", start=5, end=15)
    wanted = ROWS[5:15][np.asarray(key, int) if key == [] else key] if isinstance(key, list) else ROWS[5:15][key]
    np.testing.assert_array_equal(matrix[key], wanted)


@pytest.mark.parametrize("key", [10, -11, slice(0, 11), [3, 10], np.array([12]), "x", slice(5, 0, -1)], ids=str)
def test_rows_outside_are_refused(path, key):
    with pytest.raises(IndexError):
        HDF5Matrix(path, "x", start=5, end=15)[key]


def test_the_normalizer_is_put_on_what_is_read(path):
    matrix = HDF5Matrix(path, "x", normalizer=lambda rows: rows[:, :2] / 2)
    assert matrix.shape == (20, 2)
    np.testing.assert_array_equal(matrix[3:5], ROWS[3:5, :2] / 2)


def test_what_is_not_there_is_refused_with_what_there_is(path, tmp_path):
    with pytest.raises(DataError, match=r'no dataset "z"; there are \[\'x\', \'y\'\]'):
        HDF5Matrix(path, "z")
    with pytest.raises(DataError, match='rows 5 to 30 of "x", which has 20'):
        HDF5Matrix(path, "x", start=5, end=30)
    with pytest.raises(MissingFileError, match="there is no file"):
        HDF5Matrix(str(tmp_path / "none.h5"), "x")
    with pytest.raises(FileError, match="is no HDF5 file"):
        HDF5Matrix(__file__, "x")


def test_a_new_file_at_the_same_path_is_read_anew(path):
    old = HDF5Matrix(path, "x")
    os.remove(path)
    with h5py.File(path, "w") as file:
        file["x"] = ROWS + 1
    np.testing.assert_array_equal(HDF5Matrix(path, "x")[:1], ROWS[:1] + 1)
    np.testing.assert_array_equal(old[:1], ROWS[:1])


@pytest.mark.parametrize("shuffle", ["batch", False, True])
def test_a_model_trains_on_matrices_as_on_arrays(path, backend, shuffle):
    def trained(x, y):
        np.random.seed(1)
        model = Sequential([Dense(1, input_shape=(3,), activation="sigmoid")])
        model.compile("sgd", "binary_crossentropy")
        model.fit(x, y, batch_size=4, nb_epoch=2, verbose=0, shuffle=shuffle)
        return [*model.get_weights(), model.predict(x, batch_size=7), model.evaluate(x, y, verbose=0)]

    on_disk = trained(HDF5Matrix(path, "x", 2, 18), HDF5Matrix(path, "y", 2, 18))
    in_memory = trained(ROWS[2:18], (ROWS.sum(axis=1) > 90).astype("int32")[2:18])
    for one, other in zip(on_disk, in_memory, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_an_array_goes_to_a_file_and_back(tmp_path):
    save_array(ROWS, tmp_path / "a.h5")
    np.testing.assert_array_equal(load_array(tmp_path / "a.h5"), ROWS)


def test_only_numbers_are_saved_and_only_arrays_loaded(path):
    with pytest.raises(ArgumentError, match="needs an array of numbers"):
        save_array(np.array([{}]), path)
    with pytest.raises(FileError, match="holds no array"):
        load_array(path)


def test_the_question_is_asked_until_it_is_answered(monkeypatch, capsys):
    answers = ["perhaps", "", "Y"]
    monkeypatch.setattr(builtins, "input", lambda question="": answers.pop(0))
    assert ask_to_proceed_with_overwrite("m.h5") is True
    assert answers == [] and "overwrite=True" in capsys.readouterr().out
    monkeypatch.setattr(builtins, "input", lambda question="": "n")
    assert ask_to_proceed_with_overwrite("m.h5") is False


@pytest.mark.parametrize("stdin", [None, io.StringIO("")], ids=["none", "empty"])
def test_with_nobody_to_ask_the_file_stays(monkeypatch, stdin):
    monkeypatch.setattr(sys, "stdin", stdin)
    with pytest.warns(UserWarning, match="nobody to ask"):
        assert ask_to_proceed_with_overwrite("m.h5") is False


def test_an_input_that_never_comes_does_not_hang(monkeypatch):
    reading, writing = os.pipe()
    with os.fdopen(reading) as stdin, os.fdopen(writing, "w"):
        monkeypatch.setattr(sys, "stdin", stdin)
        with pytest.warns(UserWarning, match="nobody to ask"):
            assert ask_to_proceed_with_overwrite("m.h5") is False


@pytest.mark.parametrize("is_matrix", [True, False], ids=["HDF5Matrix", "dataset of h5py"])
def test_a_part_for_validation_stays_in_the_file(backend, path, monkeypatch, is_matrix):
    sizes, read = [], h5py.Dataset.__getitem__
    with h5py.File(path, "r") as file:
        x = HDF5Matrix(path, "x", start=4) if is_matrix else file["x"]
        rows = ROWS[4:] if is_matrix else ROWS
        logs = []
        for data in (rows, x):
            np.random.seed(1)
            model = Sequential([Dense(1, input_dim=3)])
            model.compile("sgd", "mse")
            if data is x:
                monkeypatch.setattr(h5py.Dataset, "__getitem__", _noting(read, sizes))
            history = model.fit(data, rows[:, 0] / 60, 4, 2, verbose=0, validation_split=0.5, shuffle=False)
            logs.append(history.history)
    assert sizes and max(sizes) <= 4
    assert logs[0].keys() == logs[1].keys()
    assert all(np.allclose(logs[0][name], logs[1][name], rtol=1e-4) for name in logs[0])


def _noting(read, sizes):
    def note(self, key, **more):
        found = read(self, key, **more)
        sizes.append(len(found))
        return found

    return note
