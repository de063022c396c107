"""Weights of samples and classes at the door: one array for each target, or an error that says why not."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...caller import warn_user
from ...errors import ClassWeightError, DataError
from .checks import check_finite
from .standardize import check_names

__all__ = [
    "standardize_sample_or_class_weights",
    "standardize_class_weights",
    "standardize_sample_weights",
    "standardize_weights",
]


def standardize_sample_or_class_weights(x_weight: Any, output_names: Sequence[str], weight_type: str) -> list:
    """One weight (or None) for each output."""
    if x_weight is None or (isinstance(x_weight, list | tuple | dict) and len(x_weight) == 0):
        return [None] * len(output_names)
    if isinstance(x_weight, Mapping) and any(isinstance(key, str) for key in x_weight):
        check_names(x_weight, output_names, weight_type)
        return [x_weight.get(name) for name in output_names]
    if len(output_names) == 1:
        return list(x_weight) if _is_list_for_outputs(x_weight) else [x_weight]
    if isinstance(x_weight, list | tuple):
        if len(x_weight) != len(output_names):
            raise DataError(
                f"{weight_type}: the model has {len(output_names)} outputs, got {len(x_weight)} weights.",
                "Pass one for each output, None where there is none.",
            )
        return list(x_weight)
    raise DataError(
        f"{weight_type}: the model has outputs {list(output_names)}, got {type(x_weight).__name__}.",
        "Pass a list with one entry for each output, or a dict by output name.",
    )


def _is_list_for_outputs(x_weight: Any) -> bool:
    """Whether it is a list with what belongs to the only output, not with a number for the only sample."""
    return isinstance(x_weight, list | tuple) and len(x_weight) == 1 and not isinstance(x_weight[0], numbers.Number)


def standardize_class_weights(class_weight: Any, output_names: Sequence[str]) -> list:
    """One class_weight (class -> weight, or None) for each output.

    Raises:
        ClassWeightError: it is neither a dict by class number nor a list with a weight for each class.
    """
    try:
        given = standardize_sample_or_class_weights(class_weight, output_names, "class_weight")
    except DataError as error:
        is_named = isinstance(class_weight, Mapping) and any(isinstance(one, Mapping) for one in class_weight.values())
        raise error if is_named else ClassWeightError(error.message, _BY_CLASS) from error
    return [_by_class(one) for one in given]


_BY_CLASS = "Write class_weight={0: 1.0, 1: 5.0}; for several outputs, a dict with one such for each output's name."


class _ByClass(dict):
    """Weights by class number, checked: those of a generator's batches are given again for each batch."""


def _by_class(class_weight: Any) -> _ByClass | None:
    """The weights as a dict from class number to weight."""
    if class_weight is None or isinstance(class_weight, _ByClass):
        return class_weight
    if isinstance(class_weight, Mapping) or hasattr(class_weight, "to_dict"):  # a Series has its classes in its index
        pairs: Iterable[tuple] = dict(class_weight).items()
    elif isinstance(class_weight, list | tuple | np.ndarray) and np.ndim(class_weight) == 1:
        pairs = enumerate(class_weight)
    else:
        raise ClassWeightError(
            f"class_weight must say a weight for each class, got {class_weight!r}.",
            (
                "For weights that balance the classes: labels, counts = np.unique(y, return_counts=True); "
                "class_weight = dict(zip(labels, len(y) / len(labels) / counts))."
                if isinstance(class_weight, str)
                else _BY_CLASS
            ),
        )
    return _ByClass((_class_number(number), _number(weight, number)) for number, weight in pairs)


def _class_number(number: Any) -> int:
    if type(number) is int:
        return number
    is_real = isinstance(number, numbers.Real)
    if is_real and math.isfinite(number) and number == int(number):
        return int(number)
    raise ClassWeightError(f"class_weight: the classes are numbers, got {number!r}.", _BY_CLASS)


def _number(weight: Any, number: Any) -> float:
    if type(weight) is float and math.isfinite(weight):
        return weight
    may_be_one = isinstance(weight, numbers.Real | np.ndarray)
    if may_be_one and np.ndim(weight) == 0 and math.isfinite(weight):
        return float(weight)
    raise ClassWeightError(f"class_weight: the weight of class {number!r} must be a number, got {weight!r}.", _BY_CLASS)


def standardize_sample_weights(sample_weight: Any, output_names: Sequence[str]) -> list:
    """One sample_weight for each output."""
    return standardize_sample_or_class_weights(sample_weight, output_names, "sample_weight")


def standardize_weights(y: np.ndarray, sample_weight=None, class_weight=None, sample_weight_mode=None) -> np.ndarray:
    """A weight for each sample, or time step if `sample_weight_mode` is 'temporal'; sample weights win over classes'.

    Raises:
        DataError: another shape than the samples, or no numbers.
        ClassWeightError: a class without a weight.
    """
    if sample_weight_mode not in (None, "temporal"):
        raise DataError(f"sample_weight_mode must be None or 'temporal', got {sample_weight_mode!r}.")
    if sample_weight_mode == "temporal" and len(y.shape) < 3:
        raise DataError(f"sample_weight_mode 'temporal' needs targets (batch, time, ...), got {y.shape}.")
    axes = 2 if sample_weight_mode == "temporal" else 1
    if sample_weight is not None:
        if class_weight is not None:
            warn_user(
                "class_weight is not used where there is a sample_weight, as in Keras 1.2; multiply them "
                "yourself if both should count.",
            )
        return _of_samples(sample_weight, tuple(y.shape[:axes]))
    by_class = _by_class(class_weight)
    if by_class is not None:
        return _of_classes(y, by_class)
    return np.ones(y.shape[:axes], dtype="float32")


def _of_samples(sample_weight: Any, shape: tuple) -> np.ndarray:
    weights = np.asarray(sample_weight)
    if weights.dtype.kind not in "biuf":
        raise DataError(
            f"sample_weight must be numbers, got values of type {weights.dtype}.",
            "Convert it: sample_weight.astype('float32').",
        )
    if weights.ndim != len(shape):
        advice = "For a weight per time step, compile with sample_weight_mode='temporal'." if len(shape) == 1 else ""
        raise DataError(
            f"sample_weight needs {len(shape)} axes, got {weights.shape}.",
            "Write sample_weight.ravel()." if weights.shape == (*shape, 1) else advice,
        )
    if weights.shape != shape:
        raise DataError(
            f"sample_weight has shape {weights.shape}, the targets begin with {shape}.",
            "Give one weight for each sample.",
        )
    check_finite([weights], ["sample_weight"], "weights of samples")
    return weights


def _of_classes(y: Any, class_weight: dict[int, float]) -> np.ndarray:
    if len(y.shape) > 2:
        raise ClassWeightError(f"class_weight is for targets (batch, classes), got {y.shape}.", "Use sample_weight.")
    y = y.toarray() if hasattr(y, "toarray") else np.asarray(y[0 : y.shape[0]])
    classes = y.argmax(axis=1) if y.shape[1] > 1 else y.reshape(-1)
    classes = classes.tolist()
    missing = sorted(set(classes) - class_weight.keys())
    if missing:
        raise ClassWeightError(
            f"class_weight has no weight for class {missing[0]:g}; it has {sorted(class_weight)}.",
            f"Add it: {missing[0]:g}: 1.0.",
        )
    if y.shape[1] > 1 and max(class_weight) >= y.shape[1]:
        warn_user(
            f"class_weight has a weight for class {max(class_weight)}, but the targets have "
            f"{y.shape[1]} classes (0 to {y.shape[1] - 1}).",
        )
    return np.array([class_weight[one] for one in classes], dtype="float32")
