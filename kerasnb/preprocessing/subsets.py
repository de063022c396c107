"""The parts of data that `validation_split` makes: the first samples are for validation, the others for training."""

from __future__ import annotations

from typing import Any

from ..errors import ArgumentError, unknown_name

__all__ = ["check_split", "check_subset", "places"]

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
