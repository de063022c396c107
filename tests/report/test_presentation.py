"""How a layer's output is arranged for drawing."""

import numpy as np
import pytest

from kerasnb.report import present, scale


@pytest.mark.parametrize("ordering, shape", [("tf", (6, 5, 16)), ("th", (16, 6, 5))])
def test_images_become_one_map_for_each_feature(ordering, shape):
    shown = present(np.zeros(shape), ordering)
    assert (shown.kind, shown.values.shape) == ("maps", (16, 6, 5))


def test_a_series_becomes_a_strip_with_a_row_for_each_feature():
    shown = present(np.zeros((50, 8)))
    assert (shown.kind, shown.values.shape) == ("strip", (8, 50))


def test_a_series_of_few_features_becomes_lines():
    assert present(np.zeros((50, 3))).kind == "lines"


def test_a_vector_becomes_bars_and_a_short_one_numbers():
    assert [present(np.zeros(size)).kind for size in (10, 2)] == ["bars", "numbers"]


def test_a_very_long_vector_says_what_is_left_out():
    assert present(np.zeros(10_000)).note == "the first 4,096 of 10,000"


def test_volumes_show_their_middle_plane():
    shown = present(np.zeros((4, 6, 6, 2)))
    assert (shown.values.shape, shown.note) == ((2, 6, 6), "plane 3 of 4")


def test_scale_without_negatives_starts_at_zero():
    scaled = scale(np.array([0.5, 1.0]))
    assert (scaled.low, scaled.high, scaled.signed, scaled.pixels.tolist()) == (0.0, 1.0, False, [128, 255])


def test_signed_scale_keeps_zero_in_the_middle():
    scaled = scale(np.array([-1.0, 0.0, 0.5]))
    assert (scaled.low, scaled.high, scaled.pixels.tolist()) == (-1.0, 1.0, [0, 128, 191])


def test_scale_of_nan_and_of_only_zeros_does_not_fail():
    assert scale(np.array([np.nan, 0.0])).pixels.tolist() == [0, 0]


def shares(*shape):
    values = np.random.RandomState(0).rand(*shape).astype("float32")
    return values / values.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize("shape, heads", [((5, 5), 1), ((3, 5, 5), 3)])
def test_rows_of_shares_over_the_same_steps_are_drawn_as_attention_one_map_a_head(shape, heads):
    values = shares(*shape)
    shown = present(values)
    assert (shown.kind, shown.title, shown.values.shape) == ("maps", "Attention", (heads, 5, 5))
    assert np.array_equal(shown.values.reshape(shape), values)


@pytest.mark.parametrize("values", [shares(5, 4), np.ones((5, 5), "float32"), np.eye(4) > 0, shares(8, 8, 3)])
def test_what_only_resembles_attention_is_drawn_as_before(values):
    assert present(values).title == ""
