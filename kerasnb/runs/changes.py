"""What is changed in the course of a curve: the learning rate, and which layers are frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..report.history import Mark
from ..views import view_of

__all__ = ["ChangeWatch", "batches_of", "frozen_names", "rate_of"]

_NAMED = 3  # layers; of more their number is said


class ChangeWatch:
    """Marks where learning rate or frozen layers are others than at the look before.

    Args:
        rate, frozen: as they were where a curve goes on; None: as they are now.
    """

    def __init__(self, model: Any, rate: float | None = None, frozen: Sequence[str] | None = None):
        self.model = model
        self._rate = rate_of(model) if rate is None else float(f"{rate:.6g}")
        self._frozen = frozen_names(model) if frozen is None else tuple(frozen)

    def begin(self, at: float) -> list[Mark]:
        """What changed before training: layers are frozen then only, by a new compile."""
        frozen, before = frozen_names(self.model), self._frozen
        self._frozen = frozen
        return self.look(at) + ([] if frozen == before else [Mark(at, "frozen", _frozen_text(frozen))])

    def look(self, at: float) -> list[Mark]:
        """What changed since the last look.

        Args:
            at: epochs that are over, with the part of the one under way.
        """
        rate, before = rate_of(self.model), self._rate
        self._rate = rate
        return [] if rate == before else [Mark(at, "learning rate", f"learning rate {_text(before)} → {_text(rate)}")]


def batches_of(params: Mapping[str, Any]) -> int:
    """The batches of an epoch, by what callbacks are told; 0 where that is not known."""
    batch_size = params.get("batch_size")
    return params.get("steps") or (math.ceil(params.get("nb_sample", 0) / batch_size) if batch_size else 0)


def rate_of(model: Any) -> float | None:
    """The optimizer's learning rate to 6 digits; None where it has none."""
    return view_of(model).learning_rate


def frozen_names(model: Any) -> tuple[str, ...]:
    """The layers that have weights of which training changes none."""
    view = view_of(model)
    return tuple(layer.name for layer in view.layers if layer.weights and not (view.trainable and layer.trainable))


def _frozen_text(frozen: Sequence[str]) -> str:
    if not frozen:
        return "nothing frozen"
    return f"frozen: {', '.join(frozen) if len(frozen) <= _NAMED else f'{len(frozen)} layers'}"


def _text(rate: float | None) -> str:
    return "none" if rate is None else f"{rate:g}"
