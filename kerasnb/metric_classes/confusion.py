"""Metrics of what is rightly and wrongly taken as positive: counts, shares of them, areas under their curves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from ..utils.custom_objects import snake_case
from .base import Metric, evenly, numbers, share, summed, weights_for

__all__ = [
    "TruePositives",
    "TrueNegatives",
    "FalsePositives",
    "FalseNegatives",
    "Precision",
    "Recall",
    "SensitivityAtSpecificity",
    "SpecificityAtSensitivity",
    "PrecisionAtRecall",
    "RecallAtPrecision",
    "AUC",
]

KINDS = ("true_positives", "false_positives", "true_negatives", "false_negatives")


class _Counting(Metric):
    """Weights of values by what they are and what they are taken for, at each threshold."""

    kinds: ClassVar[Sequence[str]] = KINDS  # those that are kept

    def _count_at(self, thresholds: Sequence[float], labels: int | None = None) -> None:
        """Keep counts.

        Args:
            thresholds: outputs above are taken as positive.
            labels: None to count all values of a sample together, else how many columns are counted each by itself.
        """
        self._at = np.asarray(thresholds, K.floatx())
        shape = (len(self._at), *([] if labels is None else [labels]))
        self._kept = {kind: self.add_weight(shape, name=kind) for kind in self.kinds}

    def __getattr__(self, name: str) -> Any:
        kept = self.__dict__.get("_kept", {})
        if name in kept:
            return kept[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def _chosen(self, y_true: Any, y_pred: Any) -> tuple[Any, Any]:
        """Targets and outputs that count; what `class_id` and `top_k` leave."""
        top_k, class_id = getattr(self, "top_k", None), getattr(self, "class_id", None)
        if top_k is not None:
            largest = _among_largest(y_pred, top_k)
            y_pred = y_pred * largest - 1e9 * (1.0 - largest)
        if class_id is not None:
            y_true, y_pred = y_true[..., class_id : class_id + 1], y_pred[..., class_id : class_id + 1]
        return y_true, y_pred

    def _columns(self, tensor: Any) -> Any:
        """(thresholds, values) or, by label, (thresholds, samples, labels), the first axis of size 1."""
        by_label = len(self.states[0].shape) == 2
        return K.expand_dims(tensor, 0) if by_label else K.reshape(tensor, (1, -1))

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = _of_one_rank(*self._chosen(numbers(y_true), numbers(y_pred)))
        weights = weights_for(y_pred, sample_weight) * self._label_weights()
        actual = self._columns(K.cast(K.greater(y_true, 0.5), K.floatx()))
        weights, outputs = self._columns(weights), self._columns(y_pred)
        at = self._at.reshape(-1, *([1] * (K.ndim(outputs) - 1)))
        taken = K.cast(K.greater(outputs, K.constant(at)), K.floatx())
        found = {
            "true_positives": taken * actual,
            "false_positives": taken * (1.0 - actual),
            "true_negatives": (1.0 - taken) * (1.0 - actual),
            "false_negatives": (1.0 - taken) * actual,
        }
        summed([self._kept[kind] for kind in self.kinds], [K.sum(found[k] * weights, axis=1) for k in self.kinds])

    def _label_weights(self) -> Any:
        return 1.0

    def _values(self) -> list[Any]:
        return [self._kept[kind].value for kind in self.kinds]


def _of_one_rank(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    while K.ndim(y_true) < K.ndim(y_pred):
        y_true = K.expand_dims(y_true)
    while K.ndim(y_pred) < K.ndim(y_true):
        y_pred = K.expand_dims(y_pred)
    return y_true, y_pred


def _among_largest(values: Any, count: int) -> Any:
    """1 for those of the last axis that fewer than `count` others are larger than."""
    larger = K.cast(K.greater(K.expand_dims(values, -2), K.expand_dims(values, -1)), K.floatx())
    return K.cast(K.lesser(K.sum(larger, axis=-1), float(count)), K.floatx())


class _AtThresholds(_Counting):
    """What is counted or shared at one threshold, or at several."""

    def __init__(self, thresholds=None, name=None, dtype=None):
        super().__init__(name, dtype)
        self.thresholds = thresholds
        self._count_at(self._listed(0.5))

    def _listed(self, usual: float) -> list[float]:
        given = usual if self.thresholds is None else self.thresholds
        listed = [float(one) for one in (given if isinstance(given, list | tuple | np.ndarray) else [given])]
        if not listed or not all(0 <= one <= 1 for one in listed):
            raise ArgumentError(
                f"{type(self).__name__}: thresholds must be from 0 to 1, got {self.thresholds!r}.",
                arguments=("thresholds",),
            )
        return listed

    def _one_or_all(self, values: Any) -> Any:
        return values if len(self._at) > 1 else values[0]

    def get_config(self):
        return super().get_config() | {"thresholds": self.thresholds}


def _count(class_name: str, kind: str, what: str) -> type[Metric]:
    def result(self):
        """The number so far, or one for each threshold."""
        return self._one_or_all(self._kept[kind].value)

    made = type(class_name, (_AtThresholds,), {"kinds": (kind,), "usual_name": kind, "result": result})
    made.__module__ = __name__
    made.__doc__ = f"""The number of {what} of an epoch, or their weight.

    Args:
        thresholds: outputs above it are positive; a list for a figure each.
        name: what it is called in logs.
    """
    return made


TruePositives = _count("TruePositives", "true_positives", "positive outputs whose target is positive")
TrueNegatives = _count("TrueNegatives", "true_negatives", "other outputs whose target is not positive")
FalsePositives = _count("FalsePositives", "false_positives", "positive outputs whose target is not")
FalseNegatives = _count("FalseNegatives", "false_negatives", "other outputs whose target is positive")


class _Share(_AtThresholds):
    """True positives as a share of something."""

    def __init__(self, thresholds=None, top_k=None, class_id=None, name=None, dtype=None):
        self.top_k, self.class_id = top_k, class_id
        super().__init__(thresholds, name, dtype)

    def _listed(self, usual):
        # with top_k those that are among the largest are positive, whatever they are
        return [-1e8] if self.top_k is not None and self.thresholds is None else super()._listed(usual)

    def result(self):
        right, others = self._values()
        return self._one_or_all(share(right, right + others))

    def get_config(self):
        later = {name: getattr(self, name) for name in ("top_k", "class_id") if getattr(self, name) is not None}
        return super().get_config() | later


class Precision(_Share):
    """The share of positive outputs whose target is positive, over all outputs of an epoch.

    Args:
        thresholds: outputs above it are positive, 0.5 when left out; a list for a figure each.
        top_k: take the so many largest outputs of each sample as positive.
        class_id: count this column only.
        name: what it is called in logs.
    """

    usual_name = "precision"
    kinds = ("true_positives", "false_positives")


class Recall(_Share):
    """The share of positive targets whose output is positive, over all targets of an epoch.

    Args:
        thresholds: outputs above it are positive, 0.5 when left out; a list for a figure each.
        top_k: take the so many largest outputs of each sample as positive.
        class_id: count this column only.
        name: what it is called in logs.
    """

    usual_name = "recall"
    kinds = ("true_positives", "false_negatives")


class _BestWhere(_Counting):
    """The largest of one share at thresholds where another one is large enough; 0 where none is."""

    wanted: ClassVar[str] = ""  # the argument that says how large

    def __init__(self, value, num_thresholds=200, class_id=None, name=None, dtype=None):
        super().__init__(name, dtype)
        if not 0 <= value <= 1:
            raise ArgumentError(
                f"{type(self).__name__}: {self.wanted} must be from 0 to 1, got {value}.", arguments=(self.wanted,)
            )
        self.value, self.num_thresholds, self.class_id = value, num_thresholds, class_id
        self._count_at([0.5] if num_thresholds == 1 else evenly(num_thresholds))

    def result(self):
        tp, fp, tn, fn = self._values()
        shares = {
            "sensitivity": share(tp, tp + fn),
            "specificity": share(tn, tn + fp),
            "precision": share(tp, tp + fp),
            "recall": share(tp, tp + fn),
        }
        is_enough = K.cast(K.greater_equal(shares[self.wanted], self.value), K.floatx())
        return K.max(is_enough * shares[self.usual_name.partition("_")[0]])

    def get_config(self):
        named = {self.wanted: self.value, "num_thresholds": self.num_thresholds}
        return super().get_config() | named | ({} if self.class_id is None else {"class_id": self.class_id})


def _best(class_name: str, wanted: str) -> type[Metric]:
    name = snake_case(class_name)

    def __init__(self, *args, **given):
        if wanted in given:
            args = (given.pop(wanted), *args)
        _BestWhere.__init__(self, *args, **given)

    made = type(class_name, (_BestWhere,), {"usual_name": name, "wanted": wanted, "__init__": __init__})
    made.__module__ = __name__
    made.__doc__ = f"""The largest {name.partition("_")[0]} at thresholds where the {wanted} is large enough.

    Args:
        {wanted}: how large, 0 to 1.
        num_thresholds: how many thresholds are tried.
        class_id: count this column only.
        name: what it is called in logs.
    """
    return made


SensitivityAtSpecificity = _best("SensitivityAtSpecificity", "specificity")
SpecificityAtSensitivity = _best("SpecificityAtSensitivity", "sensitivity")
PrecisionAtRecall = _best("PrecisionAtRecall", "recall")
RecallAtPrecision = _best("RecallAtPrecision", "precision")

CURVES, METHODS = ("ROC", "PR"), ("interpolation", "minoring", "majoring")


class AUC(_Counting):
    """The area under the curve of shares at many thresholds: ROC, or precision by recall.

    Source: Davis and Goadrich 2006, ICML, for the interpolation of precision by recall.

    Args:
        num_thresholds: how many thresholds, evenly from 0 to 1.
        curve: 'ROC' (true by false positive rate) or 'PR' (precision by recall).
        summation_method: 'interpolation', 'minoring' or 'majoring', for the heights between two thresholds.
        thresholds: those between 0 and 1, in place of even ones.
        multi_label: take each column by itself, and the mean of their areas.
        num_labels: how many columns, with `multi_label`.
        label_weights: weights of the columns: in the mean with `multi_label`, else of their values.
        from_logits: outputs are any numbers, and go through a sigmoid.
        name: what it is called in logs.
    """

    usual_name = "auc"

    def __init__(
        self,
        num_thresholds=200,
        curve="ROC",
        summation_method="interpolation",
        name=None,
        dtype=None,
        thresholds=None,
        multi_label=False,
        num_labels=None,
        label_weights=None,
        from_logits=False,
    ):
        super().__init__(name, dtype)
        for argument, given, known in (
            ("curve", curve, CURVES),
            ("summation_method", summation_method, METHODS),
        ):
            if given not in known:
                raise ArgumentError(
                    f"AUC: {argument} must be one of {', '.join(known)}, got {given!r}.", arguments=(argument,)
                )
        inner = None if thresholds is None else sorted(float(one) for one in thresholds)
        if num_thresholds < 2 or (inner is not None and not all(0 <= one <= 1 for one in inner)):
            raise ArgumentError(
                "AUC needs 2 thresholds or more, from 0 to 1.", arguments=("num_thresholds", "thresholds")
            )
        self.curve, self.summation_method, self.thresholds = curve, summation_method, thresholds
        self.multi_label, self.num_labels = multi_label, num_labels
        self.label_weights, self.from_logits = label_weights, from_logits
        at = evenly(num_thresholds) if inner is None else (-K.epsilon(), *inner, 1.0 + K.epsilon())
        self.num_thresholds = len(at)
        self._at_all = at
        if not multi_label or num_labels is not None:
            self._count_at(at, num_labels if multi_label else None)

    def _label_weights(self):
        return 1.0 if self.multi_label or self.label_weights is None else np.asarray(self.label_weights, K.floatx())

    def update_state(self, y_true, y_pred, sample_weight=None):
        y_true, y_pred = numbers(y_true), numbers(y_pred)
        if not self.states:  # the number of labels is known by now
            self._count_at(self._at_all, K.int_shape(y_pred)[-1])
        super().update_state(y_true, K.sigmoid(y_pred) if self.from_logits else y_pred, sample_weight)

    def result(self):
        tp, fp, tn, fn = self._values()
        recall = share(tp, tp + fn)
        if self.curve == "PR" and self.summation_method == "interpolation":
            return self._mean_of_labels(K.sum(_between(tp, fp, fn), axis=0))
        x, y = (recall, share(tp, tp + fp)) if self.curve == "PR" else (share(fp, fp + tn), recall)
        low, high = y[1:], y[:-1]
        heights = {
            "interpolation": lambda: (low + high) / 2.0,
            "minoring": lambda: K.minimum(low, high),
            "majoring": lambda: K.maximum(low, high),
        }
        return self._mean_of_labels(K.sum((x[:-1] - x[1:]) * heights[self.summation_method](), axis=0))

    def _mean_of_labels(self, areas: Any) -> Any:
        if not self.multi_label:
            return areas
        if self.label_weights is None:
            return K.mean(areas)
        weights = np.asarray(self.label_weights, K.floatx())
        return K.sum(areas * weights) / float(weights.sum())

    def get_config(self):
        config = super().get_config() | {
            "num_thresholds": self.num_thresholds,
            "curve": self.curve,
            "summation_method": self.summation_method,
            "multi_label": self.multi_label,
            "num_labels": self.num_labels,
            "label_weights": self.label_weights,
            "from_logits": self.from_logits,
        }
        return config | ({} if self.thresholds is None else {"thresholds": list(self.thresholds)})


def _between(tp: Any, fp: Any, fn: Any) -> Any:
    """The areas between thresholds, precision growing along a line of true positives by positives."""
    positives = tp + fp
    more_true, more = tp[:-1] - tp[1:], positives[:-1] - positives[1:]
    slope = share(more_true, K.maximum(more, 0.0))
    start = tp[1:] - slope * positives[1:]
    both = K.cast(K.greater(K.minimum(positives[:-1], positives[1:]), 0.0), K.floatx())
    ratio = both * share(positives[:-1], positives[1:]) + (1.0 - both)
    return share(slope * (more_true + start * K.log(ratio)), tp[1:] + fn[1:])
