"""`%kerasnb`: each widget and report as one line, so that a session can be replayed as text."""

from .extension import load, unload

__all__ = ["load", "unload"]
