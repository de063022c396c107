"""The training data in figures, and the loss that suits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..engine.fitting.standardize import holds_arrays, plain
from ..errors import DataError

__all__ = ["DataSummary", "as_array", "check_finite", "count_samples", "data_summary", "suggest_loss", "target_kind"]


@dataclass(frozen=True)
class DataSummary:
    """What the arrays hold: how many samples, of what shape, type and range, with which targets."""

    train: int
    validation: int
    x_shape: tuple[int, ...]
    x_dtype: str
    x_range: tuple[float, float] | None
    y_kind: str
    classes: int | None

    def text(self) -> str:
        """`x (8, 8, 1) float32, 0 to 1; y one-hot`."""
        spread = "" if self.x_range is None else f", {self.x_range[0]:.3g} to {self.x_range[1]:.3g}"
        return f"x {self.x_shape} {self.x_dtype}{spread}; y {self.y_kind}"


def data_summary(x: Any, y: Any, validation_data: tuple | None = None, validation_split: float = 0.0) -> DataSummary:
    """Figures over the arrays that `fit` is given; of several inputs or targets, the first."""
    x, y = _first(x), _first(y)
    samples = x.shape[0] if x.ndim else 0
    cut = samples - int(samples * (1 - validation_split))
    held_out = count_samples(validation_data[0]) if validation_data else cut
    train = samples if validation_data else samples - held_out
    kind, classes = target_kind(y)
    return DataSummary(train, held_out, x.shape[1:], str(x.dtype), _range(x), kind, classes)


def as_array(values: Any) -> np.ndarray:
    """As an array; samples of different sizes, which are none, as one of objects, so that it can be told."""
    try:
        return plain(values)
    except ValueError:
        objects = np.empty(len(values), dtype=object)
        objects[:] = list(values)
        return objects


def target_kind(y: np.ndarray) -> tuple[str, int | None]:
    """`one-hot`, `labels`, `0 or 1`, `several of n` or `values`, with the number of classes where there are some."""
    y = as_array(y)
    wide = y.ndim >= 2 and y.shape[-1] > 1
    if y.ndim == 0 or y.dtype.kind not in "fiub":
        return "values", None
    binary = y.size > 0 and bool(np.isin(y[:4096], (0, 1)).all())
    if wide and binary:
        return ("one-hot" if bool((y[:4096].sum(axis=-1) == 1).all()) else f"several of {y.shape[-1]}"), y.shape[-1]
    if wide or y.size == 0:
        return "values", None
    if binary:
        return "0 or 1", 2
    if y.dtype.kind in "iu" and y.min() >= 0:
        return f"labels 0 to {int(y.max())}", int(y.max()) + 1
    return "values", None


def suggest_loss(y: Any, output_width: int | None, activation: str | None = None) -> str:
    """The loss that fits the targets, the width of the model's output and its last activation."""
    targets = _first(y)
    if targets.dtype.kind in "USO":  # classes by name: what they need once they are numbered
        return "sparse_categorical_crossentropy" if (output_width or 0) > 1 else "binary_crossentropy"
    kind, classes = target_kind(targets)
    if kind.startswith("several") or (kind == "one-hot" and activation == "sigmoid"):
        return "binary_crossentropy"
    if kind == "one-hot":
        return "categorical_crossentropy"
    if kind == "0 or 1" and output_width == 1:
        return "mse" if activation in ("linear", "relu", "tanh") else "binary_crossentropy"
    if classes is not None and output_width is not None and output_width > 1:
        return "sparse_categorical_crossentropy"
    return "mse"


def check_finite(name: str, array: Any) -> None:
    """Refuse data with values that are not finite.

    Raises:
        DataError: some are; it says how many and in which sample the first is.
    """
    if isinstance(array, dict):
        for key, part in array.items():
            check_finite(f"{name}[{key!r}]", part)
        return
    for part in array if isinstance(array, (list, tuple)) else [array]:
        values = np.asarray(part.data if hasattr(part, "tocsr") else part)
        if values.dtype.kind != "f" or np.isfinite(values).all():
            continue
        bad = ~np.isfinite(values)
        first = int(np.argwhere(bad)[0][0])
        keep = f"np.isfinite({name}).reshape(len({name}), -1).all(axis=1)"
        raise DataError(
            f"{name} has {int(bad.sum()):,} values that are not finite; the first is in sample {first}.",
            f"Look at {name}[{first}], or keep only the good samples: keep = {keep}",
        )


def count_samples(arrays: Any) -> int:
    """How many samples there are in what `fit` is given as `x`."""
    first = _first(arrays)
    return int(first.shape[0]) if first.ndim else 0


def _range(x: Any) -> tuple[float, float] | None:
    if hasattr(x, "tocsr"):
        low, high = _range(x.data) or (0.0, 0.0)
        return min(low, 0.0), max(high, 0.0)  # what is not stored is 0
    finite = x[np.isfinite(x)] if x.dtype.kind == "f" else x
    return (float(finite.min()), float(finite.max())) if finite.size and x.dtype.kind in "fiub" else None


def _first(arrays: Any) -> Any:
    """The first array, or matrix of scipy's, of what `fit` is given."""
    if hasattr(arrays, "__next__"):
        raise DataError(
            "the data must be arrays here, got a generator of batches.",
            "Train on it by model.fit_generator, with LiveHistory() among the callbacks.",
        )
    if hasattr(arrays, "tocsr"):
        return arrays.tocsr()
    if isinstance(arrays, dict):
        arrays = list(arrays.values())
    is_several = isinstance(arrays, (list, tuple)) and holds_arrays(arrays)
    return as_array(arrays[0] if is_several else arrays)
