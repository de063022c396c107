"""What arrays of samples and targets hold, in figures that cost one pass over each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...engine.fitting.standardize import holds_arrays
from ..data import as_array, target_kind

__all__ = ["ArrayFacts", "TargetFacts", "array_facts", "parts_of", "target_facts"]

MOST_CLASSES = 1000


@dataclass(frozen=True)
class ArrayFacts:
    """One array: shape without the batch, values by range, how many are not finite and where the first is."""

    name: str
    samples: int
    shape: tuple[int, ...]
    dtype: str
    low: float | None
    high: float | None
    is_whole: bool
    missing: int
    first_missing: int | None
    values: Any  # the array itself
    place: int = 0  # which of several arrays

    @property
    def is_numbers(self) -> bool:
        """Whether a model can be given it at all: real numbers or truths, sample by sample."""
        return self.values.ndim > 0 and self.values.dtype.kind in "fiub"

    @property
    def reach(self) -> float:
        """The largest absolute value; 0 where there is none."""
        return max(abs(self.low), abs(self.high)) if self.low is not None and self.high is not None else 0.0


@dataclass(frozen=True)
class TargetFacts(ArrayFacts):
    """Targets: of what kind (see `target_kind`), how many of each class, whether sorted by class."""

    kind: str = "values"
    classes: int | None = None
    counts: tuple[int, ...] = ()
    is_sorted: bool = False


def parts_of(data: Any, names: Sequence[str]) -> list[tuple[str, Any]]:
    """The arrays in what fit takes as `x` or `y`, each with its name in a message; of a dict in the order of `names`.

    As for fit, a list of numbers, or of lists of them, is one array where one is wanted.
    """
    if isinstance(data, dict):
        order = {name: place for place, name in enumerate(names)}
        return sorted(data.items(), key=lambda item: order.get(item[0], len(order)))
    if isinstance(data, (list, tuple)) and len(data) > 0 and (holds_arrays(data) or len(data) == len(names) > 1):
        known = list(names) if len(names) == len(data) else [str(place) for place in range(len(data))]
        return list(zip(known, data, strict=True))
    return [("", data)]


def array_facts(name: str, values: Any, place: int = 0) -> ArrayFacts:
    """The figures of one array, of a table, or of a sparse matrix, of which only what it stores is read."""
    return ArrayFacts(**_figures(name, values), place=place)


def target_facts(name: str, values: Any, place: int = 0) -> TargetFacts:
    """The figures of one array of targets."""
    figures = {**_figures(name, values), "place": place}
    y = as_array(values)
    kind, classes = target_kind(y) if figures["missing"] == 0 else ("values", None)
    numbers = _class_numbers(y, kind, classes)
    if numbers is None:
        return TargetFacts(**figures, kind=kind, classes=classes)
    counts = np.bincount(numbers, minlength=classes or 0)
    return TargetFacts(
        **figures,
        kind=kind,
        classes=classes,
        counts=tuple(int(count) for count in counts),
        is_sorted=len(numbers) > 1 and numbers[0] != numbers[-1] and bool((np.diff(numbers) >= 0).all()),
    )


def _class_numbers(y: np.ndarray, kind: str, classes: int | None) -> np.ndarray | None:
    if classes is None or classes > MOST_CLASSES or kind.startswith("several") or len(y) == 0:
        return None
    if kind == "one-hot":
        return y.argmax(axis=-1) if y.ndim == 2 else None
    return y.reshape(-1).astype(int) if y.size == len(y) else None


def _figures(name: str, values: Any) -> dict[str, Any]:
    array = values.tocsr() if hasattr(values, "tocsr") else as_array(values)
    stored: Any = array.data if hasattr(array, "tocsr") else array
    figures: dict[str, Any] = {
        "name": name,
        "samples": int(array.shape[0]) if array.ndim else 0,
        "shape": tuple(int(size) for size in array.shape[1:]),
        "dtype": str(array.dtype),
        "low": None,
        "high": None,
        "is_whole": False,
        "missing": 0,
        "first_missing": None,
        "values": array,
    }
    if not stored.size or stored.dtype.kind not in "fiub":
        return figures
    low, high = stored.min(), stored.max()
    if not (np.isfinite(low) and np.isfinite(high)):  # NaN passes through both
        finite = np.isfinite(stored)
        figures["missing"] = int(stored.size - finite.sum())
        figures["first_missing"] = int(np.argwhere(~finite)[0][0]) if stored is array else None
        stored = stored[finite]
        if not stored.size:
            return figures
        low, high = stored.min(), stored.max()
    whole = stored.dtype.kind in "iub" or bool((stored.reshape(-1)[:65536] % 1 == 0).all())
    return figures | {"low": float(low), "high": float(high), "is_whole": whole}
