"""Data sets that are looped over anew for each epoch, as batches: tf.data's, torch's DataLoader, and their like."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ...errors import ArgumentError, DataError
from .sources import is_iterator, is_sequence

__all__ = ["END_OF_PASS", "Rounds", "are_batches", "is_dataset", "length_of"]

# what `Rounds` gives after the last batch of a pass, where it is asked to
END_OF_PASS = object()

_OF_OTHERS = ("__next__", "next", "__getitem__", "shape", "__array__")


def is_dataset(data: Any) -> bool:
    """Whether each loop over it gives all batches: it is no iterator, no array, no table, and has no places."""
    if isinstance(data, type | Mapping) or type(data).__module__ == "builtins":
        return False
    return _is_numbered_without_end(data) or (
        hasattr(data, "__iter__") and not any(hasattr(data, name) for name in _OF_OTHERS)
    )


def _is_numbered_without_end(data: Any) -> bool:
    """Whether it is Keras 3's PyDataset that does not say how many batches it has."""
    return hasattr(data, "__getitem__") and hasattr(data, "num_batches") and not hasattr(data, "__len__")


def are_batches(data: Any) -> bool:
    """Whether fit takes it as batches: an iterator, a Sequence, or a data set."""
    return is_iterator(data) or is_sequence(data) or is_dataset(data)


def length_of(data: Any) -> float | None:
    """How many batches an epoch has: infinitely many, or None where only the end of the first pass will tell."""
    try:
        return len(data)
    except TypeError:
        if is_iterator(data) or _is_numbered_without_end(data):
            return math.inf
    is_endless = callable(getattr(data, "cardinality", None)) and int(data.cardinality()) == -1  # tf.data's number
    return math.inf if is_endless else None


class Rounds:
    """The batches of a data set, pass after pass, each as a tuple of arrays: (x, y) or (x, y, sample_weight).

    Arrays share the memory of the tensors that the data set gives. Where it gives x alone, y is None.

    Args:
        marks_ends: whether `END_OF_PASS` comes after each pass.
    """

    def __init__(self, data: Any, marks_ends: bool):
        self.data, self.marks_ends = data, marks_ends
        self._pass: Iterator | None = None
        self._is_empty = True

    def __iter__(self) -> Rounds:
        return self

    def __next__(self) -> Any:
        while True:
            if self._pass is None:  # its length is not asked for: torch's has one that raises
                self._pass = self._new_pass()
            for element in self._pass:
                self._is_empty = False
                return _as_batch(element)
            self._pass = None
            if self._is_empty:
                raise DataError(f"{type(self.data).__name__} gave no batch.", "Look at how it was made.")
            if self.marks_ends:
                return END_OF_PASS

    def _new_pass(self) -> Iterator:
        self._is_empty = True
        if _is_numbered_without_end(self.data):
            return (self.data[place] for place in itertools.count())
        return iter(self.data)


def _as_batch(element: Any) -> tuple:
    arrays = _as_arrays(element)
    if isinstance(arrays, tuple):
        return arrays if len(arrays) != 1 else (*arrays, None)
    return arrays, None


def _as_arrays(element: Any) -> Any:
    """The element with arrays for tensors, and tuples for lists, which torch makes of tuples."""
    if isinstance(element, Mapping):
        return {name: _as_arrays(one) for name, one in element.items()}
    if hasattr(element, "dense_shape"):
        return _sparse(element)
    if "Ragged" in type(element).__name__:
        raise DataError(
            "a data set gives ragged tensors, whose samples have different sizes.",
            "Bring them to one size: data.padded_batch(...), or x.to_tensor() in data.map.",
        )
    if isinstance(element, list | tuple):
        return tuple(map(_as_arrays, element))
    if hasattr(element, "detach"):  # torch's, perhaps on another device
        return element.detach().cpu().numpy()
    return element if element is None or isinstance(element, np.ndarray) else _array(element)


def _array(tensor: Any) -> np.ndarray:
    """Its memory as it is, where it shows that; TensorFlow's `numpy()` copies."""
    try:
        return np.asarray(tensor if "bfloat16" in str(getattr(tensor, "dtype", "")) else memoryview(tensor))
    except (TypeError, ValueError):
        return np.asarray(tensor)


def _sparse(value: Any) -> Any:
    """A scipy matrix of what tf.data gives for a sparse tensor."""
    if len(value.dense_shape) != 2:
        raise ArgumentError(
            f"a data set gives sparse tensors of shape {tuple(value.dense_shape)}; here a sparse array is a matrix.",
            "Make them dense: tf.sparse.to_dense in data.map.",
        )
    from scipy import sparse  # heavy

    rows, cols = np.asarray(value.indices).T
    return sparse.csr_matrix((np.asarray(value.values), (rows, cols)), shape=tuple(map(int, value.dense_shape)))
