"""Tells the other widgets of a model that its weights or its freezing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary, WeakMethod

__all__ = ["announce", "listen"]

_listeners: WeakKeyDictionary = WeakKeyDictionary()


def listen(model: Any, method: Callable[[str], None]) -> None:
    """Call the bound `method` with each announcement about the model, as long as its object lives."""
    _listeners.setdefault(model, []).append(WeakMethod(method))


def announce(model: Any, what: str) -> None:
    """Say that `what` happened: `weights` (they changed) or `freezing` (what trains changed)."""
    waiting = _listeners.get(model, [])
    waiting[:] = [method for method in waiting if method() is not None]
    for method in list(waiting):
        listener = method()
        if listener is not None:
            listener(what)
