"""Checks of targets against the loss that they are for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...errors import DataError

__all__ = ["check_loss_and_target_compatibility", "check_labels", "doubt_of"]

# numbers that numpy adds up without letting other threads go on
_FEW = 500
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
            raise DataError(
                f"targets of shape {target.shape} for an output {tuple(shape)}, with the loss {name}.",
                "This loss compares them value by value, so they need the output's shape.",
            )


def check_labels(target: np.ndarray, classes: int | None, name: str) -> None:
    """Refuse class numbers outside 0 to classes - 1, and what is no whole number."""
    if classes is None or not target.size:
        return
    low, high = target.min(), target.max()
    between = target[target != np.floor(target)] if target.dtype.kind == "f" else target[:0]
    if between.size:
        raise DataError(
            f'labels for output "{name}" must be whole numbers, got {between.flat[0]}.',
            "Use loss='mse' if these are amounts, or number the classes from 0.",
        )
    if low < 0 or high >= classes:
        more = f"Give the last layer {int(high) + 1} outputs, or number" if high >= classes else "Number"
        raise DataError(
            f'labels for output "{name}" go from {int(low)} to {int(high)}, but it has {classes} classes '
            f"(0 to {classes - 1}).",
            f"{more} the classes from 0.",
        )


def doubt_of(target: Any, loss: Any) -> str | None:
    """Why the numbers hardly suit the loss, though training runs; '' where they do and are finite, None if unknown."""
    look = _DOUBTS.get("" if hasattr(loss, "takes_zeros") else getattr(loss, "__name__", ""))
    return look(target) if look and isinstance(target, np.ndarray) and target.size else None


def _beyond_shares(target: np.ndarray) -> str:
    low, high = np.minimum.reduce(target, axis=None), np.maximum.reduce(target, axis=None)
    if low >= 0 and high <= 1:
        return ""
    return (
        f"binary_crossentropy takes numbers from 0 to 1, these go from {low:g} to {high:g}. For -1 and 1, write "
        "(y + 1) / 2, or use hinge; for class numbers, sparse_categorical_crossentropy."
    )


def _beyond_one_hot(target: np.ndarray) -> str:
    least = np.minimum.reduce(target, axis=None)
    if least >= 0 and np.maximum.reduce(_sums_of_rows(target), axis=None) <= 1.001:
        return ""
    with np.errstate(invalid="ignore", over="ignore"):
        most = target.sum(axis=-1).max()
    return (
        f"categorical_crossentropy takes shares of classes, which add up to 1; these add up to {most:g} somewhere, "
        f"the least is {least:g}. For several classes at once, use sigmoid and binary_crossentropy."
    )


def _sums_of_rows(target: np.ndarray) -> np.ndarray:
    # a product takes a tenth of the time, but lets a generator's thread go first, which few numbers are not worth
    if target.size <= _FEW or target.dtype.char not in "fd":
        return np.add.reduce(target, -1)
    return target.dot(_ones(target.shape[-1], target.dtype.char))


@functools.lru_cache(16)
def _ones(count: int, dtype: str) -> np.ndarray:
    return np.ones(count, dtype)


def _not_of_two_signs(target: np.ndarray) -> str | None:
    low, high = np.minimum.reduce(target, axis=None), np.maximum.reduce(target, axis=None)
    if low < 0 or high <= 0:
        return None
    return f"hinge takes -1 and 1, these go from {low:g} to {high:g}. For 0 and 1, write 2 * y - 1."


def _below_zero(target: np.ndarray, loss: str) -> str:
    least = np.minimum.reduce(target, axis=None)
    return "" if least >= 0 else f"{loss} takes numbers from 0 on, these go down to {least:g}. For amounts, use mse."


_DOUBTS: dict[str, Callable[[np.ndarray], str | None]] = {
    "binary_crossentropy": _beyond_shares,
    "categorical_crossentropy": _beyond_one_hot,
    **{loss: functools.partial(_below_zero, loss=loss) for loss in ("kullback_leibler_divergence", "poisson")},
    "hinge": _not_of_two_signs,
    "squared_hinge": _not_of_two_signs,
}
