"""Means over a batch under masks and sample weights; a batch without weight counts nothing."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable, Sequence
from typing import Any

from ... import backend as K
from ...backend.native import with_native
from ...backend.ops.machines import mean_over_machines, times_parts

__all__ = ["combined", "weighted_objective", "weighted_mean", "has_weight", "stacked_shares"]


def weighted_objective(fn: Callable) -> Callable:
    """The objective as a scalar over a batch, with masks and sample weights; 0 for a batch without weight.

    A mask (batch, time) counts only unmasked steps; weights divide by the share of samples whose weight is not zero.
    A loss whose `reduction` is 'sum' or 'mean_with_sample_weight' is that of what mask and weights leave.
    """
    reduction = getattr(fn, "reduction", None)
    if reduction is not None:
        return lambda y_true, y_pred, weights, mask=None: _reduced(
            with_native(fn, y_true, y_pred), weights, mask, reduction
        )

    def weighted(y_true, y_pred, weights, mask=None):
        score = with_native(fn, y_true, y_pred)
        if mask is not None:
            mask = _fitted(mask, score)
            # mean(score * mask) / mean(mask) is the mean over what the mask leaves; the last mean is taken at the end
            score = score * mask / _divisor(mean_over_machines(K.mean(mask)))
        # as Keras 1.2: a weight of zero takes a sample out of the mean, any other scales its loss
        if weights is not None:
            extra = list(range(K.ndim(weights), K.ndim(score)))
            score = K.mean(score, axis=extra) if extra else score
            score = score * weights / _divisor(mean_over_machines(K.mean(_is_counted(weights))))
        return K.mean(score)

    return weighted


def combined(weights: Any, mask: Any) -> Any:
    """What a sample, or step, counts by mask and weights together; None where nothing weighs it."""
    given = [K.cast(one, K.floatx()) for one in (weights, mask) if one is not None]
    if not given:
        return None
    axes = max(map(K.ndim, given))
    return functools.reduce(operator.mul, (_with_axes(one, axes) for one in given))


def _factor(values: Any, weights: Any, mask: Any) -> Any:
    """What each value counts."""
    factor, known = K.ones_like(values), combined(weights, mask)
    return factor if known is None else factor * _fitted(known, values)


def _reduced(score: Any, weights: Any, mask: Any, reduction: str) -> Any:
    factor = _factor(score, weights, mask)
    total = times_parts(K.sum(score * factor))
    return total if reduction == "sum" else total / _divisor(mean_over_machines(times_parts(K.sum(factor))))


def weighted_mean(values: Any, weights: Any, mask: Any) -> tuple[Any, Any]:
    """The mean of the values that masks and weights leave, and how much weight a value of the batch has on average."""
    factor = _factor(values, weights, mask)
    share = mean_over_machines(K.mean(factor))
    return K.mean(values * factor) / _divisor(share), share


def has_weight(weights: Any, mask: Any) -> Any:
    """1 where some sample of the batch counts, else 0; None where each does, as nothing weighs them."""
    counted = None if weights is None else _is_counted(weights)
    if mask is not None:
        mask = K.cast(mask, K.floatx())
        axes = max(K.ndim(mask), 1 if counted is None else K.ndim(counted))
        counted = mask if counted is None else _with_axes(mask, axes) * _with_axes(counted, axes)
    return None if counted is None else _is_counted(mean_over_machines(K.max(counted)))


def stacked_shares(shares: Sequence) -> Any:
    """How much the batch counts in the average of each figure, as one tensor; None where each counts in full."""
    known = next((share for share in shares if share is not None), None)
    if known is None:
        return None
    return K.stack([K.ones_like(known) if share is None else share for share in shares])


def _is_counted(weights: Any) -> Any:
    return K.cast(K.not_equal(weights, 0), K.floatx())


def _divisor(share: Any) -> Any:
    """The share, and 1 for 0: what is divided by it is 0 then."""
    return share + K.cast(K.equal(share, 0), K.floatx())


def _fitted(mask: Any, score: Any) -> Any:
    """The mask or weights as floats, with as many axes as the score.

    A layer that sums over time may hand on the mask of what it summed: what is masked in part counts.
    """
    mask, ndim = K.cast(mask, K.floatx()), K.ndim(score)
    if K.ndim(mask) > ndim:
        return K.max(mask, axis=list(range(ndim, K.ndim(mask))))
    return _with_axes(mask, ndim)


def _with_axes(tensor: Any, ndim: int) -> Any:
    """The tensor with axes of size 1 at its end, as many as needed."""
    while K.ndim(tensor) < ndim:
        tensor = K.expand_dims(tensor)
    return tensor
