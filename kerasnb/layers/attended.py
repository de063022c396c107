"""Which places attention may look at, and the share of each."""

from __future__ import annotations

from collections.abc import Sequence

from .. import backend as K

__all__ = ["allowed", "shares", "looks_back", "in_window", "length_of"]


def looks_back(queries, keys):
    """Whether each place of the queries is not before that of the keys: `(1, queries, keys)`.

    Args:
        queries, keys: how many places there are, numbers or symbolic sizes.
    """
    return K.expand_dims(K.greater_equal(_column(queries), _row(keys)), 0)


def in_window(queries, keys, width: int):
    """Whether both places are less than `width` steps apart: `(1, queries, keys)`."""
    return K.expand_dims(K.less(K.abs(_column(queries) - _row(keys)), width), 0)


def _column(count):
    return K.expand_dims(K.arange(count), 1)


def _row(count):
    return K.expand_dims(K.arange(count), 0)


def length_of(x, axis: int = 1):
    """How many places an axis has, as a number where it is known."""
    size = K.int_shape(x)[axis]
    return K.shape(x)[axis] if size is None else size


def allowed(masks: Sequence):
    """Where all masks are true; None if there is none."""
    found = None
    for mask in masks:
        if mask is not None:
            mask = K.cast(mask, "bool")
            found = mask if found is None else K.logical_and(found, mask)
    return found


def shares(scores, mask=None, axes: int = 1, is_nothing: bool = False):
    """The scores as shares that add up to 1 over the last axes; where the mask is false they are 0.

    Where it is false everywhere, all places have the same share; none, if `is_nothing`.

    Shape: `(batch, ..., queries, keys)` and a mask that stretches to it -> the scores' shape.
    """
    if mask is None:
        return _softmax(scores, axes)
    parts = _softmax(K.switch(_stretched(mask, scores), scores, -1e9 * K.ones_like(scores)), axes)
    return parts * K.cast(mask, K.dtype(parts)) if is_nothing else parts


def _softmax(scores, axes: int):
    if axes == 1:
        return K.softmax(scores)
    over = list(range(-axes, 0))
    powers = K.exp(scores - K.stop_gradient(K.max(scores, axis=over, keepdims=True)))
    return powers / K.sum(powers, axis=over, keepdims=True)


def _stretched(mask, scores):
    """The mask repeated to all axes of the scores, since a condition of fewer axes would choose among the first."""
    return K.not_equal(K.cast(mask, K.dtype(scores)) * K.ones_like(scores), 0)


class _Shared:
    """What attention layers do with the shares of the keys: drop some while training, give them beside the sums."""

    dropout: float
    seed: int | None
    _gives_shares = False  # whether the last call gave them, which have no mask

    def _thinned(self, parts):
        if not 0 < self.dropout < 1:
            return parts
        return K.in_train_phase(lambda: K.dropout(parts, self.dropout, seed=self.seed), parts)

    def compute_mask(self, inputs, mask=None):
        of_query = mask[0] if isinstance(mask, list) else None
        return [of_query, None] if self._gives_shares else of_query
