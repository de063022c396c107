"""Training on several processes at once: who decides, what travels, what happens when one of them fails."""

import importlib

__all__ = ["close"]


def __getattr__(name: str):
    if name in __all__:  # the magics ask what "local:2" means before anything is loaded
        return getattr(importlib.import_module(".using", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
