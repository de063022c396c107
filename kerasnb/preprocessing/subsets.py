"""The parts of data that `validation_split` makes: the first samples are for validation, the others for training."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ArgumentError, DataError, unknown_name

__all__ = ["check_classes", "check_split", "check_subset", "places"]

SUBSETS = ("training", "validation")


def check_split(validation_split: Any) -> float:
    """The fraction itself; None is 0.

    Raises:
        ArgumentError: it is no fraction from 0 to below 1.
    """
    if validation_split is None:
        return 0.0
    if not isinstance(validation_split, int | float) or not 0 <= validation_split < 1:
        raise ArgumentError(
            f"validation_split must be a fraction from 0 to below 1, got {validation_split!r}.",
            arguments=("validation_split",),
        )
    return validation_split


def check_subset(subset: Any) -> str | None:
    """The subset's name itself; None stands for all samples.

    Raises:
        UnknownNameError: there is no such subset.
    """
    if subset is not None and subset not in SUBSETS:
        raise unknown_name("subset", subset, SUBSETS)
    return subset


def places(count: int, subset: str | None, validation_split: float) -> slice:
    """Where the samples of a subset are among `count`."""
    validation = int(count * validation_split)
    return {None: slice(None), "validation": slice(validation), "training": slice(validation, None)}[subset]


def check_classes(labels: Any, validation_split: float) -> None:
    """See that both parts hold the same labels, which they do not where samples are sorted by class.

    Raises:
        DataError: one part holds others.
    """
    labels = np.asarray(labels)
    held, rest = (np.unique(labels[places(len(labels), one, validation_split)]) for one in ("validation", "training"))
    only = np.setxor1d(held, rest)
    if len(held) and len(rest) and len(only):
        part = "validation" if np.isin(only[0], held) else "training"
        raise DataError(
            f"flow: the label {only[0]!s} is only in the {part} part; the first {validation_split:.0%} validate.",
            "Shuffle pictures and labels together before; if they are no classes, give ignore_class_split=True.",
        )
