"""CategoryEncoding and Discretization: whole numbers, and intervals of numbers, as ones at their places."""

from __future__ import annotations

import numpy as np

from .. import backend as K
from ..engine.layer import Layer
from ..errors import ArgumentError
from .arguments import one_of, whole
from .named_weights import _EndsMasks

__all__ = ["CategoryEncoding", "Discretization"]

_MODES = ("multi_hot", "one_hot", "count")


def _encoded(numbers, count: int, mode: str):
    """Whole numbers below `count` as ones at their places.

    Shape: `(batch, n)` -> `(batch, count)`, each place once or counted; for 'one_hot' `(batch, n, count)`, and
        `(batch, count)` of one number each.
    """
    if mode == "one_hot" and K.int_shape(numbers)[-1] == 1 and K.ndim(numbers) > 1:
        numbers = K.squeeze(numbers, K.ndim(numbers) - 1)
    ones = K.one_hot(numbers, count)
    if mode == "one_hot":
        return ones
    return K.max(ones, axis=-2) if mode == "multi_hot" else K.sum(ones, axis=-2)


class CategoryEncoding(_EndsMasks, Layer):
    """Whole numbers as ones at their places. A later layer, written as in Keras 3.

    Shape: `(batch, n)` whole numbers -> `(batch, num_tokens)`; for 'one_hot' `(batch, n, num_tokens)`, and
        `(batch, num_tokens)` of one number each. A mask ends here.

    Args:
        num_tokens: how many numbers there are, 0 to `num_tokens` - 1.
        output_mode: 'multi_hot' (1 for each number that occurs), 'count' (how often) or 'one_hot' (each by itself).
    """

    def __init__(self, num_tokens, output_mode="multi_hot", **kwargs):
        self.num_tokens = whole("num_tokens", num_tokens)
        self.output_mode = one_of("output_mode", output_mode, _MODES)
        if kwargs.pop("sparse", False):
            raise ArgumentError("gives no sparse tensors.", "Leave sparse out.", arguments=("sparse",))
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        return _encoded(x, self.num_tokens, self.output_mode)

    def get_config(self) -> dict:
        return {**super().get_config(), "num_tokens": self.num_tokens, "output_mode": self.output_mode}


class Discretization(_EndsMasks, Layer):
    """The number of the interval that each value is in. A later layer, written as in Keras 3.

    Shape: any -> same, as whole numbers for 'int'; for the other modes as CategoryEncoding. A mask ends here.

    Args:
        bin_boundaries: where the intervals meet, in rising order; a value that equals one is in the upper interval.
        output_mode: 'int', 'multi_hot', 'count' or 'one_hot'.
    """

    def __init__(self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", **kwargs):
        if bin_boundaries is None:
            raise ArgumentError(
                "needs bin_boundaries; it does not find them from data here.",
                "Write bin_boundaries=np.quantile(data, [0.25, 0.5, 0.75]).tolist().",
                arguments=("bin_boundaries",),
            )
        self.bin_boundaries = sorted(float(one) for one in bin_boundaries)
        self.num_bins, self.epsilon = num_bins, epsilon
        self.output_mode = one_of("output_mode", output_mode, ("int", *_MODES))
        if kwargs.pop("sparse", False):
            raise ArgumentError("gives no sparse tensors.", "Leave sparse out.", arguments=("sparse",))
        super().__init__(**kwargs)

    def call(self, x, mask=None):
        x = K.expand_dims(K.cast(x, K.floatx()), -1)
        bounds = K.constant(np.asarray(self.bin_boundaries, K.floatx()))
        places = K.cast(K.sum(K.cast(K.greater_equal(x, bounds), "int32"), axis=-1), "int32")
        is_plain = self.output_mode == "int"
        return places if is_plain else _encoded(places, len(self.bin_boundaries) + 1, self.output_mode)

    def get_config(self) -> dict:
        own = {name: getattr(self, name) for name in ("bin_boundaries", "output_mode", "epsilon")}
        return {**super().get_config(), **own}
