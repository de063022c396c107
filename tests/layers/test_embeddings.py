"""What is special about Embedding."""

import numpy as np
import pytest

from kerasnb import backend as K
from kerasnb.errors import ArgumentError
from kerasnb.layers import Embedding, Input
from kerasnb.models import Sequential

from .running import run


def test_zero_can_mark_steps_to_skip(backend):
    x = Input((3,), dtype="int32")
    layer = Embedding(5, 2, mask_zero=True)
    layer(x)
    assert K.function([x], [layer.output_mask])([[[0, 3, 0]]])[0].tolist() == [[0, 1, 0]]
    plain = Embedding(5, 2)
    plain(x)
    assert plain.output_mask is None


def test_it_starts_a_sequential_with_whole_numbers():
    model = Sequential([Embedding(5, 2, input_length=3)])
    assert model.input_shape == (None, 3) and model.output_shape == (None, 3, 2)
    assert K.dtype(model.input) == "int32"
    assert Sequential([Embedding(5, 2)]).output_shape == (None, None, 2)


def test_dropout_takes_whole_words_away(backend):
    layer = Embedding(40, 6, dropout=0.5, init="one")
    value = run(layer, np.arange(40, dtype="int32").reshape(1, 40), phase=1)[0]
    assert (value == value[:, :1]).all() and set(np.unique(value)) == {0, 2}


@pytest.mark.parametrize(
    "make", [lambda: Embedding(0, 2), lambda: Embedding(5, -2), lambda: Embedding(5, 2, dropout=2)]
)
def test_bad_sizes_are_refused(make):
    with pytest.raises(ArgumentError):
        make()
