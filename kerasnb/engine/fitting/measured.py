"""What a metric says of a batch, as tensors: by itself, under weights, or added up over an epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ... import backend as K
from ... import metric_functions
from ...backend.native import with_native
from ...errors import ArgumentError
from ...metric_classes import MeanMetricWrapper, Metric
from .weighting import weighted_mean

__all__ = ["Measured", "of_batch", "of_samples", "of_states"]


class Measured(NamedTuple):
    """One figure of a metric.

    Attributes:
        name: what it is called in logs.
        tensor: a scalar.
        share: how much the batch counts in the epoch's average; None where by its size alone.
        is_running: whether it is that of the epoch so far, and is not averaged.
    """

    name: str
    tensor: Any
    share: Any = None
    is_running: bool = False


def of_batch(prefix: str, name: str, metric: Callable, y_true: Any, y_pred: Any) -> list[Measured]:
    """The figures of a function, or of the mean of one: several where it gives a dict."""
    function = metric.of_batch if isinstance(metric, MeanMetricWrapper) else metric
    result = with_native(function, y_true, y_pred)
    figures = result.items() if isinstance(result, dict) else [(name, result)]
    return [Measured(prefix + key, K.mean(value) if K.ndim(value) else value) for key, value in figures]


def of_samples(called: str, name: str, metric: Callable, pair: tuple, weights: Any, mask: Any) -> Measured:
    """The mean of the samples' values under weights and mask.

    Raises:
        ArgumentError: the metric gives one number for the whole batch.
    """
    is_mean = isinstance(metric, MeanMetricWrapper)
    function = metric.of_samples if is_mean else metric_functions.of_samples(metric)  # type: ignore[attr-defined]
    values = with_native(function, *pair)
    _check_has_samples(name, values)
    return Measured(called, *weighted_mean(K.cast(values, K.floatx()), weights, mask))


def of_states(name: str, metric: Metric, updates: list, *given: Any) -> list[Measured]:
    """The figures of a metric with states: one for a scalar, of a vector or dict one for each of its parts."""
    traced = metric.trace(*given)
    updates.extend(traced.updates)
    result = traced.result
    parts = result if isinstance(result, dict) else {name: result}
    found: list[Measured] = []
    for key, value in parts.items():
        count = K.int_shape(value)[0] if K.ndim(value) else None
        each = [(key, value)] if count is None else [(f"{key}_{place}", value[place]) for place in range(count)]
        found.extend(Measured(called, one, is_running=True) for called, one in each)
    return found


def _check_has_samples(name: str, values: Any) -> None:
    if not K.ndim(values):
        raise ArgumentError(
            f"weighted_metrics: {name} gives one number for the whole batch, which cannot be weighed.",
            "Give a function with a value for each sample, or put it into metrics.",
            arguments=("weighted_metrics",),
        )
