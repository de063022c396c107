"""Checks at the door of the panels: is it a model with layers, does fit know the arguments."""

from __future__ import annotations

import inspect
from typing import Any

from ...errors import ArgumentError, unknown_name

__all__ = ["check_fit_arguments", "check_model"]


def check_model(who: str, model: Any) -> None:
    """Refuse what is no model, and a model that has no layers yet."""
    if not hasattr(model, "layers") or not hasattr(model, "control"):
        raise ArgumentError(f"{who} needs a model, got {type(model).__name__}.", f"For example {who}(model, ...).")
    if not model.layers:
        raise ArgumentError(f'{who}: model "{model.name}" has no layers yet.', "Add some: model.add(...).")


def check_fit_arguments(model: Any, arguments: dict[str, Any]) -> None:
    """Refuse names that `fit` does not know, and callbacks that are no list."""
    known = [name for name in inspect.signature(model.fit).parameters if name not in ("self", "verbose")]
    for name in arguments:
        if name not in known:
            raise unknown_name("argument of fit is called", name, known)
    callbacks = arguments.get("callbacks") or []
    if not isinstance(callbacks, (list, tuple)):
        raise ArgumentError(f"callbacks needs a list, got {type(callbacks).__name__}.", "Write callbacks=[...].")
