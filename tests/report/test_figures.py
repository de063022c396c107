"""Summary figures of arrays."""

from dataclasses import astuple

import numpy as np
import pytest

from kerasnb.report import histogram, statistics
from kerasnb.report.pieces import given_up_by


def test_statistics_count_exact_zeros():
    figures = statistics(np.array([0.0, 0.0, 1.0, 3.0]))
    assert (figures.minimum, figures.mean, figures.maximum, figures.zeros) == (0.0, 1.0, 3.0, 2)


def test_statistics_leave_values_that_are_not_finite_out_and_count_them():
    figures = statistics(np.array([np.nan, np.inf, 2.0]))
    assert (figures.mean, figures.not_finite) == (2.0, 2)


def test_statistics_of_only_nan_have_no_mean():
    assert statistics(np.array([np.nan])).mean is None


def test_histogram_of_rectified_values_counts_those_above_zero():
    bars = histogram(np.array([0.0] * 6 + [0.5, 1.0]), "Outputs")
    assert (bars.title, bars.counted, bars.size, bars.low) == ("Outputs above 0", 2, 8, 0.0)


def test_histogram_of_signed_values_counts_all():
    bars = histogram(np.array([-1.0, 0.0, 1.0]))
    assert (sum(bars.counts), bars.low, bars.high) == (3, -1.0, 1.0)


def test_histogram_of_one_repeated_value_has_room_on_both_sides():
    bars = histogram(np.full(5, 2.0))
    assert (bars.low, bars.high, max(bars.counts)) == (1.5, 2.5, 5)


def test_figures_of_an_array_read_in_pieces_are_those_of_the_whole(monkeypatch):
    values = np.random.RandomState(0).randn(1000).astype("float32")
    values[::7] = np.nan
    whole, bars = statistics(values), histogram(values)
    monkeypatch.setattr("kerasnb.report.figures.PIECE", 64)
    assert np.allclose(astuple(statistics(values)), astuple(whole))
    assert histogram(values) == bars


def test_reading_a_large_array_may_be_given_up(monkeypatch):
    class GivenUp(Exception):
        pass

    def give_up():
        raise GivenUp

    with given_up_by(give_up), pytest.raises(GivenUp):
        statistics(np.ones(3))
