"""Data at the door: one array for each input and target, or an error that says why not; and its slices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import DataError, unknown_name
from .tables import check_columns

__all__ = ["standardize_input_data", "count_samples", "holds_arrays", "plain", "ONE_ANSWER"]
__all__ += ["slice_X", "make_batches", "batch_shuffle"]

# what is to be done with a model that answers for each pixel or step, where there is one target for a sample
ONE_ANSWER = "Put Flatten() or a global pooling before the last layer; after an LSTM or GRU, return_sequences=False."


def standardize_input_data(
    data: Any,
    names: Sequence[str],
    shapes: Sequence | None = None,
    check_batch_axis: bool = True,
    exception_prefix: str = "",
    *,
    known: Iterable[str] | None = None,
    changes: Iterable[Callable[[Any], Any]] | None = None,
) -> list[np.ndarray]:
    """One array for each name, of the shape that the model needs.

    Args:
        data: an array, a list of arrays, or a dict by name.
        shapes: the wanted shapes, None for a size (or a whole shape) that may be anything.
        check_batch_axis: whether the first size counts too.
        exception_prefix: what the data is ('model input'), for messages.
        known: names that a dict may have besides (one dict may hold inputs and targets); None for any.
        changes: what is done with each array before its shape counts.

    Raises:
        DataError: too few arrays, or one of another shape, or a name that nobody knows.
    """
    what = exception_prefix or "data"
    arrays = _by_name(data, names, what)
    if known is not None and isinstance(data, Mapping):
        check_names(data, [*names, *known], what)
    wanted = list(shapes or [None] * len(names))
    arrays = [
        _as_array(array, name, what, is_column=shape is None or len(shape) != 1)
        for array, name, shape in zip(arrays, names, wanted, strict=True)
    ]
    if changes is not None:
        arrays = [change(array) for change, array in zip(changes, arrays, strict=True)]
    for array, name, shape in zip(arrays, names, wanted, strict=True):
        if shape is not None:
            _check_shape(array, name, shape, check_batch_axis, what)
    return arrays


def check_names(given: Iterable, names: Iterable[str], what: str) -> None:
    """Refuse a name that would be passed over in silence."""
    names = dict.fromkeys(names)
    unknown = [name for name in given if name not in names]
    if unknown:
        error = unknown_name("input or output", unknown[0], list(names))
        raise DataError(f"{what}: {error.message}", "Correct the name, or leave it out of the dict.")


def count_samples(data: Any, names: Sequence[str]) -> int | None:
    """How many samples there are in data for these inputs; None where it does not fit them."""
    try:
        first = _by_name(data, names, "")[0]
        return first.shape[0] if hasattr(first, "shape") else len(first)
    except (DataError, TypeError, IndexError):
        return None


def _by_name(data: Any, names: Sequence[str], what: str) -> list:
    if isinstance(data, Mapping):
        missing = [name for name in names if name not in data]
        if missing:
            raise DataError(
                f'{what}: nothing given for "{missing[0]}"; the dict has {sorted(data)}.',
                f"It needs the keys {list(names)}.",
            )
        return [data[name] for name in names]
    if isinstance(data, list | tuple) and not (len(names) == 1 and not holds_arrays(data)):
        if len(data) != len(names):
            raise DataError(
                f"{what}: needs {len(names)} arrays ({', '.join(names)}), got {len(data)}.",
                "Pass a list with one array for each." if len(names) > 1 else "Pass one array.",
            )
        return list(data)
    if len(names) > 1:
        raise DataError(
            f"{what}: needs {len(names)} arrays ({', '.join(names)}), got one {type(data).__name__}.",
            "Pass a list with one array for each.",
        )
    return [data]


def holds_arrays(data: Sequence) -> bool:
    """Whether a list is one of arrays, not itself an array written as a list."""
    return bool(data) and all(hasattr(item, "shape") and len(item.shape) > 0 for item in data)


def _as_array(array: Any, name: str, what: str, is_column: bool = True) -> Any:
    """The array; one of a single axis with a second one, unless one number a sample is what the model reads."""
    if array is None:
        raise DataError(f'{what} "{name}" is None.', "Pass an array.")
    if hasattr(array, "tocsr"):
        return array.tocsr()  # a scipy matrix in the form that has rows
    if not _is_sliced_by_rows(array):
        if hasattr(array, "dtypes") or hasattr(array, "to_numpy"):
            check_columns(array, f'{what} "{name}"')
        try:
            array = plain(array)
        except ValueError as error:
            raise DataError(
                f'{what} "{name}": the samples have different sizes ({error}).',
                "Bring them to one size, for instance with pad_sequences.",
            ) from error
    if getattr(getattr(array, "dtype", None), "kind", "f") not in "biuf":
        raise DataError(
            f'{what} "{name}" holds values of type {array.dtype}, not real numbers.', "Convert it: x.astype('float32')."
        )
    return np.expand_dims(array, 1) if is_column and len(array.shape) == 1 else array


def _is_sliced_by_rows(array: Any) -> bool:
    """Whether its samples can be picked from it as it is: an array, or what reads its rows from a file when asked."""
    if isinstance(array, np.ndarray):
        return True
    if isinstance(array, memoryview):
        return False
    return hasattr(array, "shape") and (not hasattr(array, "__array__") or hasattr(array, "chunks"))


def plain(array: Any) -> np.ndarray:
    """The array of a list, a tensor of another library, or a table of numbers (whose columns may differ in type)."""
    if type(array).__module__.split(".")[0] == "polars":
        return array.to_numpy()
    plain = np.asarray(array)
    dtypes: Any = getattr(array, "dtypes", plain.dtype)
    kinds = {dtype.kind for dtype in np.atleast_1d(dtypes)}
    if plain.dtype.kind == "O" and kinds <= set("biuf"):
        return array.to_numpy(dtype="float64", na_value=np.nan)
    return plain


def _check_shape(array: Any, name: str, shape: Sequence, check_batch_axis: bool, what: str) -> None:
    got, first = tuple(array.shape), 0 if check_batch_axis else 1
    wanted = tuple(shape)
    fits = len(got) == len(wanted) and all(
        want is None or want == size for want, size in zip(wanted[first:], got[first:], strict=True)
    )
    if not fits:
        raise DataError(f'{what} "{name}": needs shape {wanted}, got {got}.', _shape_advice(got, wanted, what))


def _shape_advice(got: tuple, wanted: tuple, what: str) -> str:
    is_target = what.endswith("target")
    if is_target and got[1:] == (1,) and len(wanted) > 2:
        return ONE_ANSWER
    if not is_target and _is_sample(got, wanted[1:]):
        return "This is one sample; give a batch that holds it: x[None]."
    if len(got) == len(wanted) - 1 and wanted[-1] == 1:
        return "Add the last axis: x[..., None]."
    if len(got) == 2 and got[1] == 1 and len(wanted) == 2 and (wanted[1] or 0) > 1:
        return (
            "If these are class numbers, use loss='sparse_categorical_crossentropy', or make them one-hot: "
            f"to_categorical(y, {wanted[1]})."
        )
    if len(got) == len(wanted) and wanted[-1] == 1 and got[-1] > 1:
        return (
            "If these are one-hot, use loss='categorical_crossentropy', or make them class numbers: y.argmax(axis=-1)."
        )
    if None not in wanted[1:] and math.prod(got[1:]) == math.prod(wanted[1:]):
        return f"Reshape it: x.reshape((-1, {', '.join(map(str, wanted[1:]))}))."
    return "Change the data, or the input_shape of the model."


def _is_sample(got: tuple, wanted: tuple) -> bool:
    """Whether an array is one sample of the wanted shape; one of a single axis has got a second one by then."""
    sample = got[:1] if len(wanted) == 1 and got[1:] == (1,) else got
    return len(sample) == len(wanted) and all(want in (None, size) for want, size in zip(wanted, sample, strict=True))


# ---- slices and batches


def slice_X(X: Any, start: Any = None, stop: int | None = None) -> Any:
    """Samples `start` to `stop` of an array or of each array in a list; `start` may be a list of places."""
    if isinstance(X, list):
        return [slice_X(one, start, stop) for one in X]
    if X is None:
        return None
    if hasattr(start, "__len__"):
        if isinstance(X, np.ndarray) or hasattr(X, "tocsr"):
            return X[start]
        order = np.argsort(start)  # HDF5 gives places in growing order only
        return X[np.asarray(start)[order].tolist()][np.argsort(order)]
    return X[start:stop]


def make_batches(size: int, batch_size: int) -> list[tuple[int, int]]:
    """The (start, stop) of each batch."""
    return [(start, min(size, start + batch_size)) for start in range(0, size, batch_size)]


def batch_shuffle(index_array: np.ndarray, batch_size: int) -> np.ndarray:
    """The batches in another order, each with its samples side by side; a smaller last batch stays last."""
    whole = len(index_array) // batch_size * batch_size
    batches = index_array[:whole].reshape(-1, batch_size)
    np.random.shuffle(batches)
    return np.append(batches.ravel(), index_array[whole:])
