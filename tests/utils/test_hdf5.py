"""The HDF5 library asked for when it is not there."""

import sys

import pytest

from kerasnb.layers import Dense
from kerasnb.models import Sequential, load_model
from kerasnb.utils.io_utils import HDF5Matrix


def test_without_h5py_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "h5py", None)
    model = Sequential([Dense(2, input_shape=(3,))])
    for use in (model.save, model.save_weights, load_model, model.load_weights, lambda path: HDF5Matrix(path, "x")):
        with pytest.raises(ImportError, match=r'pip install "kerasnb\[files\]"'):
            use(str(tmp_path / "m.h5"))
