"""What is special about activations with weights."""

import pytest

from kerasnb.errors import ArgumentError, ShapeError
from kerasnb.layers import Input, PReLU, SReLU


def test_there_is_one_weight_for_each_place_unless_shared():
    plain, shared = PReLU(), PReLU(shared_axes=[1, 2])
    plain(Input((4, 5, 3)))
    shared(Input((4, 5, 3)))
    assert plain.alphas.shape == (4, 5, 3) and shared.alphas.shape == (1, 1, 3)
    assert shared.get_config()["shared_axes"] == [1, 2]


def test_unknown_sizes_must_be_shared():
    with pytest.raises(ShapeError, match="shared_axes="):
        PReLU()(Input((None, 3)))
    layer = PReLU(shared_axes=[1])
    assert layer(Input((None, 3))).shape == (None, None, 3)


def test_an_axis_out_of_range_is_refused():
    with pytest.raises(ArgumentError, match="shared axis 3 is outside 1 to 1"):
        SReLU(shared_axes=[3])(Input((3,)))
