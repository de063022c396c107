"""Data at the door: one array for each input, target and weight, or an error that says why not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DataError

__all__ = [
    "standardize_input_data",
    "standardize_sample_or_class_weights",
    "standardize_class_weights",
    "standardize_sample_weights",
    "standardize_weights",
    "check_array_lengths",
    "check_loss_and_target_compatibility",
    "check_finite",
    "check_samples",
    "check_whole",
    "check_labels",
    "slice_X",
    "make_batches",
    "batch_shuffle",
]


def standardize_input_data(
    data: Any,
    names: Sequence[str],
    shapes: Sequence | None = None,
    check_batch_axis: bool = True,
    exception_prefix: str = "",
) -> list[np.ndarray]:
    """One array for each name, of the shape that the model needs.

    Args:
        data: an array, a list of arrays, or a dict by name.
        shapes: the wanted shapes, None for a size (or a whole shape) that may be anything.
        check_batch_axis: whether the first size counts too.
        exception_prefix: what the data is ('model input'), for messages.

    Raises:
        DataError: too few arrays, or one of another shape.
    """
    what = exception_prefix or "data"
    arrays = _by_name(data, names, what)
    arrays = [_as_array(array, name, what) for array, name in zip(arrays, names, strict=True)]
    for array, name, shape in zip(arrays, names, shapes or [None] * len(names), strict=True):
        if shape is not None:
            _check_shape(array, name, shape, check_batch_axis, what)
    return arrays


def _by_name(data: Any, names: Sequence[str], what: str) -> list:
    if isinstance(data, dict):
        missing = [name for name in names if name not in data]
        if missing:
            raise DataError(f'{what}: nothing given for "{missing[0]}"; the dict has {sorted(data)}.',
                            f"It needs the keys {list(names)}.")
        return [data[name] for name in names]
    if isinstance(data, list | tuple) and not (len(names) == 1 and not _holds_arrays(data)):
        if len(data) != len(names):
            raise DataError(f"{what}: needs {len(names)} arrays ({', '.join(names)}), got {len(data)}.",
                            "Pass a list with one array for each." if len(names) > 1 else "Pass one array.")
        return list(data)
    if len(names) > 1:
        raise DataError(f"{what}: needs {len(names)} arrays ({', '.join(names)}), got one {type(data).__name__}.",
                        "Pass a list with one array for each.")
    return [data]


def _holds_arrays(data: Sequence) -> bool:
    return bool(data) and all(hasattr(item, "shape") and len(item.shape) > 0 for item in data)


def _as_array(array: Any, name: str, what: str) -> Any:
    if array is None:
        raise DataError(f'{what} "{name}" is None.', "Pass an array.")
    if hasattr(array, "tocsr"):
        return array.tocsr()  # a scipy matrix in the form that has rows
    if not hasattr(array, "shape"):
        try:
            array = np.asarray(array)
        except ValueError as error:
            raise DataError(f'{what} "{name}": the samples have different sizes ({error}).',
                            "Bring them to one size, for instance with pad_sequences.") from error
    if getattr(getattr(array, "dtype", None), "kind", "f") not in "biuf":
        raise DataError(
            f'{what} "{name}" holds values of type {array.dtype}, not real numbers.', "Convert it: x.astype('float32')."
        )
    return np.expand_dims(array, 1) if len(array.shape) == 1 else array


def _check_shape(array: Any, name: str, shape: Sequence, check_batch_axis: bool, what: str) -> None:
    got, first = tuple(array.shape), 0 if check_batch_axis else 1
    wanted = tuple(shape)
    fits = len(got) == len(wanted) and all(want is None or want == size for want, size in
                                           zip(wanted[first:], got[first:], strict=True))
    if not fits:
        raise DataError(f'{what} "{name}": needs shape {wanted}, got {got}.', _shape_advice(got, wanted))


def _shape_advice(got: tuple, wanted: tuple) -> str:
    if len(got) == len(wanted) - 1 and wanted[-1] == 1:
        return "Add the last axis: x[..., None]."
    if len(got) == 2 and got[1] == 1 and len(wanted) == 2 and (wanted[1] or 0) > 1:
        return ("If these are class numbers, use loss='sparse_categorical_crossentropy', or make them one-hot: "
                f"to_categorical(y, {wanted[1]}).")
    if len(got) == len(wanted) and wanted[-1] == 1 and got[-1] > 1:
        return (
            "If these are one-hot, use loss='categorical_crossentropy', or make them class numbers: y.argmax(axis=-1)."
        )
    if None not in wanted[1:] and math.prod(got[1:]) == math.prod(wanted[1:]):
        return f"Reshape it: x.reshape((-1, {', '.join(map(str, wanted[1:]))}))."
    return "Change the data, or the input_shape of the model."


# ---- weights of samples and classes

def standardize_sample_or_class_weights(x_weight: Any, output_names: Sequence[str], weight_type: str) -> list:
    """One weight (or None) for each output."""
    if x_weight is None or (isinstance(x_weight, list | tuple | dict) and len(x_weight) == 0):
        return [None] * len(output_names)
    if len(output_names) == 1:
        if isinstance(x_weight, list) and len(x_weight) == 1:
            return x_weight
        if isinstance(x_weight, dict) and output_names[0] in x_weight:
            return [x_weight[output_names[0]]]
        return [x_weight]
    if isinstance(x_weight, list):
        if len(x_weight) != len(output_names):
            raise DataError(f"{weight_type}: the model has {len(output_names)} outputs, got {len(x_weight)} weights.",
                            "Pass one for each output, None where there is none.")
        return x_weight
    if isinstance(x_weight, dict):
        return [x_weight.get(name) for name in output_names]
    raise DataError(f"{weight_type}: the model has outputs {list(output_names)}, got {type(x_weight).__name__}.",
                    "Pass a list with one entry for each output, or a dict by output name.")


def standardize_class_weights(class_weight: Any, output_names: Sequence[str]) -> list:
    """One class_weight for each output."""
    return standardize_sample_or_class_weights(class_weight, output_names, "class_weight")


def standardize_sample_weights(sample_weight: Any, output_names: Sequence[str]) -> list:
    """One sample_weight for each output."""
    return standardize_sample_or_class_weights(sample_weight, output_names, "sample_weight")


def standardize_weights(y: np.ndarray, sample_weight=None, class_weight=None, sample_weight_mode=None) -> np.ndarray:
    """A weight for each sample, or time step if `sample_weight_mode` is 'temporal'; sample weights win over classes'.

    Raises:
        DataError: another shape than the samples, or a class without a weight (as KeyError's message says).
    """
    if sample_weight_mode not in (None, "temporal"):
        raise DataError(f"sample_weight_mode must be None or 'temporal', got {sample_weight_mode!r}.")
    if sample_weight_mode == "temporal" and len(y.shape) < 3:
        raise DataError(f"sample_weight_mode 'temporal' needs targets (batch, time, ...), got {y.shape}.")
    if sample_weight is not None:
        sample_weight = np.asarray(sample_weight)
        axes = 2 if sample_weight_mode == "temporal" else 1
        if sample_weight.ndim != axes:
            raise DataError(
                f"sample_weight needs {axes} axes, got {sample_weight.shape}.",
                "For a weight per time step, compile with sample_weight_mode='temporal'." if axes == 1 else "",
            )
        if sample_weight.shape != y.shape[:axes]:
            raise DataError(
                f"sample_weight has shape {sample_weight.shape}, the targets {y.shape}.",
                "Give one weight for each sample.",
            )
        return sample_weight
    if isinstance(class_weight, dict):
        return _class_weights(y, class_weight)
    return np.ones(y.shape[:2] if sample_weight_mode == "temporal" else y.shape[:1], dtype="float32")


def _class_weights(y: np.ndarray, class_weight: dict) -> np.ndarray:
    if len(y.shape) > 2:
        raise DataError(f"class_weight is for targets (batch, classes), got {y.shape}.", "Use sample_weight.")
    classes = y.argmax(axis=1) if y.shape[1] > 1 else y.reshape(-1)
    missing = sorted({int(one) for one in np.unique(classes)} - {int(one) for one in class_weight})
    if missing:
        raise KeyError(f"class_weight has no weight for class {missing[0]}; it has {sorted(class_weight)}")
    return np.asarray([class_weight[int(one)] for one in classes], dtype="float32")


# ---- checks

def check_array_lengths(inputs: Sequence, targets: Sequence, weights: Sequence) -> None:
    """Refuse arrays of different numbers of samples."""
    counts = {kind: sorted({array.shape[0] for array in arrays if array is not None})
              for kind, arrays in (("inputs", inputs), ("targets", targets), ("sample weights", weights))}
    if len({count for found in counts.values() for count in found}) > 1:
        listed = "; ".join(
            f"{kind}: {', '.join(f'{count:,}' for count in found)}" for kind, found in counts.items() if found
        )
        raise DataError(f"the arrays have different numbers of samples ({listed}).", "Each sample needs its target.")


_VALUE_BY_VALUE = {"mean_squared_error", "binary_crossentropy", "categorical_crossentropy"}


def check_loss_and_target_compatibility(targets: Sequence, losses: Sequence, output_shapes: Sequence) -> None:
    """Refuse targets whose shape does not fit a loss that compares value by value."""
    for target, loss, shape in zip(targets, losses, output_shapes, strict=True):
        name = getattr(loss, "__name__", "")
        if name == "categorical_crossentropy" and target.shape[-1] == 1:
            raise DataError(
                f"targets of shape {target.shape} for categorical_crossentropy, which needs one-hot targets.",
                "Use loss='sparse_categorical_crossentropy', or make them one-hot: to_categorical(y).",
            )
        if shape is None:
            continue
        sizes = list(zip(target.shape[1:], shape[1:], strict=False)) if name in _VALUE_BY_VALUE else []
        if len(target.shape) != len(shape) or any(None not in pair and pair[0] != pair[1] for pair in sizes):
            raise DataError(f"targets of shape {target.shape} for an output {tuple(shape)}, with the loss {name}.",
                            "This loss compares them value by value, so they need the output's shape.")


def check_samples(array: Any, who: str) -> None:
    """Refuse data without samples."""
    if not array.shape[0]:
        raise DataError(
            f"{who}: there are no samples; the input has shape {tuple(array.shape)}.", "Look at how the data was cut."
        )


def check_whole(name: str, value: Any, least: int) -> int:
    """Refuse what is no whole number, or too small a one."""
    if not isinstance(value, int | np.integer) or value < least:
        raise DataError(f"{name} must be a whole number of {least} or more, got {value!r}.")
    return int(value)


def check_finite(arrays: Sequence[np.ndarray], names: Sequence[str], who: str) -> None:
    """Refuse NaN, which would make every weight NaN after one step."""
    for array, name in zip(arrays, names, strict=True):
        # the sum is NaN if any value is (or if infinities cancel): one pass, no copy
        with np.errstate(invalid="ignore", over="ignore"):
            is_suspect = isinstance(array, np.ndarray) and array.dtype.kind == "f" and np.isnan(np.sum(array))
        if is_suspect:
            rows = np.flatnonzero(np.isnan(array.reshape(len(array), -1)).any(axis=1))
            if len(rows):
                raise DataError(
                    f'{who}: "{name}" has NaN in {len(rows):,} of {len(array):,} samples, the first at index '
                    f"{rows[0]}.",
                    "Replace or drop them, for instance np.nan_to_num(x).",
                )


def check_labels(target: np.ndarray, classes: int | None, name: str) -> None:
    """Refuse class numbers outside 0 to classes - 1, and what is no whole number."""
    if classes is None or not target.size:
        return
    low, high = target.min(), target.max()
    between = target[target != np.floor(target)] if target.dtype.kind == "f" else target[:0]
    if between.size:
        raise DataError(f'labels for output "{name}" must be whole numbers, got {between.flat[0]}.',
                        "Use loss='mse' if these are amounts, or number the classes from 0.")
    if low < 0 or high >= classes:
        raise DataError(
            f'labels for output "{name}" go from {int(low)} to {int(high)}, but it has {classes} classes '
            f"(0 to {classes - 1}).",
            f"Give the last layer {int(high) + 1} outputs, or number the classes from 0.",
        )


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
