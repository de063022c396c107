"""What a layer needs of its inputs, and the errors when they do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import ShapeError

__all__ = ["InputSpec", "check_spec"]


class InputSpec:
    """What a layer needs of one input: dtype, shape (None where any size will do), number of axes (or '3+').

    Keras 2's arguments are taken too.

    Args:
        min_ndim, max_ndim: the fewest axes and the most.
        axes: dict from an axis to its size.
    """

    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None):
        self.dtype = dtype
        self.shape = shape
        self.ndim = len(shape) if shape is not None and ndim is None else ndim
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        self.axes = dict(axes or {})

    def __repr__(self) -> str:
        return f"InputSpec(dtype={self.dtype}, shape={self.shape}, ndim={self.ndim})"


def check_spec(shape: Sequence, dtype: str, spec: InputSpec, layer: Any) -> None:
    """Refuse an input that is not as a layer's `InputSpec` says.

    Raises:
        ShapeError: of another rank, size or dtype; it names the layer.
    """
    at_least = isinstance(spec.ndim, str)
    wanted = int(spec.ndim[:-1]) if at_least else spec.ndim
    if wanted is not None and (len(shape) < wanted if at_least else len(shape) != wanted):
        raise _axes_error(shape, wanted, at_least, layer)
    if spec.min_ndim is not None and len(shape) < spec.min_ndim:
        raise _axes_error(shape, spec.min_ndim, True, layer)
    if spec.max_ndim is not None and len(shape) > spec.max_ndim:
        raise ShapeError(f"needs {spec.max_ndim} axes at most, got {tuple(shape)}.").named(
            type(layer).__name__, layer.name
        )
    for axis, want in spec.axes.items():
        if want is not None and shape[axis] not in (None, want):
            raise ShapeError(
                f"needs a size of {want} on axis {axis}, got {tuple(shape)}.",
                "It was built for that size; make a new layer, or change what comes before.",
            ).named(type(layer).__name__, layer.name)
    for axis, (want, got) in enumerate(zip(spec.shape or (), shape, strict=False)):
        if want is not None and got is not None and want != got:
            raise ShapeError(
                f"needs input {tuple(spec.shape)}, got {tuple(shape)}: axis {axis} is {got} instead of {want}.",
                "It was built for that size; make a new layer, or change what comes before.",
            ).named(type(layer).__name__, layer.name)
    if spec.dtype is not None and dtype != spec.dtype:
        raise ShapeError(f"needs {spec.dtype} input, got {dtype}.").named(type(layer).__name__, layer.name)


_AXES = {
    2: "(batch, features)",
    3: "(batch, time, features)",
    4: "(batch, rows, cols, features)",
    5: "(batch, depth, rows, cols, features)",
}


def _axes_error(shape: Sequence, wanted: int, at_least: bool, layer: Any) -> ShapeError:
    many = f"{wanted} axes or more" if at_least else f"input {_AXES.get(wanted, f'of {wanted} axes')}"
    advice = ""
    if wanted == 2 and len(shape) > 2:
        advice = f"Put Flatten() before it, or wrap it: TimeDistributed({type(layer).__name__}(...))."
    elif wanted == 3 and len(shape) == 2:
        advice = "Put Embedding, RepeatVector or Reshape before it, or set return_sequences=True in the layer before."
    elif wanted == 4:
        advice = "Reshape((rows, cols, features)) before it gives an image."
    return ShapeError(f"needs {many}, got {tuple(shape)}.", advice).named(type(layer).__name__, layer.name)
