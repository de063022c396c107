"""Checks of how one means to train: batches, classes of very unequal size, the order of samples, what may change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from .ends import InputEnd
from .facts import ArrayFacts, TargetFacts
from .findings import Advice, Fix, OptionEdit
from .output_case import CROSSENTROPIES, HINGES
from .preparing import shuffled, without_rows
from .situation import Plan

__all__ = ["check_balance", "check_batch_size", "check_plan"]

# a class this many times as frequent as another: always naming it is right in 9 of 10 cases
UNEQUAL = 9.0
HIGHEST_RATE = 1.0


def check_plan(
    plan: Plan, inputs: Sequence[InputEnd], x: Sequence[ArrayFacts], y: Sequence[TargetFacts]
) -> Iterator[Advice]:
    """Everything that is not about one input or one output."""
    if not plan.trains:
        yield Advice(
            "error", "model", "All layers are frozen, so no weight can change. Unfreeze at least the last one."
        )
    samples = x[0].samples if x else 0
    fixed = next((end.batch for end in inputs if end.batch is not None), None)
    if fixed is None:
        yield from check_batch_size(plan, samples - _held_out(plan, samples))
    elif samples:
        yield from _fixed_batches(plan, fixed, samples)
    if plan.learning_rate is not None and plan.learning_rate > HIGHEST_RATE:
        text = f"A learning rate of {plan.learning_rate:g} overshoots with nearly every optimizer."
        yield Advice("warning", "learning_rate", text, (Fix("Use 0.01", (OptionEdit("learning_rate", 0.01),)),))
    if len(y) == 1:
        yield from check_balance(plan, y[0])
        yield from _order(plan, y[0])


def check_batch_size(plan: Plan, samples: int) -> Iterator[Advice]:
    """A batch is no larger than all samples."""
    if samples and plan.batch_size > samples:
        fitting = max(1, min(32, samples // 10))
        text = (
            f"A batch of {plan.batch_size:,} is more than the {samples:,} samples to train on: "
            "each epoch is a single step."
        )
        yield Advice("warning", "batch_size", text, (Fix(f"Use {fitting}", (OptionEdit("batch_size", fitting),)),))


def _fixed_batches(plan: Plan, batch: int, samples: int) -> Iterator[Advice]:
    """A model whose batches all have one size, as a stateful one."""
    if plan.batch_size != batch:
        text = f"The model takes batches of {batch} samples, no others; the batch size is {plan.batch_size:,}."
        yield Advice("error", "batch_size", text, (Fix(f"Use {batch}", (OptionEdit("batch_size", batch),)),))
    parts = _parts(plan, samples)
    if all(part % batch == 0 for part in parts):
        return
    what = f"{parts[0]:,} samples" + (f" to train on and {parts[1]:,} to validate on" if parts[1] else "")
    kept = next((count for count in range(samples, 0, -1) if _fits(plan, count, batch)), 0)
    keep = np.arange(samples) < kept
    fixes = [Fix(f"Leave out the last {samples - kept:,}", (without_rows(keep, f"the first {kept}"),))] if kept else []
    text = f"The model takes batches of {batch} samples, and {what} are no multiple of that."
    yield Advice("error", "data", text, tuple(fixes))


def _parts(plan: Plan, samples: int) -> tuple[int, int]:
    """How many samples are trained on, and how many are held out."""
    held_out = _held_out(plan, samples)
    return samples - held_out, held_out


def _fits(plan: Plan, samples: int, batch: int) -> bool:
    train, held_out = _parts(plan, samples)
    return train > 0 and train % batch == held_out % batch == 0 and (held_out > 0) == (plan.validation_split > 0)


def _held_out(plan: Plan, samples: int) -> int:
    return samples - int(samples * (1 - plan.validation_split))


def check_balance(plan: Plan, y: TargetFacts) -> Iterator[Advice]:
    """Every class has its share of the samples."""
    present = [size for size in y.counts if size]
    if plan.class_weight or not set(plan.losses) <= {*CROSSENTROPIES, *HINGES, None}:
        return
    if len(present) == 1 and y.kind != "values" and max(present) > 1:
        only = y.counts.index(present[0])
        yield Advice("warning", "classes", f"All {y.samples:,} samples are of class {only}: nothing to tell apart.")
    if len(present) < 2:
        return
    most, least = max(present), min(present)
    if most < UNEQUAL * least:
        return
    total = sum(present)
    # Keras's and scikit-learn's "balanced": samples / (classes * samples of the class)
    weights = {place: round(total / (len(present) * size), 4) for place, size in enumerate(y.counts) if size}
    often, rare = y.counts.index(most), y.counts.index(least)
    text = (
        f"Class {often} has {most:,} samples, class {rare} only {least:,}: "
        f"a model that always answers {often} is right in {100 * most / total:.0f} % of the cases."
    )
    fix = Fix("Weight rare classes more", (OptionEdit("class_weight", weights),))
    yield Advice("warning", "classes", text, (fix,))


def _order(plan: Plan, y: TargetFacts) -> Iterator[Advice]:
    held_out = _held_out(plan, y.samples)
    if not y.is_sorted or not held_out:
        return
    text = (
        f"The samples are sorted by class and the last {held_out:,} are held out for validation: "
        "it sees only the last classes, and training hardly sees those."
    )
    yield Advice("error", "data", text, (Fix("Shuffle the samples", (shuffled(y.samples),)),))
