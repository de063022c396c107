"""Checks of samples: as many as targets, finite, of the shape and in the range that a model can learn from."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from numbers import Real
from typing import Any

import numpy as np

from ..numbers import count
from .ends import InputEnd
from .facts import ArrayFacts, TargetFacts
from .findings import Advice, Fix, LayerEdit
from .preparing import (
    as_numbers,
    divided,
    moved,
    numbered,
    padded,
    reordered,
    reshaped,
    standardized,
    stepped,
    without_rows,
)
from .vocabularies import Vocabulary

__all__ = ["check_kind", "check_parts", "check_samples", "check_scale", "check_shape"]

# inputs of weights of the usual starting size keep activations near 1 up to about here
LARGE = 20.0
PIXEL = 255.0


def check_parts(name: str, parts: Sequence[ArrayFacts], kind: str, wanted: int) -> Iterator[Advice]:
    """There is an array for each input, and for each output."""
    if wanted == 0 or len(parts) == wanted:
        return
    arrays, ends = f"{len(parts):,} array{'s' * (len(parts) != 1)}", f"{wanted} {kind}{'s' * (wanted != 1)}"
    advice = f" If these are the samples, write {name} = np.array({name})." if wanted == 1 and len(parts) > 1 else ""
    yield Advice("error", "data", f"{name} holds {arrays}; the model has {ends}.{advice}")


def check_kind(facts: ArrayFacts) -> Iterator[Advice]:
    """The array holds real numbers, which are all that a model can be given."""
    values = facts.values
    if facts.is_numbers:
        if facts.samples == 0:
            yield Advice("error", "data", f"{facts.name} holds no samples.")
        return
    if values.ndim == 0:
        held = f"is {values.item()!r:.60}" if values.dtype.kind in "fiubOU" else "is a single value"
        yield Advice("error", "data", f"{facts.name} {held}, no array of samples.")
        return
    if values.dtype.kind == "O" and any(np.ndim(each) > 0 for each in values.flat):
        text = f"The samples of {facts.name} have different sizes. Bring them to one, for instance with pad_sequences."
        yield Advice("error", "data", text)
        return
    is_text = values.dtype.kind in "US" or (values.size > 0 and all(isinstance(each, str) for each in values.flat))
    what = "text" if is_text else f"values of type {values.dtype}"
    can_number = is_text and isinstance(facts, TargetFacts) and facts.shape in ((), (1,))
    fixes = (Fix("Number the classes from 0", (numbered("y", values, facts.place),)),) if can_number else ()
    if values.dtype.kind == "O" and values.size and all(isinstance(each, Real) for each in values.flat):
        name = "y" if isinstance(facts, TargetFacts) else "x"
        what, fixes = "numbers as Python objects", (Fix("Make it float32", (as_numbers(name, facts.place),)),)
    yield Advice("error", "data", f"{facts.name} holds {what}; a model takes numbers.", fixes)


def check_samples(x: Sequence[ArrayFacts], y: Sequence[TargetFacts]) -> Iterator[Advice]:
    """Every sample has a target, and all numbers are finite."""
    arrays = [*x, *y]
    sizes = {facts.samples for facts in arrays}
    if len(sizes) > 1:
        listed = ", ".join(f"{facts.name} {facts.samples:,}" for facts in arrays)
        yield Advice("error", "data", f"The arrays hold different numbers of samples: {listed}.")
        return
    missing = [facts for facts in arrays if facts.missing]
    if not missing:
        return
    fixes = []
    if all(facts.first_missing is not None for facts in missing):
        keep = np.logical_and.reduce([_finite_rows(facts.values) for facts in missing])
        left_out = int((~keep).sum())
        label = f"Leave out {count(left_out)} sample{'s' * (left_out != 1)}"
        fixes = [Fix(label, (without_rows(keep),))] if keep.any() else []
    for facts in missing:
        where = f", first in sample {facts.first_missing}" if facts.first_missing is not None else ""
        values = "value that is" if facts.missing == 1 else "values that are"
        text = f"{facts.name} has {facts.missing:,} {values} no number (NaN or infinite){where}."
        yield Advice("error", "data", f"{text} A single one turns all weights into NaN.", tuple(fixes))


def check_shape(facts: ArrayFacts, end: InputEnd) -> Iterator[Advice]:
    """Samples have the shape of the model's input."""
    if len(facts.shape) == len(end.shape) and all(
        want in (None, size) for size, want in zip(facts.shape, end.shape, strict=True)
    ):
        return
    what = f'the input "{end.name}"' if end.told == end.name else f'"{end.told}"'
    text = f"A sample of {facts.name} has the shape {facts.shape}; {what} takes {end.shape}."
    if order := _order_of(facts.shape, end.shape):
        yield Advice("error", end.told, text, (Fix("Move the features", (reordered("x", order, facts.place),)),))
        return
    if end.vocabulary is not None and len(facts.shape) == len(end.shape) == 1 and end.shape[0]:
        words = f"Cut or fill to {end.shape[0]} words"
        yield Advice("error", end.told, text, (Fix(words, (padded("x", end.shape[0], facts.place),)),))
        return
    known = tuple(size for size in end.shape if size is not None)
    fits = len(known) == len(end.shape) and math.prod(known) == math.prod(facts.shape)
    fixes = (Fix(f"Reshape to {known}", (reshaped("x", known, facts.place),)),) if fits else ()
    yield Advice("error", end.told, text, fixes)


def _order_of(sizes: tuple[int, ...], wanted: tuple[int | None, ...]) -> tuple[int, ...] | None:
    """The order of axes of a sample with features first that should have them last, or the other way round."""
    rank = len(sizes)
    if rank < 3 or rank != len(wanted) or 1 in (sizes[0], sizes[-1]):
        return None
    for order in ((*range(1, rank), 0), (rank - 1, *range(rank - 1))):
        if all(want in (None, sizes[axis]) for axis, want in zip(order, wanted, strict=True)):
            return order
    return None


def check_scale(facts: ArrayFacts, end: InputEnd) -> Iterator[Advice]:
    """Values are of about the size of 1; indices of words lie in the vocabulary."""
    if facts.low is None or facts.high is None:
        return
    if end.vocabulary is not None:
        yield from _words(facts, end)
        return
    if facts.reach <= LARGE or end.is_scaled:
        return
    spread = f"{facts.name} goes from {facts.low:.4g} to {facts.high:.4g}"
    is_pixel = facts.is_whole and facts.low >= 0 and facts.high <= PIXEL and len(facts.shape) >= 1
    looks = facts.high > PIXEL / 2 and is_pixel
    text = f"{spread}; weights start for values of about 1, so training is slow or runs away."
    again = " Do the same with what you predict on later."
    by_255 = Fix("Divide by 255", (divided("x", PIXEL, facts.place),))
    fixes = [by_255] if looks else []
    if not hasattr(facts.values, "tocsr") and not facts.missing and facts.samples > 1:
        fixes.append(Fix("Standardize each feature", (standardized("x", facts.values, facts.place),)))
    yield Advice("warning", "data", text + again, tuple(fixes))


def _words(facts: ArrayFacts, end: InputEnd) -> Iterator[Advice]:
    assert facts.low is not None and facts.high is not None and end.vocabulary is not None
    if not facts.is_whole:
        text = f"{facts.name} goes into an Embedding, which takes whole numbers, but holds others."
        steps = stepped("x", facts.low, facts.high, end.vocabulary.size, facts.place)
        fixes = (Fix(f"Sort them into {end.vocabulary.size:,} steps", (steps,)),) if facts.high > facts.low else ()
        yield Advice("error", end.told, text, fixes)
    elif facts.low < 0 or facts.high >= end.vocabulary.size:
        text = (
            f"{facts.name} has word numbers from {int(facts.low)} to {int(facts.high)}; "
            f"the Embedding knows 0 to {end.vocabulary.size - 1}."
        )
        yield Advice("error", end.told, text, tuple(_known_words(facts, end.vocabulary)))


def _known_words(facts: ArrayFacts, vocabulary: Vocabulary) -> Iterator[Fix]:
    """Words counted from 0, and as many in the vocabulary as there are."""
    assert facts.low is not None and facts.high is not None
    least = min(int(facts.low), 0)
    words = int(facts.high) - least + 1
    is_large_enough = words <= vocabulary.size
    edits: list[Any] = [moved("x", -least, facts.place)] if least else []
    if not is_large_enough:
        edits += [LayerEdit(vocabulary.layer, {"input_dim": words})] if vocabulary.layer is not None else []
    if edits and (is_large_enough or vocabulary.layer is not None):
        told = "" if is_large_enough else f"let it know {words:,} words"
        labels = [*(["count from 0"] if least else []), *([told] if told else [])]
        label = ", ".join(labels)
        yield Fix(label[0].upper() + label[1:], tuple(edits))


def _finite_rows(values: np.ndarray) -> np.ndarray:
    finite: np.ndarray = np.isfinite(values).reshape(len(values), -1).all(axis=1)
    return finite
