"""Checks of data before anything is trained: numbers, lengths, values."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from ... import backend as K
from ...errors import DataError

__all__ = [
    "check_array_lengths",
    "check_samples",
    "check_finite",
    "is_finite",
]


def check_array_lengths(inputs: Sequence, targets: Sequence, weights: Sequence) -> None:
    """Refuse arrays of different numbers of samples."""
    groups = {"inputs": inputs, "targets": targets, "sample weights": weights}
    if len({array.shape[0] for arrays in groups.values() for array in arrays if array is not None}) > 1:
        counts = {
            kind: sorted({array.shape[0] for array in arrays if array is not None}) for kind, arrays in groups.items()
        }
        listed = "; ".join(
            f"{kind}: {', '.join(f'{count:,}' for count in found)}" for kind, found in counts.items() if found
        )
        raise DataError(f"the arrays have different numbers of samples ({listed}).", "Each sample needs its target.")


def check_samples(array: Any, who: str) -> None:
    """Refuse data without samples."""
    if not array.shape[0]:
        raise DataError(
            f"{who}: there are no samples; the input has shape {tuple(array.shape)}.", "Look at how the data was cut."
        )


def is_finite(array: Any) -> bool:
    """Whether no value is NaN, infinite, or infinite in floatx; True of what is no array of floats in memory."""
    values = _values(array)
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or not values.size:
        return True
    # NaN passes through both and is in no range: no copy, and half the time of a sum
    high, low = float(np.maximum.reduce(values, axis=None)), float(np.minimum.reduce(values, axis=None))
    limit = _largest(K.floatx())
    return -limit <= low and high <= limit


def check_finite(arrays: Sequence[Any], names: Sequence[str], who: str) -> None:
    """Refuse NaN and infinity, which would make every weight NaN after one step, and what is infinite in floatx."""
    for array, name in zip(arrays, names, strict=True):
        if is_finite(array):
            continue
        values = _values(array)
        with np.errstate(over="ignore"):
            bad = ~np.isfinite(values.astype(K.floatx()))
        if bad.any():  # what is hardly too large is rounded down
            raise DataError(f'{who}: "{name}" has {_described(array, values, bad)}.', _ADVICE)


def _values(array: Any) -> Any:
    return array.data if hasattr(array, "tocsr") else array


@functools.cache
def _largest(dtype: str) -> float:
    return float(np.finfo(dtype).max)


_ADVICE = "Replace them, for instance np.nan_to_num(x), or drop those samples; scale what is too large."


def _described(array: Any, values: np.ndarray, bad: np.ndarray) -> str:
    """`NaN in 2 of 64 samples, the first at index 5`."""
    first = values[bad][0]
    too_large = "infinity" if np.isinf(first) else f"{first:g}, which is infinite in {K.floatx()},"
    kind = "NaN" if np.isnan(first) else too_large
    if values is not array:
        return f"{kind} in {int(bad.sum()):,} of its values"
    rows = np.flatnonzero(bad.reshape(len(bad), -1).any(axis=1))
    return f"{kind} in {len(rows):,} of {len(array):,} samples, the first at index {rows[0]}"
