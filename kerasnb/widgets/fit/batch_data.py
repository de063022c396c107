"""The data of a Fit panel that come as batches, of a generator or of a Sequence."""

from __future__ import annotations

import contextlib
import math
import random
import sys
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ...engine.feeding.datasets import Rounds, are_batches, length_of
from ...engine.feeding.sources import is_iterator, is_sequence
from ...errors import ArgumentError
from ...report.advice import Advice, Checkup, Preparation
from ...report.advice.batch_checks import check_all_targets, check_first_batch, check_first_targets, targets_of_all
from ...report.advice.situation import Plan
from ...report.data import count_samples
from ...report.numbers import count
from .fit_data import array_row

__all__ = ["BatchData", "LENGTHS"]

# how long an epoch is, in batches or in samples; and how much of a generator validates
LENGTHS = {
    "steps_per_epoch": "samples_per_epoch",
    "validation_steps": "nb_val_samples",
}


class BatchData:
    """Holds batches and validation data for fit.

    The first batch is looked at. That of an iterator is put back: the training begins with it, but whoever else asks
    the same iterator gets the second.

    Args:
        x: the batches.
        validation_data: arrays, or batches too.
    """

    lines: tuple[str, ...] = ()
    validation_split = 0.0

    def __init__(self, x: Any, validation_data: Any = None):
        self.x, self.validation_data = x, validation_data
        self.problem = ""
        self._first = self._look() if _is_lookable(x) else None

    @property
    def targets(self) -> Any:
        """Those of the first batch, None where they are not known."""
        return None if self._first is None else self._first[1]

    @property
    def arguments(self) -> dict[str, Any]:
        """What fit is given."""
        held_out = {} if self.validation_data is None else {"validation_data": self.validation_data}
        return {"x": self.x, **held_out}

    def call(self, batch_size: int) -> dict[str, Any]:
        """The same; how large batches are is settled by who makes them."""
        return self.arguments

    def check(self, fit_arguments: Mapping[str, Any]) -> None:
        """Refuse to begin where nobody knows when an epoch ends.

        Raises:
            ArgumentError: a length is missing.
        """
        for row in self.lengths(fit_arguments):
            if row["is_needed"] and not row["value"]:
                raise ArgumentError(
                    f"a generator has no end, so {row['name']} is needed: how many batches {row['ends']}.",
                    f"For example {row['name']}=100.",
                    arguments=(row["name"],),
                )

    def prepare(self, steps: list[Preparation]) -> None:
        """Refused where there is something to prepare: batches are made elsewhere.

        Raises:
            ArgumentError: `steps` is not empty.
        """
        if steps:
            raise ArgumentError("batches are made elsewhere, so they cannot be prepared here.", "Do it where they are.")

    def undo(self) -> None:
        """Nothing was done here."""

    def advice(self, model: Any, plan: Plan, fit_arguments: Mapping[str, Any]) -> list[Advice]:
        """What the first batch tells for certain, and what is not known."""
        found = self._in_first(self._of_first(model), plan) if self._first else []
        if (targets := targets_of_all(self.x)) is not None:
            found += check_all_targets(plan, targets, getattr(self.x, "batch_size", None))
        for row in self.lengths(fit_arguments):
            if row["is_needed"] and not row["value"]:
                text = f"Say how many batches {row['ends']}: {row['name']}. A generator does not say it itself."
                found.append(Advice("error", row["name"], text))
        return [*found, Advice("note", "data", self._unknown())]

    def lengths(self, fit_arguments: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The lengths that fit asks for: name, value, what is there without one, whether it cannot do without."""
        parts = [("steps_per_epoch", self.x, "make an epoch")]
        if self.validation_data is not None and are_batches(self.validation_data):
            parts.append(("validation_steps", self.validation_data, "validate"))
        return [_length(name, batches, ends, fit_arguments) for name, batches, ends in parts]

    def card(self, model: Any, fit_arguments: Mapping[str, Any]) -> dict[str, Any]:
        """What the panel shows."""
        checkup = self._of_first(model) if self._first else None
        arrays = [*checkup.x, *checkup.y] if checkup else []
        is_counted = self.validation_data is not None and not are_batches(self.validation_data)
        return {
            "train": None,
            "validation": count_samples(self.validation_data[0]) if is_counted else 0,
            "classes": None,
            "source": self._source(),
            "text": self._text(checkup),
            "arrays": [array_row(facts) for facts in arrays],
            "counts": [],
            "prepared": [],
            "lengths": self.lengths(fit_arguments),
            "can_split": False,
        }

    def _look(self) -> tuple | None:
        if is_iterator(self.x) and not _is_numbered(self.x):
            self.x, first, self.problem = _looked_at(self.x)
            return _whole(first)
        try:
            with _random_numbers_kept():
                first = self.x[0] if _is_numbered(self.x) else next(Rounds(self.x, marks_ends=False))
        except Exception as error:  # noqa: BLE001  a user's own code; fit itself will say it again
            self.problem = f"{type(error).__name__}: {error}"
            return None
        return _whole(first)

    def _of_first(self, model: Any) -> Checkup:
        assert self._first is not None
        return Checkup.of(model, self._first[0], self._first[1], " in the first batch")

    def _in_first(self, checkup: Checkup, plan: Plan) -> list[Advice]:
        """What the first batch tells of all, and what it lets one suspect."""
        fixed = next((end.batch for end in checkup.inputs if end.batch is not None), None)
        free = replace(checkup, inputs=tuple(replace(end, batch=None) for end in checkup.inputs))
        found = [replace(each, fixes=_without_preparing(each)) for each in free.advice(plan) if _is_certain(each)]
        found += check_first_batch(checkup.x[0].samples, length_of(self.x), fixed)
        if len(checkup.y) == 1 and targets_of_all(self.x) is None:
            found += check_first_targets(plan, checkup.y[0])
        return found

    def _source(self) -> str:
        kind = type(self.x).__name__
        length = length_of(self.x)
        return kind if length in (None, math.inf) else f"{kind}, {count(int(length))} batches"

    def _text(self, checkup: Checkup | None) -> str:
        if checkup is None:
            return "cannot be looked at" if self.problem else "not looked at before training"
        x, y = checkup.x[0], checkup.y[0]
        return f"first batch: {x.samples} samples of {x.shape} {x.dtype}; y {y.kind}"

    def _unknown(self) -> str:
        if self.problem:
            return f"its first batch cannot be made: {self.problem}"
        if self._first is not None:
            return (
                "Only the first batch was looked at: the range of all samples and the sizes of classes are not known."
            )
        classes = "" if targets_of_all(self.x) is not None else "classes, "
        return (
            "Its batches are not looked at before training: shapes, ranges, "
            f"{classes}and whether targets fit the loss, are not known."
        )


def _is_numbered(x: Any) -> bool:
    """Whether its first batch can be asked for by its number, as of a Sequence, without taking it away."""
    return is_sequence(x) or (hasattr(x, "__getitem__") and hasattr(x, "__len__"))


def _is_lookable(x: Any) -> bool:
    """Whether the first batch can be looked at and nothing is lost or written by it."""
    if getattr(x, "save_to_dir", None):  # each batch that it makes is written into a folder
        return False
    # one with a lock may be asked by several threads at once, which one with a batch put back may not
    return not is_iterator(x) or _is_numbered(x) or (hasattr(x, "__next__") and not hasattr(x, "lock"))


# iterators whose first batch was put back, by the id of the one that it was taken from, which each of them keeps
_PUT_BACK: weakref.WeakValueDictionary[int, _PutBack] = weakref.WeakValueDictionary()


class _PutBack:
    """An iterator whose first batch was taken, the batch, and one that gives all from the first on."""

    def __init__(self, taken: Iterator):
        self.taken, self.problem = taken, ""
        self.first: Any = None
        self.error: Exception | None = None
        try:
            self.first = next(taken)
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001  a user's own code; fit will raise it again
            self.error, self.problem = error, f"{type(error).__name__}: {error}"
        # a generator, which Keras takes too; it keeps this object
        self.whole = self._from_the_first()

    def _from_the_first(self) -> Iterator:
        if self.error is not None:
            raise self.error
        if self.first is not None:
            yield self.first
        yield from self.taken


def _looked_at(taken: Iterator) -> tuple[Iterator, Any, str]:
    """An iterator from its first batch on, the batch, and why there is none; once for each, however many panels ask."""
    known = _PUT_BACK.get(id(taken))
    if known is None or known.taken is not taken:
        known = _PUT_BACK[id(taken)] = _PutBack(taken)
    return known.whole, known.first, known.problem


def _whole(first: Any) -> tuple | None:
    """Samples and targets of a batch; None where it has no targets."""
    is_whole = isinstance(first, (tuple, list)) and len(first) in (2, 3) and first[1] is not None
    return tuple(first) if is_whole else None


@contextlib.contextmanager
def _random_numbers_kept() -> Iterator[None]:
    """What batches are drawn or shuffled with goes on as if none had been looked at."""
    of_python, of_numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    of_torch = torch.get_rng_state() if torch is not None else None
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)
        if torch is not None:
            torch.set_rng_state(of_torch)


def _length(name: str, batches: Any, ends: str, fit_arguments: Mapping[str, Any]) -> dict[str, Any]:
    samples = LENGTHS[name]
    shown = samples if fit_arguments.get(samples) else name
    known = length_of(batches)
    is_endless = known == math.inf
    return {
        "name": shown,
        "value": fit_arguments.get(shown),
        "placeholder": "needed" if is_endless else f"all {count(int(known))}" if known else "to its end",
        "is_needed": is_endless,
        "ends": ends,
    }


def _is_certain(advice: Advice) -> bool:
    """Whether what one batch tells holds for all: sizes of classes and what none of it shows do not."""
    if advice.about == "batch_size":  # batches have their own
        return False
    return advice.severity == "error" or (advice.severity == "warning" and advice.about == "data")


def _without_preparing(advice: Advice) -> tuple:
    """The fixes that leave the data as they are."""
    return tuple(fix for fix in advice.fixes if not any(isinstance(edit, Preparation) for edit in fix.edits))
