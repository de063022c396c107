"""Which input values an answer depends on, and which input a unit answers to most, both by gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import ArgumentError
from ..views import view_of
from .pieces import between_pieces

__all__ = ["answers_of", "input_maximizing", "saliency", "units_of"]

NOISE = 0.15  # of the range of a sample; Smilkov et al. found 10 to 20 % best
START = 0.05


def saliency(
    model: Any, x: list[np.ndarray], output: int | None = None, smooth: int = 0, seed: int = 0
) -> list[np.ndarray]:
    """How strongly each input value moves an output: |d output / d input|.

    Shape: each of `x` `(batch, ...)` -> the same.

    Args:
        x: one array for each input.
        output: which of the model's outputs; the largest of each sample when left out.
        smooth: how many noisy copies of the samples to average over; 0 looks at the samples alone.
        seed: of the noise.

    Raises:
        ArgumentError: an input holds whole numbers, such as words, which have no gradient.

    Source: Simonyan et al. 2013, arXiv:1312.6034, section 3; smoothed: Smilkov et al. 2017, arXiv:1706.03825.
    """
    view = view_of(model)
    for dtype in view.input_types:
        if not dtype.startswith("float"):
            raise ArgumentError(
                f"the input holds {dtype}; whole numbers have no gradient.",
                "Look at the Gradients of the Embedding after it.",
            )
    width = answers_of(model, x)
    if output is not None and not 0 <= output < width:
        raise ArgumentError(f"the model has outputs 0 to {width - 1}, got {output}.")
    chosen = None if output is None else _one_of(width, output)

    def gradients(samples: list[np.ndarray]) -> list[np.ndarray]:
        return [np.abs(gradient) for gradient in view.input_gradients(samples, chosen)]

    if not smooth:
        return gradients(x)
    random = np.random.RandomState(seed)
    sums = [np.zeros_like(part, dtype="float64") for part in x]
    for _ in range(smooth):
        noisy = [part + random.normal(0, NOISE * (np.ptp(part) or 1.0), part.shape).astype(part.dtype) for part in x]
        for total, gradient in zip(sums, gradients(noisy), strict=True):
            total += gradient
    return [(total / smooth).astype("float32") for total in sums]


def answers_of(model: Any, x: list[np.ndarray]) -> int:
    """How many numbers the first output of a sample is."""
    return int(np.prod(view_of(model).outputs([part[:1] for part in x], 0)[0].shape[1:]))


def input_maximizing(
    model: Any,
    layer: Any,
    unit: int,
    steps: int = 40,
    rate: float | None = None,
    like: np.ndarray | None = None,
    seed: int = 0,
) -> np.ndarray:
    """An input for which one unit of a layer answers strongly: its filter's picture, found by gradient ascent.

    Each step goes along the gradient of the unit's mean output, scaled to a root mean square of `rate / steps`, from
    grey noise. So the result has a contrast of about `rate`, whatever the layer's weights are.

    Shape: -> the model's input, with a batch axis of 1.

    Args:
        unit: index on the axis of features: a map of a convolution, a unit of a dense layer.
        steps: of gradient ascent.
        rate: contrast of the result, in the units of the input; the contrast of `like` when left out, or 1.
        like: a sample whose mean is the grey to start from; 0 when left out.
        seed: of the noise.

    Raises:
        ArgumentError: the model has several inputs, inputs of unknown size or of whole numbers, or no such unit.

    Source: Erhan et al. 2009, "Visualizing higher-layer features of a deep network", section 3.
    """
    view = view_of(model)
    shapes, dtype = view.input_shapes, (view.input_types or ["unknown"])[0]
    shape = shapes[0][1:] if shapes else (None,)
    if len(shapes) > 1 or None in shape or not dtype.startswith("float"):
        raise ArgumentError(
            f"an input to look for must be one array of numbers of known size, got {len(shapes)} inputs, "
            f"the first {dtype} {shape}.",
            "Fix its size: input_shape=(64, 64, 3).",
        )
    units = view.units(layer)[1]
    if units is None or type(unit) is not int or not 0 <= unit < units:
        raise ArgumentError(f'"{layer.name}" has units 0 to {(units or 1) - 1}, got {unit!r}.', layer=layer.name)
    run = view.unit_gradient(layer)
    chosen = _one_of(units, unit)
    grey = 0.0 if like is None else float(np.mean(like))
    rate = rate or (float(np.ptp(like)) if like is not None else 0.0) or 1.0
    x = grey + START * rate * np.random.RandomState(seed).normal(size=(1, *shape))
    for _ in range(steps):
        between_pieces()
        gradient = np.asarray(run(x.astype(dtype), chosen), dtype="float64")
        scale = np.sqrt(np.mean(gradient**2))
        if scale == 0:  # a dead unit has no way up
            break
        x = x + rate / steps * gradient / scale
    return x.astype("float32")


def units_of(model: Any, layer: Any) -> int:
    """How many units a layer has, on its axis of features; 0 where that is not known."""
    try:
        return view_of(model).units(layer)[1] or 0
    except ArgumentError:  # it runs inside another layer
        return 0


def _one_of(count: int, place: int) -> np.ndarray:
    return (np.arange(count) == place).astype("float32")
