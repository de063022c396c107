"""Undo and redo over any values, each step with the words that name it."""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["EditHistory"]

Value = TypeVar("Value")


class EditHistory(Generic[Value]):
    """The states of a value: the present one, those before it and those undone.

    >>> history = EditHistory("a")
    >>> history.record("b", "type b")
    >>> history.undo(), history.present, history.redo_label
    ('type b', 'a', 'type b')
    """

    def __init__(self, start: Value):
        self.present = start
        self._past: list[tuple[Value, str]] = []
        self._future: list[tuple[Value, str]] = []

    @property
    def undo_label(self) -> str | None:
        """What Undo would take back; None where there is nothing."""
        return self._past[-1][1] if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What Redo would make again; None where there is nothing."""
        return self._future[-1][1] if self._future else None

    @property
    def before(self) -> Value | None:
        """The state that `undo` would return to."""
        return self._past[-1][0] if self._past else None

    @property
    def after(self) -> Value | None:
        """The state that `redo` would return to."""
        return self._future[-1][0] if self._future else None

    def record(self, value: Value, label: str) -> None:
        """Make `value` the present; what was undone before is forgotten."""
        self._past.append((self.present, label))
        self._future = []
        self.present = value

    def undo(self) -> str | None:
        """Return to the state before, and say which step was undone; None when there is none."""
        return self._move(self._past, self._future)

    def redo(self) -> str | None:
        """Take the last undone step again, and say which; None when there is none."""
        return self._move(self._future, self._past)

    def _move(self, source: list, target: list) -> str | None:
        if not source:
            return None
        value, label = source.pop()
        target.append((self.present, label))
        self.present = value
        return label
