"""Checks of data before anything is trained: numbers, lengths, and targets that suit their loss."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import DataError

__all__ = [
    "check_array_lengths",
    "check_loss_and_target_compatibility",
    "check_samples",
    "check_whole",
    "check_finite",
    "check_labels",
    "warn_of_targets",
]


def check_array_lengths(inputs: Sequence, targets: Sequence, weights: Sequence) -> None:
    """Refuse arrays of different numbers of samples."""
    counts = {kind: sorted({array.shape[0] for array in arrays if array is not None})
              for kind, arrays in (("inputs", inputs), ("targets", targets), ("sample weights", weights))}
    if len({count for found in counts.values() for count in found}) > 1:
        listed = "; ".join(
            f"{kind}: {', '.join(f'{count:,}' for count in found)}" for kind, found in counts.items() if found
        )
        raise DataError(f"the arrays have different numbers of samples ({listed}).", "Each sample needs its target.")


_VALUE_BY_VALUE = {"mean_squared_error", "binary_crossentropy", "categorical_crossentropy"}


def check_loss_and_target_compatibility(targets: Sequence, losses: Sequence, output_shapes: Sequence) -> None:
    """Refuse targets whose shape does not fit a loss that compares value by value."""
    for target, loss, shape in zip(targets, losses, output_shapes, strict=True):
        name = getattr(loss, "__name__", "")
        if name == "categorical_crossentropy" and target.shape[-1] == 1:
            raise DataError(
                f"targets of shape {target.shape} for categorical_crossentropy, which needs one-hot targets.",
                "Use loss='sparse_categorical_crossentropy', or make them one-hot: to_categorical(y).",
            )
        if shape is None:
            continue
        sizes = list(zip(target.shape[1:], shape[1:], strict=False)) if name in _VALUE_BY_VALUE else []
        if len(target.shape) != len(shape) or any(None not in pair and pair[0] != pair[1] for pair in sizes):
            raise DataError(f"targets of shape {target.shape} for an output {tuple(shape)}, with the loss {name}.",
                            "This loss compares them value by value, so they need the output's shape.")


def check_samples(array: Any, who: str) -> None:
    """Refuse data without samples."""
    if not array.shape[0]:
        raise DataError(
            f"{who}: there are no samples; the input has shape {tuple(array.shape)}.", "Look at how the data was cut."
        )


def check_whole(name: str, value: Any, least: int) -> int:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(value, int | np.integer) or value < least:
        raise DataError(f"{name} must be a whole number of {least} or more, got {value!r}.")
    return int(value)


def check_finite(arrays: Sequence[Any], names: Sequence[str], who: str) -> None:
    """Refuse NaN and infinity, which would make every weight NaN after one step, and what is infinite in floatx."""
    for array, name in zip(arrays, names, strict=True):
        values = array.data if hasattr(array, "tocsr") else array
        if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or not _may_overflow(values):
            continue
        with np.errstate(over="ignore"):
            bad = ~np.isfinite(values.astype(K.floatx()))
        if bad.any():
            raise DataError(f'{who}: "{name}" has {_described(array, values, bad)}.', _ADVICE)


_ADVICE = "Replace them, for instance np.nan_to_num(x), or drop those samples; scale what is too large."


def _may_overflow(values: np.ndarray) -> bool:
    with np.errstate(invalid="ignore", over="ignore"):
        # the sum is not finite if any value is not (or if many are large): one pass, no copy
        if not np.isfinite(np.sum(values)):
            return True
        limits = np.finfo(K.floatx())
        is_wider = np.finfo(values.dtype).max > limits.max and values.size
        return bool(is_wider and (values.max() > limits.max or values.min() < limits.min))


def _described(array: Any, values: np.ndarray, bad: np.ndarray) -> str:
    """`NaN in 2 of 64 samples, the first at index 5`."""
    first = values[bad][0]
    too_large = "infinity" if np.isinf(first) else f"{first:g}, which is infinite in {K.floatx()},"
    kind = "NaN" if np.isnan(first) else too_large
    if values is not array:
        return f"{kind} in {int(bad.sum()):,} of its values"
    rows = np.flatnonzero(bad.reshape(len(bad), -1).any(axis=1))
    return f"{kind} in {len(rows):,} of {len(array):,} samples, the first at index {rows[0]}"


def check_labels(target: np.ndarray, classes: int | None, name: str) -> None:
    """Refuse class numbers outside 0 to classes - 1, and what is no whole number."""
    if classes is None or not target.size:
        return
    low, high = target.min(), target.max()
    between = target[target != np.floor(target)] if target.dtype.kind == "f" else target[:0]
    if between.size:
        raise DataError(f'labels for output "{name}" must be whole numbers, got {between.flat[0]}.',
                        "Use loss='mse' if these are amounts, or number the classes from 0.")
    if low < 0 or high >= classes:
        raise DataError(
            f'labels for output "{name}" go from {int(low)} to {int(high)}, but it has {classes} classes '
            f"(0 to {classes - 1}).",
            f"Give the last layer {int(high) + 1} outputs, or number the classes from 0.",
        )


def warn_of_targets(target: Any, loss: Any, name: str) -> None:
    """Say so where numbers do not suit the loss: training runs, but hardly to what was meant."""
    if not isinstance(target, np.ndarray) or not target.size:
        return
    found = _DOUBTS.get(getattr(loss, "__name__", ""), lambda target: "")(target)
    if found:
        warnings.warn(f'targets for output "{name}": {found}', stacklevel=5)


def _beyond_shares(target: np.ndarray) -> str:
    low, high = target.min(), target.max()
    if low >= 0 and high <= 1:
        return ""
    return (f"binary_crossentropy takes numbers from 0 to 1, these go from {low:g} to {high:g}. For -1 and 1, write "
            "(y + 1) / 2, or use hinge; for class numbers, sparse_categorical_crossentropy.")


def _beyond_one_hot(target: np.ndarray) -> str:
    most = target.sum(axis=-1).max()
    if target.min() >= 0 and most <= 1.001:
        return ""
    return (f"categorical_crossentropy takes shares of classes, which add up to 1; these add up to {most:g} somewhere, "
            f"the least is {target.min():g}. For several classes at once, use sigmoid and binary_crossentropy.")


def _not_of_two_signs(target: np.ndarray) -> str:
    low, high = target.min(), target.max()
    if low < 0 or high <= 0:
        return ""
    return f"hinge takes -1 and 1, these go from {low:g} to {high:g}. For 0 and 1, write 2 * y - 1."


_DOUBTS = {
    "binary_crossentropy": _beyond_shares,
    "categorical_crossentropy": _beyond_one_hot,
    "hinge": _not_of_two_signs,
    "squared_hinge": _not_of_two_signs,
}
