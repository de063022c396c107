"""Summary figures of arrays."""

import numpy as np

from kerasnb.report import histogram, statistics


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
