"""One widget of a kind for each subject, until it is closed: what a command shows again when it is run again."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

__all__ = ["keep", "one_of", "open_one"]

# held weakly: until it is closed a widget is kept by the registry of widgets, and holds its subject
_open: WeakKeyDictionary[Any, dict[str, weakref.ref]] = WeakKeyDictionary()


def open_one(kind: str, subject: Any) -> Any:
    """The open widget of this kind, None where there is none."""
    known = _open.get(subject, {}).get(kind)
    panel = known() if known is not None else None
    return None if panel is None or panel.comm is None else panel


def one_of(kind: str, subject: Any, make: Callable[[Any], Any]) -> Any:
    """The open widget of this kind, made where there is none."""
    panel = open_one(kind, subject)
    if panel is None:
        panel = make(subject)
        keep(kind, panel)
    return panel


def keep(kind: str, panel: Any) -> None:
    """Know this widget as the one of its kind."""
    _open.setdefault(panel.subject, {})[kind] = weakref.ref(panel)
