"""The widgets; each is loaded when asked for, so that plain documents need no widget library."""

from __future__ import annotations

import importlib

# where each name lives
_HOME = {
    "Builder": "builder.screen.widget",
    "FitPanel": "fit.panel",
    "FreezePanel": "freeze.panel",
    "Inspector": "inspector.panel",
    "LiveHistory": "curves.live_history",
    "fine_tune": "freeze.fine_tuning",
}

__all__ = sorted(_HOME)


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return __all__
