"""What arrays a model takes, read off it once, and which kinds of arrays were found to fit it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ... import backend as K
from ... import objectives
from .objective import is_named, plain_objective

__all__ = ["Wanted", "WantedTarget", "as_they_are", "kind_of"]

# kinds of a model's data that are remembered: sizes of batches may be many
_KINDS_KEPT = 64


class WantedTarget(NamedTuple):
    """What one output is compared with.

    Attributes:
        shape: None with a loss of the user's own, which may compare with anything.
        classes: how many there are, where targets are class numbers.
        places: what one output has class numbers for, such as its time steps; None where targets are none.
    """

    name: str
    loss: Callable
    shape: tuple | None
    classes: int | None
    places: tuple | None = None

    def with_last_axis(self, array: Any) -> Any:
        """The target; class numbers with an axis of their own at the end, as Keras 3 takes them without one, too."""
        places = self.places
        if places is None or len(array.shape) != len(places) + 1:
            return array
        # one number beside places of a size not known may be one for all of them, which nobody means
        fits = all(
            place == size or (place is None and size != 1) for place, size in zip(places, array.shape[1:], strict=True)
        )
        return np.expand_dims(array, -1) if fits else array


class Wanted:
    """What a model takes. A kind of data (`kind_of`) that fits needs no second look at what its shapes and types say.

    Attributes:
        network, objective: what it was read off; None for a model that is not compiled.
        batch: the batch size that an input declares.
    """

    def __init__(self, network: Any, objective: Any):
        self.network, self.objective = network, objective
        self.input_shapes = [K.int_shape(tensor) for tensor in network.inputs]
        self.batch = next((shape[0] for shape in self.input_shapes if shape and shape[0] is not None), None)
        parts = (
            []
            if objective is None
            else [objective.output_names, objective.loss_functions, objective.targets, objective.outputs]
        )
        self.targets = [_target(*row) for row in zip(*parts, strict=True)]
        self.losses = [target.loss for target in self.targets]
        self.target_shapes = [target.shape for target in self.targets]
        self._fitting: set[tuple] = set()

    def of_targets(self, arrays: list[np.ndarray] | None) -> list[np.ndarray] | None:
        """Targets as their losses take them."""
        if arrays is None:
            return None
        return [target.with_last_axis(array) for target, array in zip(self.targets, arrays, strict=True)]

    def fits(self, kind: tuple | None) -> bool:
        """Whether data of this kind was found to fit before."""
        return kind in self._fitting

    def remember(self, kind: tuple | None) -> None:
        """Take note that data of this kind fits."""
        if kind is not None:
            if len(self._fitting) >= _KINDS_KEPT:
                self._fitting.clear()
            self._fitting.add(kind)


def _target(name: str, loss: Callable, placeholder: Any, output: Any) -> WantedTarget:
    sparse, shape = objectives.sparse_categorical_crossentropy, K.int_shape(output)
    return WantedTarget(
        name,
        loss,
        K.int_shape(placeholder) if is_named(loss) else None,
        shape[-1] if loss is sparse else None,
        shape[1:-1] if plain_objective(loss) is sparse and len(shape) > 2 else None,
    )


def as_they_are(data: Any, count: int) -> list[np.ndarray] | None:
    """So many arrays of numpy's in a list, with two axes at least; None for what has to be brought into form."""
    if type(data) is np.ndarray:
        data = (data,)
    if type(data) not in (list, tuple) or len(data) != count:
        return None
    arrays = [one if one.ndim > 1 else one[:, None] for one in data if type(one) is np.ndarray and one.ndim]
    return arrays if len(arrays) == count else None


def kind_of(*groups: Sequence[np.ndarray] | None) -> tuple | None:
    """All that shapes and types say of some lists of arrays; None where one of them is none."""
    if any(group is None for group in groups):
        return None
    return tuple([(array.shape, array.dtype.char) for group in groups for array in group or ()])
