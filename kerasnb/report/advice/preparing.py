"""What can be done to data before a training, each step as a value that can be applied, repeated and written down."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ...engine.fitting.standardize import holds_arrays
from ...errors import DataError
from ...preprocessing.sequence import pad_sequences

__all__ = [
    "Preparation",
    "as_numbers",
    "divided",
    "moved",
    "numbered",
    "one_hot",
    "padded",
    "reordered",
    "reshaped",
    "shifted",
    "shuffled",
    "standardized",
    "stepped",
    "without_rows",
]


@dataclass(frozen=True)
class Preparation:
    """One step: of a part of `x` or of `y`, or of the rows of all arrays.

    Args:
        what: `x`, `y` or `rows`.
        line: the same as a line of Python.
        part: which input or output it is about, where there are several.
    """

    what: Literal["x", "y", "rows"]
    line: str
    change: Callable[[np.ndarray], np.ndarray] = field(repr=False, compare=False)
    part: int = 0

    def code(self) -> str:
        """The line that prepares the data."""
        return self.line

    def apply(self, data: dict[str, Any]) -> dict[str, Any]:
        """The arguments `x`, `y`, `validation_data` of fit after this step; the given arrays stay as they are.

        Rows are chosen among the samples to train on; validation data stays whole but for what is done to `x` and `y`.
        """
        if self.what == "rows":
            return {**data, **{name: _each(data[name], self.change) for name in ("x", "y")}}
        prepared = {**data, self.what: _one(data[self.what], self.part, self.change)}
        if data.get("validation_data"):
            held_out = list(data["validation_data"])
            place = 0 if self.what == "x" else 1
            held_out[place] = _one(held_out[place], self.part, self.change)
            prepared["validation_data"] = tuple(held_out)
        return prepared


def divided(name: str, by: float, part: int = 0) -> Preparation:
    """Values divided by one number."""
    return Preparation("x", f"{name} = {name} / {by:g}", lambda x: (x / by).astype("float32"), part)


def standardized(name: str, x: np.ndarray, part: int = 0) -> Preparation:
    """Each feature less its mean, divided by its standard deviation, both of the samples to train on."""
    axes = tuple(range(x.ndim - 1))

    @functools.cache
    def moments() -> tuple[np.ndarray, np.ndarray]:  # only for a step that is taken
        spread = x.std(axes, dtype="float64")
        return x.mean(axes, dtype="float64"), np.where(spread == 0, 1.0, spread)

    def change(values: np.ndarray) -> np.ndarray:
        mean, spread = moments()
        return ((values - mean) / spread).astype("float32")

    line = f"{name} = ({name} - {name}.mean({_axes(axes)})) / {name}.std({_axes(axes)})"
    return Preparation("x", line, change, part)


def reshaped(name: str, shape: tuple[int, ...], part: int = 0) -> Preparation:
    """Samples of another shape with the same values."""
    sizes = ", ".join(map(str, shape))
    return Preparation("x", f"{name} = {name}.reshape(-1, {sizes})", lambda x: x.reshape(len(x), *shape), part)


def reordered(name: str, order: tuple[int, ...], part: int = 0) -> Preparation:
    """Axes of each sample in another order.

    Args:
        order: of the axes of one sample, counted from 0.
    """
    axes = (0, *(axis + 1 for axis in order))
    return Preparation("x", f"{name} = {name}.transpose{axes}", lambda x: x.transpose(axes), part)


def padded(name: str, length: int, part: int = 0) -> Preparation:
    """Sequences of words cut at the front, or filled with 0 there, as `pad_sequences` does."""
    line = f"{name} = pad_sequences({name}, {length})"
    return Preparation("x", line, lambda x: pad_sequences(x, length, dtype=x.dtype), part)


def stepped(name: str, low: float, high: float, steps: int, part: int = 0) -> Preparation:
    """Amounts as numbers of steps of one size, from 0; what is out of the range goes into the first or last."""
    line = f"{name} = (({name} - {low:g}) / {high - low:g} * {steps}).clip(0, {steps - 1}).astype(int)"
    change = lambda x: ((x - low) / (high - low) * steps).clip(0, steps - 1).astype("int32")  # noqa: E731
    return Preparation("x", line, change, part)


def moved(name: str, by: int, part: int = 0) -> Preparation:
    """All numbers larger by this much."""
    return Preparation("x", f"{name} = {name} + {by}", lambda x: x + by, part)


def shifted(name: str, line: str, change: Callable[[np.ndarray], np.ndarray], part: int = 0) -> Preparation:
    """Targets numbered in another way."""
    return Preparation("y", f"{name} = {line}", change, part)


def numbered(name: str, values: np.ndarray, part: int = 0) -> Preparation:
    """Classes given as text, numbered from 0 in the order of the alphabet; those that validate get the same numbers."""
    known = np.unique(values)

    def change(y: np.ndarray) -> np.ndarray:
        strange = np.setdiff1d(y, known)
        if len(strange):
            raise DataError(
                f"{str(strange[0])!r} is a class to validate on, but none to train on.", "Leave those samples out."
            )
        return np.searchsorted(known, y)

    return Preparation("y", f"{name} = np.searchsorted(np.unique({name}), {name})", change, part)


def one_hot(name: str, classes: int, part: int = 0) -> Preparation:
    """Class numbers as rows with a single 1."""
    line = f"{name} = to_categorical({name}, {classes})"
    return Preparation("y", line, lambda y: np.eye(classes, dtype="float32")[y.reshape(len(y)).astype(int)], part)


def without_rows(keep: np.ndarray, which: str = "where all values are finite") -> Preparation:
    """Only the samples where `keep` holds.

    Shape: `keep` `(batch,)` of truth values.

    Args:
        which: these are, in words.
    """
    return Preparation("rows", f"x, y = x[keep], y[keep]  # keep: {which}", lambda a: a[keep])


def as_numbers(name: str, part: int = 0) -> Preparation:
    """Numbers that were given as Python objects."""
    what: Literal["x", "y"] = "x" if name == "x" else "y"
    return Preparation(what, f"{name} = {name}.astype('float32')", lambda values: values.astype("float32"), part)


def shuffled(samples: int) -> Preparation:
    """Samples in a random order, the same for all arrays and each time."""
    order = np.random.RandomState(0).permutation(samples)
    line = f"order = np.random.RandomState(0).permutation({samples}); x, y = x[order], y[order]"
    return Preparation("rows", line, lambda a: a[order])


def _axes(axes: tuple[int, ...]) -> str:
    return f"axis={axes[0] if len(axes) == 1 else axes}"


def _each(data: Any, change: Callable[[np.ndarray], np.ndarray]) -> Any:
    if isinstance(data, dict):
        return {name: change(np.asarray(part)) for name, part in data.items()}
    if _is_several(data):
        return [change(np.asarray(part)) for part in data]
    return change(np.asarray(data))


def _one(data: Any, part: int, change: Callable[[np.ndarray], np.ndarray]) -> Any:
    if isinstance(data, dict):
        chosen = list(data)[part]
        return {name: change(np.asarray(each)) if name == chosen else each for name, each in data.items()}
    if _is_several(data):
        return [change(np.asarray(each)) if place == part else each for place, each in enumerate(data)]
    return change(np.asarray(data))


def _is_several(data: Any) -> bool:
    return isinstance(data, (list, tuple)) and holds_arrays(data)
