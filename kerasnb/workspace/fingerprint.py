"""What a cell may change of a model, in a form that costs little to take and to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import backend as K
from ..engine.statistics import statistics_rule
from ..views import view_of

__all__ = ["FITTED", "Fingerprint", "learning_rate"]

FITTED = "fit"
OTHER_WEIGHTS = "other weights"  # that were set, or trained by single steps


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A model at one moment; of two of them, what happened in between.

    It holds the objects themselves, never their ids, which a later object may have again.
    """

    name: str
    layers: tuple[tuple[Any, str], ...]
    ends: tuple
    flags: tuple[tuple[Any, str, bool], ...]
    compiled: tuple
    rate: float | None
    history: Any
    writes: int  # of all weights together
    backend: str
    statistics: str

    @classmethod
    def of(cls, model: Any) -> Fingerprint:
        """Takes microseconds for each layer."""
        view = view_of(model)
        layers, inside = view.layers, list(view.parts())
        parts = {layer: layer.name for layer in layers} | {part.layer: part.path for part in inside}
        return cls(
            view.name,
            tuple((layer, layer.name) for layer in layers),
            tuple(view.ends),
            ((None, view.name, view.trainable), *((layer, path, layer.trainable) for layer, path in parts.items())),
            tuple(view.compiled_by),
            view.learning_rate,
            view.history,
            view.writes,
            K.backend(),
            statistics_rule(model),
        )

    def since(self, before: Fingerprint) -> dict[str, str]:
        """What happened since that one: kind of change -> in words."""
        notes = {
            "layers": self._layers_since(before),
            "freezing": self._flags_since(before),
            "compile": self._compiled_since(before),
            "weights": self._weights_since(before),
            "name": f"rename to {self.name}" if self.name != before.name else "",
            "backend": f"use {self.backend}" if self.backend != before.backend else "",
        }
        return {what: note for what, note in notes.items() if note}

    def _layers_since(self, before: Fingerprint) -> str:
        if _same(self.ends, before.ends) and len(self.layers) == len(before.layers):
            if all(map(_same, self.layers, before.layers)):
                return ""
        mine, others = dict(self.layers), dict(before.layers)
        notes = [
            *(f"add {name}" for layer, name in mine.items() if layer not in others),
            *(f"remove {name}" for layer, name in others.items() if layer not in mine),
            *(f"rename {others[layer]} to {name}" for layer, name in mine.items() if others.get(layer, name) != name),
        ]
        return ", ".join(notes) or "other connections"

    def _compiled_since(self, before: Fingerprint) -> str:
        if not _same(self.compiled, before.compiled):
            return "compile"
        return f"set learning rate to {self.rate}" if self.rate != before.rate else ""

    def _weights_since(self, before: Fingerprint) -> str:
        if self.history is not before.history:
            return FITTED
        return OTHER_WEIGHTS if self.writes != before.writes and not self._layers_since(before) else ""

    def _flags_since(self, before: Fingerprint) -> str:
        old = {layer: flag for layer, _, flag in before.flags}
        notes = [
            f"{'unfreeze' if flag else 'freeze'} {name}"
            for layer, name, flag in self.flags
            if old.get(layer, flag) != flag
        ]
        if self.statistics != before.statistics:
            notes.append(f"running averages of frozen layers: {self.statistics}")
        return ", ".join(notes)


def learning_rate(optimizer: Any) -> float | None:
    """The rate at which an optimizer is now, to 6 digits; None where it has none."""
    rate = getattr(optimizer, "lr", None)
    return float(f"{float(K.get_value(rate)):.6g}") if isinstance(rate, K.Variable) else None


def _same(one: tuple, other: tuple) -> bool:
    """Whether the objects are the very same, and words equal."""
    if len(one) != len(other):
        return False
    return all(
        mine is theirs or (isinstance(mine, str) and mine == theirs) for mine, theirs in zip(one, other, strict=True)
    )
