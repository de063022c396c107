"""Checks of a training on batches that others make: what the first one shows, and what their maker knows of all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from .facts import TargetFacts, target_facts
from .findings import Advice
from .output_case import CROSSENTROPIES, HINGES
from .plan_checks import check_balance, check_batch_size
from .situation import Plan

__all__ = ["check_all_targets", "check_first_batch", "check_first_targets", "targets_of_all"]

# of fewer samples the classes in one batch say nothing
ENOUGH = 16


def check_first_batch(samples: int, batches: float | None, fixed: int | None) -> Iterator[Advice]:
    """How large a batch is: as the model takes it, and a part of an epoch, not all of it.

    Args:
        batches: how many make an epoch; None where that is not known.
        fixed: the number of samples that each batch must have, None where it is free.
    """
    if fixed is not None and samples != fixed:
        text = f"The model takes batches of {fixed} samples, no others; the first batch has {samples:,}."
        yield Advice("error", "data", text)
    elif batches == 1:
        text = f"One batch of {samples:,} samples is all there is: each epoch is a single step. Make smaller batches."
        yield Advice("warning", "data", text)


def check_first_targets(plan: Plan, y: TargetFacts) -> Iterator[Advice]:
    """What the classes in one batch let one suspect; the others may be different, so it is never more than a note."""
    if y.samples < ENOUGH or not set(plan.losses) <= {*CROSSENTROPIES, *HINGES, None}:
        return
    alone = _only_class(y)
    if alone is not None:
        text = (
            f"All {y.samples:,} samples of the first batch are of class {alone}. If they come sorted, shuffle them: "
            "a model that is shown one class after the other forgets."
        )
        yield Advice("note", "classes", text)
    for advice in check_balance(plan, y):
        yield replace(advice, severity="note", text=f"In the first batch: {advice.text}", fixes=())


def _only_class(y: TargetFacts) -> int | None:
    """The class of all samples, where they have the same one."""
    if y.kind == "one-hot":
        present = [place for place, size in enumerate(y.counts) if size]
        return present[0] if len(present) == 1 else None
    if y.low is None or y.low < 0 or y.low != y.high or not y.is_whole or y.shape not in ((), (1,)):
        return None
    return int(y.low)


def targets_of_all(batches: Any) -> Any:
    """The targets of all samples, where who makes the batches holds them, as iterators over pictures do; else None."""
    count = getattr(batches, "n", None)
    for name in ("classes", "y"):
        values = getattr(batches, name, None)
        if isinstance(values, (list, np.ndarray)) and isinstance(count, int) and len(values) == count > 0:
            return np.asarray(values)
    return None


def check_all_targets(plan: Plan, targets: Any, batch_size: Any) -> Iterator[Advice]:
    """Sizes of all classes, and of a batch, where both are known without making a batch."""
    facts = target_facts("y", targets)
    yield from check_balance(plan, facts)
    if isinstance(batch_size, int):
        for advice in check_batch_size(replace(plan, batch_size=batch_size), facts.samples):
            yield replace(advice, about="data", fixes=())
