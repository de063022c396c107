"""Which input values an answer depends on, and which input a unit answers to most, both by gradients."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import backend as K
from ..errors import ArgumentError
from .activations import compiled, output_tensor
from .pieces import between_pieces

__all__ = ["input_maximizing", "saliency", "units_of"]

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
    for tensor in model.inputs:
        if not K.dtype(tensor).startswith("float"):
            raise ArgumentError(
                f"the input holds {K.dtype(tensor)}; whole numbers have no gradient.",
                "Look at the Gradients of the Embedding after it.",
            )
    width = K.int_shape(K.batch_flatten(model.outputs[0]))[1]
    if output is not None and not 0 <= output < (width or output + 1):
        raise ArgumentError(f"the model has outputs 0 to {(width or 1) - 1}, got {output}.")
    chosen = [] if output is None else [_one_of(width or output + 1, output)]
    function = compiled(model, ("saliency", bool(chosen)), lambda: _input_gradients(model, bool(chosen)))

    def gradients(samples: list[np.ndarray]) -> list[np.ndarray]:
        return [np.abs(gradient) for gradient in function([*samples, 0, *chosen])]

    if not smooth:
        return gradients(x)
    random = np.random.RandomState(seed)
    sums = [np.zeros_like(part, dtype="float64") for part in x]
    for _ in range(smooth):
        noisy = [part + random.normal(0, NOISE * (np.ptp(part) or 1.0), part.shape).astype(part.dtype) for part in x]
        for total, gradient in zip(sums, gradients(noisy), strict=True):
            total += gradient
    return [(total / smooth).astype("float32") for total in sums]


def _input_gradients(model: Any, is_chosen: bool) -> tuple[list, list]:
    """Gradients of the largest output, or of the one that a further input of zeros and a 1 chooses."""
    scores = K.batch_flatten(model.outputs[0])
    if not is_chosen:
        return K.gradients(K.sum(K.max(scores, axis=-1)), list(model.inputs)), []
    chosen = K.placeholder(shape=(K.int_shape(scores)[1],))
    return K.gradients(K.sum(scores * chosen), list(model.inputs)), [chosen]


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
    (tensor, *others), shape = model.inputs, K.int_shape(model.inputs[0])[1:]
    if others or None in shape or not K.dtype(tensor).startswith("float"):
        raise ArgumentError(
            f"an input to look for must be one array of numbers of known size, got {len(model.inputs)} inputs, "
            f"the first {K.dtype(tensor)} {shape}.",
            "Fix its size: input_shape=(64, 64, 3).",
        )
    values, axis, units = _units(model, layer)
    if units is None or type(unit) is not int or not 0 <= unit < units:
        raise ArgumentError(f'"{layer.name}" has units 0 to {(units or 1) - 1}, got {unit!r}.', layer=layer.name)
    run = compiled(model, ("maximize", id(values)), lambda: _ascent(tensor, values, axis))
    chosen = _one_of(units, unit)
    grey = 0.0 if like is None else float(np.mean(like))
    rate = rate or (float(np.ptp(like)) if like is not None else 0.0) or 1.0
    x = grey + START * rate * np.random.RandomState(seed).normal(size=(1, *shape))
    for _ in range(steps):
        between_pieces()
        gradient = np.asarray(run([x.astype(K.floatx()), 0, chosen])[0], dtype="float64")
        scale = np.sqrt(np.mean(gradient**2))
        if scale == 0:  # a dead unit has no way up
            break
        x = x + rate / steps * gradient / scale
    return x.astype("float32")


def units_of(model: Any, layer: Any) -> int:
    """How many units a layer has, on its axis of features; 0 where that is not known."""
    try:
        return _units(model, layer)[2] or 0
    except ArgumentError:  # it runs inside another layer
        return 0


def _units(model: Any, layer: Any) -> tuple[Any, int, int | None]:
    values = output_tensor(model, layer)
    values = values[0] if isinstance(values, list) else values
    axis = 1 if getattr(layer, "dim_ordering", "") == "th" and K.ndim(values) > 2 else K.ndim(values) - 1
    return values, axis, K.int_shape(values)[axis]


def _ascent(tensor: Any, values: Any, axis: int) -> tuple[list, list]:
    units = K.int_shape(values)[axis]
    chosen = K.placeholder(shape=(units,))
    picked = values * K.reshape(chosen, (1, units, *[1] * (K.ndim(values) - 2)) if axis == 1 else (units,))
    return K.gradients(K.sum(picked), [tensor]), [chosen]


def _one_of(count: int, place: int) -> np.ndarray:
    return (np.arange(count) == place).astype("float32")
