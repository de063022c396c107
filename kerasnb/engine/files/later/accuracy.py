"""What "accuracy" means in files of tf.keras and Keras 3: the width of an output decides, where here its loss does."""

from __future__ import annotations

from typing import Any

from .... import backend as K
from .... import objectives

__all__ = ["accuracy_by_width"]

_ACCURACY = ("accuracy", "acc")


def accuracy_by_width(model: Any, arguments: dict) -> dict:
    """The arguments of compile with another accuracy for outputs of several features and a loss of zeros and ones.

    Keras 1.2 counts each feature by itself there; tf.keras and Keras 3 compare the largest.
    """
    names = model.output_names
    losses = _for_each(arguments.get("loss"), names)
    wide = {
        name
        for name, output, loss in zip(names, model.outputs, losses, strict=True)
        if K.int_shape(output)[-1] != 1 and _is_of_zeros_and_ones(loss)
    }
    if not wide:
        return arguments
    kinds = {kind: arguments.get(kind) for kind in ("metrics", "weighted_metrics")}
    return {**arguments, **{kind: _replaced_where(wide, given, names) for kind, given in kinds.items()}}


def _for_each(losses: Any, names: list[str]) -> list:
    """The loss of each output."""
    if isinstance(losses, list) and len(losses) == len(names):
        return losses
    if isinstance(losses, dict) and "class_name" not in losses:
        return [losses.get(name) for name in names]
    return [losses] * len(names)


def _is_of_zeros_and_ones(loss: Any) -> bool:
    name = loss if isinstance(loss, str) else getattr(getattr(loss, "objective", loss), "__name__", "")
    return name == objectives.binary_crossentropy.__name__


def _replaced_where(wide: set[str], given: Any, names: list[str]) -> Any:
    if isinstance(given, dict) and "class_name" not in given:
        return {name: _replaced(one) if name in wide else one for name, one in given.items()}
    return _replaced(given) if wide.issuperset(names) else given


def _replaced(given: Any) -> Any:
    if isinstance(given, list):
        return [_replaced(one) for one in given]
    is_meant = isinstance(given, str) and given in _ACCURACY
    return {"class_name": "CategoricalAccuracy", "config": {"name": given}} if is_meant else given
