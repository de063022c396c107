"""Layers by name and by pattern."""

import pytest

from kerasnb.errors import ArgumentError, UnknownNameError
from kerasnb.workspace.choosing import chosen_layers

NAMES = ["conv_1", "conv_2", "flat", "dense_1", "block/conv_1"]


def test_a_pattern_chooses_all_that_match_in_the_order_of_the_model():
    assert chosen_layers(["*conv*", "dense_1", "conv_1"], NAMES, "net") == [
        *("conv_1", "conv_2", "block/conv_1", "dense_1"),
    ]


def test_what_is_the_name_of_a_layer_is_that_layer():
    assert chosen_layers(["conv[1]"], ["conv[1]", "conv1"], "net") == ["conv[1]"]


def test_a_pattern_that_matches_nothing_is_refused():
    with pytest.raises(UnknownNameError, match='no layer of model "net" matches "convv\\*"; there are "conv_1"'):
        chosen_layers(["convv*"], NAMES, "net")


def test_a_pattern_that_matches_only_layers_without_weights_is_refused():
    with pytest.raises(ArgumentError, match='"fl\\*" matches only layers of model "net" without weights: "flat"'):
        chosen_layers(["fl*"], NAMES, "net", weighted=["conv_1"])
