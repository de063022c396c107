"""One piece of advice, and the edits that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .preparing import Preparation

__all__ = ["Advice", "Fix", "LayerEdit", "NewLayer", "OptionEdit", "Severity"]

# error: fit refuses, or what it learns means nothing; warning: it will hardly learn; note: look whether it is meant
Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class LayerEdit:
    """Other arguments for one layer of the model."""

    layer: str
    arguments: Mapping[str, Any]

    def code(self) -> str:
        """The edit in words: `dense_2: activation='softmax'`."""
        given = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.layer}: {given}"


@dataclass(frozen=True)
class NewLayer:
    """A layer without arguments of its own, put before one of the model."""

    class_name: str
    before: str

    def code(self) -> str:
        """The edit in words: `Flatten() before dense_2`."""
        return f"{self.class_name}() before {self.before}"


@dataclass(frozen=True)
class OptionEdit:
    """Another value for an argument of compile, fit or the optimizer; `output` is the place of a loss among several."""

    name: str
    value: Any
    output: int | None = None

    def code(self) -> str:
        """The edit as an argument: `loss='mse'`."""
        return f"{self.name}={self.value!r}"


@dataclass(frozen=True)
class Fix:
    """Edits that belong together, with the words on their button."""

    label: str
    edits: tuple[LayerEdit | NewLayer | OptionEdit | Preparation, ...]

    def code(self) -> str:
        """What the edits are, as one would write them."""
        return "; ".join(edit.code() for edit in self.edits)


@dataclass(frozen=True)
class Advice:
    """What is wrong, what it is about (for example `loss`, or the name of a layer), and what may be done."""

    severity: Severity
    about: str
    text: str
    fixes: tuple[Fix, ...] = ()
