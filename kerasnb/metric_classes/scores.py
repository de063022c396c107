"""Metrics that are no mean over batches: F scores, overlaps of areas, explained variance, roots of means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .base import Metric, numbers, share, summed, weights_for

__all__ = [
    "BinaryIoU",
    "F1Score",
    "FBetaScore",
    "IoU",
    "Mean",
    "MeanIoU",
    "OneHotIoU",
    "OneHotMeanIoU",
    "R2Score",
    "RootMeanSquaredError",
    "Sum",
]


class Sum(Metric):
    """The sum of values: `update_state(values)`, then `result()`."""

    usual_name = "sum"

    def __init__(self, name=None, dtype=None):
        super().__init__(name, dtype)
        self.total = self.add_weight(name="total")

    def update_state(self, values, sample_weight=None):
        values = numbers(values)
        self.total.assign_add(K.sum(values * weights_for(values, sample_weight)))

    def result(self):
        return self.total.value


class Mean(Sum):
    """The mean of values: `update_state(values)`, then `result()`."""

    usual_name = "mean"

    def __init__(self, name=None, dtype=None):
        super().__init__(name, dtype)
        self.count = self.add_weight(name="count")

    def update_state(self, values, sample_weight=None):
        super().update_state(values, sample_weight)
        self.count.assign_add(K.sum(weights_for(numbers(values), sample_weight)))

    def result(self):
        return share(self.total.value, self.count.value)


class RootMeanSquaredError(Mean):
    """The root of the mean of `(y_pred - y_true)^2` over all values of an epoch."""

    usual_name = "root_mean_squared_error"

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(K.square(numbers(y_pred) - numbers(y_true)), sample_weight)

    def result(self):
        return K.sqrt(super().result())


AVERAGES = (None, "micro", "macro", "weighted")


class FBetaScore(Metric):
    """The mean of precision and recall that weighs recall `beta` times, over an epoch.

    Args:
        average: None for a figure of each class, 'micro' of all values together, 'macro' for the mean of the classes,
            'weighted' for their mean by the number of their samples.
        beta: above 1 recall counts more.
        threshold: outputs above are positive; None for the largest output of each sample.
        name: what it is called in logs.
    """

    usual_name = "fbeta_score"

    def __init__(self, average=None, beta=1.0, threshold=None, name=None, dtype=None):
        super().__init__(name, dtype)
        if average not in AVERAGES:
            raise ArgumentError(
                f"{type(self).__name__}: average must be one of {', '.join(map(str, AVERAGES))}, got {average!r}.",
                arguments=("average",),
            )
        if not beta > 0:
            raise ArgumentError(f"{type(self).__name__}: beta must be above 0, got {beta}.", arguments=("beta",))
        self.average, self.beta, self.threshold = average, beta, threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = numbers(y_true), numbers(y_pred)
        if not self.states:
            shape = () if self.average == "micro" else (K.int_shape(y_pred)[-1],)
            for name in ("true_positives", "false_positives", "false_negatives", "of_class"):
                setattr(self, name, self.add_weight(shape, name=name))
        if self.threshold is None:
            is_largest = K.cast(K.greater_equal(y_pred, K.max(y_pred, axis=-1, keepdims=True)), K.floatx())
            taken = is_largest * K.cast(K.greater(K.abs(y_pred), 1e-9), K.floatx())
        else:
            taken = K.cast(K.greater(y_pred, self.threshold), K.floatx())
        weights = weights_for(y_pred, sample_weight)
        axis = None if self.average == "micro" else 0
        amounts = (taken * y_true, taken * (1.0 - y_true), (1.0 - taken) * y_true, y_true)
        summed(self.states, [K.sum(one * weights, axis=axis) for one in amounts])

    def result(self):
        right, wrong, missed, of_class = (state.value for state in self.states)
        precision, recall = right / (right + wrong + K.epsilon()), right / (right + missed + K.epsilon())
        square = self.beta**2
        scores = (1.0 + square) * precision * recall / (square * precision + recall + K.epsilon())
        if self.average == "weighted":
            return K.sum(scores * of_class) / (K.sum(of_class) + K.epsilon())
        return K.mean(scores) if self.average == "macro" else scores

    def get_config(self):
        return super().get_config() | {"average": self.average, "beta": self.beta, "threshold": self.threshold}


class F1Score(FBetaScore):
    """The harmonic mean of precision and recall over an epoch.

    Args:
        average, threshold, name: as of FBetaScore.
    """

    usual_name = "f1_score"

    def __init__(self, average=None, threshold=None, name=None, dtype=None):
        super().__init__(average, 1.0, threshold, name, dtype)

    def get_config(self):
        return {name: value for name, value in super().get_config().items() if name != "beta"}


class IoU(Metric):
    """What two areas share, over what they cover together: the mean over some classes of an epoch.

    Args:
        num_classes: how many classes.
        target_class_ids: the classes whose mean is taken.
        ignore_class: values of this class do not count.
        sparse_y_true, sparse_y_pred: whether they are class numbers; else the largest along `axis` is the class.
        axis: that of the classes.
        name: what it is called in logs.
    """

    usual_name = "io_u"

    def __init__(
        self,
        num_classes,
        target_class_ids,
        name=None,
        dtype=None,
        ignore_class=None,
        sparse_y_true=True,
        sparse_y_pred=True,
        axis=-1,
    ):
        super().__init__(name, dtype)
        self.num_classes, self.target_class_ids = num_classes, [int(one) for one in target_class_ids]
        if not self.target_class_ids or not all(0 <= one < num_classes for one in self.target_class_ids):
            raise ArgumentError(
                f"{type(self).__name__}: target_class_ids must be from 0 to {num_classes - 1}, "
                f"got {self.target_class_ids}.",
                arguments=("target_class_ids",),
            )
        self.ignore_class, self.axis = ignore_class, axis
        self.sparse_y_true, self.sparse_y_pred = sparse_y_true, sparse_y_pred
        self.matrix = self.add_weight((num_classes, num_classes), name="matrix")

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = numbers(y_true), numbers(y_pred)
        y_true = y_true if self.sparse_y_true else K.cast(K.argmax(y_true, axis=self.axis), K.floatx())
        y_pred = y_pred if self.sparse_y_pred else K.cast(K.argmax(y_pred, axis=self.axis), K.floatx())
        weights = K.reshape(weights_for(y_pred, sample_weight), (-1,))
        y_true, y_pred = K.reshape(y_true, (-1,)), K.reshape(y_pred, (-1,))
        if self.ignore_class is not None:
            weights = weights * K.cast(K.not_equal(y_true, float(self.ignore_class)), K.floatx())
        classes = np.arange(self.num_classes, dtype=K.floatx())[None, :]
        # one that is no class has no column, so it counts nowhere; a number is cut to a whole one, as in Keras 3
        true_ones, taken_ones = (
            K.cast(K.equal(K.expand_dims(K.cast(K.cast(one, "int32"), K.floatx())), classes), K.floatx())
            for one in (y_true, y_pred)
        )
        self.matrix.assign_add(K.dot(K.transpose(true_ones * K.expand_dims(weights)), taken_ones))

    def result(self):
        matrix = self.matrix.value
        right = K.sum(matrix * np.eye(self.num_classes, dtype=K.floatx()), axis=0)
        covered = K.sum(matrix, axis=0) + K.sum(matrix, axis=1) - right
        wanted = np.isin(np.arange(self.num_classes), self.target_class_ids).astype(K.floatx())
        counted = wanted * K.cast(K.greater(covered, 1e-9), K.floatx())
        return K.sum(counted * right / (covered + K.epsilon())) / (K.sum(counted) + K.epsilon())

    def get_config(self):
        names = ("num_classes", "target_class_ids", "ignore_class", "sparse_y_true", "sparse_y_pred", "axis")
        return super().get_config() | {name: getattr(self, name) for name in names}


def _without(config: dict, *names: str) -> dict:
    return {name: value for name, value in config.items() if name not in names}


class MeanIoU(IoU):
    """The mean over all classes of `IoU`.

    Args:
        num_classes, ignore_class, sparse_y_true, sparse_y_pred, axis, name: as of IoU.
    """

    usual_name = "mean_io_u"

    def __init__(self, num_classes, name=None, dtype=None, **arguments):
        super().__init__(num_classes, range(num_classes), name, dtype, **arguments)

    def get_config(self):
        return _without(super().get_config(), "target_class_ids")


class OneHotIoU(IoU):
    """`IoU` for one-hot targets.

    Args:
        num_classes, target_class_ids, ignore_class, sparse_y_pred, axis, name: as of IoU.
    """

    usual_name = "one_hot_io_u"

    def __init__(
        self, num_classes, target_class_ids, name=None, dtype=None, ignore_class=None, sparse_y_pred=False, axis=-1
    ):
        super().__init__(num_classes, target_class_ids, name, dtype, ignore_class, False, sparse_y_pred, axis)

    def get_config(self):
        return _without(super().get_config(), "sparse_y_true")


class OneHotMeanIoU(OneHotIoU):
    """`MeanIoU` for one-hot targets.

    Args:
        num_classes, ignore_class, sparse_y_pred, axis, name: as of IoU.
    """

    usual_name = "one_hot_mean_io_u"

    def __init__(self, num_classes, name=None, dtype=None, **arguments):
        super().__init__(num_classes, range(num_classes), name, dtype, **arguments)

    def get_config(self):
        return _without(super().get_config(), "target_class_ids")


class BinaryIoU(IoU):
    """`IoU` of two classes told apart by a threshold.

    Args:
        target_class_ids: the classes whose mean is taken, 0 and 1.
        threshold: outputs of it and above are 1.
        name: what it is called in logs.
    """

    usual_name = "binary_io_u"

    def __init__(self, target_class_ids: Sequence[int] = (0, 1), threshold=0.5, name=None, dtype=None):
        super().__init__(2, target_class_ids, name, dtype)
        self.threshold = threshold

    def update_state(self, y_true, y_pred, sample_weight=None):
        taken = K.cast(K.greater_equal(numbers(y_pred), self.threshold), K.floatx())
        super().update_state(y_true, taken, sample_weight)

    def get_config(self):
        kept = {"target_class_ids": self.target_class_ids, "threshold": self.threshold}
        return Metric.get_config(self) | kept


AGGREGATIONS = (None, "uniform_average", "variance_weighted_average")


class R2Score(Metric):
    """How much of the targets' variance the outputs explain: 1 for all of it, 0 for a constant at their mean.

    Args:
        class_aggregation: 'uniform_average' or 'variance_weighted_average' of the outputs, None for a figure of each.
        num_regressors: above 0 the adjusted figure, for so many inputs.
        name: what it is called in logs.
    """

    usual_name = "r2_score"

    def __init__(self, class_aggregation="uniform_average", num_regressors=0, name=None, dtype=None):
        super().__init__(name, dtype)
        if class_aggregation not in AGGREGATIONS:
            raise ArgumentError(
                f"R2Score: class_aggregation must be one of {', '.join(map(str, AGGREGATIONS))}, "
                f"got {class_aggregation!r}.",
                arguments=("class_aggregation",),
            )
        self.class_aggregation, self.num_regressors = class_aggregation, num_regressors

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = numbers(y_true), numbers(y_pred)
        if K.ndim(y_pred) == 1:
            y_true, y_pred = K.expand_dims(y_true), K.expand_dims(y_pred)
        if not self.states:
            for name in ("total", "squares", "rest", "count", "samples"):
                setattr(self, name, self.add_weight((K.int_shape(y_pred)[-1],), name=name))
        weights = weights_for(y_pred, sample_weight)
        amounts = (weights * y_true, weights * K.square(y_true), weights * K.square(y_true - y_pred), weights)
        summed(self.states, [*(K.sum(one, axis=0) for one in amounts), K.sum(K.ones_like(y_true), axis=0)])

    def result(self):
        total, squares, rest, count, samples = (state.value for state in self.states)
        variance = squares - total * share(total, count)
        scores = share(variance - rest, variance)
        if self.class_aggregation == "uniform_average":
            scores = K.mean(scores)
        elif self.class_aggregation is not None:
            scores = share(K.sum(variance * scores), K.sum(variance))
        if not self.num_regressors:
            return scores
        # as in Keras 3, each value of each output is a sample
        seen = K.sum(samples)
        left = seen - float(self.num_regressors) - 1.0
        has_left = K.cast(K.greater(left, 0.0), K.floatx())
        adjusted = 1.0 - (1.0 - scores) * (seen - 1.0) / (has_left * left + (1.0 - has_left))
        return has_left * adjusted + (1.0 - has_left) * scores

    def get_config(self) -> dict[str, Any]:
        kept = {"class_aggregation": self.class_aggregation, "num_regressors": self.num_regressors}
        return super().get_config() | kept
