"""The data in figures, and the loss suggested for them."""

import numpy as np
import pytest

from kerasnb.errors import DataError
from kerasnb.report import data_summary, suggest_loss
from kerasnb.report.data import check_finite

ONE_HOT = np.eye(3)[[0, 1, 2, 0]]
LABELS = np.array([0, 1, 2, 0])


def test_summary_counts_samples_and_says_what_they_are():
    summary = data_summary(np.zeros((10, 8, 8, 1), "float32"), np.eye(10), (np.zeros((4, 8, 8, 1)), np.eye(10)[:4]))
    assert (summary.train, summary.validation, summary.classes) == (10, 4, 10)
    assert summary.text() == "x (8, 8, 1) float32, 0 to 0; y one-hot"


def test_summary_takes_the_validation_split_off_the_end():
    summary = data_summary(np.zeros((10, 2)), np.zeros(10), validation_split=0.2)
    assert (summary.train, summary.validation) == (8, 2)


@pytest.mark.parametrize(
    "y, width, activation, loss",
    [
        (ONE_HOT, 3, "softmax", "categorical_crossentropy"),
        (LABELS, 3, "softmax", "sparse_categorical_crossentropy"),
        (LABELS.reshape(-1, 1), 3, "softmax", "sparse_categorical_crossentropy"),
        (np.array([0, 1, 1]), 1, "sigmoid", "binary_crossentropy"),
        (np.array([[1, 1, 0], [0, 0, 0]]), 3, "sigmoid", "binary_crossentropy"),
        (np.array([0.3, 1.7]), 1, "linear", "mse"),
    ],
)
def test_the_suggested_loss_fits_targets_and_output(y, width, activation, loss):
    assert suggest_loss(y, width, activation) == loss


def test_data_that_are_not_finite_are_refused_with_their_place():
    x = np.zeros((5, 2))
    x[3, 1] = np.nan
    with pytest.raises(DataError, match="x has 1 values that are not finite; the first is in sample 3"):
        check_finite("x", x)
