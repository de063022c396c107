"""A picture moved by whole pixels: where each comes from is found once for all channels; to the bit as scipy does."""

from __future__ import annotations

import math

import numpy as np

__all__ = ["taken"]

OUTSIDE = -1  # the number of a pixel that the picture does not have


def taken(
    x: np.ndarray, turn: np.ndarray, offset: np.ndarray, channel_axis: int, fill_mode: str, cval: float
) -> np.ndarray:
    """The picture in which the pixel at `p` is the one of `x` that is nearest to `turn @ p + offset`.

    Args:
        x: picture of floats.
        fill_mode: what is outside `x`, as `apply_transform` takes it.
    """
    channels = np.moveaxis(x, channel_axis, 0)
    places = _places(channels.shape[1:], turn, offset, fill_mode)
    # one way for pixels whose channels lie side by side, one for channels that lie one after the other
    if channel_axis % 3 == 2:
        result = x.reshape(places.size, -1).take(places, axis=0, mode="wrap")
    else:
        result = np.moveaxis(channels.reshape(-1, places.size).take(places, axis=1, mode="wrap"), 0, channel_axis)
    if fill_mode == "constant":
        np.moveaxis(result, channel_axis, -1)[places == OUTSIDE] = cval
    return result


def _places(sides: tuple[int, ...], turn: np.ndarray, offset: np.ndarray, fill_mode: str) -> np.ndarray:
    """The number of the pixel that comes to each place; `OUTSIDE` for none."""
    if fill_mode in ("reflect", "wrap"):
        from scipy.ndimage import affine_transform

        return affine_transform(np.arange(math.prod(sides)).reshape(sides), turn, offset, order=0, mode=fill_mode)
    rows, cols = (_along(sides, *each) for each in zip(turn, offset, strict=True))
    is_outside = _beyond(rows, sides[0]) | _beyond(cols, sides[1]) if fill_mode == "constant" else None
    places = _nearest(rows, sides[0])
    places *= sides[1]
    places += _nearest(cols, sides[1])
    if is_outside is not None:
        places[is_outside] = OUTSIDE
    return places


def _along(sides: tuple[int, ...], turned: np.ndarray, offset: float) -> np.ndarray:
    """The row, or the col, that each place looks at; added in scipy's order, since a rounding decides about pixels."""
    return (offset + np.arange(sides[0]) * turned[0])[:, np.newaxis] + np.arange(sides[1]) * turned[1]


def _beyond(at: np.ndarray, size: int) -> np.ndarray:
    return (at < 0) | (at > size - 1)


def _nearest(at: np.ndarray, size: int) -> np.ndarray:
    """The whole row, or col; `at` is used up."""
    np.clip(at, 0, size - 1, out=at)
    at += 0.5
    return at.astype(np.intp)
