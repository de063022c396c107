"""The samples of a data set in two parts, to train on and to test with."""

from __future__ import annotations

import numpy as np

from ..errors import ArgumentError

__all__ = ["Samples", "train_and_test"]

Samples = tuple[np.ndarray, np.ndarray]


def train_and_test(
    who: str, x: np.ndarray, y: np.ndarray, test_split: float, seed: int | None
) -> tuple[Samples, Samples]:
    """Shuffle samples and cut the last fraction off; numpy's own random numbers are left alone.

    Args:
        who: the function that was called, for the message.
        test_split: fraction 0 to 1 of the samples that is kept for testing.
        seed: of the shuffle; None leaves the samples in their order.

    Raises:
        ArgumentError: `test_split` leaves no sample to train on.
    """
    if not 0 <= test_split < 1:
        raise ArgumentError(
            f"{who}: test_split must be a fraction from 0 up to 1, got {test_split!r}.",
            "Give for instance test_split=0.2.",
        )
    order = np.arange(len(x)) if seed is None else np.random.RandomState(seed).permutation(len(x))
    train, test = np.split(order, [len(x) - round(len(x) * test_split)])
    return (x[train], y[train]), (x[test], y[test])
