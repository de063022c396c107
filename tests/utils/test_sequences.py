"""Sequence: the base class that programs of later releases derive from."""

import numpy as np
import pytest

from kerasnb.layers import Dense
from kerasnb.models import Sequential
from kerasnb.utils import Sequence


class Rows(Sequence):
    """Three batches of two samples."""

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return np.full((2, 1), index), np.full((2, 1), index)


def test_a_sequence_is_gone_through_by_number():
    assert [int(x[0, 0]) for x, _ in Rows()] == [0, 1, 2]


def test_what_is_not_written_says_so():
    with pytest.raises(NotImplementedError, match="Sequence needs __len__"):
        len(Sequence())
    with pytest.raises(NotImplementedError, match="Sequence needs __getitem__"):
        Sequence()[0]


@pytest.mark.parametrize("processes", [False, True], ids=["threads", "processes"])
def test_a_model_trains_on_it(backend, processes):
    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse")
    found = model.fit_generator(Rows(), epochs=3, workers=2, use_multiprocessing=processes, verbose=0)
    assert found.epoch == [0, 1, 2]
