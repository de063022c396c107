"""Running averages in a model: which layers keep them, and whether those of frozen layers go on moving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..views import view_of

__all__ = ["AveragesState", "averages_state"]


@dataclass(frozen=True)
class AveragesState:
    """What `K.set_frozen_statistics` says, and what it means for this model.

    Attributes:
        rule: `auto`, `move` or `stay`.
        moves: whether running averages of frozen layers go on moving.
        keeping: paths of the layers that keep averages, such as BatchNormalization.
        frozen: those of them that are frozen.
    """

    rule: str
    moves: bool
    keeping: tuple[str, ...]
    frozen: tuple[str, ...]

    def text(self) -> str:
        """`norm_1 is frozen; its running averages go on moving`; empty where no layer keeps any."""
        if not self.keeping:
            return ""
        if not self.frozen:
            return f"no frozen layer keeps any ({_some(self.keeping)} would)"
        does = "go on moving" if self.moves else "stay"
        return f"those of frozen {_some(self.frozen)} {does}"


def averages_state(model: Any) -> AveragesState:
    """Of a model as it is now."""
    rule, moves, keeping, frozen = view_of(model).averages()
    return AveragesState(rule, moves, tuple(keeping), tuple(frozen))


def _some(names: tuple[str, ...], most: int = 3) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
