"""A layer that kerasnb does not have, in its place: what is known of it, and nothing that computes."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import backend as K
from ..errors import ShapeError
from .layer import Layer
from .node import one_or_list, to_list

__all__ = ["Seen", "StandIn", "stand_ins_of"]

Shape = tuple[int | None, ...]


class Seen(NamedTuple):
    """One call of it: the shape of each input, the shape and dtype of each output; nothing where nobody knows."""

    takes: tuple[Shape, ...] = ()
    gives: tuple[tuple[Shape, str], ...] = ()

    @classmethod
    def read(cls, value: Any) -> Seen:
        """The same from lists, as JSON has it."""
        takes, gives = value
        return cls(tuple(map(tuple, takes)), tuple((tuple(shape), str(dtype)) for shape, dtype in gives))


class StandIn(Layer, listed=False):
    """Stands for one layer of another library. Each is of a class of its own, named like that layer's.

    Args:
        reason: why kerasnb does not have it, as a sentence.
        seen: its calls.
        size: how many numbers its weights are; None where nobody knows.
    """

    supports_masking = True

    def __init_subclass__(cls, **kwargs: Any):
        """Not listed among the classes that can be made by name."""

    def __init__(self, reason: str, seen: Sequence[Seen] = (), size: int | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.reason, self.seen, self.size = reason, tuple(seen), size

    @staticmethod
    def of(class_name: str, **arguments: Any) -> StandIn:
        """One that is called so."""
        cls = types.new_class(class_name, (StandIn,), exec_body=lambda names: names.update(__module__=__name__))
        made: StandIn = cls(**arguments)
        return made

    def call(self, x: Any, mask: Any = None, **beside: Any) -> Any:
        """Tensors of the shapes that were seen; there are no values behind them."""
        shapes = [tuple(K.int_shape(one)) for one in to_list(x)]
        return one_or_list([K.placeholder(shape=shape, dtype=dtype) for shape, dtype in self._given(shapes)])

    def _given(self, shapes: list[Shape]) -> Sequence[tuple[Shape, str]]:
        known = [one for one in self.seen if one.gives]
        if not known:  # as many axes as it reads is all that can be said
            return [((shapes[0][0], *[None] * (len(shapes[0]) - 1)), "float32")]
        for one in known:
            if not one.takes or (len(one.takes) == len(shapes) and all(map(_fits, shapes, one.takes))):
                return one.gives
        raise ShapeError(
            f"was seen reading {_listed(known[0].takes)}; what it makes of {_listed(shapes)} only its library knows.",
            "Let it read what it read, or put a layer of kerasnb in its place.",
        )

    def compute_mask(self, input: Any, input_mask: Any = None) -> Any:
        """None: what it does with a mask nobody knows."""
        return None

    def count_params(self) -> int:
        return self.size or 0


def stand_ins_of(model: Any) -> list[StandIn]:
    """Those among the layers of a model."""
    return [layer for layer in model.layers if isinstance(layer, StandIn)]


def _fits(shape: Shape, seen: Shape) -> bool:
    return len(shape) == len(seen) and all(None in pair or pair[0] == pair[1] for pair in zip(shape, seen, strict=True))


def _listed(shapes: Sequence[Shape]) -> str:
    return " and ".join(map(str, shapes))
