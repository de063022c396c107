"""What is frozen in a model, and proof that it stayed as it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import WeightsError
from ..views import Placed, class_of, family_of, view_of
from .numbers import count
from .pieces import between_pieces

__all__ = [
    "FreezeRow",
    "FreezeState",
    "FrozenWeight",
    "Verification",
    "ancestors",
    "fingerprints",
    "freeze_each_layer",
    "freeze_state",
    "frozen_weights",
    "is_in_force",
    "verify",
]

PIECE = 1 << 24  # bytes that are hashed in one go: a hundredth of a second


@dataclass(frozen=True)
class FreezeRow:
    """One layer: its parameters, and whether training may change them.

    `name` is the path of one inside another: `backbone/conv_1`. `depth` is 0 for the model's own, `inside` how many
    stand directly in it.
    """

    name: str
    class_name: str
    family: str
    output_shape: Any
    params: int
    trainable_params: int
    frozen: bool
    depth: int = 0
    inside: int = 0


@dataclass(frozen=True)
class FreezeState:
    """All rows of a model with their sums."""

    rows: tuple[FreezeRow, ...]
    trainable: int
    frozen: int
    remark: str = ""  # what happens to the running averages of frozen layers

    @property
    def frozen_layers(self) -> list[str]:
        """The layers that are frozen, without those inside frozen ones."""
        frozen = [row.name for row in self.rows if row.frozen]
        return [name for name in frozen if not any(name.startswith(f"{other}/") for other in frozen)]


@dataclass(frozen=True)
class Verification:
    """The outcome of comparing frozen weights: layers compared, values in them, weights that differ.

    `moving` are the layers whose running averages go on moving though they are frozen, as in Keras 1.2; `unproven` are
    layers of which nobody knows what they were when they were frozen.
    """

    layers: tuple[str, ...]
    values: int
    changed: tuple[str, ...]
    moving: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()  # the layers of the weights that differ
    unproven: tuple[str, ...] = ()
    remedy: str = "model.recompile()"  # what compiles the model again

    @property
    def unchanged(self) -> bool:
        """Whether all that is frozen is known to have stayed."""
        return not (self.changed or self.unproven)

    def error(self) -> WeightsError | None:
        """What is wrong where frozen weights moved, and what to do; None where none did as far as is known."""
        if not self.changed:
            return None
        layers = ", ".join(f'"{name}"' for name in self.moved[:3]) + (" and more" if len(self.moved) > 3 else "")
        return WeightsError(
            f"frozen weights moved: {_some(self.changed)}, of {layers}.",
            "A layer that is frozen after compile goes on training, and set_weights changes it at any time. "
            f"Call {self.remedy}, which keeps the optimizer's state, and load the weights that you want again.",
        )

    def text(self, epoch: int | None = None) -> str:
        """`frozen weights unchanged, verified: conv_1, 160 values, after epoch 6`."""
        when = "" if epoch is None else f", after epoch {epoch}"
        if not (self.layers or self.unproven):
            return "nothing is frozen"
        if self.unproven and not self.changed:
            return f"not verified: {_some(self.unproven)} written before a hash was taken of what was frozen"
        if self.changed:
            return (
                f"frozen weights CHANGED: {_some(self.changed)}{when}. A layer frozen after compile still trains: "
                f"call {self.remedy}"
            )
        moving = f"; running averages of {_some(self.moving)} go on moving" if self.moving else ""
        return f"frozen weights unchanged, verified: {_some(self.layers)}, {count(self.values)} values{when}{moving}"


def freeze_state(model: Any) -> FreezeState:
    """Which layers train and which are frozen, with the counts of parameters."""
    view = view_of(model)
    rows = tuple(map(_row, view.placed()))
    trainable = sum(_size(weight) for weight in view.trainable_weights)
    frozen = sum(_size(weight) for weight in dict.fromkeys(weight for _, _, weight in _frozen(view)))
    return FreezeState(rows, trainable, frozen, view.remark)


def is_in_force(model: Any) -> bool:
    """Whether training keeps to what is frozen now; a layer frozen after compile trains until the next one."""
    return view_of(model).is_in_force


def freeze_each_layer(model: Any) -> None:
    """Freeze the layers of a model that is frozen as a whole each for itself, so that single ones can be thawed."""
    view = view_of(model)
    if not view.trainable:
        # the whole first: Keras 3 hands its flag down to the layers
        view.trainable = True
        for layer in view.layers:
            layer.trainable = False


@dataclass(frozen=True)
class FrozenWeight:
    """A weight that training is to leave as it is.

    `layer` is what is frozen, `moves` whether it is a running average that goes on moving all the same.
    """

    layer: str
    variable: Any
    moves: bool

    @property
    def size(self) -> int:
        """How many values it has."""
        return _size(self.variable)

    def fingerprint(self) -> tuple[str, int, str]:
        """What is frozen, the number of values, the SHA-256 of their bytes, taken in pieces: none where it moves."""
        return self.layer, self.size, "" if self.moves else _digest(self.variable.peek())


def frozen_weights(model: Any) -> dict[str, FrozenWeight]:
    """Every frozen weight by its path, in models and wrappers inside too."""
    view = view_of(model)
    moving = view.moving
    return {
        f"{path}/{weight.name}": FrozenWeight(frozen_by, weight, weight in moving)
        for path, frozen_by, weight in _frozen(view)
    }


def fingerprints(model: Any) -> dict[str, tuple[str, int, str]]:
    """SHA-256 over the bytes of every frozen weight, in models and wrappers inside too.

    {path of the weight: (what is frozen, number of values, hash)}; no hash for running averages that go on moving.
    """
    return {path: weight.fingerprint() for path, weight in frozen_weights(model).items()}


def _digest(values: np.ndarray) -> str:
    digest, memory = hashlib.sha256(), np.ascontiguousarray(values).reshape(-1).view("uint8").data
    for start in range(0, len(memory), PIECE):
        between_pieces()
        digest.update(memory[start : start + PIECE])
    return digest.hexdigest()


def _frozen(view: Any) -> Iterator[tuple[str, str, Any]]:
    """Each frozen weight with the paths of its layer and of what is frozen."""
    for part in view.parts():
        if part.frozen_by is not None:
            for weight in part.weights:
                yield part.path, part.frozen_by, weight


def verify(
    before: dict[str, tuple[str, int, str]],
    after: dict[str, tuple[str, int, str]],
    unproven: tuple[str, ...] = (),
    remedy: str = Verification.remedy,
) -> Verification:
    """Compare the fingerprints taken before training with those taken after; what was thawed meanwhile is left out.

    Args:
        unproven: layers that have no fingerprint of before.
        remedy: the call that has the model compiled again.
    """
    # frozen both before and after: what was thawed may move, what is frozen since has no hash to compare
    common = [name for name in before if name in after and before[name][2] and after[name][2]]
    layers = tuple(dict.fromkeys(before[name][0] for name in common))
    changed = tuple(name[len(before[name][0]) + 1 :] for name in common if before[name][2] != after[name][2])
    moving = tuple(dict.fromkeys(name.rpartition("/")[0] for name, (_, _, digest) in after.items() if not digest))
    moved = tuple(dict.fromkeys(before[name][0] for name in common if before[name][2] != after[name][2]))
    return Verification(layers, sum(before[name][1] for name in common), changed, moving, moved, unproven, remedy)


def ancestors(model: Any, name: str) -> list[str]:
    """The layers that the named one is computed from, and itself, in the order of the model.

    Of one inside a model, by its path: what feeds that model, and in it those before.
    """
    return view_of(model).before(name)


def _row(placed: Placed) -> FreezeRow:
    layer, cls = placed.layer, class_of(placed.layer)
    params = layer.count_params()
    trained = sum(_size(weight) for weight in layer.trainable_weights) if placed.trains else 0
    is_frozen = params > 0 and (not placed.trains or (placed.inside > 0 and not trained))
    counts = (params, trained, is_frozen, placed.depth, placed.inside)
    return FreezeRow(placed.path, cls.__name__, family_of(cls), _shape(layer), *counts)


def _shape(layer: Any) -> Any:
    try:
        return layer.output_shape
    except (AttributeError, ValueError):  # called on inputs of different shapes
        return None


def _size(weight: Any) -> int:
    size = 1
    for length in weight.shape:
        size *= int(length)
    return size


def _some(names: tuple[str, ...], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
