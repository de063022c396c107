"""Histograms over epochs: on one scale, and bounded."""

import numpy as np

from kerasnb.report.epochs import BINS, MOST_ARRAYS, MOST_EPOCHS, EpochHistograms


def test_each_epoch_is_a_column_of_shares_on_the_scale_of_all():
    histograms = EpochHistograms()
    histograms.take(1, "W", np.linspace(0, 1, 1000))
    histograms.take(2, "W", np.linspace(0, 4, 1000))
    spread = histograms.spread("W")
    assert (spread.epochs, spread.low, spread.high) == ((1, 2), 0, 4)
    assert np.allclose(spread.shares.sum(axis=0), 1)
    assert np.allclose(spread.shares[:, 0], [0] * 24 + [1 / 8] * 8, atol=0.01)  # the highest values first
    assert np.allclose(spread.shares[:, 1], 1 / BINS, atol=0.01)


def test_of_very_many_epochs_some_are_kept_evenly():
    histograms = EpochHistograms()
    for epoch in range(1, 301):
        if histograms.wants(epoch):
            histograms.take(epoch, "W", np.arange(5.0))
    epochs = histograms.spread("W").epochs
    assert len(epochs) <= MOST_EPOCHS and epochs[0] == 1 and len(set(np.diff(epochs))) == 1 and epochs[-1] > 290


def test_more_arrays_than_are_kept_and_large_ones_cost_no_more():
    histograms = EpochHistograms()
    for number in range(MOST_ARRAYS + 1):
        histograms.take(1, number, np.arange(200_000) % 7)
    assert histograms.spread(MOST_ARRAYS) is None and histograms.spread(0) is not None


def test_a_constant_and_what_is_not_finite_do_no_harm():
    histograms = EpochHistograms()
    histograms.take(1, "b", np.zeros(3))
    histograms.take(2, "b", np.array([np.nan, np.inf, 2.0]))
    histograms.take(3, "b", np.full(3, np.nan))
    assert histograms.spread("b").epochs == (1, 2) and histograms.spread("W") is None
