"""One sample of the data: a thumbnail, its label and what the model says."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...errors import DataError
from ...report.activations import model_outputs, rows_of
from ...report.advice.facts import parts_of
from ...report.numbers import three_decimals
from ...report.presentation import Presentation, present, scale
from ...views import view_of
from .tiles import drawing

__all__ = ["check_lengths", "check_shapes", "sample_facts", "thumbnail"]


def check_lengths(x: Any, y: Any) -> None:
    """Refuse inputs, or targets, of another number of samples than the first input.

    Raises:
        DataError: it says which, and how many each has.
    """
    inputs = parts_of(x, ()) if isinstance(x, (list, tuple)) else [("", x)]
    counts = {f"x[{place}]" if len(inputs) > 1 else "x": len(part) for place, (_, part) in enumerate(inputs)}
    if y is not None:
        targets = parts_of(y, ())
        counts |= {f"y[{place}]" if len(targets) > 1 else "y": len(part) for place, (_, part) in enumerate(targets)}
    (first, samples), *others = counts.items()
    for name, count in others:
        if count != samples:
            raise DataError(
                f"Inspector: {first} has {samples:,} samples, but {name} has {count:,}.",
                "Give as many of each, in the same order.",
            )


def in_order(which: str, data: Any, keys: list[str]) -> Any:
    """The arrays of a dict as a list in the order of its keys in the model; anything else as it is.

    Raises:
        DataError: it has other keys.
    """
    if not isinstance(data, dict):
        return data
    if set(data) != set(keys):
        raise DataError(
            f"Inspector: {which} has the keys {', '.join(map(str, data))}; the model has {', '.join(keys)}.",
            "Give a dict with these keys, or a list in their order.",
        )
    found = [data[key] for key in keys]
    return found if len(found) > 1 else found[0]


def check_shapes(model: Any, x: Any) -> None:
    """Refuse samples that the model's inputs do not take.

    Raises:
        DataError: it says which input takes what, and what came.
    """
    wanted, rows = [tuple(shape[1:]) for shape in view_of(model).input_shapes], rows_of(x, 0, 1)
    if len(rows) != len(wanted):
        raise DataError(
            f"Inspector: the model has {len(wanted)} inputs, x holds {len(rows)}.", "Give one array for each."
        )
    for place, (row, shape) in enumerate(zip(rows, wanted, strict=True)):
        got = row.shape[1:]
        if len(got) != len(shape) or any(want not in (None, size) for want, size in zip(shape, got, strict=True)):
            which = f"x[{place}]" if len(rows) > 1 else "x"
            raise DataError(
                f"Inspector: a sample of {which} has the shape {got}; the model takes {shape}.",
                "Give samples as for predict.",
            )


def thumbnail(sample: np.ndarray, ordering: str) -> dict[str, Any]:
    """The sample as a small picture: an image (grey or colour), a series or bars."""
    sample = np.asarray(sample)
    if sample.ndim == 3:
        return _image(sample if ordering != "th" else np.moveaxis(sample, 0, -1))
    if sample.ndim == 2:
        return _image(sample[:, :, np.newaxis]) if sample.shape[1] > 8 else drawing(present(sample))
    if sample.ndim == 1 and sample.size > 4:
        return drawing(Presentation("lines", sample[np.newaxis].astype("float32")))
    return drawing(present(sample))


def sample_facts(model: Any, x: list[np.ndarray], y: Any, index: int) -> list[list[str]]:
    """Label, prediction and its probability, as far as they are known; of several outputs each with its name."""
    targets = [] if y is None else [np.asarray(part[index]) for _, part in parts_of(y, ())]
    outputs = [output[0] for output in model_outputs(model, x)]
    several = len(outputs) > 1
    facts = []
    for place, (name, output) in enumerate(zip(view_of(model).output_names, outputs, strict=True)):
        told = _facts(output, targets[place] if place < len(targets) else None)
        facts += [[f"{name}: {word}" if several else word, *rest] for word, *rest in told]
    return facts


def _facts(output: np.ndarray, target: np.ndarray | None) -> list[list[str]]:
    facts = [] if target is None else [["label", _label(target)]]
    if _is_distribution(output):
        predicted = str(int(output.argmax()))
        wrong = bool(facts) and facts[0][1] != predicted
        said = ["predicted", f"{predicted}, wrong", "wrong"] if wrong else ["predicted", predicted]
        return [*facts, said, ["p", three_decimals(output.max())]]
    return [*facts, ["output", three_decimals(output.ravel()[0])]] if output.size == 1 else facts


def _is_distribution(output: np.ndarray) -> bool:
    is_vector = output.ndim == 1 and output.size > 1
    return is_vector and bool((output >= 0).all()) and abs(float(output.sum()) - 1) < 1e-3


def _label(target: np.ndarray) -> str:
    if target.size > 1:
        return str(int(target.argmax())) if target.ndim == 1 else "series"
    value = target.ravel()[0]
    return str(int(value)) if float(value).is_integer() else three_decimals(value)


def _image(image: np.ndarray) -> dict[str, Any]:
    colours = image if image.shape[-1] in (1, 3) else image.mean(axis=-1, keepdims=True)
    scaled = scale(colours - min(float(np.nanmin(colours)), 0.0))
    return {"kind": "image", "size": list(colours.shape), "pixels": scaled.pixels.tobytes()}
