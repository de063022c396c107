"""Shape rules shared by ops: pure Python, so that shapes are known before a backend is loaded.

A rule takes the op's inputs (anything with `.shape`) and its attributes, and returns a tuple in which
None is a size not known yet.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...errors import ArgumentError, ShapeError

__all__ = [
    "like_first",
    "broadcast",
    "reduced",
    "without_axis",
    "normalized_axis",
    "dot_shape",
    "reshaped",
    "window_length",
    "deconvolved_length",
    "known_product",
]

Shape = tuple[int | None, ...]


def like_first(x, *_, **__) -> Shape:
    """The shape of the first input."""
    return tuple(x.shape)


def broadcast(*inputs, **_) -> Shape:
    """The shape to which all inputs stretch, as numpy does."""
    shapes = [tuple(x.shape) for x in inputs if x is not None]
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return tuple(_joint(sizes, shapes) for sizes in zip(*padded, strict=True))


def _joint(sizes: Sequence[int | None], shapes: Sequence[Shape]) -> int | None:
    wide = {size for size in sizes if size != 1}
    fixed = wide - {None}
    if len(fixed) > 1:
        raise ShapeError(
            f"shapes {' and '.join(map(str, shapes))} do not go together: {' and '.join(map(str, sizes))} differ."
        )
    return fixed.pop() if fixed else (None if wide else 1)


def normalized_axis(axis: int, rank: int, x=None) -> int:
    """The axis counted from the front."""
    if not -rank <= axis < rank:
        of = f" of shape {tuple(x.shape)}" if x is not None else ""
        raise ShapeError(
            f"axis {axis} is outside a tensor{of} with {rank} axes.", f"Axes go from {-rank} to {rank - 1}."
        )
    return axis % rank


def axes_of(axis, x) -> tuple[int, ...]:
    """The axes a reduction runs over, counted from the front; None is all of them."""
    rank = len(x.shape)
    if axis is None:
        return tuple(range(rank))
    return tuple(normalized_axis(int(one), rank, x) for one in (axis if isinstance(axis, list | tuple) else [axis]))


def reduced(x, axis=None, keepdims=False, **_) -> Shape:
    """The shape after reducing over `axis`."""
    axes = axes_of(axis, x)
    if keepdims:
        return tuple(1 if index in axes else size for index, size in enumerate(x.shape))
    return tuple(size for index, size in enumerate(x.shape) if index not in axes)


def without_axis(x, axis=-1, **_) -> Shape:
    """The shape without one axis."""
    return reduced(x, axis)


def dot_shape(x, y) -> Shape:
    """Matrix product over the last axis of x and the second to last of y (its only one if y has one)."""
    if not x.shape or not y.shape:
        raise ShapeError(
            f"dot needs tensors with axes, got {tuple(x.shape)} and {tuple(y.shape)}.", "Multiply them with * instead."
        )
    contracted = max(len(y.shape) - 2, 0)
    left, right = x.shape[-1], y.shape[contracted]
    if None not in (left, right) and left != right:
        raise ShapeError(
            f"dot of {tuple(x.shape)} and {tuple(y.shape)}: the last axis of the first, {left}, "
            f"must equal {right} of the second."
        )
    return tuple(x.shape[:-1]) + tuple(size for index, size in enumerate(y.shape) if index != contracted)


def known_product(sizes: Sequence[int | None]) -> int | None:
    """The product of the sizes, None if one is not known."""
    product = 1
    for size in sizes:
        if size is None:
            return None
        product *= size
    return product


def reshaped(x, shape: Sequence[int | None]) -> Shape:
    """The target shape with its -1 (or None) worked out where that is possible."""
    target = tuple(None if size is None or size < 0 else int(size) for size in shape)
    total = known_product(x.shape)
    unknown = target.count(None)
    known = known_product([size for size in target if size is not None])
    if total is not None and unknown == 1 and known:
        if total % known:
            raise ShapeError(
                f"cannot reshape {tuple(x.shape)} ({total:,} values) to {tuple(shape)}: "
                f"{total:,} is no multiple of {known:,}."
            )
        return tuple(total // known if size is None else size for size in target)
    if total is not None and unknown == 0 and total != known:
        raise ShapeError(f"cannot reshape {tuple(x.shape)} ({total:,} values) to {tuple(shape)} ({known:,} values).")
    return target


def window_length(length: int | None, window: int, stride: int, border_mode: str, dilation: int = 1) -> int | None:
    """How many places a window of this size has along an axis.

    'valid': floor((n - k) / s) + 1; 'same': ceil(n / s); 'full': floor((n + k - 2) / s) + 1, with k the dilated window.
    """
    if border_mode not in ("valid", "same", "full"):
        raise ArgumentError(
            f'border_mode must be "valid", "same" or "full", got {border_mode!r}.',
            arguments=("border_mode",),
        )
    if length is None:
        return None
    reach = window + (window - 1) * (dilation - 1)
    places = {"valid": length - reach, "same": length - 1, "full": length + reach - 2}[border_mode]
    return places // stride + 1


def deconvolved_length(length: int | None, window: int, stride: int, border_mode: str) -> int | None:
    """The input length for which `window_length` gives `length` (the largest, for 'same')."""
    if length is None:
        return None
    padding = {"valid": 0, "same": window // 2, "full": window - 1}[border_mode]
    return (length - 1) * stride - 2 * padding + window
